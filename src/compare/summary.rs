//! What methods reached: in each fold, in the mean over folds, and beside EPIANN.

use serde::Serialize;

use super::contender::Contender;
use super::fold::Fold;
use super::measures::{MEASURES, Measures};
use crate::evaluation::Support;
use crate::pairs::folds::FoldRule;
use crate::statistics::{Interval, student};

/// A method where it was tested.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// The cell line.
    pub cell: String,
    /// How pairs were divided.
    pub split: FoldRule,
    /// The method.
    pub method: String,
    /// The part of the training pairs that it learned from.
    pub part: f64,
}

impl Setting {
    /// Test pairs for each training pair, of folds of one size.
    pub(super) fn test_to_train(&self, folds: usize) -> f64 {
        1.0 / ((folds - 1) as f64 * self.part)
    }
}

/// What a method reached in one fold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// The method.
    #[serde(flatten)]
    pub setting: Setting,
    /// The fold, from 1.
    pub fold: usize,
    /// Pairs that it learned from.
    pub train_pairs: usize,
    /// Positive test pairs.
    pub positives: usize,
    /// Negative ones.
    pub negatives: usize,
    /// The elements of the test pairs.
    pub support: Support,
    /// Those of the test pairs of all folds together.
    #[serde(skip)]
    pub together: Support,
    /// How good it was.
    #[serde(flatten)]
    pub measures: Measures,
}

impl Scored {
    /// Of a fold, with the elements of its test pairs and of those of all folds.
    pub fn new(
        fold: &Fold,
        contender: &Contender,
        [support, together]: [Support; 2],
        measures: Measures,
    ) -> Self {
        let pairs = &fold.cell.table.pairs;
        let positive = |pair: &&usize| pairs[**pair].label == Some(true);
        let positives = fold.test.iter().filter(positive).count();
        Self {
            setting: Setting {
                cell: fold.cell.request.name.clone(),
                split: fold.rule,
                method: contender.name.clone(),
                part: fold.part,
            },
            fold: fold.number + 1,
            train_pairs: fold.train.len(),
            positives,
            negatives: fold.test.len() - positives,
            support,
            together,
            measures,
        }
    }
}

/// A measure of a method over all folds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The method.
    #[serde(flatten)]
    pub setting: Setting,
    /// Pairs that it learned from, in the mean.
    pub train_pairs: f64,
    /// Pairs that were tested, in all folds together.
    pub test_pairs: usize,
    /// The elements of these.
    pub support: Support,
    /// `auroc`, `auprc`, `f1` or `best_f1`.
    pub measure: &'static str,
    /// The mean over folds.
    pub mean: Interval,
    /// EPIANN's measure less this one's in the same fold, in the mean; none for EPIANN itself, and
    /// where it was not asked for.
    pub epiann_less_this: Option<Difference>,
}

/// A mean difference over folds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The mean.
    #[serde(flatten)]
    pub mean: Interval,
    /// The probability of one as large by chance.
    pub p: f64,
}

/// Sums every measure of every method up; `epiann` is what EPIANN is called.
pub fn summarise(folds: &[Scored], epiann: &str) -> Vec<Summary> {
    let mut summary = Vec::new();
    for setting in distinct(folds.iter().map(|of| &of.setting)) {
        let of = |setting: &Setting| -> Vec<&Scored> {
            folds.iter().filter(|of| of.setting == *setting).collect()
        };
        let same = Setting {
            method: epiann.to_string(),
            ..setting.clone()
        };
        let (theirs, ours) = (of(setting), of(&same));
        let train_pairs: usize = theirs.iter().map(|of| of.train_pairs).sum();
        for (measure, value) in MEASURES {
            let values: Vec<f64> = theirs.iter().map(|of| value(&of.measures)).collect();
            let tested = setting.test_to_train(theirs.len());
            let mean = over_folds(&values, tested).mean;
            let both = ours.iter().zip(&values);
            let differences = both.map(|(of, other)| value(&of.measures) - other);
            let differences: Vec<f64> = differences.collect();
            let compared = setting.method != epiann && !differences.is_empty();
            summary.push(Summary {
                setting: setting.clone(),
                train_pairs: train_pairs as f64 / theirs.len() as f64,
                test_pairs: theirs.iter().map(|of| of.positives + of.negatives).sum(),
                support: theirs[0].together,
                measure,
                mean: Interval {
                    low: mean.low.max(0.0),
                    high: mean.high.min(1.0),
                    ..mean
                },
                epiann_less_this: compared.then(|| over_folds(&differences, tested)),
            });
        }
    }
    summary
}

