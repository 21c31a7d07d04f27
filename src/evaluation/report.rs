//! The measures of a set of predictions, for a machine and for a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Interval, Scored, auroc, average_precision, bootstrap, f1};
use crate::error::Result;

/// The measures of one set, each with its 95 % bootstrap interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Positive pairs.
    pub positives: usize,
    /// Negative pairs.
    pub negatives: usize,
    /// Area under the receiver operating characteristic.
    pub auroc: Interval,
    /// Average precision; by chance it is the part of positives.
    pub auprc: Interval,
    /// F1 of calling probabilities of at least 0.5 positive.
    pub f1: Interval,
    /// F1 at the threshold that is best on the validation part.
    pub f1_at_threshold: Interval,
    /// That threshold.
    pub threshold: f64,
}

impl Metrics {
    /// Measures a set.
    ///
    /// # Errors
    ///
    /// A set of only one class.
    pub fn new(set: &[Scored], threshold: f64, seed: u64) -> Result<Self> {
        let positives = set.iter().filter(|scored| scored.positive).count();
        Ok(Self {
            positives,
            negatives: set.len() - positives,
            auroc: bootstrap(set, seed, auroc)?,
            auprc: bootstrap(set, seed, average_precision)?,
            f1: bootstrap(set, seed, |set| Ok(f1(set, 0.5)))?,
            f1_at_threshold: bootstrap(set, seed, |set| Ok(f1(set, threshold)))?,
            threshold,
        })
    }
}

/// `metrics.json`: the measures of the parts of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of epitrack.
    pub version: String,
    /// The device that made the predictions.
    pub device: String,
    /// The seed of the intervals.
    pub seed: u64,
    /// The part that stopped the training and chose the threshold.
    pub validation: Metrics,
    /// The part that chose nothing.
    pub test: Metrics,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<22}{:<26}{:<26}",
            "",
            format!("test ({} + {})", self.test.positives, self.test.negatives),
            format!(
                "validation ({} + {})",
                self.validation.positives, self.validation.negatives
            ),
        )?;
        let rows: [(String, fn(&Metrics) -> Interval); 4] = [
            ("AUROC".to_string(), |metrics| metrics.auroc),
            ("AUPRC".to_string(), |metrics| metrics.auprc),
            ("F1 at 0.5".to_string(), |metrics| metrics.f1),
            (format!("F1 at {:.3}", self.test.threshold), |metrics| {
                metrics.f1_at_threshold
            }),
        ];
        for (name, of) in rows {
            writeln!(
                f,
                "{name:<22}{:<26}{:<26}",
                of(&self.test).to_string(),
                of(&self.validation).to_string()
            )?;
        }
        write!(
            f,
            "positives + negatives; 95 % bootstrap intervals over the pairs"
        )
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} ({:.3}–{:.3})", self.value, self.low, self.high)
    }
}
