//! A search in shards: each tries some of the settings.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::info;

use super::halving::SearchMethod;
use super::journal::Journal;
use super::outcome::SearchOutcome;
use super::search::Search;
use super::{Files, begin, finish};
use crate::error::{Error, Result};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output::shard::{self, Divided, Shard, Shards};
use crate::progress::Progress;
use crate::run::Settings;

/// What all shards of a search share.
#[derive(Debug, Serialize, Deserialize)]
pub struct TuneWork {
    settings: Settings,
    search: Search,
}

impl Divided for TuneWork {
    const COMMAND: &'static str = "tune";
    type Done = DeviceDescription;
}

/// Tries a shard's part of the settings, dealt out one by one, in a folder, which is made; goes on where
/// it was interrupted.
///
/// # Errors
///
/// As [`tune`](super::tune()); a search by halving, whose rounds wait for all trials.
pub fn tune_shard(
    dir: &Path,
    settings: &Settings,
    search: &Search,
    (shard, fresh): (Shard, bool),
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<()> {
    if search.method != SearchMethod::Random {
        let problem = "a search by halving waits for all trials after each round: only a random one has \
                       shards";
        return Err(Error::Configuration(problem.to_string()));
    }
    let description = device.description.clone();
    let about = (settings, search, progress);
    let mut rounds = begin(dir, about, fresh, description.clone(), Some(device))?;
    let _claim = shard::begin(dir)?;
    rounds.some(shard, settings.training.epochs)?;
    rounds.files.remove_training()?;
    let work = TuneWork {
        settings: settings.clone(),
        search: search.clone(),
    };
    let machine = Some(description.to_string());
    shard::complete(dir, shard, machine, (work, description), None)?;
    info!("{}: shard {shard} of the trials", dir.display());
    Ok(())
}

/// Writes the search of which some folders hold the shards, in any order, into a folder: what one search
/// would have written.
///
/// # Errors
///
/// As [`Shards::open`]; inputs that have changed since; trials that all diverged.
pub fn merge_shards(
    dirs: &[PathBuf],
    allow_mixed: bool,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<SearchOutcome> {
    let shards = Shards::<TuneWork>::open(dirs, allow_mixed)?;
    let TuneWork { settings, search } = &shards.work;
    for input in settings.clone().inputs() {
        input.unchanged()?;
    }
    let device = shards.parts.iter().map(|(_, device)| device).collect();
    let mut rounds = begin(dir, (settings, search, progress), false, device, None)?;
    for (part, _) in &shards.parts {
        rounds
            .journal
            .join(Journal::open(&Files::of(part).journal)?)?;
    }
    let standings = rounds.all(settings.training.epochs)?;
    finish(rounds, standings)
}
