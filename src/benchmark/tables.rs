//! What came out: means over folds, and differences from EPIANN.

use std::fmt;
use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use super::Request;
use super::contender::Contender;
use super::fold::Fold;
use super::measures::{MEASURES, Measures};
use crate::device::{ComputeDevice, DeviceDescription};
use crate::error::Result;
use crate::evaluation::{Interval, student};
use crate::figures::{self, BenchmarkRow, Figure};
use crate::output;
use crate::pairs::folds::FoldRule;
use crate::provenance::VERSION;

/// What a method reached in one fold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// The cell line.
    pub cell: String,
    /// How pairs were divided.
    pub split: FoldRule,
    /// The method.
    pub method: String,
    /// The fold, from 1.
    pub fold: usize,
    /// Positive test pairs.
    pub positives: usize,
    /// Negative ones.
    pub negatives: usize,
    /// How good it was.
    #[serde(flatten)]
    pub measures: Measures,
}

impl Scored {
    /// Of a fold.
    pub fn new(fold: &Fold, contender: &Contender, measures: Measures) -> Self {
        let label = |pair: &&usize| fold.cell.table.pairs[**pair].label == Some(true);
        let positives = fold.test.iter().filter(label).count();
        Self {
            cell: fold.cell.request.name.clone(),
            split: fold.rule,
            method: contender.name.clone(),
            fold: fold.number + 1,
            positives,
            negatives: fold.test.len() - positives,
            measures,
        }
    }
}

/// A measure of a method over all folds of a cell line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The cell line.
    pub cell: String,
    /// How pairs were divided.
    pub split: FoldRule,
    /// The method.
    pub method: String,
    /// `auroc`, `auprc`, `f1` or `best_f1`.
    pub measure: &'static str,
    /// The mean over folds.
    pub mean: Interval,
    /// The mean of EPIANN's measure less this one's in the same fold; none for EPIANN itself, and
    /// where it was not asked for.
    pub epiann_less_this: Option<Interval>,
    /// The probability of a difference as large by chance.
    pub p: Option<f64>,
}

/// A benchmark that is complete.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Benchmark {
    /// The version of epitrack.
    pub version: &'static str,
    /// Where the network ran.
    pub device: DeviceDescription,
    /// What was asked for.
    pub request: Request,
    /// Every measure over the folds.
    pub summary: Vec<Summary>,
    /// Every fold.
    pub folds: Vec<Scored>,
}

impl Benchmark {
    /// Sums up.
    pub fn new(request: &Request, device: &ComputeDevice, folds: Vec<Scored>) -> Self {
        Self {
            version: VERSION,
            device: device.description.clone(),
            request: request.clone(),
            summary: summary(&folds, &request.epiann()),
            folds,
        }
    }

    /// Writes `folds.tsv`, `summary.tsv`, a table of methods by cell lines for each measure, and all
    /// of it as `benchmark.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, dir: &Path) -> Result<()> {
        output::write(dir.join("folds.tsv"), self.folds_table())?;
        output::write(dir.join("summary.tsv"), self.summary_table())?;
        for (name, _) in MEASURES {
            output::write(dir.join(format!("{name}.tsv")), self.table(name))?;
        }
        output::write_json(dir.join("benchmark.json"), self)
    }

    fn folds_table(&self) -> String {
        let mut text = "cell\tsplit\tmethod\tfold\tpositives\tnegatives".to_string();
        for (name, _) in MEASURES {
            text += &format!("\t{name}");
        }
        text.push('\n');
        for of in &self.folds {
            let (split, place) = (of.split.name(), (of.fold, of.positives, of.negatives));
            let (fold, positives, negatives) = place;
            text += &format!(
                "{}\t{split}\t{}\t{fold}\t{positives}\t{negatives}",
                of.cell, of.method
            );
            for (_, value) in MEASURES {
                text += &format!("\t{}", value(&of.measures));
            }
            text.push('\n');
        }
        text
    }

    fn summary_table(&self) -> String {
        let mut text = "cell\tsplit\tmethod\tmeasure\tmean\tlow\thigh\tepiann_less_this\t\
                        difference_low\tdifference_high\tp\n"
            .to_string();
        for of in &self.summary {
            let Interval { value, low, high } = of.mean;
            let (cell, split, method, measure) =
                (&of.cell, of.split.name(), &of.method, of.measure);
            text += &format!("{cell}\t{split}\t{method}\t{measure}\t{value}\t{low}\t{high}");
            text += &match (of.epiann_less_this, of.p) {
                (Some(Interval { value, low, high }), Some(p)) => {
                    format!("\t{value}\t{low}\t{high}\t{p}\n")
                }
                _ => "\t\t\t\t\n".to_string(),
            };
        }
        text
    }

    /// Methods by cell lines and splits: the means of a measure.
    fn table(&self, measure: &str) -> String {
        let of_measure = || self.summary.iter().filter(|of| of.measure == measure);
        let columns = distinct(of_measure().map(|of| (of.cell.as_str(), of.split)));
        let mut text = "method".to_string();
        for (cell, split) in &columns {
            text += &format!("\t{cell}, {}", split.name());
        }
        text.push('\n');
        for method in distinct(of_measure().map(|of| of.method.as_str())) {
            text += method;
            for (cell, split) in &columns {
                let mut found =
                    of_measure().filter(|of| (of.cell.as_str(), of.split) == (*cell, *split));
                let found = found.find(|of| of.method == method);
                text += &found.map_or("\t".to_string(), |of| format!("\t{}", of.mean.value));
            }
            text.push('\n');
        }
        text
    }

    /// AUROC, AUPRC and F1 of all methods.
    ///
    /// # Errors
    ///
    /// Too many methods or cell lines for a page.
    pub fn figure(&self) -> Result<Figure> {
        let mean = |of: &Summary, measure: &str| {
            let same = |other: &&Summary| {
                (&other.cell, other.split, &other.method) == (&of.cell, of.split, &of.method)
            };
            let mut all = self.summary.iter().filter(same);
            all.find(|other| other.measure == measure)
                .map(|found| found.mean)
        };
        let rows = self
            .summary
            .iter()
            .filter(|of| of.measure == "auroc")
            .map(|of| {
                let tested = self.folds.iter().filter(|fold| {
                    (&fold.cell, fold.split, &fold.method) == (&of.cell, of.split, &of.method)
                });
                BenchmarkRow {
                    method: &of.method,
                    cell_line: &of.cell,
                    split: of.split.name(),
                    pairs: tested.map(|fold| fold.positives + fold.negatives).sum(),
                    auroc: mean(of, "auroc"),
                    aupr: mean(of, "auprc"),
                    f1: mean(of, "f1"),
                }
            });
        let folds = self.request.folds;
        figures::benchmark(
            &format!("Means over {folds} folds"),
            &rows.collect::<Vec<_>>(),
        )
    }
}

