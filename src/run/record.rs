//! `run.json`: the settings of a run and what came out.

use std::path::{Path, PathBuf};

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::context::ContextSource;
use super::sums::Sums;
use crate::element::Sides;
use crate::error::{Error, IoContext, Result};
use crate::evaluation::{Correction, Sum};
use crate::network::activity::{self, ActivityConfig, Source};
use crate::network::device::DeviceDescription;
use crate::network::model::{ModelConfig, Scale};
use crate::network::training::TrainingConfig;
use crate::output;
use crate::output::provenance::Input;
use crate::pairs::{Augmentation, CellLines, SplitRule, TableSource};
use crate::seed::{Purpose, stream};

/// The most members of an ensemble, far above any use.
const MOST_MEMBERS: usize = 1000;

/// Everything that decides what a run computes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The table of pairs; of several cell lines that of the first one.
    pub table: TableSource,
    /// The cell lines, where there are several tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<CellLines>,
    /// The reference sequence.
    pub reference: Input,
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
    /// Motifs whose matrices the first filters start as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub init_motifs: Vec<Input>,
    /// What is known of pairs beside their sequence, if something is: it is fitted first and then held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextSource>,
    /// Networks that are trained, each from a seed of its own: with more than one an ensemble.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub ensemble: usize,
    /// An activity that is learnt beside the pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
}

fn one() -> usize {
    1
}

fn is_one(number: &usize) -> bool {
    *number == 1
}

/// What training found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The version of epitrack.
    pub version: String,
    /// Where it ran.
    pub device: DeviceDescription,
    /// The scale of the coordinates that the network learnt.
    pub coordinates: Sides<Scale>,
    /// The scales of the activities that the network learnt, in the order of their sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<activity::Scale>,
    /// The epoch whose weights were kept, from 1; of an ensemble that of the first member.
    pub best_epoch: usize,
    /// How the log-odds by sequence and those of the context become one, by the validation part; none of runs
    /// without a context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sum: Option<Sum>,
    /// The threshold with the best F1 on the validation part.
    pub threshold: f64,
    /// What makes probabilities that hold in the table of the network's, at the validation part's
    /// prevalence; none of runs of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// SHA-256 of the files that results rest on, weights, split and context, by their names in the folder;
    /// none of runs of earlier versions.
    #[serde(default, skip_serializing_if = "Sums::is_empty")]
    pub files: Sums,
    /// The members of an ensemble; none of a single network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MemberOutcome>,
}

