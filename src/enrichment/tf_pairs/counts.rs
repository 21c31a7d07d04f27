//! What is bound in enhancer–promoter pairs that come one by one.

use std::collections::HashMap;

use super::super::window::Site;
use super::factors::Factors;
use crate::element::{Element, Sides};
use crate::genome::Region;

/// What is bound in the top regions of one element.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// The element, by which pairs that share it are known.
    pub element: Region,
    /// The sites that lie wholly inside one of the regions, in any order; again and again is as
    /// good as once.
    pub sites: &'a [Site],
}

/// Enhancer–promoter pairs with what is bound in them.
///
/// Memory: some forty bytes a pair, and each set of sites that is bound in an element once, with
/// twelve bytes a site.
#[derive(Debug, Clone)]
pub struct Counts<'a> {
    /// The factors and matrices.
    pub(super) factors: &'a Factors,
    pub(super) pairs: Vec<Counted>,
    /// The number of each set of sites of a side, ascending and distinct.
    sets: HashMap<(Element, Vec<Site>), u32>,
}

/// An enhancer–promoter pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub positive: bool,
    pub elements: Sides<Region>,
    /// The numbers of the sets of sites.
    pub bound: Sides<u32>,
}

impl<'a> Counts<'a> {
    /// No pair has come yet.
    pub fn new(factors: &'a Factors) -> Self {
        Self {
            factors,
            pairs: Vec::new(),
            sets: HashMap::new(),
        }
    }

    /// Counts a pair. A factor counts once for each element, however many of its matrices have
    /// sites there.
    ///
    /// # Panics
    ///
    /// If a matrix is not one of the factors' matrices.
    pub fn add(&mut self, positive: bool, bound: Sides<Bound>) {
        let known = self.factors.matrices.len();
        let sets = Sides::from_fn(|element| {
            let mut set = bound.get(element).sites.to_vec();
            set.sort_unstable();
            set.dedup();
            assert!(set.iter().all(|site| (site.matrix as usize) < known));
            let next = self.sets.len() as u32;
            *self.sets.entry((element, set)).or_insert(next)
        });
        self.pairs.push(Counted {
            positive,
            elements: bound.map(|bound| bound.element),
            bound: sets,
        });
    }

    /// Positive and negative pairs that have been counted.
    pub fn pairs(&self) -> (u32, u32) {
        let positive = self.pairs.iter().filter(|pair| pair.positive).count();
        (positive as u32, (self.pairs.len() - positive) as u32)
    }

    /// What stands for each set of a side, by its number; they come in any order.
    pub(super) fn sets(&self, mut of: impl FnMut(Element, &[Site]) -> Vec<u32>) -> Vec<Vec<u32>> {
        let mut sets = vec![Vec::new(); self.sets.len()];
        for ((element, set), &number) in &self.sets {
            sets[number as usize] = of(*element, set);
        }
        sets
    }
}
