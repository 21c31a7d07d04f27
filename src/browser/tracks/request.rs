//! What tracks are asked for.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::annotation::AnnotationRequest;
use crate::attention::{Aggregate, Rank, TopCount};
use crate::network::contribution::Method;
use crate::pairs::TableSource;
use crate::run::ContextSource;
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

/// What to write.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TracksRequest {
    /// Which pairs.
    pub selection: Selection,
    /// Only so many of them, those that the network finds most probable.
    pub most_probable: Option<usize>,
    /// Only the pairs that these words mean, if there are any.
    pub named: Vec<String>,
    /// How the pairs over a base become one value.
    pub aggregate: Aggregate,
    /// What the pairs are called whose attention matrices are written too.
    pub matrices: Vec<String>,
    /// Another table than the run's, whose pairs need no labels; or the run's, where it is now.
    pub table: Option<TableSource>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
    /// How contributions are computed, if they are wanted.
    pub contributions: Option<Method>,
    /// The activity that they are of, by its name in the run; of the logit, if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions_of: Option<String>,
    /// What the top regions have most of; by contribution only where contributions are wanted.
    pub rank: Rank,
    /// How many top regions each window has.
    pub top_regions: TopCount,
    /// What the top regions are annotated with.
    pub annotation: AnnotationRequest,
    /// What the context of another table's pairs is computed from; or where the files of the run's are now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextSource>,
}

impl TracksRequest {
    /// How networks compute contributions pair by pair, if they are wanted: those of an activity are of
    /// windows, whatever their pairs are.
    pub fn of_pairs(&self) -> Option<Method> {
        self.contributions
            .filter(|_| self.contributions_of.is_none())
    }

    /// What most of the work is.
    pub fn what(&self) -> &'static str {
        match self.contributions {
            Some(_) => "contributions",
            None => "attention",
        }
    }
}
