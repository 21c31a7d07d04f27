//! A table of pairs as a file, and how it is to be read.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{BengiAnnotation, Labels, PairTable, ReadOptions, WindowLengths};
use crate::error::Result;
use crate::genome::Chroms;
use crate::output::provenance::Input;

/// A table of pairs and what the user said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSource {
    /// The table.
    pub file: Input,
    /// The label's column in BEDPE.
    pub label_column: Option<String>,
    /// Where BENGI's accessions lie.
    pub bengi: Option<BengiFiles>,
    /// Whether bad rows are left out instead of refused.
    pub skip_bad: bool,
}

/// BENGI's annotation files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BengiFiles {
    /// `hg19-cCREs.bed.gz`
    pub ccres: Input,
    /// `GENCODEv19-TSSs.bed.gz`
    pub tss: Input,
}

impl TableSource {
    /// A table of a format that needs no further word.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn plain(path: &Path) -> Result<Self> {
        Ok(Self {
            file: Input::new(path)?,
            label_column: None,
            bengi: None,
            skip_bad: false,
        })
    }

    /// Reads the table.
    ///
    /// # Errors
    ///
    /// See [`PairTable::read`].
    pub fn read(
        &self,
        chroms: &Chroms,
        lengths: WindowLengths,
        labels: Labels,
    ) -> Result<PairTable> {
        let bengi = self
            .bengi
            .as_ref()
            .map(|files| BengiAnnotation::read(&files.ccres.path, &files.tss.path, chroms))
            .transpose()?;
        let options = ReadOptions {
            lengths,
            labels,
            label_column: self.label_column.as_deref(),
            bengi: bengi.as_ref(),
            skip_bad: self.skip_bad,
        };
        PairTable::read(&self.file.path, chroms, &options)
    }

    /// Every file that is read.
    pub fn inputs(&mut self) -> impl Iterator<Item = &mut Input> {
        let bengi = self.bengi.as_mut();
        let bengi = bengi
            .into_iter()
            .flat_map(|files| [&mut files.ccres, &mut files.tss]);
        std::iter::once(&mut self.file).chain(bengi)
    }
}
