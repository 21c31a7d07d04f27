//! Which interactome an analysis reads, and how.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::enrichment::interactome::{Interactome, ReadOptions};
use crate::error::Result;
use crate::output::provenance::Input;

/// An interactome and how to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct InteractomeRequest {
    /// BioGRID tab, STRING's links, or two columns.
    pub path: PathBuf,
    /// STRING's table of proteins and their names.
    pub string_info: Option<PathBuf>,
    /// Whether genetic interactions count too.
    pub genetic: bool,
    /// The NCBI taxon of both partners, where the file names it.
    pub taxon: u32,
    /// The smallest combined score of STRING, out of 1000.
    pub string_score: u32,
}

impl InteractomeRequest {
    /// The usual reading of a file: physical interactions of human proteins, STRING's from a combined
    /// score of 700 on.
    pub fn new(path: PathBuf) -> Self {
        let ReadOptions {
            taxon,
            genetic,
            string_score,
            ..
        } = ReadOptions::default();
        Self {
            path,
            string_info: None,
            genetic,
            taxon,
            string_score,
        }
    }

    pub(super) fn read(&self) -> Result<Interactome> {
        let options = ReadOptions {
            taxon: self.taxon,
            genetic: self.genetic,
            string_score: self.string_score,
            string_info: self.string_info.as_deref(),
        };
        Interactome::read(&self.path, &options)
    }

    pub(super) fn made(&self) -> Result<InteractomeMade> {
        let info = self.string_info.as_ref().map(|info| Input::new(info));
        Ok(InteractomeMade {
            file: Input::new(&self.path)?,
            string_info: info.transpose()?,
            genetic: self.genetic,
            taxon: self.taxon,
            string_score: self.string_score,
        })
    }
}

/// The same with the files' checksums.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InteractomeMade {
    /// The interactome.
    pub file: Input,
    /// STRING's table of proteins and their names.
    pub string_info: Option<Input>,
    /// Whether genetic interactions count too.
    pub genetic: bool,
    /// The NCBI taxon of both partners, where the file names it.
    pub taxon: u32,
    /// The smallest combined score of STRING, out of 1000.
    pub string_score: u32,
}
