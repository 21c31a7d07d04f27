//! What tracks are asked for.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::annotation::AnnotationRequest;
use crate::attention::Aggregate;
use crate::network::contribution::Method;
use crate::pairs::TableSource;
use crate::text::choice::{Choice, Named};

/// Which pairs make the tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Selection {
    /// All of the table.
    #[default]
    All,
    /// Those that the table calls positive.
    Positive,
    /// Those that the network calls positive, at the run's threshold.
    Predicted,
}

impl Choice for Selection {
    const ALL: &'static [Named<Self>] = &[
        (Self::All, "all", "All of the table"),
        (Self::Positive, "positive", "Those with label 1"),
        (
            Self::Predicted,
            "predicted",
            "Those whose predicted probability reaches the run's threshold",
        ),
    ];
}

/// What the top regions of a window have most of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Marginal attention, as published.
    #[default]
    Attention,
    /// The sum of what the bases of the region add to the logit.
    Contribution,
}

impl Rank {
    /// Whether it is the published rule.
    pub(super) fn is_attention(&self) -> bool {
        *self == Self::Attention
    }
}

impl Choice for Rank {
    const ALL: &'static [Named<Self>] = &[
        (Self::Attention, "attention", "The most marginal attention"),
        (
            Self::Contribution,
            "contribution",
            "The largest sum of what their bases add to the logit",
        ),
    ];
}

/// What to write.
#[derive(Debug, Clone, Default)]
pub struct TracksRequest {
    /// Which pairs.
    pub selection: Selection,
    /// How the pairs over a base become one value.
    pub aggregate: Aggregate,
    /// Names of pairs whose attention matrices are written too.
    pub matrices: Vec<String>,
    /// Another table than the run's, whose pairs need no labels; or the run's, where it is now.
    pub table: Option<TableSource>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
    /// How contributions are computed, if they are wanted.
    pub contributions: Option<Method>,
    /// What the top regions have most of; by contribution only where contributions are wanted.
    pub rank: Rank,
    /// What the top regions are annotated with.
    pub annotation: AnnotationRequest,
}
