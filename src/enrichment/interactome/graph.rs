//! Which proteins interact: a graph of genes.

use std::collections::HashMap;
use std::path::PathBuf;

/// A format that is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// BioGRID's tab 3.0 or 2.0.
    BioGrid,
    /// STRING's `protein.links`.
    String,
    /// Two columns of gene symbols.
    #[default]
    TwoColumns,
}

/// What an interactome holds, and what was left out of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    pub(super) path: PathBuf,
    /// Symbols in capitals, and other names that lead to one gene only.
    pub(super) genes: HashMap<String, u32>,
    /// For each gene the others that it interacts with, ascending.
    pub(super) partners: Vec<Vec<u32>>,
    /// Whether a gene's protein binds itself.
    pub(super) binds_itself: Vec<bool>,
    /// What it holds.
    pub summary: Summary,
}

impl Interactome {
    /// The gene of this symbol, or of a name that no other gene has.
    pub(super) fn gene(&self, name: &str) -> Option<usize> {
        self.genes.get(&capitals(name)).map(|&gene| gene as usize)
    }
}

/// A name as it is compared.
pub(super) fn capitals(name: &str) -> String {
    name.trim().to_uppercase()
}
