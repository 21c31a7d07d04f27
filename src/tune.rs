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
mod parameter;
mod space;
mod standing;

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tracing::info;

pub use halving::Method;
pub use journal::Measures;
pub use parameter::Parameter;
pub use space::{Choices, Range, Space};
pub use standing::{Average, Standing};

use crate::error::{Error, Result};
use crate::network::device::ComputeDevice;
use crate::output;
use crate::pairs::folds::FoldRule;
use crate::progress::Progress;
use crate::run::{Config, Opened, Settings};
use cross_validation::CrossValidation;
use folder::Files;
use halving::Rung;
use journal::{Job, Journal};
use named::Named;
use parameter::in_words;

/// The most trials and folds, above any use.
const MOST: usize = 1000;

/// What to search, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// How time is spent.
    pub method: Method,
    /// Settings to try.
    pub trials: usize,
    /// Folds of the training part.
    pub folds: usize,
    /// How it is divided into them.
    pub folds_by: FoldRule,
    /// Where settings are drawn from.
    pub space: Space,
}

impl Search {
    /// Checks the numbers.
    ///
    /// # Errors
    ///
    /// One trial or fewer, or one fold or fewer; more than a thousand.
    pub fn validate(&self) -> Result<()> {
        for (name, number) in [("trials", self.trials), ("folds", self.folds)] {
            if !(2..=MOST).contains(&number) {
                return Err(Error::Configuration(format!(
                    "a search needs from 2 to {MOST} {name}, not {number}"
                )));
            }
        }
        Ok(())
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The trials of the last round, the best one first.
    pub standings: Vec<Standing>,
    /// The settings of every trial.
    pub trials: Vec<Settings>,
}

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
) -> Result<Found> {
    settings.validate()?;
    search.validate()?;
    let trials = search.space.trials(settings, search.trials)?;
    let files = Files::of(dir);
    files.check(settings, search, device, fresh)?;

    let Opened {
        mut reference,
        table,
        split,
    } = settings.open()?;
    let chroms = reference.chroms().clone();
    let validation = CrossValidation::new(&table, &split, settings, search, &mut reference)?;

    files.begin(settings, search, device, fresh)?;
    split.write(&files.split, &table.pairs, &chroms)?;
    validation.write_folds(&files.folds, &chroms)?;
    let mut rounds = Rounds {
        journal: Journal::open(&files.journal)?,
        files,
        search,
        trials,
        validation,
        device,
        progress,
        standings: Vec::new(),
    };
    let standings = rounds.all(settings.training.epochs)?;
    let found = Found {
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

/// A search at work.
struct Rounds<'a> {
    files: Files,
    search: &'a Search,
    trials: Vec<Settings>,
    validation: CrossValidation,
    device: &'a ComputeDevice,
    progress: &'a dyn Progress,
    journal: Journal,
    /// Of all rounds so far.
    standings: Vec<Standing>,
}

impl Rounds<'_> {
    /// Goes through the rounds; the standings of the last one, the best first.
    fn all(&mut self, epochs: usize) -> Result<Vec<Standing>> {
        let mut best: Vec<usize> = (0..self.trials.len()).collect();
        let mut last = Vec::new();
        for rung in self.search.method.rungs(self.trials.len(), epochs) {
            best.truncate(rung.trials);
            best.sort_unstable();
            last = self.round(rung, &best)?;
            let finished = last.iter().filter(|standing| standing.auprc().is_some());
            best = finished.map(|standing| standing.trial).collect();
            if best.is_empty() {
                return Err(Error::NotFinite(
                    "the training of every trial diverged: give smaller learning rates in --space"
                        .to_string(),
                ));
            }
        }
        Ok(last)
    }

    /// Gives each of these trials the epochs of the round; their standings, the best first.
    fn round(&mut self, rung: Rung, trials: &[usize]) -> Result<Vec<Standing>> {
        let before = self.standings.len();
        for &trial in trials {
            let folds = self.folds(trial, rung.epochs)?;
            self.standings.push(Standing {
                trial,
                epochs: rung.epochs,
                folds,
            });
            let path = &self.files.trials;
            standing::write(path, &self.standings, &self.trials, self.search.folds)?;
        }
        let mut standings = self.standings[before..].to_vec();
        standings.sort_by(Standing::rank);
        Ok(standings)
    }

    /// The measures of a trial's folds, of which those are computed that nobody has yet.
    fn folds(&mut self, trial: usize, epochs: usize) -> Result<Vec<Option<Measures>>> {
        let mut folds = vec![None; self.search.folds];
        for (fold, found) in folds.iter_mut().enumerate() {
            let job = Job {
                epochs,
                trial,
                fold,
            };
            *found = match self.journal.get(&job) {
                Some(measures) => measures,
                None => self.measure(job)?,
            };
            if found.is_none() {
                // A trial that diverged once is out.
                break;
            }
        }
        Ok(folds)
    }

    fn measure(&mut self, job: Job) -> Result<Option<Measures>> {
        let settings = &self.trials[job.trial];
        let (trials, folds) = (self.trials.len(), self.search.folds);
        let name = format!(
            "trial {} of {trials}, fold {} of {folds}",
            job.trial + 1,
            job.fold + 1
        );
        info!("{name}, {} epochs: {}", job.epochs, in_words(settings));
        let progress = Named::new(self.progress, name);
        let measures =
            self.validation
                .measure(settings, &job, &self.files, self.device, &progress)?;
        self.journal.add(job, measures)?;
        Ok(measures)
    }
}

impl Found {
    /// The settings of the best trial.
    pub fn best(&self) -> &Settings {
        &self.trials[self.standings[0].trial]
    }

    /// The best trial and its measures in a line.
    fn title(&self) -> String {
        let best = &self.standings[0];
        let text = |average: Option<Average>| average.map_or(String::new(), |a| a.to_string());
        format!(
            "trial {} of {}: AUPRC {}, AUROC {} over {} folds",
            best.trial + 1,
            self.trials.len(),
            text(best.auprc()),
            text(best.auroc()),
            best.folds.len()
        )
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |average: Option<Average>| average.map_or("-".to_string(), |a| a.to_string());
        writeln!(f, "{:<8}{:<18}{:<18}settings", "trial", "AUPRC", "AUROC")?;
        for standing in self.standings.iter().take(SHOWN) {
            let (auprc, auroc) = (text(standing.auprc()), text(standing.auroc()));
            let settings = in_words(&self.trials[standing.trial]);
            let number = standing.trial + 1;
            writeln!(f, "{number:<8}{auprc:<18}{auroc:<18}{settings}")?;
        }
        write!(f, "mean ± standard deviation over the folds")
    }
}

/// Trials that are shown to a person.
const SHOWN: usize = 5;
