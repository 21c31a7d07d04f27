//! The settings of a training run.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The most epochs or batches, far above any use.
const MOST: usize = 1 << 24;
/// The most examples of a class in a batch: a step keeps several megabytes for each.
const LARGEST_BATCH: usize = 1 << 12;

/// The settings of a training run; the defaults are the paper's where it gives them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainingConfig {
    /// The most epochs.
    pub epochs: usize,
    /// Epochs without a better validation AUPRC after which training stops.
    pub patience: usize,
    /// Positive examples in a batch.
    pub batch_positives: usize,
    /// Negative examples in a batch.
    pub batch_negatives: usize,
    /// Batches in an epoch; 0: enough to see every example of the larger class once.
    pub epoch_batches: usize,
    /// Adam's step size.
    pub learning_rate: f64,
    /// Adam's decay of the mean gradient.
    pub beta1: f64,
    /// Adam's decay of the mean squared gradient.
    pub beta2: f64,
    /// Adam's guard against division by 0.
    pub epsilon: f64,
    /// Batches between checkpoints inside an epoch; 0: only after each epoch.
    pub checkpoint_batches: usize,
    /// The seed of everything that is random.
    pub seed: u64,
    /// The part of positives that calibrated probabilities are for, where it is not that of the
    /// validation part. It changes no weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<f64>,
}

impl Default for TrainingConfig {
    fn default() -> Self {
        Self {
            epochs: 90,
            patience: 10,
            batch_positives: 32,
            batch_negatives: 32,
            epoch_batches: 0,
            learning_rate: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
            checkpoint_batches: 0,
            seed: 1,
            prior: None,
        }
    }
}

impl TrainingConfig {
    /// Examples in a batch.
    pub fn batch(&self) -> usize {
        self.batch_positives + self.batch_negatives
    }

    /// The log-odds of a positive in a batch.
    pub fn batch_log_odds(&self) -> f64 {
        (self.batch_positives as f64 / self.batch_negatives as f64).ln()
    }

    /// Whether training stops by itself after an epoch where an earlier one, or it, was the best; both
    /// from 1.
    pub fn stops(&self, epoch: usize, best: usize) -> bool {
        epoch >= best + self.patience
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// A count of 0 where there must be one, a rate out of its range.
    pub fn validate(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::Configuration(format!("training: {message}")));
        let counts = [
            ("epochs", self.epochs, MOST),
            ("patience", self.patience, MOST),
            ("batch_positives", self.batch_positives, LARGEST_BATCH),
            ("batch_negatives", self.batch_negatives, LARGEST_BATCH),
        ];
        for (name, count, most) in counts {
            if !(1..=most).contains(&count) {
                return refuse(format!("{name} must lie between 1 and {most}"));
            }
        }
        if self.epoch_batches > MOST {
            return refuse(format!("epoch_batches must be at most {MOST}"));
        }
        for (name, rate) in [
            ("learning_rate", self.learning_rate),
            ("epsilon", self.epsilon),
        ] {
            if !(rate > 0.0 && rate.is_finite()) {
                return refuse(format!("{name} must be a positive number: {rate}"));
            }
        }
        for (name, decay) in [("beta1", self.beta1), ("beta2", self.beta2)] {
            if !(0.0..1.0).contains(&decay) {
                return refuse(format!("{name} must lie between 0 and 1: {decay}"));
            }
        }
        if let Some(prior) = self.prior
            && !(prior > 0.0 && prior < 1.0)
        {
            return refuse(format!("prior must lie between 0 and 1: {prior}"));
        }
        Ok(())
    }
}
