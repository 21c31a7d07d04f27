//! Which proteins are known to interact.
//!
//! The names of genes are compared in capitals. A row that names one gene twice makes no edge; it
//! says that the protein binds itself. Every format's own file states its rules.

mod biogrid;
mod graph;
mod order;
mod reader;
mod string;
mod two_column;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tracing::info;

pub use order::{Order, Orders};

use crate::error::Result;

/// How to read an interactome.
#[derive(Debug, Clone)]
pub struct ReadOptions<'a> {
    /// The NCBI taxon of both partners, where the file names it: 9606, *Homo sapiens*.
    pub taxon: u32,
    /// Whether BioGRID's genetic interactions count beside the physical ones.
    pub genetic: bool,
    /// The smallest combined score of STRING, out of 1000: 700, which STRING calls high.
    pub string_score: u32,
    /// STRING's `protein.info`, which names the proteins of `protein.links`.
    pub string_info: Option<&'a Path>,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            taxon: 9606,
            genetic: false,
            string_score: 700,
            string_info: None,
        }
    }
}

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Format {
    /// BioGRID's tab 3.0 or 2.0.
    #[serde(rename = "BioGRID")]
    BioGrid,
    /// STRING's `protein.links`.
    #[serde(rename = "STRING")]
    String,
    /// Two columns of gene symbols.
    #[serde(rename = "two columns")]
    TwoColumns,
}

/// What an interactome holds, and what was left out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What the file is.
    pub format: Format,
    /// Rows of the file, its header not counted.
    pub rows: u64,
    /// Genes that are named by a row that counts.
    pub genes: usize,
    /// Pairs of different genes that interact.
    pub interactions: usize,
    /// Genes that bind themselves.
    pub self_interacting: usize,
    /// Rows that say again what an earlier one said, in either direction.
    pub duplicates: u64,
    /// Rows left out as genetic interactions.
    pub genetic: u64,
    /// Rows left out because a partner is of another organism.
    pub other_organisms: u64,
    /// Rows left out for their score.
    pub below_score: u64,
    /// Rows left out because a partner has no name.
    pub nameless: u64,
    /// Other names that lead to one gene.
    pub aliases: usize,
    /// Other names of several genes, which are not used.
    pub ambiguous_aliases: usize,
}

/// Which proteins are known to interact: a graph without direction.
#[derive(Debug, Clone)]
pub struct Interactome {
    path: PathBuf,
    /// Symbols in capitals, and other names that lead to one gene only.
    genes: HashMap<String, u32>,
    /// For each gene the others that it interacts with, ascending.
    partners: Vec<Vec<u32>>,
    /// Whether a gene's protein binds itself.
    binds_itself: Vec<bool>,
    summary: Summary,
}

impl Interactome {
    /// Reads BioGRID's tab 3.0 or 2.0, STRING's `protein.links` or a list of two columns, plain
    /// or gzip, told apart by content.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is none of these, all bad rows together, no interaction that
    /// counts, STRING's links without their names.
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self> {
        let read = reader::read(path, options)?;
        let Summary {
            genes,
            interactions,
            self_interacting,
            ..
        } = &read.summary;
        info!(
            "{}: {interactions} interactions of {genes} genes, {self_interacting} of which bind \
             themselves",
            path.display()
        );
        Ok(read)
    }

    /// What the interactome holds.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Whether it names this gene, by its symbol or by a name of no other gene.
    pub fn names(&self, gene: &str) -> bool {
        self.gene(gene).is_some()
    }

    fn gene(&self, name: &str) -> Option<usize> {
        self.genes.get(&capitals(name)).map(|&gene| gene as usize)
    }
}

/// A name as it is compared.
pub(super) fn capitals(name: &str) -> String {
    name.trim().to_uppercase()
}

#[cfg(test)]
mod tests;
