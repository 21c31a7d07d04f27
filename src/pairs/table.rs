//! A table of pairs, whatever format it came in.

use crate::element::Sides;
use crate::genome::Region;
use crate::pairs::Pair;

/// The good pairs of a table, in its order.
#[derive(Debug, Clone)]
pub struct PairTable {
    /// The pairs; no two have the same elements.
    pub pairs: Vec<Pair>,
    /// The windows of each pair, centred on its elements.
    pub windows: Vec<Sides<Region>>,
    /// How many rows were left out.
    pub skipped: usize,
    /// Whether chromosome names had to be translated (`1` for `chr1`).
    pub translated: bool,
}

impl PairTable {
    /// The number of pairs with each label: (positive, negative).
    pub fn classes(&self) -> (usize, usize) {
        let labels = self.pairs.iter().map(|pair| pair.label);
        let count = |label| labels.clone().filter(|of| *of == Some(label)).count();
        (count(true), count(false))
    }

    /// The windows of the pairs at these places, in this order.
    pub fn windows_of(&self, places: &[usize]) -> Vec<Sides<Region>> {
        places.iter().map(|&place| self.windows[place]).collect()
    }
}
