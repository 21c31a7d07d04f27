//! The measures of a set of predictions, for a machine and for a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ablation::Ablation;
use super::activity::ActivityMetrics;
use super::calibration::{Calibration, brier};
use super::correction::Correction;
use super::metrics::{Scored, auroc, average_precision, classes, f1};
use super::support::Support;
use crate::element::Sides;
use crate::error::Result;
use crate::statistics::{Clusters, Estimate, bootstrap};

/// Bins of the reliability curve.
const BINS: usize = 10;
/// What rows of other probabilities than the network's are called.
const CALIBRATED: &str = "  calibrated";
const PREVALENCE: &str = "  prevalence alone";

/// The measures of one set, each with its 95 % interval over enhancers and promoters ([`bootstrap`]),
/// where there are enough of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Positive pairs.
    pub positives: usize,
    /// Negative pairs.
    pub negatives: usize,
    /// The elements that these rest on.
    pub support: Support,
    /// Area under the receiver operating characteristic.
    pub auroc: Estimate,
    /// Average precision; by chance it is the part of positives.
    pub auprc: Estimate,
    /// F1 of calling probabilities of at least 0.5 positive.
    pub f1: Estimate,
    /// F1 at the threshold that is best on the validation part.
    pub f1_at_threshold: Estimate,
    /// That threshold.
    pub threshold: f64,
    /// The Brier score, the mean squared difference of probability and label.
    pub brier: Estimate,
    /// Whether the probabilities are what they say, in tenths of the pairs.
    pub calibration: Calibration,
    /// The calibrated probabilities, at the table's own prevalence; none where there is no correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibrated: Option<Probabilities>,
    /// The validation part's part of positives as the probability of every pair; none in reports of
    /// earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prevalence: Option<Probabilities>,
}

/// How good probabilities are as such, and not as an order of pairs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probabilities {
    /// The Brier score.
    pub brier: Estimate,
    /// Whether they are what they say, in tenths of the pairs.
    pub calibration: Calibration,
}

impl Probabilities {
    /// Of pairs whose elements are `clusters`; `independent` of these is what the measures rest on
    /// ([`Support::independent`]).
    ///
    /// # Errors
    ///
    /// No pair, a score that is no probability.
    pub fn new(set: &[Scored], clusters: &Clusters, independent: usize, seed: u64) -> Result<Self> {
        Ok(Self {
            brier: bootstrap(set, clusters, independent, seed, brier)?,
            calibration: Calibration::new(set, clusters, BINS)?,
        })
    }
}

impl Metrics {
    /// Measures a set of pairs, whose enhancers and promoters are `clusters`.
    ///
    /// # Errors
    ///
    /// A set of only one class.
    pub fn new(set: &[Scored], clusters: &Clusters, threshold: f64, seed: u64) -> Result<Self> {
        // Sorted once, so that no resample has to be.
        let mut order: Vec<usize> = (0..set.len()).collect();
        order.sort_by(|&a, &b| set[b].score.total_cmp(&set[a].score));
        let set: Vec<Scored> = order.iter().map(|&place| set[place]).collect();
        let clusters = clusters.of(&order);
        let (positives, negatives) = classes(&set);
        let support = Support::new(&set, &clusters);
        let estimate = |measure: &(dyn Fn(&[Scored]) -> Result<f64> + Sync)| {
            bootstrap(&set, &clusters, support.independent(), seed, measure)
        };
        Ok(Self {
            positives,
            negatives,
            support,
            auroc: estimate(&auroc)?,
            auprc: estimate(&average_precision)?,
            f1: estimate(&|set| Ok(f1(set, 0.5)))?,
            f1_at_threshold: estimate(&|set| Ok(f1(set, threshold)))?,
            threshold,
            brier: estimate(&brier)?,
            calibration: Calibration::new(&set, &clusters, BINS)?,
            calibrated: None,
            prevalence: None,
        })
    }

    /// Measures other probabilities of the same pairs, whose enhancers and promoters are `clusters`.
    ///
    /// # Errors
    ///
    /// A score that is no probability.
    pub fn probabilities(
        &self,
        set: &[Scored],
        clusters: &Clusters,
        seed: u64,
    ) -> Result<Probabilities> {
        Probabilities::new(set, clusters, self.support.independent(), seed)
    }

    /// AUROC, AUPRC, both F1 and the Brier score.
    pub(super) fn estimates(&self) -> [Estimate; 5] {
        let [auroc, auprc] = [self.auroc, self.auprc];
        [auroc, auprc, self.f1, self.f1_at_threshold, self.brier]
    }

