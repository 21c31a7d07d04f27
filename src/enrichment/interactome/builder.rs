//! From rows to a graph.

use std::collections::HashMap;
use std::path::Path;

use super::graph::{Interactome, Summary, capitals};
use super::row::{Partner, Row, Rows};
use crate::error::{Error, Result, RowProblem};

/// The graph as far as it has been read.
#[derive(Default)]
pub(super) struct Builder {
    genes: HashMap<String, u32>,
    /// For each gene the last text of its synonyms, which hardly ever changes within a file.
    synonyms: Vec<String>,
    /// Other names, with their gene if they have only one.
    aliases: HashMap<String, Option<u32>>,
    /// Both directions in one: the smaller number first.
    edges: Vec<(u32, u32)>,
    loops: Vec<u32>,
    summary: Summary,
}

impl Builder {
    /// Reads a line.
    pub fn line(&mut self, rows: &dyn Rows, line: &str) -> Result<(), RowProblem> {
        if line.starts_with('#') {
            return Ok(());
        }
        self.summary.rows += 1;
        match rows.row(line)? {
            Row::Interaction([a, b]) => match (self.gene(a), self.gene(b)) {
                (a, b) if a == b => self.loops.push(a),
                (a, b) => self.edges.push((a.min(b), a.max(b))),
            },
            Row::Genetic => self.summary.genetic += 1,
            Row::OtherOrganism => self.summary.other_organisms += 1,
            Row::BelowScore => self.summary.below_score += 1,
            Row::Nameless => self.summary.nameless += 1,
        }
        Ok(())
    }

    fn gene(&mut self, partner: Partner) -> u32 {
        let new = self.genes.len() as u32;
        let gene = *self.genes.entry(capitals(partner.symbol)).or_insert(new);
        if gene == new {
            self.synonyms.push(String::new());
        }
        let known = &mut self.synonyms[gene as usize];
        if known != partner.synonyms {
            partner.synonyms.clone_into(known);
            let names = partner.synonyms.split('|').map(capitals);
            for name in names.filter(|name| !name.is_empty() && name != "-") {
                let of = self.aliases.entry(name).or_insert(Some(gene));
                *of = of.filter(|&other| other == gene);
            }
        }
        gene
    }

    /// The graph of the whole file.
    ///
    /// # Errors
    ///
    /// No interaction that counts.
    pub fn finish(mut self, path: &Path) -> Result<Interactome> {
        let found = (self.edges.len() + self.loops.len()) as u64;
        self.edges.sort_unstable();
        self.edges.dedup();
        self.loops.sort_unstable();
        self.loops.dedup();
        self.take_aliases();
        let summary = &mut self.summary;
        summary.genes = self.synonyms.len();
        summary.interactions = self.edges.len();
        summary.self_interacting = self.loops.len();
        summary.duplicates = found - (self.edges.len() + self.loops.len()) as u64;
        if self.edges.is_empty() {
            return Err(Error::format(path, nothing(summary)));
        }
        // Edges are in order, the smaller number first, and so partners come ascending.
        let mut partners = vec![Vec::new(); summary.genes];
        for &(a, b) in &self.edges {
            partners[a as usize].push(b);
            partners[b as usize].push(a);
        }
        let mut binds_itself = vec![false; summary.genes];
        for gene in self.loops {
            binds_itself[gene as usize] = true;
        }
        Ok(Interactome {
            path: path.to_path_buf(),
            genes: self.genes,
            partners,
            binds_itself,
            summary: self.summary,
        })
    }

    /// Lets every name that is no gene's symbol and belongs to one gene only lead to that gene.
    fn take_aliases(&mut self) {
        for (name, gene) in std::mem::take(&mut self.aliases) {
            match gene {
                _ if self.genes.contains_key(&name) => {}
                Some(gene) => {
                    self.genes.insert(name, gene);
                    self.summary.aliases += 1;
                }
                None => self.summary.ambiguous_aliases += 1,
            }
        }
    }
}

/// Why there is no interaction.
fn nothing(summary: &Summary) -> String {
    format!(
        "holds no interaction that counts: of {} rows {} are genetic, {} of another organism, {} \
         below the score, {} without a name; {} genes bind themselves",
        summary.rows,
        summary.genetic,
        summary.other_organisms,
        summary.below_score,
        summary.nameless,
        summary.self_interacting
    )
}
