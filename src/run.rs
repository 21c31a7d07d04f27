//! A training run as a folder: what it was made from, how, and what it learnt.

mod config;
mod evaluate;
mod members;
mod multiqc;
mod partner_share;
mod parts;
mod provenance;
mod record;
mod start;
mod sums;

use std::path::{Path, PathBuf};

use tracing::{info, warn};

pub use config::{Config, Preset};
use members::{CHECKPOINT, HISTORY, Members, WEIGHTS};
pub use provenance::Provenance;
pub use record::{MemberOutcome, Outcome, Record, Settings};
pub(crate) use start::{Opened, planted};

use crate::error::{Error, Result};
use crate::genome::{Chroms, Reference};
use crate::network::device::ComputeDevice;
use crate::network::inference::{Ensemble, Predictor};
use crate::network::model::{Epiann, Layer, ModelConfig, Weights};
use crate::network::training::{Trained, TrainingData};
use crate::output::provenance::{Input, VERSION, digest};
use crate::output::{self, Claim, FolderKind};
use crate::pairs::{Labels, PairTable, Split, TableSource};
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
const SPLIT: &str = "split.tsv";
const CHROMOSOMES: &str = "split.json";
const METRICS: &str = "metrics.json";
const PREDICTIONS: &str = "predictions.tsv";

