//! Methods beside each other: every one trains and is tested on exactly the same folds.
//!
//! The scores of a method in a fold are a file of their own. A comparison that is interrupted goes on
//! after the last of them, and what was scored from the same inputs with the same settings is not
//! scored again.

mod added;
pub mod baselines;
mod cell;
mod contender;
pub mod crispr;
mod epiann;
mod file_name;
mod fold;
mod measures;
mod request;
mod scoring;
mod shard;
mod summary;
mod tables;

use std::path::Path;

use tracing::{info, warn};

pub use added::Added;
pub use contender::MethodName;
pub use measures::Measures;
pub use request::{CellRequest, Request};
pub use shard::{CompareWork, merge_shards, score_shard};
pub use summary::{Difference, Scored, Setting, Summary};
pub use tables::Comparison;

use crate::error::{Error, Result};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output::{self, Claim, FolderKind};
use crate::progress::Progress;
use cell::Cell;
use contender::Contender;
use fold::Fold;

/// Compares in a folder, which is made; what is already there of the same inputs and settings is
/// taken over.
///
/// # Errors
///
/// Bad settings or inputs, all before the first method learns anything; folds without one of the
/// classes.
pub fn compare(
    dir: &Path,
    request: &Request,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Comparison> {
    let cells = cells(request)?;
    let lineups = lineups(request, &cells, progress)?;
    let _claim = begin(dir)?;
    let scored = score(dir, &lineups, |_, fold, contender, dir| {
        scoring::scores(fold, contender, dir, device, progress)
    })?;
    finish(dir, request, device.description.clone(), scored)
}

/// Makes a folder into one that holds no complete comparison.
fn begin(dir: &Path) -> Result<Claim> {
    let claim = Claim::folder(dir, FolderKind::Comparison)?;
    // What describes the tables goes before they change and comes when they are all there.
    output::remove_if_there(&dir.join(tables::SUMMARY))?;
    Ok(claim)
}

/// Measures every method in every fold by scores that come from somewhere: of the job, by its number,
/// in the fold's folder, which is made.
fn score(
    dir: &Path,
    lineups: &[Lineup],
    scores: impl Fn(usize, &Fold, &Contender, &Path) -> Result<Vec<f64>>,
) -> Result<Vec<Scored>> {
    let (mut scored, mut jobs) = (Vec::new(), 0);
    for lineup in lineups {
        for fold in &lineup.folds {
            let dir = fold.dir(dir);
            output::create_dir(&dir)?;
            for contender in &lineup.contenders {
                jobs += usize::from(!contender.learner.has_networks_of_another());
                let scores = scores(jobs - 1, fold, contender, &dir)?;
                scored.push(lineup.scored(fold, contender, &scores)?);
            }
            epiann::forget(&dir)?;
        }
    }
    Ok(scored)
}

/// The folds of a cell line, and the methods that learn and are tested on them.
struct Lineup<'a> {
    folds: Vec<Fold<'a>>,
    contenders: Vec<Contender<'a>>,
}

/// The cell lines of a request that makes sense. Every table, feature and fold is looked at before the
/// first training: here, and in [`lineups`].
fn cells(request: &Request) -> Result<Vec<Cell<'_>>> {
    request.validate()?;
    let cells = request.cells.iter().map(|cell| Cell::open(cell, request));
    cells.collect()
}

fn lineups<'a>(
    request: &Request,
    cells: &'a [Cell],
    progress: &dyn Progress,
) -> Result<Vec<Lineup<'a>>> {
    let lineup = |cell: &'a Cell| {
        let folds = request.rules.iter().map(|&rule| Fold::all(cell, rule));
        let folds = folds.collect::<Result<Vec<_>>>()?;
        Ok(Lineup {
            folds: folds.into_iter().flatten().collect(),
            contenders: cell.contenders(progress)?,
        })
    };
    cells.iter().map(lineup).collect()
}

impl Lineup<'_> {
    fn scored(&self, fold: &Fold, contender: &Contender, scores: &[f64]) -> Result<Scored> {
        let measures = Measures::new(&fold.scored(scores))?;
        info!("{fold}, {}: {measures}", contender.name);
        let support = [fold.support(), fold.together(&self.folds)];
        Ok(Scored::new(fold, contender, support, measures))
    }
}

/// Sums up what all methods reached in all folds.
fn finish(
    dir: &Path,
    request: &Request,
    device: DeviceDescription,
    scored: Vec<Scored>,
) -> Result<Comparison> {
    let comparison = Comparison::new(request, device, scored);
    comparison.write(dir)?;
    draw(dir, &comparison)?;
    Ok(comparison)
}

/// Draws the figures for which there is room.
fn draw(dir: &Path, comparison: &Comparison) -> Result<()> {
    for (name, figure) in comparison.figures() {
        let figure = match figure {
            Err(Error::Undefined(why)) => {
                warn!("no figure {name}: {why}");
                continue;
            }
            figure => figure?,
        };
        figure.write_all(dir, &name)?;
    }
    Ok(())
}
