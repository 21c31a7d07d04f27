//! What was made.

use serde::Serialize;
use tracing::{info, warn};

use super::candidates::Candidate;
use super::negatives::{Selection, Strata};
use super::positives::Positives;
use crate::statistics::quantile;

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Counts {
    /// Pairs that a loop joins, whatever their distance.
    pub linked: usize,
    /// Those of them that lie nearer than the limit, and are left out.
    pub too_near: usize,
    /// Those of them that lie further apart than the limit, and are left out.
    pub too_far: usize,
    /// Loops that join any pair.
    pub joining_loops: usize,
    /// Pairs within the limits that no loop joins.
    pub candidates: u64,
    /// Those of them that the rule lets become negatives.
    pub eligible: u64,
    /// Positives written.
    pub positives: u64,
    /// Negatives written.
    pub negatives: u64,
    /// The distance up to which pairs were taken, where the positives decide about it, in bases.
    pub cutoff: Option<f64>,
    /// The distance bins, where the rule has some.
    pub bins: Vec<BinCounts>,
    /// How far apart the elements of the positives are.
    pub positive_distances: Option<Distances>,
    /// How far apart the elements of the negatives are.
    pub negative_distances: Option<Distances>,
    /// Those of the positives and of the negatives, until all are known.
    #[serde(skip)]
    distances: [Vec<u32>; 2],
}

/// What was made of a distance bin.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BinCounts {
    /// Its edges, in bases: the upper one belongs to it, the lower one only to the first.
    pub edges: [f64; 2],
    /// Positives in it.
    pub positives: u64,
    /// Candidates in it.
    pub candidates: u64,
    /// Negatives that were wanted.
    pub wanted: u64,
    /// Negatives that were taken.
    pub negatives: u64,
}

/// How a set of distances spreads, in bases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Distances {
    /// The smallest.
    pub least: f64,
    /// A quarter is smaller.
    pub lower_quartile: f64,
    /// Half are smaller.
    pub median: f64,
    /// Three quarters are smaller.
    pub upper_quartile: f64,
    /// The largest.
    pub largest: f64,
}

impl Counts {
    pub(super) fn new(positives: &Positives, selection: &Selection) -> Self {
        let (cutoff, bins) = match selection {
            Selection::All => (None, Vec::new()),
            Selection::Within { cutoff, .. } => (Some(*cutoff), Vec::new()),
            Selection::FirstRanked(strata) => (None, bins(strata)),
        };
        Self {
            linked: positives.linked.len(),
            too_near: positives.too_near,
            too_far: positives.too_far,
            joining_loops: positives.joining,
            eligible: bins.iter().map(|bin| bin.candidates).sum(),
            cutoff,
            bins,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, chosen: &Candidate) {
        if chosen.linked {
            self.positives += 1;
        } else {
            self.negatives += 1;
        }
        self.distances[usize::from(!chosen.linked)].push(chosen.distance);
    }

    pub(super) fn finish(mut self) -> Self {
        let [positive, negative] = std::mem::take(&mut self.distances);
        self.positive_distances = Distances::of(positive);
        self.negative_distances = Distances::of(negative);
        if self.bins.is_empty() {
            self.eligible = self.candidates;
        }
        info!(
            "{} positive and {} negative pairs",
            self.positives, self.negatives
        );
        for bin in self.bins.iter().filter(|bin| bin.negatives < bin.wanted) {
            warn!(
                "between {:.0} and {:.0} bases there are only {} negatives for {} positives ({} \
                 wanted): all are taken",
                bin.edges[0], bin.edges[1], bin.negatives, bin.positives, bin.wanted
            );
        }
        self
    }
}

fn bins(strata: &Strata) -> Vec<BinCounts> {
    let bin = |bin| BinCounts {
        edges: strata.bins.edges(bin),
        ..BinCounts::default()
    };
    let mut bins: Vec<BinCounts> = (0..strata.bins.len()).map(bin).collect();
    for stratum in &strata.strata {
        let bin = &mut bins[stratum.bin];
        bin.positives += stratum.positives;
        bin.candidates += stratum.candidates;
        bin.wanted += stratum.wanted as u64;
        bin.negatives += stratum.first.len() as u64;
    }
    bins
}

impl Distances {
    fn of(mut distances: Vec<u32>) -> Option<Self> {
        distances.sort_unstable();
        let distances: Vec<f64> = distances.into_iter().map(f64::from).collect();
        Some(Self {
            least: quantile(&distances, 0.0)?,
            lower_quartile: quantile(&distances, 0.25)?,
            median: quantile(&distances, 0.5)?,
            upper_quartile: quantile(&distances, 0.75)?,
            largest: quantile(&distances, 1.0)?,
        })
    }
}
