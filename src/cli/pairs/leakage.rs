//! `epitrack pairs leakage`

use epitrack::element::Sides;
use std::path::PathBuf;

use anyhow::{Result, bail};
use epitrack::genome::Reference;
use epitrack::output::provenance::Input;
use epitrack::output::{Claim, FolderKind};
use epitrack::pairs::Labels;
use epitrack::pairs::leakage::{self, Inputs, Report, Sequences, SimilarityConfig};
use epitrack::progress::Progress;

use super::reference::ReferenceArgs;
use crate::cli::inputs::{SplitArgs, TableArgs};
use crate::cli::stdout::print;

/// Count what the test part of a split shares with its training part
///
/// Elements and windows that stand in both or overlap, and windows of nearly the same sequence
/// (shared k-mers, both strands). Validation pairs count as training pairs; of --folds each is the
/// test part once. With --chrom-sizes instead of --reference sequences are not compared. Writes
/// leakage.tsv, leakage.json, similar_windows.tsv and split.tsv or folds.tsv.
///
/// epitrack pairs leakage --pairs GM12878.csv --reference hg19.fa.gz --split random --out leakage
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The table of pairs
    #[arg(long, value_name = "FILE")]
    pairs: PathBuf,

    #[command(flatten)]
    reference: ReferenceArgs,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    table: TableArgs,

    #[command(flatten)]
    split: SplitArgs,

    /// Divide into so many folds by the rule of --split, instead of into parts
    #[arg(long, value_name = "N", conflicts_with_all = ["test_chromosomes", "split_file", "test_fraction", "validation_fraction"])]
    folds: Option<usize>,

    /// Divide as this folds.tsv says
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folds", "rule", "test_chromosomes", "split_file", "test_fraction", "validation_fraction"])]
    fold_file: Option<PathBuf>,

    /// Seed of the division
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Bases of the enhancers' windows
    #[arg(long, value_name = "BASES", default_value_t = 3000)]
    enhancer_window: u32,

    /// Bases of the promoters' windows
    #[arg(long, value_name = "BASES", default_value_t = 2000)]
    promoter_window: u32,

    /// Bases of a k-mer
    #[arg(long, value_name = "BASES", default_value_t = SimilarityConfig::default().k)]
    kmer: usize,

    /// The part of the k-mers of the window with fewer of them that similar windows share
    #[arg(long, value_name = "PART", default_value_t = SimilarityConfig::default().least)]
    similarity: f64,
}

impl Args {
    /// Counts and writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let config = SimilarityConfig {
            k: self.kmer,
            least: self.similarity,
        };
        config.validate()?;
        let lengths = Sides::new(self.enhancer_window, self.promoter_window);
        if lengths.enhancer == 0 || lengths.promoter == 0 {
            bail!("windows must have at least one base");
        }
        let (reference_file, chroms) = self.reference.chroms()?;
        let path = self.reference.reference.as_deref();
        let mut reference = path.map(Reference::open).transpose()?;
        let sequences = reference
            .as_mut()
            .map(|reference| Sequences { reference, config });
        let inputs = Inputs {
            table: self.table.source(&self.pairs)?,
            reference: reference_file,
            division: self.division()?,
            windows: lengths,
            similarity: sequences.as_ref().map(|_| config),
        };
        let table = inputs.table.read(&chroms, lengths, Labels::BothClasses)?;
        let divided = inputs.division.divide(&table.pairs, &chroms)?;
        let _claim = Claim::folder(&self.out, FolderKind::Leakage)?;
        let report = Report::new(&table, &divided, sequences, progress)?;
        let pairs = (&divided, &table.pairs[..]);
        leakage::write(&self.out, &report, &inputs, pairs, &chroms)?;
        print(&report)
    }

    fn division(&self) -> Result<leakage::Rule> {
        let (split, seed) = (self.split.clone(), self.seed);
        if let Some(file) = &self.fold_file {
            let file = Input::new(file)?;
            return Ok(leakage::Rule::FoldFile { file });
        }
        if let Some(count) = self.folds {
            let rule = split.rule;
            return Ok(leakage::Rule::Folds { rule, count, seed });
        }
        Ok(leakage::Rule::Split {
            fractions: (split.test_fraction, split.validation_fraction),
            split: split.rule()?,
            seed,
        })
    }
}
