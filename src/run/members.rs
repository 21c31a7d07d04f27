//! The networks of a run, trained one after the other: one, or the members of an ensemble.

use std::path::{Path, PathBuf};

use tracing::info;

use super::record::{MemberOutcome, Settings};
use crate::error::{Error, Result};
use crate::network::device::ComputeDevice;
use crate::network::model::Weights;
use crate::network::training::{self, ACTIVITY, Trained, TrainingData, Validated};
use crate::output;
use crate::progress::Progress;

/// The folder of the members after the first, which lies where a single network does.
const MEMBERS: &str = "members";

/// The files of a member.
pub(super) const WEIGHTS: &str = "model.safetensors";
pub(super) const HISTORY: &str = "history.csv";
pub(super) const CHECKPOINT: &str = "checkpoint.safetensors";

/// The folder of a member of a run, from 0.
pub(super) fn folder(dir: &Path, member: usize) -> PathBuf {
    match member {
        0 => dir.to_path_buf(),
        _ => dir.join(MEMBERS).join((member + 1).to_string()),
    }
}

/// What is to be trained, and where.
pub(super) struct Members<'a> {
    /// The settings of the run.
    pub settings: &'a Settings,
    /// The run's folder.
    pub dir: &'a Path,
    /// What its training is told from others by.
    pub identity: &'a str,
    /// Where it trains.
    pub device: &'a ComputeDevice,
}

impl Members<'_> {
    fn of(&self, member: usize, file: &str) -> PathBuf {
        folder(self.dir, member).join(file)
    }

    /// Checks that this run can go on from what an earlier training has left.
    pub fn check(&self) -> Result<()> {
        let epochs = self.settings.training.epochs;
        (0..self.settings.ensemble).try_for_each(|of| {
            training::check_checkpoint(&self.of(of, CHECKPOINT), self.identity, epochs)
        })
    }

    /// The first weights of each.
    pub fn first_weights(&self) -> Result<Vec<Weights>> {
        let first = |of| self.settings.member(of).first_weights(self.device);
        (0..self.settings.ensemble).map(first).collect()
    }

    /// Trains each. The checkpoint of a member stays: from it an interrupted run knows that the member has
    /// nothing left to do, and one that is to have more epochs goes on.
    pub fn train(
        &self,
        data: &TrainingData,
        start: Vec<Weights>,
        progress: &dyn Progress,
    ) -> Result<Vec<Trained>> {
        let members = start.into_iter().enumerate();
        let trained = members.map(|(member, start)| self.train_one(data, member, start, progress));
        trained.collect()
    }

    fn train_one(
        &self,
        data: &TrainingData,
        member: usize,
        start: Weights,
        progress: &dyn Progress,
    ) -> Result<Trained> {
        output::create_dir(folder(self.dir, member))?;
        let settings = self.settings.member(member);
        let all = self.settings.ensemble;
        if all > 1 {
            info!("member {} of {all}", member + 1);
        }
        let [checkpoint, history] = [CHECKPOINT, HISTORY].map(|file| self.of(member, file));
        let plan = training::Plan {
            model: &settings.model,
            config: &settings.training,
            start,
            device: self.device,
            checkpoint: &checkpoint,
            identity: self.identity,
            history: &history,
            tells_epochs: true,
        };
        training::train(data, plan, progress)
    }

    /// Writes the weights of each.
    pub fn write(&self, trained: &[Trained]) -> Result<()> {
        for (member, trained) in trained.iter().enumerate() {
            let path = self.of(member, WEIGHTS);
            let config = serde_json::to_string(&self.settings.model);
            let config = config.map_err(|error| Error::format(&path, error))?;
            trained.weights.write(&path, Some(config))?;
        }
        Ok(())
    }

    /// The files of the weights.
    pub fn weights(&self) -> impl Iterator<Item = PathBuf> {
        (0..self.settings.ensemble).map(|member| self.of(member, WEIGHTS))
    }

    /// What the validation part decides about all together, and what each member of an ensemble has
    /// found.
    pub fn outcome(
        &self,
        data: &TrainingData,
        trained: &[Trained],
    ) -> Result<(Validated, Vec<MemberOutcome>)> {
        if let [only] = trained {
            return Ok((only.validated, Vec::new()));
        }
        let weights: Vec<&Weights> = trained.iter().map(|of| &of.weights).collect();
        let device = self.device.inference();
        let setting = (&self.settings.model, &self.settings.training);
        let validated = training::validated(data, &weights, setting, &device)?;
        let outcome = |(member, of): (usize, &Trained)| MemberOutcome {
            seed: self.settings.member(member).training.seed,
            best_epoch: of.best_epoch,
            threshold: of.validated.threshold,
        };
        Ok((validated, trained.iter().enumerate().map(outcome).collect()))
    }
}

/// Whether the checkpoints of so many members are all there.
pub(super) fn have_checkpoints(dir: &Path, members: usize) -> bool {
    (0..members).all(|of| folder(dir, of).join(CHECKPOINT).exists())
}

/// Removes the checkpoints of so many members.
pub(super) fn remove_checkpoints(dir: &Path, members: usize) -> Result<()> {
    (0..members).try_for_each(|of| output::remove_if_there(&folder(dir, of).join(CHECKPOINT)))
}

/// Removes what the members after the first have left; other files stay, and the folders with them.
pub(super) fn remove_others(dir: &Path) -> Result<()> {
    let folders = (1..).map(|member| folder(dir, member));
    for folder in folders.take_while(|folder| folder.exists()) {
        for file in [CHECKPOINT, WEIGHTS, HISTORY, ACTIVITY] {
            output::remove_if_there(&folder.join(file))?;
        }
        std::fs::remove_dir(folder).ok();
    }
    std::fs::remove_dir(dir.join(MEMBERS)).ok();
    Ok(())
}
