//! A search at work: round by round, trial by trial, fold by fold.

use tracing::{info, warn};

use super::cross_validation::CrossValidation;
use super::folder::Files;
use super::halving::Rung;
use super::journal::{Job, Journal, Measures};
use super::named::Named;
use super::parameter::in_words;
use super::search::Search;
use super::standing::{self, Standing};
use crate::error::{Error, Result};
use crate::network::device::ComputeDevice;
use crate::output::Claim;
use crate::output::shard::Shard;
use crate::progress::Progress;
use crate::run::Settings;

/// A search at work.
pub struct Rounds<'a> {
    /// Where everything is written.
    pub files: Files,
    /// What is searched, and how.
    pub search: &'a Search,
    /// The settings to try.
    pub trials: Vec<Settings>,
    /// The folds and their data.
    pub validation: CrossValidation,
    /// Where the networks are trained; none where all of it is done.
    pub device: Option<&'a ComputeDevice>,
    /// Told of each training.
    pub progress: &'a dyn Progress,
    /// What is done.
    pub journal: Journal,
    /// Of all rounds so far.
    pub standings: Vec<Standing>,
    /// The folder.
    pub _claim: Claim,
}

impl Rounds<'_> {
    /// Goes through the rounds; the standings of the last one, the best first.
    ///
    /// # Errors
    ///
    /// A device that failed, a folder that cannot be written to, trials that all diverged.
    pub fn all(&mut self, epochs: usize) -> Result<Vec<Standing>> {
        let mut best: Vec<usize> = (0..self.trials.len()).collect();
        let mut last = Vec::new();
        for rung in self.search.method.rungs(self.trials.len(), epochs) {
            best.truncate(rung.trials);
            best.sort_unstable();
            last = self.round(rung, &best)?;
            let finished = last.iter().filter(|standing| standing.auprc().is_some());
            best = finished.map(|standing| standing.trial).collect();
            if best.is_empty() {
                return Err(Error::EveryTrialDiverged);
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
            standing::write(&self.files.trials, &self.standings, &self.trials)?;
        }
        let mut standings = self.standings[before..].to_vec();
        standings.sort_by(Standing::rank);
        Ok(standings)
    }

    /// Gives the trials of a shard all epochs, one after the other.
    ///
    /// # Errors
    ///
    /// As [`all`](Self::all).
    pub fn some(&mut self, shard: Shard, epochs: usize) -> Result<()> {
        let mut trials = (0..self.trials.len()).filter(|&trial| shard.has(trial));
        trials.try_for_each(|trial| self.folds(trial, epochs).map(drop))
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

    /// The measures of a fold; none where the training left the real numbers.
    fn measure(&mut self, job: Job) -> Result<Option<Measures>> {
        let Some(device) = self.device else {
            let (trial, fold) = (job.trial + 1, job.fold + 1);
            let problem = format!("no shard has measured trial {trial}, fold {fold}");
            return Err(Error::Configuration(problem));
        };
        let settings = &self.trials[job.trial];
        let (trials, folds) = (self.trials.len(), self.search.folds);
        let (trial, fold) = (job.trial + 1, job.fold + 1);
        let name = format!("trial {trial} of {trials}, fold {fold} of {folds}");
        info!("{name}, {} epochs: {}", job.epochs, in_words(settings));
        let progress = Named::new(self.progress, name);
        let (validation, files) = (&self.validation, &self.files);
        let measures = match validation.measure(settings, &job, files, device, &progress) {
            Ok(measures) => {
                let Measures { auprc, auroc } = measures;
                info!("AUPRC {auprc:.4}, AUROC {auroc:.4} on the fold");
                Some(measures)
            }
            Err(Error::Diverged(why) | Error::NotFinite(why)) => {
                progress.finish();
                warn!("diverged: {why}");
                None
            }
            Err(error) => return Err(error),
        };
        self.journal.add(job, measures)?;
        Ok(measures)
    }
}
