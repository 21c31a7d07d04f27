//! A training run as a folder: what it was made from, how, and what it learnt.

mod config;
mod evaluate;
mod partner_share;
mod record;
mod start;

use std::path::{Path, PathBuf};

use tracing::{info, warn};

pub use config::{Config, Preset};
pub use record::{Outcome, Record, Settings};
pub(crate) use start::{Opened, planted};

use crate::error::{Error, Result};
use crate::genome::{Chroms, Reference};
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::network::model::{Epiann, Layer, ModelConfig, Weights};
use crate::network::training::{self, Trained, TrainingData};
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::{Labels, PairTable, Split};
use crate::progress::Progress;

/// A run whose training is complete.
#[derive(Debug, Clone)]
pub struct Run {
    dir: PathBuf,
    /// What it was made from and what it learnt.
    pub record: Record,
}

// The files of a run.
const RECORD: &str = "run.json";
const WEIGHTS: &str = "model.safetensors";
const SPLIT: &str = "split.tsv";
const HISTORY: &str = "history.csv";
const CHECKPOINT: &str = "checkpoint.safetensors";
const METRICS: &str = "metrics.json";
const PREDICTIONS: &str = "predictions.tsv";

impl Run {
    /// Trains with these settings into a folder, which is made; goes on where an interrupted run
    /// of the same settings stopped; does nothing where one is complete. With `fresh`, replaces
    /// whatever run is there, once the inputs have shown to be good.
    ///
    /// # Errors
    ///
    /// Bad settings or inputs; without `fresh`, a folder that holds a run of other settings.
    pub fn train(
        dir: &Path,
        settings: &Settings,
        fresh: bool,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<Self> {
        settings.validate()?;
        let [checkpoint, history] = [CHECKPOINT, HISTORY].map(|name| dir.join(name));
        let identity = settings.identity(&device.description)?;
        if !fresh && dir.join(RECORD).exists() {
            let identity = output::as_read(settings)?.identity(&device.description)?;
            return Self::complete(dir, &identity);
        }

        let mut inputs = settings.open()?;
        let start = settings.first_weights(device)?;
        if fresh {
            Self::remove(dir)?;
        }
        training::check_identity(&checkpoint, &identity)?;
        output::create_dir(dir)?;
        let (table, split) = (&inputs.table, &inputs.split);
        split.write(&dir.join(SPLIT), &table.pairs, inputs.reference.chroms())?;

        let (augmentation, reference) = (&settings.augmentation, &mut inputs.reference);
        let data = TrainingData::read(table, split, augmentation, reference)?;
        let (positive, negative) = data.examples();
        info!(
            "training on {positive} positive and {negative} negative windows, {} bases in memory",
            data.bases()
        );
        let plan = training::Plan {
            model: &settings.model,
            config: &settings.training,
            start,
            device,
            checkpoint: &checkpoint,
            identity: &identity,
            history: &history,
            tells_epochs: true,
        };
        let trained = training::train(&data, plan, progress)?;
        let record = Record {
            settings: settings.clone(),
            outcome: Outcome {
                version: VERSION.to_string(),
                device: device.description.clone(),
                coordinates: data.scale(),
                best_epoch: trained.best_epoch,
                threshold: trained.threshold,
            },
        };
        Self::keep(dir, record, trained)
    }

    /// Writes what a training learnt.
    fn keep(dir: &Path, record: Record, trained: Trained) -> Result<Self> {
        let weights = dir.join(WEIGHTS);
        let config = serde_json::to_string(&record.settings.model)
            .map_err(|error| Error::format(&weights, error))?;
        trained.weights.write(&weights, Some(config))?;
        // The record comes last: where it is, the run is complete.
        record.write(&dir.join(RECORD))?;
        output::remove_if_there(&dir.join(CHECKPOINT))?;
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

    /// The complete run of this identity.
    fn complete(dir: &Path, identity: &str) -> Result<Self> {
        let run = Self::open(dir)?;
        if run.record.identity()? != identity {
            return Err(Error::Occupied {
                path: dir.to_path_buf(),
                work: "a run",
            });
        }
        info!("{} is complete", dir.display());
        output::remove_if_there(&dir.join(CHECKPOINT))?;
        Ok(run)
    }

    /// Opens a complete run.
    ///
    /// # Errors
    ///
    /// A folder without one.
    pub fn open(dir: &Path) -> Result<Self> {
        let record = dir.join(RECORD);
        if !record.exists() && dir.join(CHECKPOINT).exists() {
            let problem = "training is not complete: give the same train command to go on";
            return Err(Error::format(dir, problem));
        }
        Ok(Self {
            dir: dir.to_path_buf(),
            record: Record::read(&record)?,
        })
    }

    /// The folder's name; where that is just `run`, the name of the folder around it.
    pub fn name(&self) -> String {
        output::folder_name(&self.dir, "run")
    }

    /// Removes what a run has left in a folder; other files stay.
    fn remove(dir: &Path) -> Result<()> {
        // The record goes first, so that what is left never looks complete.
        let training = [RECORD, CHECKPOINT, WEIGHTS, SPLIT, HISTORY];
        for name in training.into_iter().chain([METRICS, PREDICTIONS]) {
            output::remove_if_there(&dir.join(name))?;
        }
        Ok(())
    }

    /// The run's network on a device.
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration.
    pub fn predictor(&self, device: &ComputeDevice) -> Result<Predictor> {
        let path = self.dir.join(WEIGHTS);
        let network = load(&self.record.settings.model, &path, device)?;
        Ok(Predictor::new(network, device.inference()))
    }

    /// A network of the run's form that was never trained, with the first weights of a seed; where
    /// the run's filters started as motifs, so do its.
    ///
    /// # Errors
    ///
    /// Files of motifs that cannot be read any more.
    pub fn untrained(&self, seed: u64, device: &ComputeDevice) -> Result<Predictor> {
        let network = self.record.settings.untrained(seed, device)?;
        Ok(Predictor::new(network, device.inference()))
    }

    /// The run's network with the values of each parameter array of some layers in an order drawn at
    /// random: see [`Weights::shuffled`].
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration.
    pub fn shuffled(
        &self,
        layers: &[Layer],
        (seed, number): (u64, u32),
        device: &ComputeDevice,
    ) -> Result<Predictor> {
        let path = self.dir.join(WEIGHTS);
        let (weights, _) = Weights::read(&path)?;
        let (weights, device) = (weights.shuffled(layers, seed, number), device.inference());
        let network = Epiann::load(&self.record.settings.model, &weights, &device)
            .map_err(|error| Error::format(path, error))?;
        Ok(Predictor::new(network, device))
    }

    /// Opens the run's reference, or the file that it is now; says so where that has other bytes,
    /// as the same sequence in another format has.
    ///
    /// # Errors
    ///
    /// See [`Reference::open`].
    pub fn open_reference(&self, moved: Option<&Path>) -> Result<(Reference, Input)> {
        let known = &self.record.settings.reference;
        let input = Input::new(moved.unwrap_or(&known.path))?;
        if input.sha256 != known.sha256 {
            warn!("{} is not the file of the training", input.path.display());
        }
        Ok((Reference::open(&input.path)?, input))
    }

    /// Reads the run's table, or the file that it is now.
    ///
    /// # Errors
    ///
    /// Another table than that of the training; see [`TableSource::read`](crate::pairs::TableSource::read).
    pub fn read_table(&self, moved: Option<&Path>, chroms: &Chroms) -> Result<PairTable> {
        let settings = &self.record.settings;
        let mut table = settings.table.clone();
        if let Some(moved) = moved {
            table.file.path = moved.to_path_buf();
        }
        if Input::new(&table.file.path)?.sha256 != settings.table.file.sha256 {
            let problem = "is not the table of the training: its content has changed";
            return Err(Error::format(&table.file.path, problem));
        }
        table.read(chroms, settings.model.lengths(), Labels::BothClasses)
    }

    /// The weights file and its checksum.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn weights(&self) -> Result<Input> {
        Input::new(&self.dir.join(WEIGHTS))
    }

    /// The run's division of these pairs.
    ///
    /// # Errors
    ///
    /// A pair that the run's table did not have.
    pub fn split(&self, table: &PairTable, chroms: &Chroms) -> Result<Split> {
        Split::read(&self.dir.join(SPLIT), &table.pairs, chroms)
    }
}

/// A network with the weights of a file.
fn load(model: &ModelConfig, path: &Path, device: &ComputeDevice) -> Result<Epiann> {
    let (weights, _) = Weights::read(path)?;
    Epiann::load(model, &weights, &device.inference()).map_err(|error| Error::format(path, error))
}
