//! What a row of an interactome says, and the bad rows of a file.

use std::path::Path;

use crate::error::{BadRow, Error, Result, RowProblem};

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

/// What a row says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row<'a> {
    /// That two proteins interact.
    Interaction([Partner<'a>; 2]),
    /// Nothing that counts.
    LeftOut(LeftOut),
}

/// Why a row does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
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

/// The bad rows of a file.
#[derive(Default)]
pub(super) struct BadRows(Vec<BadRow>);

impl BadRows {
    /// Keeps the problem of a line, if there is one.
    pub fn keep(&mut self, line: u64, row: Result<(), RowProblem>) {
        if let Err(problem) = row {
            self.0.push(BadRow { line, problem });
        }
        if self.full() {
            let message = format!("read no further: {BAD_ROWS} bad rows");
            let problem = RowProblem::Unreadable(message);
            self.0.push(BadRow { line, problem });
        }
    }

    /// Whether there are so many that reading on would not help anybody.
    pub fn full(&self) -> bool {
        self.0.len() >= BAD_ROWS
    }

    /// # Errors
    ///
    /// All of them together.
    pub fn none(self, path: &Path) -> Result<()> {
        Error::bad_rows([(path, self.0)])
    }
}
