//! `epitrack pairs`

mod leakage;
mod make;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Subcommand;
use epitrack::genome::{Chroms, Reference, read_chrom_sizes};
use epitrack::output::provenance::Input;
use epitrack::progress::Progress;

/// Make tables of pairs, and see what a split of one leaks
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Make(Box<make::Args>),
    Leakage(Box<leakage::Args>),
}

impl Args {
    /// Runs the command.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        match self.command {
            Command::Make(args) => args.run(),
            Command::Leakage(args) => args.run(progress),
        }
    }
}

/// The reference, or its chromosomes alone.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct ReferenceArgs {
    /// The reference sequence: FASTA, bgzip FASTA or 2bit
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    /// The reference's chromosome sizes alone (a .fai index serves too)
    #[arg(long, value_name = "FILE")]
    chrom_sizes: Option<PathBuf>,
}

impl ReferenceArgs {
    fn chroms(&self) -> Result<(Input, Chroms)> {
        match (&self.reference, &self.chrom_sizes) {
            (Some(path), None) => {
                let reference = Reference::open(path)?;
                Ok((Input::new(path)?, reference.chroms().as_ref().clone()))
            }
            (None, Some(path)) => Ok((Input::new(path)?, read_chrom_sizes(path)?)),
            _ => bail!("give either --reference or --chrom-sizes"),
        }
    }
}
