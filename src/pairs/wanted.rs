//! The pairs that a file is to tell something about.

use std::path::Path;

use super::Pair;
use crate::error::{BadRow, RowProblem};
use crate::genome::Chroms;

/// The pairs that a file is to tell something about.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The table of pairs, for messages.
    pub path: &'a Path,
    /// The pairs.
    pub pairs: &'a [Pair],
    /// The chromosomes that they lie on.
    pub chroms: &'a Chroms,
}

impl Wanted<'_> {
    /// The rows of the pairs, by their places, that the file `by` does not have.
    pub(crate) fn left_out(&self, by: &Path, missing: impl Fn(usize) -> bool) -> Vec<BadRow> {
        let bad = |(place, pair): (usize, &Pair)| {
            missing(place).then(|| BadRow {
                line: u64::from(pair.line),
                problem: RowProblem::LeftOut(by.display().to_string()),
            })
        };
        self.pairs.iter().enumerate().filter_map(bad).collect()
    }
}
