//! Which candidates become negatives.

mod strata;

use super::bins::Bins;
use super::candidates::{Candidate, Candidates, Key};
use super::config::{Matching, Negatives};
use crate::statistics::quantile;
use strata::Strata;

/// The part of the positives that lies within the distance up to which BENGI takes pairs.
const BENGI_PART: f64 = 0.95;

/// What is taken of an enhancer's candidates.
pub enum Selection {
    /// All of them.
    All,
    /// The positives, and of each stratum the negatives that rank first.
    FirstRanked(Strata),
    /// Of enhancers with a positive, all that lie within a distance.
    Natural {
        /// In bases.
        cutoff: f64,
    },
    /// Of enhancers with a positive, one and some negatives, within a distance.
    Fixed {
        /// In bases.
        cutoff: f64,
        /// Negatives.
        ratio: usize,
    },
}

impl Selection {
    /// Looks through all candidates where the rule compares them with each other.
    pub fn new(all: &Candidates) -> Self {
        let distances = all.positives.distances();
        let bins = |by: Matching| Bins::of(distances, by.bins);
        let cutoff = || {
            let distances: Vec<f64> = distances.iter().copied().map(f64::from).collect();
            quantile(&distances, BENGI_PART).unwrap_or_default()
        };
        let strata = match all.config.negatives {
            Negatives::All => return Self::All,
            Negatives::NaturalRatio => return Self::Natural { cutoff: cutoff() },
            Negatives::FixedRatio { ratio } => {
                return Self::Fixed {
                    cutoff: cutoff(),
                    ratio: ratio as usize,
                };
            }
            Negatives::Matched(by) => Strata::by_distance(bins(by), distances, by.ratio),
            Negatives::Targetfinder(by) => {
                Strata::by_distance(bins(by), distances, by.ratio).targetfinder()
            }
            Negatives::MatchedWithinPromoter(by) => Strata::by_promoter(bins(by), by.ratio, all),
        };
        Self::FirstRanked(strata.fill(all))
    }

    /// What is taken of an enhancer's candidates, in their order.
    pub fn chosen(
        &self,
        all: &Candidates,
        enhancer: usize,
        candidates: &[Candidate],
    ) -> Vec<Candidate> {
        let within = |cutoff: f64| {
            let near = candidates.iter().copied();
            let near = near.filter(move |c| f64::from(c.distance) <= cutoff);
            let linked = near.clone().any(|c| c.linked);
            near.filter(move |_| linked)
        };
        match self {
            Self::All => candidates.to_vec(),
            Self::Natural { cutoff } => within(*cutoff).collect(),
            Self::Fixed { cutoff, ratio } => {
                one_and(*ratio, within(*cutoff), |c| all.key(enhancer, c))
            }
            Self::FirstRanked(strata) => candidates
                .iter()
                .filter(|c| c.linked || strata.takes(all, enhancer, c))
                .copied()
                .collect(),
        }
    }

    /// The distance up to which pairs are taken, where the positives decide about it.
    pub fn cutoff(&self) -> Option<f64> {
        match self {
            Self::Natural { cutoff } | Self::Fixed { cutoff, .. } => Some(*cutoff),
            _ => None,
        }
    }
}

/// The positive and the `ratio` negatives that rank first, in their order; nothing where there are
/// fewer.
fn one_and(
    ratio: usize,
    near: impl Iterator<Item = Candidate>,
    key: impl Fn(&Candidate) -> Key,
) -> Vec<Candidate> {
    let (mut linked, mut others): (Vec<_>, Vec<_>) = near.partition(|candidate| candidate.linked);
    if linked.is_empty() || others.len() < ratio {
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
