//! What changes while training.

use serde::{Deserialize, Serialize};

use super::activity::ActivityEpoch;
use super::adam::Adam;
use super::history::History;
use crate::error::Result;
use crate::evaluation::{Epoch, Scored, auroc, average_precision, f1};
use crate::network::model::{Epiann, Weights};

/// Everything that changes while training.
pub struct Run {
    /// The network.
    pub network: Epiann,
    /// What Adam remembers.
    pub adam: Adam,
    /// The best epoch so far.
    pub best: Option<Best>,
    /// Where it is.
    pub state: State,
}

/// The epoch with the best validation AUPRC so far.
#[derive(Debug, Clone)]
pub struct Best {
    /// From 1.
    pub epoch: usize,
    /// Average precision on the validation part.
    pub auprc: f64,
    /// The weights after it.
    pub weights: Weights,
}

/// Where a run is: what does not live in tensors. There is no generator's state to keep, as every
/// stream of random numbers is found from the epoch, the step and the seed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Epochs that are complete.
    pub epoch: usize,
    /// Batches of the current epoch that are done.
    pub batch: usize,
    /// Sum of the losses of those batches.
    pub loss: f64,
    /// Sum of their cross-entropies.
    pub bce: f64,
    /// Epochs of the activity task before the pairs that are complete.
    #[serde(default, skip_serializing_if = "is_none")]
    pub before: usize,
    /// Sum of the activity losses of those batches.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub activity_loss: f64,
    /// The complete epochs.
    pub history: History,
    /// How well activity was predicted after each epoch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<ActivityEpoch>,
}

fn is_none(epochs: &usize) -> bool {
    *epochs == 0
}

fn is_nothing(loss: &f64) -> bool {
    *loss == 0.0
}

impl State {
    /// The epoch, from 1, that it is in, or that it has completed where none after it was begun; 0
    /// before the first.
    pub fn reached(&self) -> usize {
        self.epoch + usize::from(self.batch > 0)
    }

    /// Goes to the first batch of the next epoch.
    pub fn begin_next_epoch(&mut self) {
        self.epoch += 1;
        self.batch = 0;
        self.loss = 0.0;
        self.bce = 0.0;
        self.activity_loss = 0.0;
    }

    /// The row of the current epoch, whose `batches` are all done.
    pub fn row(
        &self,
        batches: usize,
        validation: &[Scored],
        pairs_per_second: f64,
    ) -> Result<Epoch> {
        Ok(Epoch {
            epoch: self.epoch + 1,
            loss: self.loss / batches as f64,
            bce: self.bce / batches as f64,
            auroc: auroc(validation)?,
            auprc: average_precision(validation)?,
            f1: f1(validation, 0.5),
            pairs_per_second,
        })
    }
}
