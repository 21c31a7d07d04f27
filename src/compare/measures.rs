//! How good a method is in a fold.

use std::fmt;

use serde::Serialize;

use crate::error::Result;
use crate::evaluation::{Scored, auroc, average_precision, best_f1_threshold, f1};

/// The threshold of methods whose scores are probabilities.
const HALF: f64 = 0.5;

/// The measures of one method in one fold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measures {
    /// Area under the receiver operating characteristic.
    pub auroc: f64,
    /// Average precision.
    pub auprc: f64,
    /// F1 of calling scores of 0.5 or more positive.
    pub f1: f64,
    /// The best F1 of any threshold: what a method could reach that knew it.
    pub best_f1: f64,
}

/// A measure's name in files, and how to get at it.
pub type Measure = (&'static str, fn(&Measures) -> f64);

/// All measures.
pub const MEASURES: [Measure; 4] = [
    ("auroc", |of| of.auroc),
    ("auprc", |of| of.auprc),
    ("f1", |of| of.f1),
    ("best_f1", |of| of.best_f1),
];

impl Measures {
    /// Measures scored pairs.
    ///
    /// # Errors
    ///
    /// Pairs of one class only; scores that are not finite.
    pub fn new(scored: &[Scored]) -> Result<Self> {
        Ok(Self {
            auroc: auroc(scored)?,
            auprc: average_precision(scored)?,
            f1: f1(scored, HALF),
            best_f1: f1(scored, best_f1_threshold(scored)?),
        })
    }
}

impl fmt::Display for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [auroc, auprc, f1, best_f1] = MEASURES.map(|(_, value)| value(self));
        write!(
            f,
            "AUROC {auroc:.4}, AUPRC {auprc:.4}, F1 {f1:.4} (at best {best_f1:.4})"
        )
    }
}
