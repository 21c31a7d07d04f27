//! In how many enhancer–promoter pairs two factors, or two matrices, stand together.

use super::factors::{Factors, distinct};
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

/// Counts over enhancer–promoter pairs that come one by one.
///
/// Memory: two grids of matrices × matrices and two of factors × factors, 4 bytes a cell (33 MB
/// for 1,443 matrices of as many factors), and the factors of each positive pair.
#[derive(Debug, Clone)]
pub struct Counts<'a> {
    factors: &'a Factors,
    positive: Class,
    negative: Class,
    positives: Vec<Positive>,
}

/// The factors in a positive pair.
#[derive(Debug, Clone)]
struct Positive {
    enhancer: Region,
    promoter: Region,
    in_enhancer: Vec<u32>,
    in_promoter: Vec<u32>,
}

/// The pairs of one label.
#[derive(Debug, Clone)]
struct Class {
    pairs: u32,
    matrices: Grid,
    factors: Grid,
    in_enhancer: Vec<u32>,
    in_promoter: Vec<u32>,
}

/// A count for each number in the enhancer and each in the promoter.
#[derive(Debug, Clone)]
struct Grid {
    side: usize,
    cells: Vec<u32>,
}

impl<'a> Counts<'a> {
    /// No pair has come yet.
    pub fn new(factors: &'a Factors) -> Self {
        let class = Class::new(factors.matrices(), factors.names().len());
        Self {
            factors,
            positive: class.clone(),
            negative: class,
            positives: Vec::new(),
        }
    }

    /// Counts a pair. A factor counts once for each element, however many of its matrices have
    /// sites there.
    ///
    /// # Panics
    ///
    /// If a matrix is not one of the factors' matrices.
    pub fn add(&mut self, positive: bool, enhancer: Bound, promoter: Bound) {
        let matrices = [enhancer, promoter].map(|bound| distinct(bound.matrices.to_vec()));
        let [in_enhancer, in_promoter] = matrices.each_ref().map(|of| self.factors.of(of));
        let class = if positive {
            &mut self.positive
        } else {
            &mut self.negative
        };
        class.pairs += 1;
        class.matrices.add(&matrices[0], &matrices[1]);
        class.factors.add(&in_enhancer, &in_promoter);
        for &factor in &in_enhancer {
            class.in_enhancer[factor as usize] += 1;
        }
        for &factor in &in_promoter {
            class.in_promoter[factor as usize] += 1;
        }
        if positive {
            self.positives.push(Positive {
                enhancer: enhancer.element,
                promoter: promoter.element,
                in_enhancer,
                in_promoter,
            });
        }
    }

    /// The factors and matrices.
    pub fn factors(&self) -> &'a Factors {
        self.factors
    }

    /// Positive and negative pairs that have been counted.
    pub fn pairs(&self) -> (u32, u32) {
        (self.positive.pairs, self.negative.pairs)
    }

    /// Positive and negative pairs with both factors.
    pub(super) fn both(&self, pair: [u32; 2]) -> [u32; 2] {
        [&self.positive, &self.negative].map(|class| class.factors.get(pair))
    }

    /// Positive and negative pairs with both matrices.
    pub(super) fn both_matrices(&self, pair: [u32; 2]) -> [u32; 2] {
        [&self.positive, &self.negative].map(|class| class.matrices.get(pair))
    }

    /// The part of the positive pairs that would have both factors by chance.
    pub(super) fn independent(&self, [enhancer, promoter]: [u32; 2]) -> f64 {
        let part = |count: u32| f64::from(count) / f64::from(self.positive.pairs.max(1));
        part(self.positive.in_enhancer[enhancer as usize])
            * part(self.positive.in_promoter[promoter as usize])
    }

    /// The different elements among the positive pairs of each TF pair.
    pub(super) fn support(&self) -> Support {
        Support {
            enhancers: self.elements(|positive| positive.enhancer),
            promoters: self.elements(|positive| positive.promoter),
        }
    }

    fn elements(&self, element: impl Fn(&Positive) -> Region) -> Grid {
        let side = self.factors.names().len();
        let (mut elements, mut last) = (Grid::new(side), Grid::new(side));
        let mut positives: Vec<&Positive> = self.positives.iter().collect();
        positives.sort_by_key(|positive| element(positive));
        let same = positives.chunk_by(|a, b| element(a) == element(b));
        for (same, number) in same.zip(1..) {
            for positive in same {
                for &enhancer in &positive.in_enhancer {
                    for &promoter in &positive.in_promoter {
                        let cell = last.index([enhancer, promoter]);
                        if last.cells[cell] != number {
                            last.cells[cell] = number;
                            elements.cells[cell] += 1;
                        }
                    }
                }
            }
        }
        elements
    }
}

/// For each TF pair the different elements among the positive pairs that have it.
pub(super) struct Support {
    enhancers: Grid,
    promoters: Grid,
}

impl Support {
    /// Enhancers and promoters.
    pub fn of(&self, pair: [u32; 2]) -> (u32, u32) {
        (self.enhancers.get(pair), self.promoters.get(pair))
    }
}

impl Class {
    fn new(matrices: usize, factors: usize) -> Self {
        Self {
            pairs: 0,
            matrices: Grid::new(matrices),
            factors: Grid::new(factors),
            in_enhancer: vec![0; factors],
            in_promoter: vec![0; factors],
        }
    }
}

impl Grid {
    fn new(side: usize) -> Self {
        Self {
            side,
            cells: vec![0; side * side],
        }
    }

    fn index(&self, [enhancer, promoter]: [u32; 2]) -> usize {
        enhancer as usize * self.side + promoter as usize
    }

    fn get(&self, pair: [u32; 2]) -> u32 {
        self.cells[self.index(pair)]
    }

    /// Counts all pairs of one number here and one there.
    fn add(&mut self, in_enhancer: &[u32], in_promoter: &[u32]) {
        for &enhancer in in_enhancer {
            for &promoter in in_promoter {
                let cell = self.index([enhancer, promoter]);
                self.cells[cell] += 1;
            }
        }
    }
}
