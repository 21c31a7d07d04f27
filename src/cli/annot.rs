//! `epitrack annot`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::analysis::ldsc;

use super::stdout::print;

/// Write what tracks say at variants, for LD score regression
///
/// For each .bim file of PLINK a NAME.annot.gz, as ldsc.py --l2 --annot reads it: whether a variant lies in a
/// top region of an enhancer or a promoter, the attention there, and where the folder has contributions
/// their sizes; 0 where no window is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A folder of tracks
    tracks: PathBuf,

    /// Variants: chromosome, name, centimorgans, position
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    bim: Vec<PathBuf>,

    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Args {
    /// Annotates.
    pub fn run(self) -> Result<()> {
        let written = ldsc::write(&self.tracks, &self.bim, &self.out);
        for file in written.with_context(|| format!("annotating by {}", self.tracks.display()))? {
            print(file.display())?;
        }
        Ok(())
    }
}
