//! `run.json`: the settings of a run and what came out.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::device::{ComputeDevice, DeviceDescription};
use crate::error::{Error, IoContext, Result};
use crate::model::{CoordinateScale, ModelConfig};
use crate::output;
use crate::pairs::{Augmentation, SplitRule};
use crate::provenance::Input;
use crate::training::TrainingConfig;

/// Everything that decides what a run computes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// The label's column in BEDPE.
    pub label_column: Option<String>,
    /// Where BENGI's accessions lie.
    pub bengi: Option<BengiFiles>,
    /// Whether bad rows are left out instead of refused.
    pub skip_bad: bool,
    /// How the pairs are divided.
    pub split: SplitRule,
    /// The test part of all pairs.
    pub test_fraction: f64,
    /// The validation part of those that are not test.
    pub validation_fraction: f64,
    /// How positives are multiplied.
    pub augmentation: Augmentation,
    /// The network.
    pub model: ModelConfig,
    /// The training.
    pub training: TrainingConfig,
    /// Weights to start from.
    pub init: Option<Input>,
}

/// BENGI's annotation files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BengiFiles {
    /// `hg19-cCREs.bed.gz`
    pub ccres: PathBuf,
    /// `GENCODEv19-TSSs.bed.gz`
    pub tss: PathBuf,
}

/// What training found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The version of epitrack.
    pub version: String,
    /// Where it ran.
    pub device: DeviceDescription,
    /// The scale of the coordinates that the network learnt.
    pub coordinates: CoordinateScale,
    /// The epoch whose weights were kept, from 1.
    pub best_epoch: usize,
    /// The threshold with the best F1 on the validation part.
    pub threshold: f64,
}

/// A complete run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// What decides what it computes.
    pub settings: Settings,
    /// What it found.
    pub outcome: Outcome,
}

impl Settings {
    /// Checks every setting before any work starts.
    ///
    /// # Errors
    ///
    /// The first one that makes no sense.
    pub fn validate(&self) -> Result<()> {
        self.model.validate()?;
        self.training.validate()?;
        self.augmentation.validate()
    }

    fn inputs(&mut self) -> impl Iterator<Item = &mut Input> {
        [
            Some(&mut self.pairs),
            Some(&mut self.reference),
            self.init.as_mut(),
        ]
        .into_iter()
        .flatten()
    }

    /// A text that two runs share only if they compute the same: settings, inputs by content, and
    /// the kind of device, whose results have the same bytes again.
    pub(super) fn identity(&self, device: &ComputeDevice) -> Result<String> {
        identity(self, &device.description.kind)
    }
}

fn identity(settings: &Settings, device: &str) -> Result<String> {
    let mut settings = settings.clone();
    // Moving a file changes nothing, and neither does writing checkpoints more often.
    for input in settings.inputs() {
        input.path = PathBuf::new();
    }
    settings.training.checkpoint_batches = 0;
    serde_json::to_string(&(settings, device))
        .map_err(|error| Error::Configuration(error.to_string()))
}

impl Record {
    pub(super) fn identity(&self) -> Result<String> {
        identity(&self.settings, &self.outcome.device.kind)
    }

    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).at(path)?;
        let mut record: Self =
            serde_json::from_str(&text).map_err(|error| Error::format(path, error))?;
        let dir = path.parent().unwrap_or(Path::new(""));
        for input in record.settings.inputs() {
            input.path = dir.join(&input.path);
        }
        Ok(record)
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut record = self.clone();
        let dir = path.parent().unwrap_or(Path::new(""));
        for input in record.settings.inputs() {
            *input = input.seen_from(dir)?;
        }
        let text =
            serde_json::to_string_pretty(&record).map_err(|error| Error::format(path, error))?;
        output::write(path, text + "\n")
    }
}
