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
    fn estimates(&self) -> [Estimate; 5] {
        let [auroc, auprc] = [self.auroc, self.auprc];
        [auroc, auprc, self.f1, self.f1_at_threshold, self.brier]
    }

    /// Brier score and expected calibration error as a table has them, with the names of their rows: of
    /// the network's probabilities the error, of all others that are known both.
    fn of_probabilities(&self) -> Vec<(&'static str, String)> {
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
    /// Of each side the part of the variance of a window's marginal attention over its bins and partners
    /// that the partner explains; none where no window had two partners.
    pub partner_share: Sides<Option<f64>>,
    /// How well the activities that it has learnt are predicted in the test part; of an ensemble by its
    /// first member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<ActivityMetrics>,
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
mod tests {
    use super::*;
    use crate::evaluation::BinMeasures;

    /// Pairs of so many promoters, of each a positive and two negatives.
    fn metrics(promoters: usize) -> Metrics {
        let set = (0..3 * promoters).map(|place| Scored {
            score: (place * 37 % 101) as f64 / 101.0,
            positive: place % 3 == 0,
        });
        let clusters = Clusters::new((0..3 * promoters).map(|place| (place, place / 3)));
        Metrics::new(&set.collect::<Vec<_>>(), &clusters, 0.4, 1).unwrap()
    }

    #[test]
    fn few_promoters_are_told_and_have_no_interval() {
        let report = RunMetrics {
            version: String::new(),
            weights: String::new(),
            device: String::new(),
            seed: 1,
            correction: None,
            validation: metrics(7),
            test: metrics(3),
            ablation: None,
            partner_share: Sides::new(Some(0.0123), None),
            activity: Vec::new(),
        };
        let text = report.to_string();
        for wanted in [
            "(no interval)",
            "promoters             3 of 3                    7 of 7",
            "enhancers             3 of 9                    7 of 21",
            "test: no interval: 3 promoters",
            "validation: rough intervals: 7 promoters",
            "explains 1.23 % of the variance of enhancers' attention, an unknown part of promoters'",
        ] {
            assert!(text.contains(wanted), "{text}");
        }
        let json = serde_json::to_value(&report).unwrap();
        assert!(json["test"]["auroc"]["value"].is_number());
        assert!(json["test"]["auroc"]["low"].is_null());
        assert!(json["validation"]["auroc"]["low"].is_number());
        assert_eq!(json["test"]["support"]["positives"]["promoters"], 3);
        assert!(json["partner_share"]["promoter"].is_null());
        let read = |json: serde_json::Value| serde_json::from_value::<RunMetrics>(json);
        assert_eq!(read(json.clone()).unwrap(), report);
        // Without the correction and the baseline it still reads: so are those of earlier versions.
        assert!(json.get("correction").is_none() && json["test"].get("calibrated").is_none());
        assert!(json.get("activity").is_none());
        assert!(text.contains("not calibrated: "), "{text}");
        // One of before there was the share is none of this version.
        let mut old = json;
        old.as_object_mut().unwrap().remove("partner_share");
        assert!(read(old).is_err());
    }

    #[test]
    fn other_probabilities_have_rows_of_their_own() {
        let scored: Vec<Scored> = (0..60)
            .map(|place| Scored {
                score: f64::from(place) / 10.0 - 2.0,
                positive: place % 3 == 0,
            })
            .collect();
        let with = |probability: &dyn Fn(f64) -> f64| -> Vec<Scored> {
            let score = |of: &Scored| Scored {
                score: probability(of.score),
                ..*of
            };
            scored.iter().map(score).collect()
        };
        let clusters = Clusters::new((0..60).map(|place| (place, place)));
        let correction = Correction::fit(&scored).unwrap();
        let raw = with(&|logit| 1.0 / (1.0 + (-logit).exp()));
        let mut part = Metrics::new(&raw, &clusters, 0.5, 1).unwrap();
        let measured = |set: &[Scored]| Some(part.probabilities(set, &clusters, 1).unwrap());
        let calibrated = measured(&with(&|logit| correction.probability(logit)));
        let prevalence = measured(&with(&|_| 1.0 / 3.0));
        (part.calibrated, part.prevalence) = (calibrated, prevalence);
        // A third of the labels are positive: 1/3 · 2/3.
        let baseline = part.prevalence.clone().unwrap();
        assert!((baseline.brier.value - 2.0 / 9.0).abs() < 1e-12);
        assert!(baseline.calibration.expected_error < 1e-12);
        let activity = ActivityMetrics {
            source: "dnase".to_string(),
            windows: 3,
            bins: 300,
            prevalence: None,
            network: BinMeasures::Signal { pearson: 0.5 },
            gc: BinMeasures::Signal { pearson: 0.25 },
        };
        let report = RunMetrics {
            version: String::new(),
            weights: String::new(),
            device: String::new(),
            seed: 1,
            correction: Some(correction),
            validation: part.clone(),
            test: part,
            ablation: None,
            partner_share: Sides::new(None, None),
            activity: vec![activity],
        };
        let text = report.to_string();
        let names = text.lines().filter_map(|line| line.get(..22));
        let names: Vec<&str> = names.map(str::trim_end).collect();
        let rows = ["Brier score", CALIBRATED, PREVALENCE];
        let errors = ["Calibration error", CALIBRATED, PREVALENCE];
        let wanted = [rows, errors].concat();
        assert!(names.windows(6).any(|six| six == wanted), "{text}");
        assert!(text.contains("  prevalence alone    0.222 ("), "{text}");
        assert!(text.contains("from 20 + 40 validation pairs"), "{text}");
        let wanted = "\nactivity, test part: dnase: correlation 0.500 (G+C 0.250)\n";
        assert!(text.contains(wanted), "{text}");
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<RunMetrics>(&json).unwrap(), report);
    }

    #[test]
    fn the_order_of_the_pairs_changes_nothing_that_is_measured() {
        let scores = [0.9, 0.2, 0.4, 0.4, 0.7, 0.1, 0.8, 0.3, 0.6, 0.5, 0.35, 0.15];
        let pair = |place: usize| Scored {
            score: scores[place],
            positive: place.is_multiple_of(2),
        };
        let of = |places: Vec<usize>| {
            let set: Vec<Scored> = places.iter().map(|&place| pair(place)).collect();
            let clusters = Clusters::new(places.iter().map(|&place| (place, place / 2)));
            Metrics::new(&set, &clusters, 0.4, 1).unwrap()
        };
        let (forwards, backwards) = (of((0..12).collect()), of((0..12).rev().collect()));
        assert_eq!(forwards.auroc.value, backwards.auroc.value);
        assert_eq!(forwards.support, backwards.support);
    }
}
