//! How the trials of a search stand.

use std::cmp::Ordering;
use std::fmt;
use std::path::Path;

use super::journal::Measures;
use super::parameter::Parameter;
use crate::error::Result;
use crate::output;
use crate::run::Settings;

/// What a trial reached in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The trial, from 0.
    pub trial: usize,
    /// The most epochs of the round.
    pub epochs: usize,
    /// The measures of each fold; none of one that diverged, nor of those after it.
    pub folds: Vec<Option<Measures>>,
}

/// A mean over folds and their spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Average {
    /// The mean.
    pub mean: f64,
    /// The standard deviation between folds, with n − 1.
    pub sd: f64,
}

impl Average {
    fn of(values: &[f64]) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean,
            sd: (squares / (n - 1.0)).sqrt(),
        }
    }
}

impl fmt::Display for Average {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} ± {:.3}", self.mean, self.sd)
    }
}

impl Standing {
    /// The average precision, none where a fold diverged.
    pub fn auprc(&self) -> Option<Average> {
        self.average(|measures| measures.auprc)
    }

    /// The area under the receiver operating characteristic, likewise.
    pub fn auroc(&self) -> Option<Average> {
        self.average(|measures| measures.auroc)
    }

    fn average(&self, of: impl Fn(&Measures) -> f64) -> Option<Average> {
        let values = self.folds.iter().map(|fold| fold.as_ref().map(&of));
        let values: Option<Vec<f64>> = values.collect();
        values.map(|values| Average::of(&values))
    }

    /// The better one first: by mean average precision, ties by number; what diverged comes last.
    pub fn rank(&self, other: &Self) -> Ordering {
        let mean = |standing: &Self| standing.auprc().map_or(-1.0, |auprc| auprc.mean);
        mean(other)
            .total_cmp(&mean(self))
            .then(self.trial.cmp(&other.trial))
    }
}

/// Writes `trials.tsv`: a line for each trial and round, in the order of the search.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(path: &Path, standings: &[Standing], trials: &[Settings]) -> Result<()> {
    let mut text = String::new();
    for standing in standings {
        let fields = fields(standing, &trials[standing.trial]);
        let (names, values): (Vec<String>, Vec<String>) = fields.into_iter().unzip();
        if text.is_empty() {
            text = names.join("\t") + "\n";
        }
        text += &(values.join("\t") + "\n");
    }
    output::write(path, text)
}

/// A measure's name, and its value in a fold.
type Measure = (&'static str, fn(&Measures) -> f64);

/// The columns' names and the values of a line.
fn fields(standing: &Standing, settings: &Settings) -> Vec<(String, String)> {
    let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let counts = [("trial", standing.trial + 1), ("epochs", standing.epochs)];
    let mut fields = counts
        .map(|(name, count)| (name.to_string(), count.to_string()))
        .to_vec();
    let value = |of: Parameter| (of.to_string(), of.value(settings).to_string());
    fields.extend(Parameter::ALL.map(value));
    for (name, average) in [("auprc", standing.auprc()), ("auroc", standing.auroc())] {
        fields.push((name.to_string(), text(average.map(|of| of.mean))));
        fields.push((format!("{name}_sd"), text(average.map(|of| of.sd))));
    }
    let measures: [Measure; 2] = [("auprc", |of| of.auprc), ("auroc", |of| of.auroc)];
    for (name, of) in measures {
        let folds = standing.folds.iter().zip(1..);
        fields.extend(
            folds.map(|(fold, number)| (format!("{name}_{number}"), text(fold.as_ref().map(of)))),
        );
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(trial: usize, auprc: &[Option<f64>]) -> Standing {
        let measures = |auprc| Measures { auprc, auroc: 0.5 };
        Standing {
            trial,
            epochs: 3,
            folds: auprc.iter().map(|auprc| auprc.map(measures)).collect(),
        }
    }

    #[test]
    fn the_mean_decides_then_the_number_and_what_diverged_is_last() {
        let mut standings = [
            standing(0, &[Some(0.9), None]),
            standing(1, &[Some(0.25), Some(0.5)]),
            standing(2, &[Some(0.75), Some(0.5)]),
            standing(3, &[Some(0.5), Some(0.75)]),
            standing(4, &[Some(0.0), Some(0.0)]),
        ];
        standings.sort_by(Standing::rank);
        assert_eq!(standings.map(|standing| standing.trial), [2, 3, 1, 4, 0]);
    }

    #[test]
    fn the_spread_is_the_sample_standard_deviation() {
        let average = standing(0, &[Some(0.2), Some(0.4), Some(0.9)])
            .auprc()
            .unwrap();
        assert!((average.mean - 0.5).abs() < 1e-15);
        // (0.09 + 0.01 + 0.16) / 2
        assert!((average.sd - 0.13f64.sqrt()).abs() < 1e-15);
        assert_eq!(standing(0, &[Some(0.2), None]).auprc(), None);
    }
}
