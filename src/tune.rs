//! A search for the settings that predict best, by cross-validation within the training part.
//!
//! The pairs are divided as for a run. Those of its training part are divided once more, into
//! folds: each trial trains on all folds but one, stops by the run's validation part as a run does,
//! and is measured on the fold, which it has not seen. The test part stays out of it: what a run of
//! the best settings reaches there is as honest as without a search.

mod cross_validation;
mod folder;
mod halving;
mod journal;
mod named;
mod outcome;
mod parameter;
mod rounds;
mod search;
mod shard;
mod space;
mod standing;

use std::path::Path;

pub use halving::SearchMethod;
pub use journal::Measures;
pub use outcome::SearchOutcome;
pub use parameter::Parameter;
pub use search::Search;
pub use shard::{TuneWork, merge_shards, tune_shard};
pub use space::{Choices, Range, Space};
pub use standing::{Average, Standing};

use crate::error::{Error, Result};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output;
use crate::progress::Progress;
use crate::run::{Config, Opened, Settings};
use cross_validation::CrossValidation;
use folder::{Files, Record};
use journal::Journal;
use rounds::Rounds;

/// Searches in a folder, which is made; goes on where an interrupted search of the same settings
/// stopped. With `fresh`, replaces whatever search is there, once the inputs have shown to be good.
///
/// # Errors
///
/// Bad settings or inputs; a space without valid settings; folds without one of the classes;
/// without `fresh`, a folder that holds another search; trials that all diverged.
pub fn tune(
    dir: &Path,
    settings: &Settings,
    search: &Search,
    fresh: bool,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<SearchOutcome> {
    let description = device.description.clone();
    let about = (settings, search, progress);
    let mut rounds = begin(dir, about, fresh, description, Some(device))?;
    let standings = rounds.all(settings.training.epochs)?;
    finish(rounds, standings)
}

/// Opens the inputs, and a folder to search in.
fn begin<'a>(
    dir: &Path,
    (settings, search, progress): (&Settings, &'a Search, &'a dyn Progress),
    fresh: bool,
    description: DeviceDescription,
    device: Option<&'a ComputeDevice>,
) -> Result<Rounds<'a>> {
    settings.validate()?;
    search.validate()?;
    if settings.cells.is_some() {
        let problem = "a search takes one table of pairs: give that of one cell line";
        return Err(Error::Configuration(problem.to_string()));
    }
    let trials = search.space.trials(settings, search.trials)?;
    let files = Files::of(dir);
    let record = Record::new(settings, search, description);
    files.check(&record, fresh)?;

    let Opened {
        mut reference,
        table,
        split,
    } = settings.open()?;
    let chroms = reference.chroms().clone();
    let validation = CrossValidation::new(&table, &split, settings, search, &mut reference)?;

    let claim = files.begin(record, fresh)?;
    split.write(&files.split, &table.pairs, &chroms)?;
    validation.write_folds(&files.folds, &chroms)?;
    Ok(Rounds {
        journal: Journal::open(&files.journal)?,
        files,
        search,
        trials,
        validation,
        device,
        progress,
        standings: Vec::new(),
        _claim: claim,
    })
}

/// Writes what was found.
fn finish(rounds: Rounds, standings: Vec<Standing>) -> Result<SearchOutcome> {
    let found = SearchOutcome {
        standings,
        trials: rounds.trials,
    };
    // The best configuration comes last: where it is, the search is complete.
    let best = toml::to_string(&Config::of(found.best()))
        .map_err(|error| Error::format(&rounds.files.best, error))?;
    output::write(&rounds.files.best, format!("# {}\n\n{best}", found.title()))?;
    rounds.files.remove_training()?;
    Ok(found)
}
