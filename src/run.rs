//! A training run as a folder: what it was made from, how, and what it learnt.

mod ablation;
mod activity;
mod config;
mod context;
mod evaluate;
mod members;
mod multiqc;
mod offsets;
mod partner_share;
mod parts;
mod predicted;
mod provenance;
mod record;
mod start;
mod sums;
mod train;

use std::path::{Path, PathBuf};

use tracing::warn;

pub use activity::Activity;
pub use config::{Config, Preset};
pub use context::{Context, ContextAssay, ContextSource, FittedContext};
pub use evaluate::MovedInputs;
use members::{CHECKPOINT, HISTORY, WEIGHTS};
pub use offsets::{ContextMade, Offsets};
pub use provenance::Provenance;
pub use record::{MemberOutcome, Outcome, Record, Settings};
pub(crate) use start::{Opened, planted};

use crate::error::{Difference, Error, Result};
use crate::genome::{Chroms, Reference};
use crate::network::device::ComputeDevice;
use crate::network::inference::{Ensemble, Predictor};
use crate::network::model::{Epiann, Layer, ModelConfig, Weights};
use crate::network::training::ACTIVITY;
use crate::output;
use crate::output::provenance::{Input, digest};
use crate::pairs::{Labels, PairTable, Split, TableSource};

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
const CONTEXT: &str = "context.json";
const METRICS: &str = "metrics.json";
const PREDICTIONS: &str = "predictions.tsv";

/// All of them but those of further members. The record comes first: without it nothing looks complete.
const FILES: [&str; 10] = [
    RECORD,
    CHECKPOINT,
    WEIGHTS,
    CONTEXT,
    SPLIT,
    CHROMOSOMES,
    HISTORY,
    ACTIVITY,
    METRICS,
    PREDICTIONS,
];

impl Run {
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

    /// The files of its folder, of which some may not be there.
    pub fn files(&self) -> [PathBuf; FILES.len()] {
        FILES.map(|name| self.dir.join(name))
    }

    /// Checks that it is a run of these settings, on whatever device.
    ///
    /// # Errors
    ///
    /// What differs; settings that JSON cannot hold.
    pub fn check_settings(&self, settings: &Settings) -> Result<()> {
        let asked = settings.identity(&self.record.outcome.device)?;
        match self.record.identity()? {
            identity if identity == asked => Ok(()),
            identity => Err(self.occupied(&identity, &asked)),
        }
    }

    /// That its folder is no place for what is asked for.
    fn occupied(&self, identity: &str, asked: &str) -> Error {
        Error::Occupied {
            path: self.dir.clone(),
            work: "a run",
            differences: Difference::between(identity, asked),
        }
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
        let network = self.network(member, device)?;
        self.reading(Predictor::new(network, device.inference()))
    }

    fn network(&self, member: usize, device: &ComputeDevice) -> Result<Epiann> {
        let path = members::folder(&self.dir, member).join(WEIGHTS);
        self.checked(&path)?;
        load(&self.record.settings.model, &path, device)
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
        self.reading(Predictor::new(network, device.inference()))
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
