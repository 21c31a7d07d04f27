//! What is bound in enhancer–promoter pairs that come one by one.

use std::collections::HashMap;

use super::factors::{Factors, distinct};
use crate::element::Sides;
use crate::genome::Region;

/// What is bound in the top regions of one element.
#[derive(Debug, Clone, Copy)]
pub struct Bound<'a> {
    /// The element, by which pairs that share it are known.
    pub element: Region,
    /// The matrices with a site wholly inside one of the regions, in any order; again and again
    /// is as good as once.
    pub matrices: &'a [u32],
}

/// Enhancer–promoter pairs with what is bound in them.
///
/// Memory: some forty bytes a pair, and each set of matrices that is bound in an element once.
#[derive(Debug, Clone)]
pub struct Counts<'a> {
    /// The factors and matrices.
    pub(super) factors: &'a Factors,
    pub(super) pairs: Vec<Counted>,
    /// The number of each set of matrices, ascending and distinct.
    sets: HashMap<Vec<u32>, u32>,
}

/// An enhancer–promoter pair.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub positive: bool,
    pub elements: Sides<Region>,
    /// The numbers of the sets of matrices.
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
        let sets = bound.map(|bound| {
            let set = distinct(bound.matrices.to_vec());
            assert!(set.iter().all(|&matrix| (matrix as usize) < known));
            let next = self.sets.len() as u32;
            *self.sets.entry(set).or_insert(next)
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

    /// What stands for each set, by its number.
    pub(super) fn sets(&self, of: impl Fn(&[u32]) -> Vec<u32>) -> Vec<Vec<u32>> {
        let mut sets = vec![Vec::new(); self.sets.len()];
        for (set, &number) in &self.sets {
            sets[number as usize] = of(set);
        }
        sets
    }
}
