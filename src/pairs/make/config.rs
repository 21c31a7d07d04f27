//! Which pairs are wanted.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::choice::{Choice, Named};

/// Which pairs are made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Which pairs that no loop joins become negatives.
    pub negatives: Negatives,
    /// The least number of bases between the two elements of a pair.
    pub min_distance: u32,
    /// The largest number of bases between the two elements of a pair.
    pub max_distance: u32,
    /// Seed of the choice of negatives.
    pub seed: u64,
}

/// Which pairs that no loop joins become negatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "rule")]
pub enum Negatives {
    /// As far apart as the positives: of the candidates in each of some distance bins, which hold
    /// equal numbers of positives, `ratio` times as many as it has positives.
    Matched(Matching),
    /// As TargetFinder's script: matched, but every bin takes `ratio` times the positives of the
    /// bin that has the fewest, and a pair is no candidate if its enhancer stands in some positive
    /// pair and its promoter in another one. Two elements that both stand in positives are then
    /// always a positive, which a random split gives away.
    Targetfinder(Matching),
    /// Matched for every promoter by itself: each keeps `ratio` negatives for each of its positives,
    /// in the same distance bin, so that knowing which promoters are active is worth nothing.
    MatchedWithinPromoter(Matching),
    /// Every candidate.
    All,
    /// BENGI's fixed ratio (Moore et al. 2020, doi:10.1186/s13059-019-1924-8;
    /// `select.ratio.pairs.py` of <https://github.com/weng-lab/BENGI>): of every enhancer with a
    /// positive one positive and `ratio` negatives, both at random, within the distance below which
    /// 95 % of the positives lie. Enhancers with fewer negatives are left out.
    FixedRatio {
        /// Negatives for each enhancer.
        ratio: u32,
    },
    /// BENGI's natural ratio (`create.experiment.sets.py`): every candidate of every enhancer with a
    /// positive, within the distance below which 95 % of the positives lie.
    NaturalRatio,
}

/// How negatives are matched with positives by their distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matching {
    /// Negatives for each positive.
    pub ratio: u32,
    /// Distance bins.
    pub bins: u32,
}

/// The numbers, unless others are given.
const MATCHING: Matching = Matching { ratio: 20, bins: 5 };
/// Negatives for each enhancer, unless another number is given: that of BENGI's benchmark.
const BENGI_RATIO: u32 = 4;

/// The rules with the numbers that they have unless others are given.
impl Choice for Negatives {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Matched(MATCHING),
            "matched",
            "As far apart as the positives: in each distance bin so many for each positive",
        ),
        (
            Self::Targetfinder(MATCHING),
            "targetfinder",
            "As TargetFinder's script: matched, and never an enhancer of one positive with a \
             promoter of another; two elements that both stand in positives are then always a \
             positive, which a random split gives away",
        ),
        (
            Self::MatchedWithinPromoter(MATCHING),
            "matched-within-promoter",
            "Matched for each promoter by itself, so that knowing the active promoters is \
             worth nothing",
        ),
        (Self::All, "all", "All of them"),
        (
            Self::FixedRatio { ratio: BENGI_RATIO },
            "fixed-ratio",
            "BENGI's: of each enhancer with a positive one positive and so many negatives, \
             within the distance below which 95 % of the positives lie",
        ),
        (
            Self::NaturalRatio,
            "natural-ratio",
            "BENGI's: all of each enhancer with a positive, within that distance",
        ),
    ];
}

impl Config {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// A ratio or a number of bins of 0; limits of distance that exclude each other.
    pub fn validate(&self) -> Result<()> {
        let (least, largest) = (self.min_distance, self.max_distance);
        let problem = if least > largest {
            format!("the least distance ({least}) is larger than the largest ({largest})")
        } else if self.negatives.ratio() == Some(0) {
            "the ratio must be at least 1".to_string()
        } else if self.negatives.bins() == Some(0) {
            "there must be at least 1 distance bin".to_string()
        } else {
            return Ok(());
        };
        Err(Error::Configuration(problem))
    }
}

impl Negatives {
    /// The same rule with these numbers, where they are given and it has such ones.
    pub fn with(mut self, given_ratio: Option<u32>, given_bins: Option<u32>) -> Self {
        let (ratio, bins) = self.numbers();
        for (number, given) in [(ratio, given_ratio), (bins, given_bins)] {
            if let (Some(number), Some(given)) = (number, given) {
                *number = given;
            }
        }
        self
    }

    /// Negatives for each positive (or enhancer), where the rule has such a number.
    pub fn ratio(mut self) -> Option<u32> {
        self.numbers().0.copied()
    }

    /// Distance bins, where the rule has some.
    pub fn bins(mut self) -> Option<u32> {
        self.numbers().1.copied()
    }

    /// The ratio and the number of bins, where the rule has them.
    fn numbers(&mut self) -> (Option<&mut u32>, Option<&mut u32>) {
        match self {
            Self::Matched(by) | Self::Targetfinder(by) | Self::MatchedWithinPromoter(by) => {
                (Some(&mut by.ratio), Some(&mut by.bins))
            }
            Self::FixedRatio { ratio } => (Some(ratio), None),
            Self::All | Self::NaturalRatio => (None, None),
        }
    }
}
