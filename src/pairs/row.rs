//! A row of a table of pairs, before any reference has been asked.

use crate::element::Sides;
use crate::error::{Result, RowProblem};
use crate::pairs::Gene;

/// What a format's reader hands over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The elements: chromosome, start, end (0-based half-open).
    pub elements: Sides<(String, u32, u32)>,
    /// The label, where the table has one.
    pub label: Option<bool>,
    /// The promoter's gene, where the table names it.
    pub gene: Option<Gene>,
}

/// A format of tables: what makes a row of a line; none where the line holds none, as a header does.
pub(super) type Format = Box<dyn Fn(&str) -> Option<Result<Row, RowProblem>>>;

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

/// The label of a row whose table has it in a column, or not.
pub(super) fn label_in<'a>(
    column: Option<usize>,
    field: impl FnOnce(usize) -> Result<&'a str, RowProblem>,
) -> Result<Option<bool>, RowProblem> {
    column.map_or(Ok(None), |at| label(field(at)?))
}

/// What to ask of the labels of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Every row has one and both kinds occur: what training and evaluation need.
    BothClasses,
    /// Every row has one; the other kind may stand in another table.
    Every,
    /// They may be missing, as in a table of pairs that nobody has tested yet.
    Optional,
}

impl Labels {
    /// Whether every row has to have one.
    pub(super) fn are_needed(self) -> bool {
        self != Self::Optional
    }
}
