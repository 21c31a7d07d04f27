//! A training run as a folder: what it was made from, how, and what it learnt.

mod evaluate;
mod record;

use std::path::{Path, PathBuf};

use tracing::info;

pub use record::{BengiFiles, Outcome, Record, Settings};

use crate::device::ComputeDevice;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Reference};
use crate::inference::Predictor;
use crate::model::{Epiann, Weights};
use crate::output;
use crate::pairs::{BengiAnnotation, Labels, PairTable, ReadOptions, Split};
use crate::progress::Progress;
use crate::provenance::Input;
use crate::training::{self, TrainingData};

/// A run whose training is complete.
#[derive(Debug, Clone)]
pub struct Run {
    dir: PathBuf,
    /// What it was made from and what it learnt.
    pub record: Record,
}

/// The files of a run.
struct Files {
    record: PathBuf,
    weights: PathBuf,
    split: PathBuf,
    history: PathBuf,
    checkpoint: PathBuf,
}

impl Files {
    fn of(dir: &Path) -> Self {
        Self {
            record: dir.join("run.json"),
            weights: dir.join("model.safetensors"),
            split: dir.join("split.tsv"),
            history: dir.join("history.csv"),
            checkpoint: dir.join("checkpoint.safetensors"),
        }
    }
}

impl Run {
    /// Trains with these settings into a folder, which is made; goes on where an interrupted run
    /// of the same settings stopped; does nothing where one is complete.
    ///
    /// # Errors
    ///
    /// Bad settings or inputs; a folder that holds a run of other settings.
    pub fn train(
        dir: &Path,
        settings: &Settings,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<Self> {
        settings.validate()?;
        let files = Files::of(dir);
        let identity = settings.identity(device)?;
        if files.record.exists() {
            let run = Self::open(dir)?;
            if run.record.identity()? != identity {
                return Err(Error::format(
                    &files.record,
                    "is a run of other settings or inputs: choose another folder, or --fresh to \
                     replace it",
                ));
            }
            info!("{} is complete", dir.display());
            remove_if_there(&files.checkpoint)?;
            return Ok(run);
        }

        let mut reference = Reference::open(&settings.reference.path)?;
        let chroms = reference.chroms().clone();
        let table = settings.read_pairs(&settings.pairs.path, &chroms, Labels::BothClasses)?;
        let parts = (settings.test_fraction, settings.validation_fraction);
        let split = Split::new(
            &settings.split,
            &table.pairs,
            &chroms,
            parts,
            settings.training.seed,
        )?;
        output::create_dir(dir)?;
        split.write(&files.split, &table.pairs, &chroms)?;

        let lengths = settings.model.lengths();
        let data = TrainingData::read(
            &table,
            &split,
            lengths,
            &settings.augmentation,
            &mut reference,
        )?;
        let (positive, negative) = data.examples();
        info!(
            "training on {positive} positive and {negative} negative windows, {} bases in memory",
            data.bases()
        );
        let start = match &settings.init {
            Some(init) => Weights::read(&init.path)?.0,
            None => {
                Epiann::new(&settings.model, settings.training.seed, &device.inference())?.weights()
            }
        };
        let trained = training::train(
            &data,
            &settings.model,
            start,
            &settings.training,
            (&device.training(), &device.inference()),
            (&files.checkpoint, &identity),
            progress,
        )?;
        let record = Record {
            settings: settings.clone(),
            outcome: Outcome {
                version: crate::provenance::VERSION.to_string(),
                device: device.description.clone(),
                coordinates: data.scale(),
                best_epoch: trained.best_epoch,
                threshold: trained.threshold,
            },
        };
        let config = serde_json::to_string(&settings.model)
            .map_err(|error| Error::format(&files.weights, error))?;
        trained.weights.write(&files.weights, Some(config))?;
        training::write_history(&files.history, &trained.history)?;
        // The record comes last: where it is, the run is complete.
        record.write(&files.record)?;
        remove_if_there(&files.checkpoint)?;
        info!(
            "trained: best epoch {} of {}, threshold {:.3}",
            trained.best_epoch,
            trained.history.len(),
            trained.threshold
        );
        Ok(Self {
            dir: dir.to_path_buf(),
            record,
        })
    }

    /// Opens a complete run.
    ///
    /// # Errors
    ///
    /// A folder without one.
    pub fn open(dir: &Path) -> Result<Self> {
        let files = Files::of(dir);
        if !files.record.exists() && files.checkpoint.exists() {
            return Err(Error::format(
                dir,
                "training is not complete: give the same train command to go on",
            ));
        }
        Ok(Self {
            dir: dir.to_path_buf(),
            record: Record::read(&files.record)?,
        })
    }

    /// Removes what a run has left in a folder; other files stay.
    ///
    /// # Errors
    ///
    /// A file that cannot be removed.
    pub fn remove(dir: &Path) -> Result<()> {
        let files = Files::of(dir);
        // The record goes first, so that what is left never looks complete.
        for file in [
            files.record,
            files.checkpoint,
            files.weights,
            files.split,
            files.history,
        ] {
            remove_if_there(&file)?;
        }
        Ok(())
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The run's network on a device.
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration.
    pub fn predictor(&self, device: &ComputeDevice) -> Result<Predictor> {
        let (weights, _) = Weights::read(&Files::of(&self.dir).weights)?;
        let device = device.inference();
        let network = Epiann::load(&self.record.settings.model, &weights, &device)?;
        Ok(Predictor::new(network, device))
    }

    /// The weights file and its checksum.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn weights(&self) -> Result<Input> {
        Input::new(&Files::of(&self.dir).weights)
    }

    /// The run's division of these pairs.
    ///
    /// # Errors
    ///
    /// A pair that the run's table did not have.
    pub fn split(&self, table: &PairTable, chroms: &Chroms) -> Result<Split> {
        Split::read(&Files::of(&self.dir).split, &table.pairs, chroms)
    }
}

impl Settings {
    /// Reads a table as the settings say.
    ///
    /// # Errors
    ///
    /// See [`PairTable::read`].
    pub fn read_pairs(&self, path: &Path, chroms: &Chroms, labels: Labels) -> Result<PairTable> {
        let bengi = self
            .bengi
            .as_ref()
            .map(|bengi| BengiAnnotation::read(&bengi.ccres, &bengi.tss))
            .transpose()?;
        let options = ReadOptions {
            lengths: self.model.lengths(),
            labels,
            label_column: self.label_column.as_deref(),
            bengi: bengi.as_ref(),
            skip_bad: self.skip_bad,
        };
        PairTable::read(path, chroms, &options)
    }
}

fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).at(path),
        _ => Ok(()),
    }
}
