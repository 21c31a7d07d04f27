//! Labelled pairs from enhancers, promoters and loops.
//!
//! A pair is positive where its enhancer overlaps one anchor of a loop and its promoter the other,
//! either way round, and where the two lie within the limits of distance: TargetFinder's rule
//! (Whalen, Truty & Pollard 2016, doi:10.1038/ng.3539; `generate_pairs.py` of
//! <https://github.com/shwhalen/targetfinder>). Every other pair of the same elements within those
//! limits is a candidate for a negative; [`Negatives`] says which of them are taken.
//!
//! No pair of elements is looked at that lies further apart than the limit, and none is kept that
//! is not chosen: one sweep over the sorted elements finds which candidates rank first, a second
//! one writes them. A candidate's rank is a hash of the seed and of its coordinates
//! ([`rank`](self)), so that the choice depends on nothing else, and a larger ratio keeps the
//! negatives of a smaller one.

mod bins;
mod config;
mod counts;
mod elements;
mod loops;
mod negatives;
mod positives;
mod rank;
mod tss;
mod write;

pub use bins::Bins;
pub use config::{Config, Negatives};
pub use counts::{BinCounts, Counts, Distances};
pub use elements::Elements;
pub use loops::Loops;
pub use tss::{Flank, TssFeature};
pub use write::{Inputs, Provenance};

use crate::element::Sides;
use crate::error::{Error, Result};
use crate::pairs::Pair;
use negatives::Selection;
use positives::Positives;
use rank::Ranks;

/// Makes the pairs of a set of elements and loops.
pub struct PairMaker<'a> {
    enhancers: &'a Elements,
    promoters: &'a Elements,
    config: &'a Config,
    positives: Positives,
    selection: Selection,
    ranks: Ranks,
}

/// A promoter within the limits of distance of an enhancer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    /// The promoter's place among the promoters.
    promoter: usize,
    /// Bases between the two elements.
    distance: u32,
    /// Whether a loop joins them.
    linked: bool,
}

impl<'a> PairMaker<'a> {
    /// Finds the positives and which negatives will be taken.
    ///
    /// # Errors
    ///
    /// Settings that make no sense; no loop that joins an enhancer and a promoter within the limits.
    pub fn new(
        enhancers: &'a Elements,
        promoters: &'a Elements,
        loops: &Loops,
        config: &'a Config,
    ) -> Result<Self> {
        config.validate()?;
        let positives = Positives::find(enhancers, promoters, loops, config)?;
        let mut maker = Self {
            enhancers,
            promoters,
            config,
            positives,
            selection: Selection::All,
            ranks: Ranks::new(config.seed),
        };
        maker.selection = Selection::new(&maker);
        Ok(maker)
    }

    /// Hands over every chosen pair with its label, sorted by enhancer and then by promoter, and
    /// counts them.
    ///
    /// # Errors
    ///
    /// What `each` returns; no negative at all.
    pub fn for_each(&self, mut each: impl FnMut(Pair) -> Result<()>) -> Result<Counts> {
        let mut counts = Counts::new(self);
        for enhancer in 0..self.enhancers.len() {
            let candidates = self.candidates(enhancer);
            counts.candidates += candidates.iter().filter(|c| !c.linked).count() as u64;
            for chosen in self.selection.chosen(self, enhancer, &candidates) {
                counts.add(&chosen);
                each(Pair {
                    elements: Sides::new(
                        self.enhancers.region(enhancer),
                        self.promoters.region(chosen.promoter),
                    ),
                    label: Some(chosen.linked),
                    line: 0,
                })?;
            }
        }
        if counts.positives == 0 || counts.negatives == 0 {
            let class = if counts.positives == 0 {
                "positive"
            } else {
                "negative"
            };
            return Err(Error::Configuration(format!(
                "these elements and loops make no {class} pair: {} of {} candidates could be \
                 negatives",
                counts.eligible, counts.candidates
            )));
        }
        counts.finish();
        Ok(counts)
    }

    /// The promoters within the limits of distance of an enhancer, in their order.
    fn candidates(&self, enhancer: usize) -> Vec<Candidate> {
        let region = self.enhancers.region(enhancer);
        let linked = self.positives.of(enhancer);
        let near = self
            .promoters
            .index()
            .within(region, self.config.max_distance);
        near.filter(|&(_, distance)| distance >= self.config.min_distance)
            .map(|(promoter, distance)| Candidate {
                promoter,
                distance,
                linked: linked.binary_search(&(enhancer, promoter)).is_ok(),
            })
            .collect()
    }
}
