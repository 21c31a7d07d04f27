//! `epitrack provenance`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::run::Run;

use super::stdout::print;

/// Say what a run was made from, for machines and repositories
///
/// Writes ro-crate-metadata.json into the run's folder, which makes it an RO-Crate (profile "Process Run
/// Crate"): its files, inputs and settings with their checksums, the program and the device. Prints
/// GA4GH's digest of the reference's sequences (refget sequence collections), which is the same for the
/// same sequences under the same names in the same order, whatever the format.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run
    run: PathBuf,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,
}

impl Args {
    /// Describes.
    pub fn run(self) -> Result<()> {
        let run = Run::open(&self.run)?;
        let described = run.describe(self.reference.as_deref());
        let found = described.with_context(|| format!("describing {}", self.run.display()))?;
        print(found.path.display())?;
        print(format_args!("sequence collection: {}", found.sequences))
    }
}
