//! A field of a table that has to be a number.

use std::str::FromStr;

use crate::error::RowProblem;

/// A field as a finite number.
///
/// # Errors
///
/// Text that is no number, NaN and what is infinite.
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
