//! In how many enhancer–promoter pairs two factors, or two matrices, stand together.

use super::factors::{Factors, distinct};
use crate::element::{Element, Sides};
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
    /// The factors and matrices.
    pub(super) factors: &'a Factors,
    positive: Class,
    negative: Class,
    positives: Vec<Positive>,
}

/// A positive pair, and the factors in it.
#[derive(Debug, Clone)]
struct Positive {
    elements: Sides<Region>,
    factors: Sides<Vec<u32>>,
}

/// The pairs of one label.
#[derive(Debug, Clone)]
struct Class {
    pairs: u32,
    matrices: Grid,
    factors: Grid,
    /// Pairs with each factor, whatever is in the other element.
    alone: Sides<Vec<u32>>,
}

/// A count for each number in the enhancer and each in the promoter.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    side: usize,
    cells: Vec<u32>,
}

impl<'a> Counts<'a> {
    /// No pair has come yet.
    pub fn new(factors: &'a Factors) -> Self {
        let count = factors.names().len();
        let class = Class {
            pairs: 0,
            matrices: Grid::new(factors.matrices.len()),
            factors: Grid::new(count),
            alone: Sides::from_fn(|_| vec![0; count]),
        };
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
    pub fn add(&mut self, positive: bool, bound: Sides<Bound>) {
        let matrices = bound.map(|bound| distinct(bound.matrices.to_vec()));
        let factors = matrices.as_ref().map(|matrices| self.factors.of(matrices));
        let class = if positive {
            &mut self.positive
        } else {
            &mut self.negative
        };
        class.pairs += 1;
        class.matrices.add(&matrices);
        class.factors.add(&factors);
        for (element, factors) in factors.iter() {
            let alone = class.alone.get_mut(element);
            for &factor in factors {
                alone[factor as usize] += 1;
            }
        }
        if positive {
            let elements = bound.map(|bound| bound.element);
            self.positives.push(Positive { elements, factors });
        }
    }

    /// Positive and negative pairs that have been counted.
    pub fn pairs(&self) -> (u32, u32) {
        (self.positive.pairs, self.negative.pairs)
    }

    /// Positive and negative pairs with both factors.
    pub(super) fn both(&self, pair: Sides<u32>) -> [u32; 2] {
        [&self.positive, &self.negative].map(|class| class.factors.get(pair))
    }

    /// Positive and negative pairs with both matrices.
    pub(super) fn both_matrices(&self, pair: Sides<u32>) -> [u32; 2] {
        [&self.positive, &self.negative].map(|class| class.matrices.get(pair))
    }

    /// The part of the positive pairs that would have both factors by chance.
    pub(super) fn independent(&self, pair: Sides<u32>) -> f64 {
        let Class { pairs, alone, .. } = &self.positive;
        let part = |count: u32| f64::from(count) / f64::from(*pairs.max(&1));
        part(alone.enhancer[pair.enhancer as usize]) * part(alone.promoter[pair.promoter as usize])
    }

    /// The different elements among the positive pairs of each TF pair.
    pub(super) fn support(&self) -> Sides<Grid> {
        Sides::from_fn(|element| self.elements(element))
    }

    fn elements(&self, element: Element) -> Grid {
        let element = |positive: &Positive| *positive.elements.get(element);
        let side = self.factors.names().len();
        let (mut elements, mut last) = (Grid::new(side), Grid::new(side));
        let mut positives: Vec<&Positive> = self.positives.iter().collect();
        positives.sort_by_key(|positive| element(positive));
        let same = positives.chunk_by(|a, b| element(a) == element(b));
        for (same, number) in same.zip(1..) {
            for positive in same {
                for cell in cells(side, &positive.factors) {
                    if last.cells[cell] != number {
                        last.cells[cell] = number;
                        elements.cells[cell] += 1;
                    }
                }
            }
        }
        elements
    }
}

impl Grid {
    fn new(side: usize) -> Self {
        Self {
            side,
            cells: vec![0; side * side],
        }
    }

    pub fn get(&self, pair: Sides<u32>) -> u32 {
        self.cells[pair.enhancer as usize * self.side + pair.promoter as usize]
    }

    /// Counts all pairs of one number here and one there.
    fn add(&mut self, numbers: &Sides<Vec<u32>>) {
        for cell in cells(self.side, numbers) {
            self.cells[cell] += 1;
        }
    }
}

/// The cells, in a grid of this side, of all pairs of one number here and one there.
fn cells(side: usize, numbers: &Sides<Vec<u32>>) -> impl Iterator<Item = usize> {
    numbers.enhancer.iter().flat_map(move |&enhancer| {
        let row = enhancer as usize * side;
        let promoters = numbers.promoter.iter();
        promoters.map(move |&promoter| row + promoter as usize)
    })
}