/// All that differ, in the order in which they first come.
pub fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// The mean over two folds or more with its 95 % interval, and the probability of one as far from 0
/// by chance.
///
/// Folds share training pairs and so are no independent draws. The variance of their mean is taken
/// as s² (1/k + r), with k folds and r test pairs for each training pair: Nadeau & Bengio 2003,
/// doi:10.1023/A:1024068626366, the corrected resampled t-test.
pub(super) fn over_folds(values: &[f64], test_to_train: f64) -> Difference {
    let folds = values.len() as f64;
    let mean = values.iter().sum::<f64>() / folds;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    let variance = squares.sum::<f64>() / (folds - 1.0);
    let freedom = values.len() as u32 - 1;
    let error = (variance * (1.0 / folds + test_to_train)).sqrt();
    let reach = student::critical(freedom) * error;
    Difference {
        mean: Interval {
            value: mean,
            low: mean - reach,
            high: mean + reach,
        },
        p: match error > 0.0 {
            true => student::two_sided(mean / error, freedom),
            false if mean == 0.0 => 1.0,
            false => 0.0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_folds_has_the_corrected_interval() {
        // By hand: s² = 0.02, corrected by 1/2 + 1; the t of one degree of freedom.
        let Difference { mean, p } = over_folds(&[0.6, 0.8], 1.0);
        let reach = 12.706_204_736 * (0.02f64 * 1.5).sqrt();
        assert!((mean.value - 0.7).abs() < 1e-12);
        assert!((mean.high - 0.7 - reach).abs() < 1e-6, "{mean:?}");
        assert!(p > 0.1 && p < 0.2, "{p}");
    }

    #[test]
    fn folds_that_all_say_the_same_leave_no_doubt() {
        assert_eq!(over_folds(&[0.0, 0.0, 0.0], 0.5).p, 1.0);
        assert_eq!(over_folds(&[0.25, 0.25], 1.0).p, 0.0);
    }

    #[test]
    fn fewer_training_pairs_widen_the_interval() {
        let setting = |part| Setting {
            cell: String::new(),
            split: FoldRule::Random,
            method: String::new(),
            part,
        };
        assert_eq!(setting(1.0).test_to_train(5), 0.25);
        assert_eq!(setting(0.25).test_to_train(5), 1.0);
    }

    #[test]
    fn methods_are_compared_fold_by_fold() {
        let scored = |method: &str, fold, auroc| Scored {
            setting: Setting {
                cell: "K562".to_string(),
                split: FoldRule::Random,
                method: method.to_string(),
                part: 1.0,
            },
            fold,
            train_pairs: 10 * fold,
            positives: 1,
            negatives: 4,
            support: Support::default(),
            together: Support::default(),
            measures: Measures {
                auroc,
                auprc: 0.5,
                f1: 0.5,
                best_f1: 0.5,
            },
        };
        let folds = [
            scored("EPIANN", 1, 0.8),
            scored("other", 1, 0.5),
            scored("EPIANN", 2, 0.9),
            scored("other", 2, 0.6),
        ];
        let summary = summarise(&folds, "EPIANN");
        assert_eq!(summary.len(), 8);
        assert_eq!(summary[0].epiann_less_this, None);
        let other = &summary[4];
        assert_eq!(
            (other.setting.method.as_str(), other.measure),
            ("other", "auroc")
        );
        assert_eq!((other.train_pairs, other.test_pairs), (15.0, 10));
        let difference = other.epiann_less_this.unwrap();
        assert!((difference.mean.value - 0.3).abs() < 1e-12);
        assert!(
            difference.p < 1e-6,
            "both differ by the same: {}",
            difference.p
        );
        assert_eq!(summarise(&folds[1..2], "EPIANN").len(), 4);
    }
}
