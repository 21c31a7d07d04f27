//! The cell lines of a network that learns from several tables of pairs.

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::classes::{CLASSES, none_is};
use super::{Labels, PairTable, Part, Split, SplitRule, TableSource};
use crate::element::Sides;
use crate::error::{Error, MissingInput, Result};
use crate::genome::Chroms;
use crate::output::provenance::Input;

/// A cell line and its table of pairs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedTable {
    /// What the cell line is called: letters, digits, `_`, `-` and `.`.
    pub name: String,
    /// Its table.
    #[serde(flatten)]
    pub table: TableSource,
}

/// Several cell lines, of which the table of the first one stands elsewhere. One pair may stand in several
/// tables, with one label or with both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellLines {
    /// What the first one is called.
    pub first: String,
    /// The others.
    pub others: Vec<NamedTable>,
}

impl CellLines {
    /// What they are called, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.others.iter().map(|of| of.name.as_str());
        std::iter::once(self.first.as_str()).chain(others)
    }

    /// They and their tables, in their order; `first` is the table of the first one.
    pub fn tables<'a>(
        &'a self,
        first: &'a TableSource,
    ) -> impl Iterator<Item = (&'a str, &'a TableSource)> {
        let others = self.others.iter().map(|of| &of.table);
        self.names().zip(std::iter::once(first).chain(others))
    }

    /// Every file that is read but those of the first table.
    pub fn inputs(&mut self) -> impl Iterator<Item = &mut Input> {
        self.others.iter_mut().flat_map(|of| of.table.inputs())
    }

    /// Checks that they can be told apart, also by file systems that know no capitals, and that their pairs
    /// are not to be divided at random.
    ///
    /// # Errors
    ///
    /// A name with other characters than letters, digits, `_`, `-` and `.`, two of one name, two tables of
    /// the same content, a division at random.
    pub fn check(&self, first: &TableSource, rule: &SplitRule) -> Result<()> {
        let tables: Vec<(&str, &TableSource)> = self.tables(first).collect();
        for (at, (name, table)) in tables.iter().enumerate() {
            check_cell_name(name)?;
            let path = table.file.path.display();
            for (other, earlier) in &tables[..at] {
                let earlier = &earlier.file;
                let problem = if earlier.sha256 == table.file.sha256 {
                    format!("{other} and {name} have one table, {path}: give each its own")
                } else if other.eq_ignore_ascii_case(name) {
                    let earlier = earlier.path.display();
                    format!(
                        "two cell lines are called {name}, those of {earlier} and {path}: name one \
                         otherwise (NAME=FILE)"
                    )
                } else {
                    continue;
                };
                return Err(Error::Configuration(problem));
            }
        }
        match rule {
            SplitRule::Random => Err(divided_at_random()),
            SplitRule::Chromosome { .. } | SplitRule::File { .. } => Ok(()),
        }
    }

    /// Reads all tables as one, that of the first cell line first.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is no table, the bad rows of all tables together, tables that all lack
    /// one of the classes.
    pub fn read(
        &self,
        first: &TableSource,
        chroms: &Chroms,
        lengths: Sides<u32>,
    ) -> Result<PairTable> {
        let mut all = PairTable {
            pairs: Vec::new(),
            windows: Vec::new(),
            skipped: 0,
            translated: false,
            cells: Vec::new(),
        };
        let mut bad = Vec::new();
        for (name, table) in self.tables(first) {
            match table.read(chroms, lengths, Labels::Every) {
                Ok(table) => all.append(name, table),
                Err(rows @ Error::BadRows { .. }) => bad.push(rows),
                Err(error) => return Err(error),
            }
        }
        Error::all(bad)?;
        let lacks = match all.classes() {
            (0, _) => "positive pair (label 1)",
            (_, 0) => "negative pair (label 0)",
            _ => return Ok(all),
        };
        let problem = format!("no table of the cell lines holds a {lacks}");
        Err(Error::Configuration(problem))
    }
}

/// Checks what a cell line is called: its name stands in columns, and is a folder's.
///
/// # Errors
///
/// A name with other characters than letters, digits, `_`, `-` and `.`, or with a dot at its beginning.
pub fn check_cell_name(name: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain) {
        return Ok(());
    }
    Err(Error::Configuration(format!(
        "a cell line cannot be called {name:?}: a name has letters, digits, _, - and . (NAME=FILE)"
    )))
}

/// Checks how the pairs of several cell lines are divided, and says which part lacks a class of one of them.
/// Of a table that is not of several nothing is asked.
///
/// # Errors
///
/// Parts that are not whole chromosomes.
pub fn check_parts(table: &PairTable, split: &Split) -> Result<()> {
    if table.cells.is_empty() {
        return Ok(());
    }
    if !split.is_by_chromosome(&table.pairs) {
        return Err(divided_at_random());
    }
    for lack in lacks(table, split) {
        warn!("{lack}");
    }
    Ok(())
}

/// One pair would lie on both sides, as another cell line's.
fn divided_at_random() -> Error {
    let what = "the pairs of several cell lines are not divided by whole chromosomes: one that stands in \
                several tables could be learnt from in one cell line and tested in another";
    Error::Missing {
        what: what.to_string(),
        input: MissingInput::WholeChromosomes,
    }
}

/// Which part holds no pair of which class of which cell line.
fn lacks(table: &PairTable, split: &Split) -> Vec<String> {
    let mut lacks = Vec::new();
    for part in [Part::Train, Part::Validation, Part::Test] {
        let members = split.members(part);
        for cell in &table.cells {
            let own = members.iter().filter(|place| cell.places.contains(*place));
            let own: Vec<usize> = own.copied().collect();
            for (label, class) in CLASSES {
                if none_is(label, &table.pairs, &own) {
                    let name = &cell.name;
                    lacks.push(format!("the {part} part holds no {class} pair of {name}"));
                }
            }
        }
    }
    lacks
}

#[cfg(test)]
mod tests;
