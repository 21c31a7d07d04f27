//! What a row of an interactome says, and the rows of a file.

use std::path::Path;

use crate::error::{BadRow, Error, Result, RowProblem};
use crate::text::Lines;

/// Bad rows that are listed before reading ends: a file of another kind may have only such.
const BAD_ROWS: usize = 1000;

/// A partner as a row gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Partner<'a> {
    /// The gene's symbol.
    pub symbol: &'a str,
    /// Its other names, separated by `|`.
    pub synonyms: &'a str,
}

/// What a row says: that two proteins interact, or why it does not count.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row<'a> {
    /// Two proteins interact.
    Interaction([Partner<'a>; 2]),
    /// It tells of a genetic interaction.
    Genetic,
    /// A partner is of another organism.
    OtherOrganism,
    /// Its score is too low.
    BelowScore,
    /// A partner has no name.
    Nameless,
}

/// A format's way to read a row.
pub(super) trait Rows {
    /// What a line says.
    fn row<'a>(&'a self, line: &'a str) -> Result<Row<'a>, RowProblem>;
}

impl<'a> Partner<'a> {
    /// One that has no other name.
    pub fn named(symbol: &'a str) -> Self {
        let synonyms = "";
        Self { symbol, synonyms }
    }
}

/// The field of a column, which is called `name` where it is missing. It may be empty, unlike
/// that of [`genome::field`](crate::genome::field).
pub(super) fn field<'a>(
    fields: &[&'a str],
    column: usize,
    name: &str,
) -> Result<&'a str, RowProblem> {
    let field = fields.get(column).copied();
    field.ok_or_else(|| RowProblem::Missing(name.to_string()))
}

/// Hands all lines over: one that was already read, where there is one, and those that are left.
///
/// # Errors
///
/// All bad rows together, a file that cannot be read to its end.
pub(super) fn for_each(
    path: &Path,
    first: Option<(u64, String)>,
    mut lines: Lines,
    mut row: impl FnMut(&str) -> Result<(), RowProblem>,
) -> Result<()> {
    let mut bad = Vec::new();
    let mut next = match first {
        None => lines.next_line()?,
        first => first,
    };
    while let Some((line, text)) = next {
        if let Err(problem) = row(&text) {
            bad.push(BadRow { line, problem });
        }
        // Reading on would not help anybody.
        if bad.len() >= BAD_ROWS {
            let message = format!("read no further: {BAD_ROWS} bad rows");
            let problem = RowProblem::Unreadable(message);
            bad.push(BadRow { line, problem });
            break;
        }
        next = lines.next_line()?;
    }
    Error::bad_rows([(path, bad)])
}
