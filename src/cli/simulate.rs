//! `epitrack simulate`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::demo::DemoConfig;

use super::print;

/// Write a small simulated genome, labelled pairs and the truth about them
///
/// The files are the demo's: genome.fa, pairs.csv (TargetFinder's columns), truth.bed (every
/// planted motif site), truth.tsv (the motifs of every pair) and simulation.json.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Seed; the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Positive pairs
    #[arg(long, value_name = "N")]
    positives: Option<usize>,

    /// Negative pairs
    #[arg(long, value_name = "N")]
    negatives: Option<usize>,

    /// Part of the negatives (0–1) whose two motifs belong to different couples; the others have
    /// a motif in one element only
    #[arg(long, value_name = "PART")]
    swapped: Option<f64>,

    /// A couple of motifs, ENHANCER:PROMOTER; may be given several times
    #[arg(long = "couple", value_name = "TF:TF", value_parser = couple)]
    couples: Vec<[String; 2]>,

    /// Bases in each of the chromosomes
    #[arg(long, value_name = "BASES")]
    chromosome_length: Option<u32>,
}

fn couple(text: &str) -> Result<[String; 2], String> {
    let (enhancer, promoter) = text
        .split_once(':')
        .ok_or_else(|| "give two names, as CTCF:NRF1".to_string())?;
    Ok([enhancer.to_string(), promoter.to_string()])
}

impl Args {
    /// Simulates and writes.
    pub fn run(self) -> Result<()> {
        let mut config = DemoConfig::new(self.seed)?.simulation;
        if let Some(positives) = self.positives {
            config.positives = positives;
        }
        if let Some(negatives) = self.negatives {
            config.negatives = negatives;
        }
        if let Some(swapped) = self.swapped {
            config.swapped = swapped;
        }
        if let Some(length) = self.chromosome_length {
            config.chromosome_length = length;
        }
        if !self.couples.is_empty() {
            config.couples = self.couples;
        }
        let simulation = config.run()?;
        let files = simulation
            .write(&config, &self.out)
            .context("writing the simulation")?;
        print(format_args!("genome  {}", files.reference.display()))?;
        print(format_args!("pairs   {}", files.pairs.display()))?;
        print(format_args!("truth   {}", files.sites.display()))?;
        print(format_args!("        {}", files.truth.display()))?;
        Ok(())
    }
}