/// All of them but those of further members. The record comes first: without it nothing looks complete.
const FILES: [&str; 8] = [
    RECORD,
    CHECKPOINT,
    WEIGHTS,
    SPLIT,
    CHROMOSOMES,
    HISTORY,
    METRICS,
    PREDICTIONS,
];

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
        let identity = settings.identity(&device.description)?;
        let members = Members {
            settings,
            dir,
            identity: &identity,
            device,
        };
        if !fresh && dir.join(RECORD).exists() {
            return Self::complete(dir, &identity);
        }

        let mut inputs = settings.open()?;
        let start = members.first_weights()?;
        let _claim = Claim::folder(dir, FolderKind::Run)?;
        if fresh {
            Self::remove(dir)?;
        } else if dir.join(RECORD).exists() {
            // Another process was done before this one had its place.
            return Self::complete(dir, &identity);
        }
        members.check()?;
        let (table, split) = (&inputs.table, &inputs.split);
        let chroms = inputs.reference.chroms();
        split.write(&dir.join(SPLIT), &table.pairs, chroms)?;
        split.write_chromosomes(&dir.join(CHROMOSOMES), &table.pairs, chroms)?;

        let (augmentation, reference) = (&settings.augmentation, &mut inputs.reference);
        let data = TrainingData::read(table, split, augmentation, reference)?;
        let (positive, negative) = data.examples();
        info!(
            "training on {positive} positive and {negative} negative windows, {} bases in memory",
            data.bases()
        );
        let trained = members.train(&data, start, progress)?;
        let (threshold, outcomes) = members.outcome(&data, &trained)?;
        let record = Record {
            settings: settings.clone(),
            outcome: Outcome {
                version: VERSION.to_string(),
                device: device.description.clone(),
                coordinates: data.scale(),
                best_epoch: trained[0].best_epoch,
                threshold,
                files: sums::of(dir, members.weights().chain([dir.join(SPLIT)]))?,
                members: outcomes,
            },
        };
        Self::keep(dir, record, &trained)
    }

    /// Writes what a training learnt, beside the weights.
    fn keep(dir: &Path, record: Record, trained: &[Trained]) -> Result<Self> {
        // The record comes last: where it is, the run is complete.
        record.write(&dir.join(RECORD))?;
        members::remove_checkpoints(dir, trained.len())?;
        let threshold = record.outcome.threshold;
        match trained {
            [only] => info!(
                "trained: best epoch {} of {}, threshold {threshold:.3}",
                only.best_epoch,
                only.history.len()
            ),
            all => info!(
                "trained: {} networks, threshold {threshold:.3} of their mean probability",
                all.len()
            ),
        }
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
        members::remove_checkpoints(dir, run.record.settings.ensemble)?;
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
        for name in FILES.into_iter().chain(multiqc::FILES) {
            output::remove_if_there(&dir.join(name))?;
        }
        members::remove_others(dir)
    }

    /// The files of its folder, of which some may not be there.
    pub fn files(&self) -> [PathBuf; FILES.len()] {
        FILES.map(|name| self.dir.join(name))
    }

    /// Whether it is a run of these settings, on whatever device.
    ///
    /// # Errors
    ///
    /// Settings that JSON cannot hold.
    pub fn is_of(&self, settings: &Settings) -> Result<bool> {
        let device = &self.record.outcome.device;
        Ok(self.record.identity()? == settings.identity(device)?)
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The run's network on a device; of an ensemble the first member.
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration.
    pub fn predictor(&self, device: &ComputeDevice) -> Result<Predictor> {
        self.member(0, device)
    }

    /// Every network of the run on a device: one, or the members of an ensemble.
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration.
    pub fn predictors(&self, device: &ComputeDevice) -> Result<Vec<Predictor>> {
        let members = 0..self.record.settings.ensemble;
        members.map(|member| self.member(member, device)).collect()
    }

    /// What the networks of the run say together, on a device.
    ///
    /// # Errors
    ///
    /// Weights that do not fit the run's configuration.
    pub fn ensemble(&self, device: &ComputeDevice) -> Result<Ensemble> {
        Ok(Ensemble::new(self.predictors(device)?))
    }

    fn member(&self, member: usize, device: &ComputeDevice) -> Result<Predictor> {
        let path = members::folder(&self.dir, member).join(WEIGHTS);
        self.checked(&path)?;
        let network = load(&self.record.settings.model, &path, device)?;
        Ok(Predictor::new(network, device.inference()))
    }

    fn checked(&self, path: &Path) -> Result<Input> {
        sums::checked(&self.record.outcome.files, &self.dir, path)
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
        self.checked(&path)?;
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

    /// Whether a table is that of the training, which may have moved.
    fn is_own(&self, table: &TableSource) -> bool {
        table.file.sha256 == self.record.settings.table.file.sha256
    }

    /// Where the run's table is now, if another one is it.
    pub fn moved_table<'a>(&self, other: Option<&'a TableSource>) -> Option<&'a Path> {
        let own = other.filter(|table| self.is_own(table));
        own.map(|table| table.file.path.as_path())
    }

    /// The source of another table, or of the run's where there is none.
    pub fn table_source<'a>(&'a self, other: Option<&'a TableSource>) -> &'a TableSource {
        other.unwrap_or(&self.record.settings.table)
    }

    /// Reads another table, with or without labels, or the run's where there is none or the other is it; and
    /// says whether it is the run's.
    ///
    /// # Errors
    ///
    /// As [`Self::read_table`].
    pub fn read_other_table(
        &self,
        other: Option<&TableSource>,
        chroms: &Chroms,
    ) -> Result<(PairTable, bool)> {
        match other.filter(|table| !self.is_own(table)) {
            Some(other) => {
                let lengths = self.record.settings.model.lengths();
                Ok((other.read(chroms, lengths, Labels::Optional)?, false))
            }
            None => Ok((self.read_table(self.moved_table(other), chroms)?, true)),
        }
    }

    /// The weights file and its checksum. Of an ensemble the first member's file, and the checksum of
    /// all members' checksums: SHA-256 of the list of them in JSON.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn weights(&self) -> Result<Input> {
        let file = |member| self.checked(&members::folder(&self.dir, member).join(WEIGHTS));
        let first = file(0)?;
        let others = (1..self.record.settings.ensemble).map(file);
        let others: Vec<Input> = others.collect::<Result<_>>()?;
        if others.is_empty() {
            return Ok(first);
        }
        let all = std::iter::once(&first).chain(&others);
        let all: Vec<&str> = all.map(|of| of.sha256.as_str()).collect();
        let sha256 = digest(&all)?;
        Ok(Input { sha256, ..first })
    }

    /// The file that says how the pairs were divided, and its checksum.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn split_file(&self) -> Result<Input> {
        self.checked(&self.dir.join(SPLIT))
    }

    /// The run's division of these pairs.
    ///
    /// # Errors
    ///
    /// A pair that the run's table did not have.
    pub fn split(&self, table: &PairTable, chroms: &Chroms) -> Result<Split> {
        let path = self.dir.join(SPLIT);
        self.checked(&path)?;
        Split::read(&path, &table.pairs, chroms)
    }
}

/// A network with the weights of a file.
fn load(model: &ModelConfig, path: &Path, device: &ComputeDevice) -> Result<Epiann> {
    let (weights, _) = Weights::read(path)?;
    Epiann::load(model, &weights, &device.inference()).map_err(|error| Error::format(path, error))
}