/// In the order in which they first come.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn summary(folds: &[Scored], epiann: &str) -> Vec<Summary> {
    let groups = distinct(folds.iter().map(|of| (&of.cell, of.split, &of.method)));
    let mut summary = Vec::new();
    for (cell, split, method) in groups {
        for (measure, value) in MEASURES {
            let values = |method: &str| -> Vec<f64> {
                let of = folds
                    .iter()
                    .filter(|of| (&of.cell, of.split) == (cell, split));
                let of = of.filter(|of| of.method == method);
                of.map(|of| value(&of.measures)).collect()
            };
            let (ours, theirs) = (values(epiann), values(method));
            let differences: Vec<f64> = ours.iter().zip(&theirs).map(|(a, b)| a - b).collect();
            let compared = method != epiann && !differences.is_empty();
            let mean = over_folds(&theirs).0;
            summary.push(Summary {
                cell: cell.clone(),
                split,
                method: method.clone(),
                measure,
                mean: Interval {
                    low: mean.low.max(0.0),
                    high: mean.high.min(1.0),
                    ..mean
                },
                epiann_less_this: compared.then(|| over_folds(&differences).0),
                p: compared.then(|| over_folds(&differences).1),
            });
        }
    }
    summary
}

/// The mean over folds with its 95 % interval, and the probability of a mean as far from 0 by chance.
///
/// Folds share training pairs and so are no independent draws. The variance of their mean is taken
/// as s² (1/k + 1/(k − 1)), with k folds: Nadeau & Bengio 2003, doi:10.1023/A:1024068626366, the
/// corrected resampled t-test with a test part of 1/(k − 1) of the training part.
fn over_folds(values: &[f64]) -> (Interval, f64) {
    let folds = values.len() as f64;
    let mean = values.iter().sum::<f64>() / folds;
    let squares = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    let freedom = values.len() as u32 - 1;
    let error = (squares / (folds - 1.0) * (1.0 / folds + 1.0 / (folds - 1.0))).sqrt();
    let reach = student::critical(freedom) * error;
    let interval = Interval {
        value: mean,
        low: mean - reach,
        high: mean + reach,
    };
    let p = match error > 0.0 {
        true => student::two_sided(mean / error, freedom),
        false if mean == 0.0 => 1.0,
        false => 0.0,
    };
    (interval, p)
}

impl fmt::Display for Benchmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for split in distinct(self.summary.iter().map(|of| of.split)) {
            for (measure, title) in [("auroc", "AUROC"), ("auprc", "AUPRC"), ("f1", "F1 at 0.5")] {
                let here = |of: &&Summary| of.split == split && of.measure == measure;
                let here = || self.summary.iter().filter(here);
                let cells = distinct(here().map(|of| of.cell.as_str()));
                let mut head = format!("{:<26}", format!("{title}, {} split", split.name()));
                for cell in &cells {
                    write!(head, "{cell:<24}")?;
                }
                writeln!(f, "{}", head.trim_end())?;
                for method in distinct(here().map(|of| of.method.as_str())) {
                    let mut line = format!("{method:<26}");
                    for cell in &cells {
                        let mut found = here().filter(|of| of.method == method);
                        let found = found.find(|of| of.cell == *cell);
                        let text = found.map_or(String::new(), |of| of.mean.to_string());
                        write!(line, "{text:<24}")?;
                    }
                    writeln!(f, "{}", line.trim_end())?;
                }
                writeln!(f)?;
            }
        }
        let folds = self.request.folds;
        write!(
            f,
            "means over {folds} folds with 95 % intervals; differences from EPIANN: summary.tsv"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_folds_has_the_corrected_interval() {
        // By hand: s² = 0.02, corrected by 1/2 + 1; the t of one degree of freedom.
        let (interval, p) = over_folds(&[0.6, 0.8]);
        let reach = 12.706_204_736 * (0.02f64 * 1.5).sqrt();
        assert!((interval.value - 0.7).abs() < 1e-12);
        assert!((interval.high - 0.7 - reach).abs() < 1e-6, "{interval:?}");
        assert!(p > 0.1 && p < 0.2, "{p}");
    }

    #[test]
    fn folds_that_all_say_the_same_leave_no_doubt() {
        assert_eq!(over_folds(&[0.0, 0.0, 0.0]).1, 1.0);
        assert_eq!(over_folds(&[0.25, 0.25]).1, 0.0);
    }
}
