//! The fewest chromosomes that hold pairs of both classes: what a part of a division has to have.
//!
//! Parts that each hold both classes can be made exactly where as many such sets share no chromosome:
//! whatever else a part is given takes nothing away from it.

use std::collections::BTreeSet;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::chrom_counts::ChromCounts;
use crate::genome::ChromId;

/// Some chromosomes.
pub type Set = BTreeSet<ChromId>;

/// Sets that are tried before a search for many of them is given up. Without pairs between
/// chromosomes, the first try meets its aim, or none is made.
const STEPS: u32 = 100_000;

/// All smallest sets of chromosomes with both classes.
pub struct Cores {
    /// In a random order; none holds another.
    pub sets: Vec<Set>,
    /// The chromosomes, one or two, of the pairs of each class.
    of_class: [BTreeSet<Set>; 2],
}

impl Cores {
    /// Of pairs that lie wholly on the chromosomes `from`.
    pub fn new(counts: &ChromCounts, from: &Set, rng: &mut ChaCha8Rng) -> Self {
        let of_class = [0, 1].map(|class| {
            let pairs = counts.inside(from).filter(|(_, counts)| counts[class] > 0);
            let sets = pairs.map(|((enhancer, promoter), _)| Set::from([enhancer, promoter]));
            sets.collect::<BTreeSet<Set>>()
        });
        let [positive, negative] = &of_class;
        let mut both: Vec<Set> = positive
            .iter()
            .flat_map(|one| negative.iter().map(move |other| one | other))
            .collect();
        both.sort_by_key(Set::len);
        let mut sets: Vec<Set> = Vec::new();
        for set in both {
            if !sets.iter().any(|smaller| smaller.is_subset(&set)) {
                sets.push(set);
            }
        }
        sets.shuffle(rng);
        Self { sets, of_class }
    }

    /// So many of them that share no chromosome, if such are found within the steps.
    pub fn disjoint(&self, count: usize) -> Option<Vec<Set>> {
        let mut chosen = Vec::new();
        let mut steps = STEPS;
        let found = self.extend(count, 0, &mut chosen, &mut steps);
        found.then(|| chosen.into_iter().map(|at| self.sets[at].clone()).collect())
    }

    /// Adds to the chosen sets, by their places, of those from a place on.
    fn extend(&self, count: usize, from: usize, chosen: &mut Vec<usize>, steps: &mut u32) -> bool {
        if chosen.len() == count {
            return true;
        }
        let used: Set = chosen
            .iter()
            .flat_map(|&at| self.sets[at].iter().copied())
            .collect();
        if *steps == 0 || chosen.len() + self.most(&used) < count {
            return false;
        }
        *steps -= 1;
        for at in from..self.sets.len() {
            if self.sets[at].is_disjoint(&used) {
                chosen.push(at);
                if self.extend(count, at + 1, chosen, steps) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }

    /// No more sets than these can be made without the used chromosomes: each needs a pair of either
    /// class, and a pair takes one chromosome or two.
    fn most(&self, used: &Set) -> usize {
        let of_class = self.of_class.iter().map(|pairs| {
            let free: Vec<&Set> = pairs.iter().filter(|pair| pair.is_disjoint(used)).collect();
            let alone = free.iter().filter(|pair| pair.len() == 1).count();
            let chroms: BTreeSet<&ChromId> = free.iter().flat_map(|pair| pair.iter()).collect();
            alone + (chroms.len() - alone) / 2
        });
        of_class.min().unwrap_or(0)
    }
}
