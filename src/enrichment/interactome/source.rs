//! An interactome's files, and how to read them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::output::provenance::Input;

/// An interactome's files, by their paths or with their checksums, and how to read them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InteractomeSource<F = PathBuf> {
    /// BioGRID's tab, STRING's `protein.links`, or two columns.
    pub file: F,
    /// STRING's `protein.info`, which names the proteins of `protein.links`.
    pub string_info: Option<F>,
    /// Whether BioGRID's genetic interactions count beside the physical ones.
    pub genetic: bool,
    /// The NCBI taxon of both partners, where the file names it.
    pub taxon: u32,
    /// The smallest combined score of STRING, out of 1000.
    pub string_score: u32,
}

impl InteractomeSource {
    /// The usual reading of a file: physical interactions of *Homo sapiens*, 9606, and STRING's
    /// from a combined score of 700 on, which STRING calls high.
    pub fn new(file: PathBuf) -> Self {
        Self {
            file,
            string_info: None,
            genetic: false,
            taxon: 9606,
            string_score: 700,
        }
    }

    /// The same with the files' checksums.
    ///
    /// # Errors
    ///
    /// Files that cannot be read.
    pub fn made(&self) -> Result<InteractomeSource<Input>> {
        let info = self.string_info.as_deref().map(Input::new);
        Ok(InteractomeSource {
            file: Input::new(&self.file)?,
            string_info: info.transpose()?,
            genetic: self.genetic,
            taxon: self.taxon,
            string_score: self.string_score,
        })
    }
}
