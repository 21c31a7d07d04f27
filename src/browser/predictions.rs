//! Predictions as a table.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::error::{IoContext, Result};
use crate::genome::Chroms;
use crate::output::Partial;
use crate::pairs::{Pair, Part};

/// Writes `predictions.tsv`: the pair's name, its line in the table, its label, the part of the
/// data that it belonged to, its probability and the probability's log-odds.
pub struct PredictionWriter<'a> {
    file: Partial,
    writer: BufWriter<File>,
    chroms: &'a Chroms,
}

impl<'a> PredictionWriter<'a> {
    /// Begins a file with its header.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn new(path: &Path, chroms: &'a Chroms) -> Result<Self> {
        let file = Partial::new(path);
        let mut writer = file.create()?;
        writeln!(writer, "pair\tline\tlabel\tpart\tprobability\tlogit").at(file.path())?;
        Ok(Self {
            file,
            writer,
            chroms,
        })
    }

    /// Adds a pair.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(
        &mut self,
        pair: &Pair,
        part: Option<Part>,
        probability: f32,
        logit: f32,
    ) -> Result<()> {
        writeln!(
            self.writer,
            "{}\t{}\t{}\t{}\t{probability}\t{logit}",
            pair.id(self.chroms),
            pair.line,
            pair.label_text(),
            part.map_or(".".to_string(), |part| part.to_string()),
        )
        .at(self.file.path())
    }

    /// The complete file, to which the caller gives its name.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<Partial> {
        self.writer.flush().at(self.file.path())?;
        Ok(self.file)
    }
}