/// What the training of an ensemble's member found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberOutcome {
    /// The seed that it was trained with.
    pub seed: u64,
    /// The epoch whose weights were kept, from 1.
    pub best_epoch: usize,
    /// The threshold that its own probabilities would have.
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
        for (name, fraction) in [
            ("test", self.test_fraction),
            ("validation", self.validation_fraction),
        ] {
            if !(fraction > 0.0 && fraction < 1.0) {
                let problem = format!("the {name} part must lie between 0 and 1: {fraction}");
                return Err(Error::Configuration(problem));
            }
        }
        if !(1..=MOST_MEMBERS).contains(&self.ensemble) {
            let problem = format!("an ensemble has 1 to {MOST_MEMBERS} members");
            return Err(Error::Configuration(problem));
        }
        if self.model.activity != self.activity.as_ref().map(Activity::form) {
            let problem = "the network's layers for activity are not those of the run's activities";
            return Err(Error::Configuration(problem.to_string()));
        }
        if let Some(activity) = &self.activity {
            Source::check(&activity.sources)?;
            activity.config.validate()?;
            if self.split == SplitRule::Random {
                let problem = "an activity is learnt on whole chromosomes, and the pairs are divided at random: \
                               divide them by chromosome (--split chromosome)";
                return Err(Error::Configuration(problem.to_string()));
            }
        }
        if let Some(cells) = &self.cells {
            cells.check(&self.table, &self.split)?;
            if self.context.is_some() {
                let problem =
                    "a context is of one cell line, and there are several tables: train on one";
                return Err(Error::Configuration(problem.to_string()));
            }
        }
        self.model.validate()?;
        self.training.validate()?;
        self.augmentation.validate()
    }

    /// Lets the run learn these activities beside its pairs, if there are any.
    pub fn learn_activity(&mut self, sources: Vec<Source>, config: ActivityConfig) {
        self.activity = (!sources.is_empty()).then_some(Activity { sources, config });
        self.model.activity = self.activity.as_ref().map(Activity::form);
    }

    /// The settings that a member of the ensemble, from 0, is trained with: those of the run with a
    /// seed of its own, which is the run's for the first. The others' have 32 bits, drawn from the
    /// run's, so that the ensembles of two neighbouring seeds have no member in common.
    pub(super) fn member(&self, member: usize) -> Self {
        let mut settings = self.clone();
        settings.ensemble = 1;
        if member > 0 {
            let mut rng = stream(self.training.seed, Purpose::Members, member as u64);
            settings.training.seed = u64::from(rng.random::<u32>());
        }
        settings
    }

    /// Every file that is read.
    pub(crate) fn inputs(&mut self) -> impl Iterator<Item = &mut Input> {
        let split = match &mut self.split {
            SplitRule::File { file } => Some(file),
            _ => None,
        };
        let activities = self.activity.iter_mut().flat_map(|of| &mut of.sources);
        let activities = activities.map(|source| &mut source.file);
        let cells = self.cells.iter_mut().flat_map(CellLines::inputs);
        self.table
            .inputs()
            .chain(cells)
            .chain([&mut self.reference])
            .chain(self.init.as_mut())
            .chain(&mut self.init_motifs)
            .chain(self.context.iter_mut().flat_map(ContextSource::inputs))
            .chain(split)
            .chain(activities)
    }

    /// A text, in JSON, that two runs share only if they compute the same: settings, inputs by content,
    /// and the device.
    pub(crate) fn identity(&self, device: &DeviceDescription) -> Result<String> {
        let mut settings = self.clone();
        // Moving a file changes nothing, and neither does writing checkpoints more often.
        for input in settings.inputs() {
            input.path = PathBuf::new();
        }
        settings.training.checkpoint_batches = 0;
        let device = device.identity();
        serde_json::to_string(&Identity { settings, device })
            .map_err(|error| Error::Configuration(error.to_string()))
    }

    /// The same of what a training computes epoch by epoch, however many there are to be and whatever
    /// prior is stated: nothing in an epoch depends on either.
    pub(super) fn training_identity(&self, device: &DeviceDescription) -> Result<String> {
        let mut settings = self.clone();
        settings.training.epochs = 0;
        settings.training.prior = None;
        settings.identity(device)
    }
}

/// What tells runs apart.
#[derive(Serialize)]
struct Identity {
    #[serde(flatten)]
    settings: Settings,
    device: String,
}

impl Record {
    /// What makes calibrated probabilities of the run's, for the prior that its settings state if they do;
    /// none of runs of earlier versions.
    pub fn correction(&self) -> Option<Correction> {
        let prior = self.settings.training.prior;
        self.outcome.correction.map(|of| of.with_prior(prior))
    }

    pub(super) fn identity(&self) -> Result<String> {
        self.settings.identity(&self.outcome.device)
    }

    pub(super) fn training_identity(&self) -> Result<String> {
        self.settings.training_identity(&self.outcome.device)
    }

    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).at(path)?;
        let mut record: Self =
            serde_json::from_str(&text).map_err(|error| Error::format(path, error))?;
        let checked = record.settings.validate();
        checked.map_err(|error| Error::format(path, error))?;
        let dir = path.parent().unwrap_or(Path::new(""));
        for input in record.settings.inputs() {
            input.found_from(dir);
        }
        Ok(record)
    }

    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let mut record = self.clone();
        let dir = path.parent().unwrap_or(Path::new(""));
        for input in record.settings.inputs() {
            *input = input.seen_from(dir)?;
        }
        output::write_json(path, &record)
    }
}
