//! The measures of a set of predictions, for a machine and for a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::calibration::{Calibration, brier};
use super::metrics::{Scored, auroc, average_precision, classes, f1};
use crate::error::Result;
use crate::statistics::{Interval, bootstrap};

/// Bins of the reliability curve.
const BINS: usize = 10;

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
    /// The Brier score, the mean squared difference of probability and label.
    pub brier: Interval,
    /// Whether the probabilities are what they say, in tenths of the pairs.
    pub calibration: Calibration,
}

impl Metrics {
    /// Measures a set.
    ///
    /// # Errors
    ///
    /// A set of only one class.
    pub fn new(set: &[Scored], threshold: f64, seed: u64) -> Result<Self> {
        let (positives, negatives) = classes(set);
        Ok(Self {
            positives,
            negatives,
            auroc: bootstrap(set, seed, auroc)?,
            auprc: bootstrap(set, seed, average_precision)?,
            f1: bootstrap(set, seed, |set| Ok(f1(set, 0.5)))?,
            f1_at_threshold: bootstrap(set, seed, |set| Ok(f1(set, threshold)))?,
            threshold,
            brier: bootstrap(set, seed, brier)?,
            calibration: Calibration::new(set, BINS)?,
        })
    }

    /// AUROC, AUPRC, both F1 and the Brier score.
    fn intervals(&self) -> [Interval; 5] {
        let [auroc, auprc] = [self.auroc, self.auprc];
        [auroc, auprc, self.f1, self.f1_at_threshold, self.brier]
    }
}

/// `metrics.json`: the measures of the parts of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunMetrics {
    /// The version of epitrack.
    pub version: String,
    /// SHA-256 of the weights.
    pub weights: String,
    /// The device that made the predictions.
    pub device: String,
    /// The seed of the intervals.
    pub seed: u64,
    /// The part that stopped the training and chose the threshold.
    pub validation: Metrics,
    /// The part that chose nothing.
    pub test: Metrics,
}

impl fmt::Display for RunMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading =
            |name: &str, of: &Metrics| format!("{name} ({} + {})", of.positives, of.negatives);
        let test = heading("test", &self.test);
        let validation = heading("validation", &self.validation);
        writeln!(f, "{:<22}{test:<26}{validation}", "")?;
        let best = format!("F1 at {:.3}", self.test.threshold);
        let names = ["AUROC", "AUPRC", "F1 at 0.5", &best, "Brier score"];
        let columns = [&self.test, &self.validation].map(Metrics::intervals);
        for (row, name) in names.into_iter().enumerate() {
            let [test, validation] = columns.map(|column| column[row].to_string());
            writeln!(f, "{name:<22}{test:<26}{validation}")?;
        }
        write!(
            f,
            "positives + negatives; 95 % bootstrap intervals over the pairs"
        )
    }
}
