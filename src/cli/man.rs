//! `epitrack man`

use std::path::PathBuf;

use anyhow::{Context, Result};

/// Write the man pages, one for each command
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write into; made where missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Args {
    /// Writes them.
    pub fn run(self, command: clap::Command) -> Result<()> {
        std::fs::create_dir_all(&self.out)
            .and_then(|()| clap_mangen::generate_to(command, &self.out))
            .with_context(|| format!("writing man pages into {}", self.out.display()))
    }
}
