//! The parts that data are divided into.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::element::Sides;
use crate::genome::ChromId;
use crate::pairs::Pair;
use crate::text::choice::{Choice, Named};

/// The part of the data that a pair belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Gradients come from these.
    Train,
    /// Early stopping and the F1 threshold come from these.
    Validation,
    /// Nothing is chosen by these.
    Test,
    /// Left out: its two elements would belong to different parts.
    None,
}

impl Part {
    /// Whether training saw pairs of this part: it learnt from them or was chosen by them.
    pub fn is_seen(self) -> bool {
        matches!(self, Self::Train | Self::Validation)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            chosen => chosen.name(),
        })
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Train, Self::Validation, Self::Test, Self::None]
            .into_iter()
            .find(|part| part.to_string() == text)
            .ok_or_else(|| format!("part is not train, validation, test or none: {text:?}"))
    }
}

/// The parts that something can be asked of.
impl Choice for Part {
    const ALL: &'static [Named<Self>] = &[
        (Self::Train, "train", "What the network was trained on"),
        (
            Self::Validation,
            "validation",
            "What its training was stopped by",
        ),
        (Self::Test, "test", "What it has never seen"),
    ];
}

impl Part {
    /// That of a pair whose chromosomes belong to parts.
    pub fn of(pair: &Pair, part: impl Fn(ChromId) -> Self) -> Self {
        let Sides { enhancer, promoter } = pair.chroms().map(part);
        if enhancer == promoter {
            enhancer
        } else {
            Self::None
        }
    }
}
