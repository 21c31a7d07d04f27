//! The pairs that a file is to tell something about.

use std::path::Path;
use std::str::FromStr;

use crate::error::{BadRow, Result, RowProblem};
use crate::genome::Chroms;
use crate::pairs::Pair;

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
    pub(super) fn left_out(&self, by: &Path, missing: impl Fn(usize) -> bool) -> Vec<BadRow> {
        let bad = |(place, pair): (usize, &Pair)| {
            missing(place).then(|| BadRow {
                line: u64::from(pair.line),
                problem: RowProblem::LeftOut(by.display().to_string()),
            })
        };
        self.pairs.iter().enumerate().filter_map(bad).collect()
    }
}

/// A field as a finite number.
pub fn finite<T: FromStr + Copy + Into<f64>>(column: &str, value: &str) -> Result<T, RowProblem> {
    value
        .parse()
        .ok()
        .filter(|&number: &T| number.into().is_finite())
        .ok_or_else(|| RowProblem::NotFinite {
            column: column.to_string(),
            value: value.to_string(),
        })
}
