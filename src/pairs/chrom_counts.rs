//! How many pairs of each class lie on which chromosomes.

use std::collections::{BTreeMap, BTreeSet};

use super::Pair;
use crate::element::Sides;
use crate::genome::ChromId;

/// Pairs by the chromosomes of their enhancer and their promoter: positive ones, then the others.
pub struct ChromCounts(BTreeMap<(ChromId, ChromId), [usize; 2]>);

impl ChromCounts {
    /// Counts pairs.
    pub fn new<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Self {
        let mut counts: BTreeMap<(ChromId, ChromId), [usize; 2]> = BTreeMap::new();
        for pair in pairs {
            let Sides { enhancer, promoter } = pair.chroms();
            let of = counts.entry((enhancer, promoter)).or_default();
            of[usize::from(pair.label != Some(true))] += 1;
        }
        Self(counts)
    }

    /// The chromosomes that an element lies on.
    pub fn chroms(&self) -> BTreeSet<ChromId> {
        let chroms = self
            .0
            .keys()
            .flat_map(|&(enhancer, promoter)| [enhancer, promoter]);
        chroms.collect()
    }

    /// The chromosomes that an element of a pair of this label lies on.
    pub fn holding(&self, label: bool) -> BTreeSet<ChromId> {
        let of_label = self
            .0
            .iter()
            .filter(|(_, counts)| counts[usize::from(!label)] > 0);
        let chroms = of_label.flat_map(|(&(enhancer, promoter), _)| [enhancer, promoter]);
        chroms.collect()
    }

    /// The counts of pairs that lie wholly on some chromosomes.
    pub fn inside(
        &self,
        chroms: &BTreeSet<ChromId>,
    ) -> impl Iterator<Item = ((ChromId, ChromId), [usize; 2])> {
        let pairs = self.0.iter().map(|(&on, &counts)| (on, counts));
        pairs.filter(move |((enhancer, promoter), _)| {
            chroms.contains(enhancer) && chroms.contains(promoter)
        })
    }

    /// Their sums.
    pub fn within(&self, chroms: &BTreeSet<ChromId>) -> [usize; 2] {
        let counts = self.inside(chroms).map(|(_, counts)| counts);
        counts.fold([0, 0], |sum, more| [sum[0] + more[0], sum[1] + more[1]])
    }

    /// Whether some chromosomes hold pairs of both classes.
    pub fn both(&self, chroms: &BTreeSet<ChromId>) -> bool {
        self.within(chroms).iter().all(|&count| count > 0)
    }
}
