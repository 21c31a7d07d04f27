//! Methods beside each other: every one trains and is tested on exactly the same folds.
//!
//! The scores of a method in a fold are a file of their own. A comparison that is interrupted goes on
//! after the last of them, and what was scored from the same inputs with the same settings is not
//! scored again.

pub mod baselines;
mod cell;
mod contender;
mod epiann;
mod file_name;
mod fold;
mod measures;
mod request;
mod scoring;
mod summary;
mod tables;

use std::path::Path;

use tracing::{info, warn};

pub use contender::MethodName;
pub use measures::Measures;
pub use request::{CellRequest, Request};
pub use summary::{Difference, Scored, Setting, Summary};
pub use tables::Comparison;

use crate::error::{Error, Result};
use crate::network::device::ComputeDevice;
use crate::output;
use crate::progress::Progress;
use cell::Cell;
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
    request.validate()?;
    // Every table, feature and fold is looked at before the first training.
    let cells = request.cells.iter().map(|cell| Cell::open(cell, request));
    let cells = cells.collect::<Result<Vec<Cell>>>()?;
    let mut lineups = Vec::new();
    for cell in &cells {
        let folds = request.rules.iter().map(|&rule| Fold::all(cell, rule));
        let folds = folds.collect::<Result<Vec<_>>>()?;
        let folds: Vec<Fold> = folds.into_iter().flatten().collect();
        lineups.push((folds, cell.contenders(progress)?));
    }
    output::create_dir(dir)?;
    let mut scored = Vec::new();
    for (folds, contenders) in &lineups {
        for fold in folds {
            let dir = fold.dir(dir);
            output::create_dir(&dir)?;
            let support = [fold.support(), fold.together(folds)];
            for contender in contenders {
                let scores = scoring::scores(fold, contender, &dir, device, progress)?;
                let measures = Measures::new(&fold.scored(&scores))?;
                info!("{fold}, {}: {measures}", contender.name);
                scored.push(Scored::new(fold, contender, support, measures));
            }
            epiann::forget(&dir)?;
        }
    }
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
        for ending in ["svg", "png"] {
            figure.write(&dir.join(format!("{name}.{ending}")))?;
        }
    }
    Ok(())
}