    /// Brier score and expected calibration error as a table has them, with the names of their rows: of
    /// the network's probabilities the error, of all others that are known both.
    pub(super) fn of_probabilities(&self) -> Vec<(&'static str, String)> {
        let error = |of: &Calibration| format!("{:.3}", of.expected_error);
        let named = |name, of: &Option<Probabilities>| {
            let of = of.as_ref();
            of.map(|of| ((name, of.brier.to_string()), (name, error(&of.calibration))))
        };
        let others = [
            named(CALIBRATED, &self.calibrated),
            named(PREVALENCE, &self.prevalence),
        ];
        let (mut rows, errors): (Vec<_>, Vec<_>) = others.into_iter().flatten().unzip();
        rows.push(("Calibration error", error(&self.calibration)));
        rows.extend(errors);
        rows
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
    /// What makes calibrated probabilities of the network's; none of a run without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// The part that stopped the training, chose the threshold and fitted the correction.
    pub validation: Metrics,
    /// The part that chose nothing.
    pub test: Metrics,
    /// What the sequence adds on the test part to what is known without it; none in reports of earlier
    /// versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ablation: Option<Ablation>,
    /// The same of each cell line, of a run that learnt from several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellMetrics>,
    /// Of each side the part of the variance of a window's marginal attention over its bins and partners
    /// that the partner explains; none where no window had two partners.
    pub partner_share: Sides<Option<f64>>,
    /// How well the activities that it has learnt are predicted in the test part; of an ensemble by its
    /// first member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<ActivityMetrics>,
}

/// The measures of the pairs of one of several cell lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellMetrics {
    /// The cell line.
    pub name: String,
    /// Of the validation part; none where that has only one class of its pairs.
    pub validation: Option<Metrics>,
    /// Of the test part, likewise.
    pub test: Option<Metrics>,
}

/// Three rows: the pairs of each part, AUROC and AUPRC.
impl fmt::Display for CellMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_parts = |of: &dyn Fn(&Metrics) -> String, none: &str| {
            [&self.test, &self.validation]
                .map(|part| part.as_ref().map_or_else(|| none.to_string(), of))
        };
        let counts = |of: &Metrics| format!("{} + {}", of.positives, of.negatives);
        let [test, validation] = of_parts(&counts, "one class only");
        write!(f, "{:<21} {test:<26}{validation}", self.name)?;
        for (row, name) in ["  AUROC", "  AUPRC"].into_iter().enumerate() {
            let [test, validation] = of_parts(&|of| of.estimates()[row].to_string(), "–");
            write!(f, "\n{name:<22}{test:<26}{validation}")?;
        }
        Ok(())
    }
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
        let columns = [&self.test, &self.validation].map(Metrics::estimates);
        for (row, name) in names.into_iter().enumerate() {
            let [test, validation] = columns.map(|column| column[row].to_string());
            writeln!(f, "{name:<22}{test:<26}{validation}")?;
        }
        let [test, validation] = [&self.test, &self.validation].map(Metrics::of_probabilities);
        for ((name, test), (_, validation)) in test.into_iter().zip(validation) {
            writeln!(f, "{name:<22}{test:<26}{validation}")?;
        }
        let [test, validation] = [&self.test, &self.validation].map(|of| of.support);
        for (test, validation) in test.counts().into_iter().zip(validation.counts()) {
            let [first, second] = [test, validation].map(|(_, of, all)| format!("{of} of {all}"));
            writeln!(f, "{:<22}{first:<26}{second}", test.0)?;
        }
        for (name, support) in [("test", test), ("validation", validation)] {
            if let Some(doubt) = support.doubt() {
                writeln!(f, "{name}: {doubt}")?;
            }
        }
        for cell in &self.cells {
            writeln!(f, "{cell}")?;
        }
        match &self.correction {
            Some(correction) => writeln!(f, "calibrated: {correction}")?,
            None => writeln!(f, "not calibrated: the run has no correction")?,
        }
        if let Some(ablation) = &self.ablation {
            writeln!(f, "{ablation}")?;
        }
        let share = self.partner_share.map(|share| match share {
            Some(share) => format!("{:.2} %", 100.0 * share),
            None => "an unknown part".to_string(),
        });
        writeln!(
            f,
            "the partner explains {} of the variance of enhancers' attention, {} of promoters'",
            share.enhancer, share.promoter
        )?;
        for of in &self.activity {
            writeln!(f, "activity, test part: {of}")?;
        }
        write!(
            f,
            "positives + negatives; elements of positives, of all; 95 % intervals over enhancers and promoters"
        )
    }
}

#[cfg(test)]
mod tests;
