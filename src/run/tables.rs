//! The tables of pairs of a run: one, or one of each of several cell lines.

use std::path::{Path, PathBuf};

use super::{Run, Settings};
use crate::error::{Error, MissingInput, Result};
use crate::genome::Chroms;
use crate::output::provenance::Input;
use crate::pairs::{Labels, PairTable, TableSource};

impl Settings {
    /// Every table, in the order of the cell lines where there are several.
    pub fn tables(&self) -> impl Iterator<Item = &TableSource> {
        let others = self.cells.iter().flat_map(|cells| &cells.others);
        std::iter::once(&self.table).chain(others.map(|of| &of.table))
    }

    fn tables_mut(&mut self) -> impl Iterator<Item = &mut TableSource> {
        let others = self.cells.iter_mut().flat_map(|cells| &mut cells.others);
        std::iter::once(&mut self.table).chain(others.map(|of| &mut of.table))
    }

    /// Reads the pairs of all tables as one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, bad rows, pairs of one class only.
    pub(super) fn read_tables(&self, chroms: &Chroms) -> Result<PairTable> {
        let lengths = self.model.lengths();
        match &self.cells {
            Some(cells) => cells.read(&self.table, chroms, lengths),
            None => self.table.read(chroms, lengths, Labels::BothClasses),
        }
    }
}

impl Run {
    /// The table of one of its cell lines.
    ///
    /// # Errors
    ///
    /// A cell line that it was not trained on; a run of one table, whose cell line has no name.
    pub fn cell(&self, name: &str) -> Result<&TableSource> {
        let settings = &self.record.settings;
        let Some(cells) = &settings.cells else {
            let problem = format!(
                "was trained on one table of pairs and knows no cell line by name: it has no {name}"
            );
            return Err(Error::format(&self.dir, problem));
        };
        let mut tables = cells.tables(&settings.table);
        let found = tables.find(|(of, _)| *of == name);
        let unknown = || {
            let problem = format!("{}, and not on {name}", self.told_cells());
            Error::format(&self.dir, problem)
        };
        found.map(|(_, table)| table).ok_or_else(unknown)
    }

    /// Reads all of the run's tables as one. `moved` are tables that lie elsewhere now, known by their
    /// content.
    ///
    /// # Errors
    ///
    /// Another table than those of the training; as training reads them.
    pub fn read_tables(&self, moved: &[PathBuf], chroms: &Chroms) -> Result<PairTable> {
        let mut settings = self.record.settings.clone();
        for path in moved {
            let sha256 = Input::new(path)?.sha256;
            let mut tables = settings.tables_mut();
            let own = tables.find(|table| table.file.sha256 == sha256);
            let own = own.ok_or_else(|| self.not_own(path))?;
            own.file.path = path.clone();
        }
        for table in settings.tables() {
            let path = &table.file.path;
            if Input::new(path)?.sha256 != table.file.sha256 {
                return Err(self.not_own(path));
            }
        }
        settings.read_tables(chroms)
    }

    /// The run's table, or where it is now; of several cell lines the table of one, which has to be said.
    ///
    /// # Errors
    ///
    /// Another table than those of the training; several cell lines of which none is meant.
    pub(super) fn own_table(&self, moved: Option<&Path>) -> Result<TableSource> {
        let settings = &self.record.settings;
        let path: &Path = match (moved, &settings.cells) {
            (Some(moved), _) => moved,
            (None, None) => settings.table.file.path.as_path(),
            (None, Some(_)) => {
                return Err(Error::Missing {
                    what: format!("{}: {}", self.dir.display(), self.told_cells()),
                    input: MissingInput::CellLine,
                });
            }
        };
        let sha256 = Input::new(path)?.sha256;
        let own = settings.tables().find(|table| table.file.sha256 == sha256);
        let mut own = own.ok_or_else(|| self.not_own(path))?.clone();
        own.file.path = path.to_path_buf();
        Ok(own)
    }

    /// What to ask of the labels of one of the run's tables: of several cell lines one class may stand in
    /// another's.
    pub(super) fn labels(&self) -> Labels {
        match self.record.settings.cells {
            Some(_) => Labels::Every,
            None => Labels::BothClasses,
        }
    }

    /// Whether a table is one of the training, which may have moved.
    pub(super) fn is_own(&self, table: &TableSource) -> bool {
        let mut tables = self.record.settings.tables();
        tables.any(|own| own.file.sha256 == table.file.sha256)
    }

    /// That it was trained on the cell lines that it has.
    pub(super) fn told_cells(&self) -> String {
        let cells = self.record.settings.cells.iter();
        let names: Vec<&str> = cells.flat_map(|cells| cells.names()).collect();
        format!("was trained on the cell lines {}", names.join(", "))
    }

    fn not_own(&self, path: &Path) -> Error {
        let problem = match self.record.settings.cells {
            Some(_) => "is none of the tables of the training: its content has changed",
            None => "is not the table of the training: its content has changed",
        };
        Error::format(path, problem)
    }
}
