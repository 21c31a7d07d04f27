//! `epitrack merge`

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use epitrack::analysis::{self, EnrichWork};
use epitrack::browser::tracks::{self, TracksWork};
use epitrack::compare::{self, CompareWork};
use epitrack::footprints::{self, CallWork};
use epitrack::motifs::scan::{self, ScanWork};
use epitrack::output::shard::{self, Divided};
use epitrack::progress::Progress;
use epitrack::tune::{self, TuneWork};

use super::hub;
use super::stdout::print;

/// Put the shards of a command together
///
/// Writes what the command would have written without --shard, byte for byte, whatever the number of shards
/// and the order in which they are given:
///
///   epitrack tracks run --shard 1/2 --out shards/1
///   epitrack tracks run --shard 2/2 --out shards/2
///   epitrack merge shards/* --out tracks
///
/// A shard that is missing, there twice, incomplete, or of other work is refused by name. The shards'
/// inputs must still be where they were.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folders of the shards, all of them
    #[arg(required = true)]
    shards: Vec<PathBuf>,

    /// What to write: as --out of the command
    #[arg(long, value_name = "PATH")]
    out: PathBuf,

    /// Write a track hub of tracks too
    #[arg(long, value_name = "DIR")]
    hub: Option<PathBuf>,

    /// Put shards together of machines whose last digits may differ: other processors or devices
    #[arg(long)]
    allow_mixed: bool,
}

impl Args {
    /// Merges.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        // What is wrong with further ones is told by whoever merges.
        let command = self.shards.iter().find_map(|dir| shard::command(dir).ok());
        let context = || format!("merging into {}", self.out.display());
        match command.as_deref() {
            Some(TracksWork::COMMAND) | None => {
                tracks::merge_shards(&self.shards, self.allow_mixed, &self.out, progress)
                    .with_context(context)?;
                if let Some(dir) = &self.hub {
                    hub::of_tracks(&self.out, dir)?;
                }
            }
            Some(ScanWork::COMMAND) => {
                self.no_hub(ScanWork::COMMAND)?;
                scan::merge_shards(&self.shards, &self.out, progress).with_context(context)?;
            }
            Some(CallWork::COMMAND) => {
                self.no_hub(CallWork::COMMAND)?;
                footprints::merge_shards(&self.shards, &self.out).with_context(context)?;
            }
            Some(EnrichWork::COMMAND) => {
                self.no_hub(EnrichWork::COMMAND)?;
                analysis::merge_shards(&self.shards, self.allow_mixed, &self.out, progress)
                    .with_context(context)?;
            }
            Some(CompareWork::COMMAND) => {
                self.no_hub(CompareWork::COMMAND)?;
                let mixed = self.allow_mixed;
                let merged = compare::merge_shards(&self.shards, mixed, &self.out, progress);
                print(merged.with_context(context)?)?;
            }
            Some(TuneWork::COMMAND) => {
                self.no_hub(TuneWork::COMMAND)?;
                let mixed = self.allow_mixed;
                let merged = tune::merge_shards(&self.shards, mixed, &self.out, progress);
                print(merged.with_context(context)?)?;
            }
            Some(other) => bail!("shards of epitrack {other}, which this version does not know"),
        }
        Ok(())
    }

    fn no_hub(&self, command: &str) -> Result<()> {
        match &self.hub {
            Some(_) => bail!("a hub is made of tracks, not of what epitrack {command} writes"),
            None => Ok(()),
        }
    }
}
