//! Trains on all folds but one and measures that one.

use std::path::Path;

use tracing::info;

use super::folder::Files;
use super::journal::{Job, Measures};
use super::search::Search;
use crate::error::{Error, Result};
use crate::evaluation::{auroc, average_precision};
use crate::genome::{Chroms, Reference};
use crate::network::device::ComputeDevice;
use crate::network::training;
use crate::network::training::{TrainingConfig, TrainingData};
use crate::pairs::folds::Folds;
use crate::pairs::{Pair, PairTable, Part, Split};
use crate::progress::Progress;
use crate::run::Settings;

/// The folds of the training part and their data. Nothing of the test part is in it: neither its
/// labels nor its sequence.
pub struct CrossValidation {
    folds: Folds,
    /// The pairs of the training part.
    pairs: Vec<Pair>,
    /// The place of each of them in the table.
    places: Vec<usize>,
    data: TrainingData,
}

impl CrossValidation {
    /// Divides the training part into folds and reads its sequence and the validation part's.
    ///
    /// # Errors
    ///
    /// Folds of one class only, a reference that cannot be read.
    pub fn new(
        table: &PairTable,
        split: &Split,
        settings: &Settings,
        search: &Search,
        reference: &mut Reference,
    ) -> Result<Self> {
        let chroms = reference.chroms().clone();
        let places = split.members(Part::Train);
        let seed = settings.training.seed;
        let pairs: Vec<Pair> = places.iter().map(|&place| table.pairs[place]).collect();
        let folds = Folds::new(search.folds_by, &pairs, &chroms, search.folds, seed)
            .map_err(|error| Error::Configuration(format!("the training part: {error}")))?;
        let augmentation = &settings.augmentation;
        let data = TrainingData::read(table, split, augmentation, reference)?;
        info!(
            "{} pairs in {} folds; {} more stop each training; {} bases in memory",
            places.len(),
            search.folds,
            split.members(Part::Validation).len(),
            data.bases()
        );
        Ok(Self {
            folds,
            pairs,
            places,
            data,
        })
    }

    /// Writes the fold of each pair of the training part.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write_folds(&self, path: &Path, chroms: &Chroms) -> Result<()> {
        self.folds.write(path, &self.pairs, chroms)
    }

    /// Trains with these settings for a job, or goes on with it where it was interrupted, and
    /// measures its fold.
    ///
    /// # Errors
    ///
    /// A training that left the real numbers, a device that failed, a folder that cannot be written
    /// to.
    pub fn measure(
        &self,
        settings: &Settings,
        job: &Job,
        files: &Files,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<Measures> {
        let config = TrainingConfig {
            epochs: job.epochs,
            ..settings.training.clone()
        };
        let identity = format!("{job:?} {}", settings.identity(&device.description)?);
        if training::check_checkpoint(&files.checkpoint, &identity, job.epochs).is_err() {
            // Of a training that was done when the search was killed.
            files.remove_training()?;
        }
        let plan = training::Plan {
            model: &settings.model,
            config: &config,
            start: settings.first_weights(device)?,
            device,
            checkpoint: &files.checkpoint,
            identity: &identity,
            history: &files.history,
            tells_epochs: false,
        };
        let data = self
            .data
            .training_on(&self.in_table(&self.folds.others(job.fold)));
        let trained = training::train(&data, plan, progress)?;
        let held_out = self.in_table(&self.folds.members(job.fold));
        let inference = device.inference();
        let (weights, model) = (&trained.weights, &settings.model);
        let scored = training::score(&data, &held_out, weights, model, &inference)?;
        Ok(Measures {
            auprc: average_precision(&scored)?,
            auroc: auroc(&scored)?,
        })
    }

    fn in_table(&self, members: &[usize]) -> Vec<usize> {
        members.iter().map(|&member| self.places[member]).collect()
    }
}
