//! What to call footprints from, and which.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::cuts::CutSource;
use super::super::settings::Settings;
use crate::error::{Error, Result};

/// Which bases become footprints. Scores are in −log10 p here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Those with a higher score.
    Cutoff(f64),
    /// Those with a higher score than all but a part of the shuffled bases of the same region.
    FalseDiscovery {
        /// The part, between 0 and 1.
        rate: f64,
        /// A footprint scores more than this too, even where shuffled bases ask for less. (pyDNase
        /// calls nothing in such a region, which leaves out the footprints of shallow reads.)
        least: f64,
        /// The seed of the shuffling.
        seed: u64,
    },
}

impl Selection {
    /// The part of shuffled bases of the paper and of pyDNase.
    pub const RATE: f64 = 0.01;
    /// pyDNase's limit, −20 in natural logarithms.
    pub const LEAST: f64 = 8.685_889_638_065_037;

    /// What the paper and pyDNase call, by cuts shuffled with this seed.
    pub fn usual(seed: u64) -> Self {
        Self::FalseDiscovery {
            rate: Self::RATE,
            least: Self::LEAST,
            seed,
        }
    }

    pub(super) fn check(self) -> Result<()> {
        let refuse = |problem: String| Err(Error::Configuration(problem));
        let score = |name: &str, score: f64| match score.is_finite() && score >= 0.0 {
            true => Ok(()),
            false => refuse(format!("{name} is −log10 p, 0 or more: {score}")),
        };
        match self {
            Self::Cutoff(cutoff) => score("the cutoff", cutoff),
            Self::FalseDiscovery { rate, .. } if !(rate > 0.0 && rate < 1.0) => refuse(format!(
                "the false discovery rate is between 0 and 1: {rate}"
            )),
            Self::FalseDiscovery { least, .. } => score("the least cutoff", least),
        }
    }

    /// The score that a footprint needs at least, whatever its region.
    pub(super) fn least(self) -> f64 {
        match self {
            Self::Cutoff(cutoff) => cutoff,
            Self::FalseDiscovery { least, .. } => least,
        }
    }
}

/// What to call footprints from.
pub struct CallRequest {
    /// The cuts.
    pub cuts: CutSource,
    /// The files that they come from.
    pub files: Vec<PathBuf>,
    /// The regions: BED, plain or gzip.
    pub regions: PathBuf,
    /// The reference, if the cuts are to be held against one.
    pub reference: Option<PathBuf>,
    /// What footprints may look like.
    pub settings: Settings,
    /// Which bases become footprints.
    pub selection: Selection,
}
