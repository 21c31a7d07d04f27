//! A comparison in shards: each scores some of the methods in some of the folds.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::info;

use super::request::Request;
use super::scoring;
use super::tables::Comparison;
use super::{Lineup, begin, cells, epiann, finish, lineups, score};
use crate::error::{IoContext, Result};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output;
use crate::output::shard::{self, Divided, Shard, Shards};
use crate::progress::Progress;

/// What all shards of a comparison share.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CompareWork(Request);

impl Divided for CompareWork {
    const COMMAND: &'static str = "compare";
    type Done = DeviceDescription;
}

/// Scores a shard's part of the methods and folds, dealt out one by one, into a folder, which is made;
/// goes on where it was interrupted.
///
/// # Errors
///
/// As [`compare`](super::compare()).
pub fn score_shard(
    dir: &Path,
    request: &Request,
    shard: Shard,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<()> {
    let cells = cells(request)?;
    let lineups = lineups(request, &cells, progress)?;
    let _claim = shard::begin(dir)?;
    let (mut jobs, mut own) = (0, 0);
    for Lineup { folds, contenders } in &lineups {
        for fold in folds {
            let dir = fold.dir(dir);
            for contender in contenders {
                let is_new = usize::from(!contender.learner.has_networks_of_another());
                jobs += is_new;
                if shard.has(jobs - 1) {
                    output::create_dir(&dir)?;
                    scoring::scores(fold, contender, &dir, device, progress)?;
                    info!("{fold}, {}", contender.name);
                    own += is_new;
                }
            }
            epiann::forget(&dir)?;
        }
    }
    let device = device.description.clone();
    let machine = Some(device.to_string());
    let work = CompareWork(request.clone());
    shard::complete(dir, shard, machine, (work, device), None)?;
    info!("{}: shard {shard}, {own} of {jobs} scorings", dir.display());
    Ok(())
}

/// Writes the comparison of which some folders hold the shards, in any order, into a folder: what one
/// comparison would have written.
///
/// # Errors
///
/// As [`Shards::open`] and [`compare`](super::compare()); inputs that have changed since.
pub fn merge_shards(
    dirs: &[PathBuf],
    allow_mixed: bool,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<Comparison> {
    let shards = Shards::<CompareWork>::open(dirs, allow_mixed)?;
    let request = &shards.work.0;
    let cells = cells(request)?;
    let lineups = lineups(request, &cells, progress)?;
    let _claim = begin(dir)?;
    let scored = score(dir, &lineups, |job, fold, contender, to| {
        let (part, device) = &shards.parts[job % shards.parts.len()];
        let from = fold.dir(part);
        let scores = scoring::written(fold, contender, &from, device)?;
        for file in scoring::files(contender) {
            let path = from.join(&file);
            output::write(to.join(&file), std::fs::read(&path).at(&path)?)?;
        }
        Ok(scores)
    })?;
    let device = shards.parts.iter().map(|(_, device)| device).collect();
    finish(dir, request, device, scored)
}
