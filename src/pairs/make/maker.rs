//! Makes the pairs, one enhancer after the other.

use super::called::Called;
use super::candidates::Candidates;
use super::config::Config;
use super::counts::Counts;
use super::elements::Elements;
use super::loops::Loops;
use super::negatives::Selection;
use super::positives::Positives;
use super::rank::Ranks;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::pairs::Pair;

/// Makes the pairs of a set of elements and loops.
pub struct PairMaker<'a> {
    pub(super) candidates: Candidates<'a>,
    selection: Selection,
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
        let elements = Sides::new(enhancers, promoters);
        let candidates = Candidates {
            elements,
            config,
            positives: Positives::find(elements, loops, config)?,
            ranks: Ranks::new(config.seed),
        };
        Ok(Self {
            selection: Selection::new(&candidates),
            candidates,
        })
    }

    /// Hands over every chosen pair with its label, sorted by enhancer and then by promoter, and
    /// counts them.
    ///
    /// # Errors
    ///
    /// What `each` returns; no negative at all.
    pub fn for_each(&self, mut each: impl FnMut(Pair) -> Result<()>) -> Result<Counts> {
        let candidates = &self.candidates;
        let mut counts = Counts::new(&candidates.positives, &self.selection);
        for enhancer in 0..candidates.elements.enhancer.index.len() {
            let near = candidates.of(enhancer);
            counts.candidates += near.iter().filter(|c| !c.linked).count() as u64;
            for chosen in self.selection.chosen(candidates, enhancer, near) {
                counts.add(&chosen);
                let elements = candidates.regions(enhancer, &chosen);
                let called = candidates.elements.promoter.called.get(&elements.promoter);
                each(Pair {
                    elements,
                    label: Some(chosen.linked),
                    line: 0,
                    gene: called.and_then(Called::gene),
                })?;
            }
        }
        let class = match (counts.positives, counts.negatives) {
            (0, _) => "positive",
            (_, 0) => "negative",
            _ => return Ok(counts.finish()),
        };
        Err(Error::Configuration(format!(
            "these elements and loops make no {class} pair: {} of {} candidates could be negatives",
            counts.eligible, counts.candidates
        )))
    }
}
