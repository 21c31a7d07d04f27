//! What happened in each epoch.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::output;

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

/// Every epoch so far.
pub type History = Vec<Epoch>;

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "epoch {}: loss {:.4}, validation AUROC {:.4}, AUPRC {:.4}, F1 {:.4}; {:.1} pairs/s",
            self.epoch, self.loss, self.auroc, self.auprc, self.f1, self.pairs_per_second
        )
    }
}

/// Writes `history.csv`.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(path: &Path, history: &[Epoch]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let refuse = |error: &dyn fmt::Display| Error::format(path, error);
    for epoch in history {
        writer.serialize(epoch).map_err(|error| refuse(&error))?;
    }
    let text = writer.into_inner().map_err(|error| refuse(&error))?;
    output::write(path, text)
}

/// Reads `history.csv`.
///
/// # Errors
///
/// A file that is not there, or that is none of ours.
pub fn read(path: &Path) -> Result<History> {
    let refuse = |error| Error::format(path, error);
    let mut reader = csv::Reader::from_path(path).map_err(refuse)?;
    reader
        .deserialize()
        .map(|row| row.map_err(refuse))
        .collect()
}
