//! A row of a table of pairs, whatever the table's format.

use crate::error::RowProblem;

/// A row as a format's reader hands it over, before any reference has been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The enhancer: chromosome, start, end (0-based half-open).
    pub enhancer: (String, u32, u32),
    /// The promoter, likewise.
    pub promoter: (String, u32, u32),
    /// The label, where the table has one.
    pub label: Option<bool>,
}

/// A format of tables: how a line becomes a row.
pub(super) trait Format {
    /// The row of a line, none where the line holds none, as a header does.
    fn row(&self, line: &str) -> Option<Result<Row, RowProblem>>;
}

/// A field as a label: none for `.` and an empty field. `0.0` and `1.0`, which some programs
/// write, count too.
pub(super) fn label(value: &str) -> Result<Option<bool>, RowProblem> {
    match value {
        "0" | "0.0" => Ok(Some(false)),
        "1" | "1.0" => Ok(Some(true)),
        "." | "" => Ok(None),
        _ => Err(RowProblem::NotALabel(value.to_string())),
    }
}
