//! `epitrack completions`

use std::io::Write;

use anyhow::Result;
use clap_complete::Shell;

/// Print shell completions
///
/// For bash: epitrack completions bash > ~/.local/share/bash-completion/completions/epitrack
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Args {
    /// Prints them.
    pub fn run(self, command: &mut clap::Command) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, command, "epitrack", &mut script);
        Ok(std::io::stdout().write_all(&script)?)
    }
}
