//! `epitrack pairs`

mod leakage;
mod make;
mod reference;

use anyhow::Result;
use clap::Subcommand;
use epitrack::progress::Progress;

#[derive(Debug, Subcommand)]
pub enum Command {
    Make(Box<make::Args>),
    Leakage(Box<leakage::Args>),
}

impl Command {
    /// Runs the command.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        match self {
            Self::Make(args) => args.run(),
            Self::Leakage(args) => args.run(progress),
        }
    }
}
