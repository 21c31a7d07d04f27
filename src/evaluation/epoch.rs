//! How good a network is while it learns.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One epoch: a row of `history.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// From 1.
    pub epoch: usize,
    /// Mean loss over the training batches.
    pub loss: f64,
    /// Mean cross-entropy over the training batches, in nats.
    pub bce: f64,
    /// On the validation part.
    pub auroc: f64,
    /// On the validation part.
    pub auprc: f64,
    /// On the validation part, at probability 0.5.
    pub f1: f64,
    /// Training pairs per second. The one number that differs from run to run.
    pub pairs_per_second: f64,
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "epoch {}: loss {:.4}, validation AUROC {:.4}, AUPRC {:.4}, F1 {:.4}; {:.1} pairs/s",
            self.epoch, self.loss, self.auroc, self.auprc, self.f1, self.pairs_per_second
        )
    }
}
