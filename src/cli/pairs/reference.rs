//! The reference of pairs that are made or divided.

use std::path::PathBuf;

use anyhow::{Result, bail};
use epitrack::genome::{Chroms, Reference, read_chrom_sizes};
use epitrack::output::provenance::Input;

/// The reference, or its chromosomes alone.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct ReferenceArgs {
    /// The reference sequence: FASTA, bgzip FASTA or 2bit
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,

    /// The reference's chromosome sizes alone (a .fai index serves too)
    #[arg(long, value_name = "FILE")]
    chrom_sizes: Option<PathBuf>,
}

impl ReferenceArgs {
    /// The file and its chromosomes.
    pub fn chroms(&self) -> Result<(Input, Chroms)> {
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
