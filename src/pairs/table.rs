//! A table of pairs, whatever format it came in.

use std::ops::Range;

use crate::element::Sides;
use crate::genome::Region;
use crate::pairs::Pair;

/// The good pairs of a table, in its order; or of the tables of several cell lines, one after the other.
#[derive(Debug, Clone)]
pub struct PairTable {
    /// The pairs; no two of one cell line have the same elements.
    pub pairs: Vec<Pair>,
    /// The windows of each pair, centred on its elements.
    pub windows: Vec<Sides<Region>>,
    /// How many rows were left out.
    pub skipped: usize,
    /// Whether chromosome names had to be translated (`1` for `chr1`).
    pub translated: bool,
    /// The cell lines whose tables these are, in their order; none where it is one table.
    pub cells: Vec<CellPairs>,
}

/// The pairs of a cell line among those of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPairs {
    /// What the cell line is called.
    pub name: String,
    /// The places of its pairs in the table.
    pub places: Range<usize>,
}

impl PairTable {
    /// The number of pairs with each label: (positive, negative).
    pub fn classes(&self) -> (usize, usize) {
        let labels = self.pairs.iter().map(|pair| pair.label);
        let count = |label| labels.clone().filter(|of| *of == Some(label)).count();
        (count(true), count(false))
    }

    /// The cell line of the pair at a place; none where the table is not of several.
    pub fn cell(&self, place: usize) -> Option<&str> {
        let cell = self.cells.iter().find(|cell| cell.places.contains(&place));
        cell.map(|cell| cell.name.as_str())
    }

    /// Adds the pairs of the table of a cell line.
    pub fn append(&mut self, cell: &str, table: Self) {
        let first = self.pairs.len();
        self.pairs.extend(table.pairs);
        self.windows.extend(table.windows);
        self.skipped += table.skipped;
        self.translated |= table.translated;
        self.cells.push(CellPairs {
            name: cell.to_string(),
            places: first..self.pairs.len(),
        });
    }

    /// The windows of the pairs at these places, in this order.
    pub fn windows_of(&self, places: &[usize]) -> Vec<Sides<Region>> {
        places.iter().map(|&place| self.windows[place]).collect()
    }
}
