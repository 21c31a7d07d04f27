//! The argument of every command that looks at the pairs of one of a run's cell lines.

use std::path::PathBuf;

use anyhow::Result;
use epitrack::pairs::TableSource;
use epitrack::run::Run;

/// Which of a run's cell lines is meant.
#[derive(Debug, Clone, clap::Args)]
pub struct CellArg {
    /// Of a run that learnt from several tables of pairs: the cell line whose pairs, with their labels, are
    /// looked at
    #[arg(long, value_name = "NAME", conflicts_with = "table")]
    cell: Option<String>,
}

impl CellArg {
    /// The table of the cell line, if one is meant.
    pub fn source(&self, run: &Run) -> Result<Option<TableSource>> {
        let cell = self.cell.as_deref();
        let source = cell.map(|cell| run.cell(cell)).transpose()?;
        Ok(source.cloned())
    }

    /// The file of its table, or else the one that is given, if there is one.
    pub fn file(&self, run: &Run, given: Option<PathBuf>) -> Result<Option<PathBuf>> {
        let source = self.source(run)?;
        Ok(source.map(|table| table.file.path).or(given))
    }
}
