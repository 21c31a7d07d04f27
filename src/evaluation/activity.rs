//! How well an activity is predicted, bin by bin.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Scored, auroc, average_precision};
use crate::error::Result;

/// How well the bins of some windows are told apart. Of peaks the areas, of signals the correlation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BinMeasures {
    /// Of bins that lie in a peak, among all.
    Peaks {
        /// Area under the ROC curve.
        auroc: f64,
        /// Average precision.
        auprc: f64,
    },
    /// Of the logarithm of 1 + the signal.
    Signal {
        /// Pearson's correlation.
        pearson: f64,
    },
}

impl BinMeasures {
    /// How well scores tell bins that lie in peaks from others.
    ///
    /// # Errors
    ///
    /// Bins of one kind only.
    pub fn of_peaks(scores: &[f32], peaks: &[f32]) -> Result<Self> {
        let scored = scores.iter().zip(peaks).map(|(&score, &peak)| Scored {
            score: f64::from(score),
            positive: peak > 0.5,
        });
        let scored: Vec<Scored> = scored.collect();
        Ok(Self::Peaks {
            auroc: auroc(&scored)?,
            auprc: average_precision(&scored)?,
        })
    }

    /// How scores go with a signal; 0 where either is the same in all bins.
    pub fn of_signal(scores: &[f32], signal: &[f32]) -> Self {
        Self::Signal {
            pearson: pearson(scores, signal),
        }
    }
}

/// Pearson's correlation of two lists of one length; 0 where one of them has no variance.
fn pearson(a: &[f32], b: &[f32]) -> f64 {
    let n = a.len() as f64;
    let mean = |of: &[f32]| of.iter().map(|&x| f64::from(x)).sum::<f64>() / n;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (f64::from(a) - mean_a, f64::from(b) - mean_b);
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    match aa * bb {
        product if product > 0.0 => ab / product.sqrt(),
        _ => 0.0,
    }
}

/// How well an activity is predicted from sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityMetrics {
    /// Which activity, by its name.
    pub source: String,
    /// Windows that were looked at; some lie over each other, and their common bins count in each.
    pub windows: usize,
    /// Their bins.
    pub bins: usize,
    /// The part of the bins that lie in a peak; none of signals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prevalence: Option<f64>,
    /// By the network.
    pub network: BinMeasures,
    /// By the share of G and C around each bin.
    pub gc: BinMeasures,
}

impl fmt::Display for ActivityMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.source)?;
        match (self.network, self.gc) {
            (
                BinMeasures::Peaks { auroc, auprc },
                BinMeasures::Peaks {
                    auroc: by_gc,
                    auprc: gc,
                },
            ) => {
                write!(
                    f,
                    "AUROC {auroc:.3} (G+C {by_gc:.3}), AUPRC {auprc:.3} ({gc:.3}"
                )?;
                if let Some(prevalence) = self.prevalence {
                    write!(f, ", chance {prevalence:.3}")?;
                }
                write!(f, ")")
            }
            (BinMeasures::Signal { pearson }, BinMeasures::Signal { pearson: gc }) => {
                write!(f, "correlation {pearson:.3} (G+C {gc:.3})")
            }
            (network, gc) => write!(f, "{network:?} ({gc:?})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_as_by_hand() {
        let peaks = BinMeasures::of_peaks(&[0.9, 0.1, 0.8, 0.2], &[1.0, 0.0, 0.0, 1.0]).unwrap();
        // Of the four pairs of a peak and another bin three are in order; the peaks are first and third.
        let wanted = BinMeasures::Peaks {
            auroc: 0.75,
            auprc: (1.0 + 2.0 / 3.0) / 2.0,
        };
        assert_eq!(peaks, wanted);
        let signal = |of: &[f32]| match BinMeasures::of_signal(of, &[1.0, 2.0, 3.0]) {
            BinMeasures::Signal { pearson } => pearson,
            BinMeasures::Peaks { .. } => unreachable!("a signal"),
        };
        assert!((signal(&[2.0, 4.0, 6.0]) - 1.0).abs() < 1e-12);
        assert!((signal(&[1.0, 0.0, 1.0])).abs() < 1e-12);
        assert_eq!(signal(&[5.0; 3]), 0.0);
        assert!(BinMeasures::of_peaks(&[0.5; 2], &[0.0; 2]).is_err());
    }

    #[test]
    fn they_are_read_back_from_json() {
        let metrics = ActivityMetrics {
            source: "dnase".to_string(),
            windows: 2,
            bins: 200,
            prevalence: None,
            network: BinMeasures::Signal { pearson: 0.5 },
            gc: BinMeasures::Signal { pearson: 0.25 },
        };
        let text = serde_json::to_string(&metrics).unwrap();
        assert_eq!(
            serde_json::from_str::<ActivityMetrics>(&text).unwrap(),
            metrics
        );
        assert_eq!(metrics.to_string(), "dnase: correlation 0.500 (G+C 0.250)");
    }
}
