//! Which candidates become negatives.

mod strata;

use super::bins::Bins;
use super::candidates::{Candidate, Candidates, Key};
use super::config::{Matching, Negatives};
use crate::statistics::quantile;
pub use strata::Strata;

/// The part of the positives that lies within the distance up to which BENGI takes pairs.
const BENGI_PART: f64 = 0.95;

/// What is taken of an enhancer's candidates.
pub enum Selection {
    /// All of them.
    All,
    /// The positives, and of each stratum the negatives that rank first.
    FirstRanked(Strata),
    /// Of enhancers with a positive, all that lie within a distance, or one and some negatives.
    Within {
        /// In bases.
        cutoff: f64,
        /// Negatives, where not all are taken.
        ratio: Option<usize>,
    },
}

impl Selection {
    /// Looks through all candidates where the rule compares them with each other.
    pub fn new(all: &Candidates) -> Self {
        let distances = &all.positives.distances;
        let bins = |by: Matching| Bins::of(distances, by.bins);
        let strata = match all.config.negatives {
            Negatives::All => return Self::All,
            Negatives::NaturalRatio => return Self::within(distances, None),
            Negatives::FixedRatio { ratio } => {
                return Self::within(distances, Some(ratio as usize));
            }
            Negatives::Matched(by) => Strata::by_distance(bins(by), distances, by.ratio),
            Negatives::Targetfinder(by) => {
                Strata::by_distance(bins(by), distances, by.ratio).targetfinder()
            }
            Negatives::MatchedWithinPromoter(by) => Strata::by_promoter(bins(by), by.ratio, all),
        };
        Self::FirstRanked(strata.fill(all))
    }

    fn within(distances: &[u32], ratio: Option<usize>) -> Self {
        let distances: Vec<f64> = distances.iter().copied().map(f64::from).collect();
        let cutoff = quantile(&distances, BENGI_PART).unwrap_or_default();
        Self::Within { cutoff, ratio }
    }

    /// Those that are taken of an enhancer's candidates, in their order.
    pub fn chosen(
        &self,
        all: &Candidates,
        enhancer: usize,
        mut chosen: Vec<Candidate>,
    ) -> Vec<Candidate> {
        match self {
            Self::All => {}
            Self::Within { cutoff, ratio } => {
                chosen.retain(|c| f64::from(c.distance) <= *cutoff);
                if !chosen.iter().any(|c| c.linked) {
                    chosen.clear();
                } else if let Some(ratio) = ratio {
                    chosen = one_and(*ratio, chosen, |c| all.key(enhancer, c));
                }
            }
            Self::FirstRanked(strata) => {
                chosen.retain(|c| c.linked || strata.takes(all, enhancer, c))
            }
        }
        chosen
    }
}

/// The positive and the `ratio` negatives that rank first, in their order, where there is a positive;
/// nothing where there are fewer negatives.
fn one_and(ratio: usize, near: Vec<Candidate>, key: impl Fn(&Candidate) -> Key) -> Vec<Candidate> {
    let (mut linked, mut others): (Vec<_>, Vec<_>) = near.into_iter().partition(|c| c.linked);
    if others.len() < ratio {
        return Vec::new();
    }
    linked.sort_by_key(&key);
    linked.truncate(1);
    others.sort_by_key(&key);
    others.truncate(ratio);
    linked.append(&mut others);
    linked.sort_by_key(|candidate| candidate.promoter);
    linked
}
