//! The formats, told apart by content, and their rows.

use std::path::Path;

use super::graph::Graph;
use super::{Format, Interactome, ReadOptions, biogrid, string, two_column};
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

/// Reads a file of any of the formats.
pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Interactome> {
    let mut lines = Lines::open(path)?;
    let (number, first) = first(&mut lines)?.ok_or_else(|| Error::format(path, "has no row"))?;
    let (format, rows, is_header) = detect(path, &first, options)?;
    let mut graph = Graph::new(format);
    let mut bad = BadRows::default();
    if !is_header {
        bad.keep(number, graph.line(&*rows, &first));
    }
    while let Some((number, line)) = lines.next_line()? {
        bad.keep(number, graph.line(&*rows, &line));
        if bad.full() {
            break;
        }
    }
    bad.none(path)?;
    graph.finish(path)
}

/// The first line that is no comment: BioGRID's header begins as comments do.
fn first(lines: &mut Lines) -> Result<Option<(u64, String)>> {
    while let Some((number, line)) = lines.next_line()? {
        if !line.starts_with('#') || biogrid::matches(&line) {
            return Ok(Some((number, line)));
        }
    }
    Ok(None)
}

/// The format by the first line, and whether that is a header.
fn detect<'a>(
    path: &Path,
    first: &str,
    options: &ReadOptions<'a>,
) -> Result<(Format, Box<dyn Rows + 'a>, bool)> {
    if first.starts_with("PK\u{3}\u{4}") {
        return Err(Error::format(
            path,
            "is a zip archive: unpack it, and compress what is in it with gzip if it is large",
        ));
    }
    if biogrid::matches(first) {
        let columns = biogrid::Columns::find(path, first, options)?;
        return Ok((Format::BioGrid, Box::new(columns), true));
    }
    if string::matches(first) {
        let links = string::Links::open(path, first, options)?;
        return Ok((Format::String, Box::new(links), true));
    }
    if two_column::matches(first) {
        let is_header = two_column::is_header(first);
        return Ok((Format::TwoColumns, Box::new(two_column::List), is_header));
    }
    Err(Error::format(
        path,
        "is none of BioGRID's tab 3.0 or 2.0, STRING's protein.links, and a list of two columns \
         of gene symbols with a tab between them",
    ))
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
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::BadRows {
            path: path.to_path_buf(),
            rows: self.0,
        })
    }
}
