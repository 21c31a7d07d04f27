//! The measures of a cell line that a run has not learnt from, on chromosomes that it has not learnt from
//! either.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::correction::Correction;
use super::run_metrics::Metrics;
use crate::output::provenance::Input;

/// `held-out.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOutMetrics {
    /// The version of epitrack.
    pub version: String,
    /// SHA-256 of the weights.
    pub weights: String,
    /// The device that made the predictions.
    pub device: String,
    /// The seed of the intervals.
    pub seed: u64,
    /// What the cell line is called.
    pub cell: String,
    /// Its table of pairs.
    pub table: Input,
    /// The reference.
    pub reference: Input,
    /// The chromosomes of the run's test part.
    pub chromosomes: Vec<String>,
    /// Pairs of the table that were not measured.
    pub left_out: LeftOut,
    /// What makes calibrated probabilities of the network's; none of a run without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
    /// The pairs whose elements both lie on these chromosomes.
    pub test: Metrics,
}

/// Pairs that do not lie wholly on the chromosomes of the test part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// An element lies on a chromosome that the network was trained on, or was stopped by.
    pub trained: usize,
    /// None does, but one lies on a chromosome that the run had no pairs of.
    pub unknown: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { trained, unknown } = self;
        write!(
            f,
            "left out: {trained} pairs on chromosomes that were trained on, {unknown} on chromosomes that \
             the run had no pairs of"
        )
    }
}

impl fmt::Display for HeldOutMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let test = &self.test;
        let counts = format!("{} + {}", test.positives, test.negatives);
        let chromosomes = self.chromosomes.join(", ");
        writeln!(f, "{:<21} {counts} on {chromosomes}", self.cell)?;
        let best = format!("F1 at {:.3}", test.threshold);
        let names = ["AUROC", "AUPRC", "F1 at 0.5", &best, "Brier score"];
        for (name, estimate) in names.into_iter().zip(test.estimates()) {
            writeln!(f, "{name:<22}{estimate}")?;
        }
        for (name, value) in test.of_probabilities() {
            writeln!(f, "{name:<22}{value}")?;
        }
        for (name, of, all) in test.support.counts() {
            writeln!(f, "{name:<22}{of} of {all}")?;
        }
        if let Some(doubt) = test.support.doubt() {
            writeln!(f, "{doubt}")?;
        }
        writeln!(f, "{}", self.left_out)?;
        write!(
            f,
            "positives + negatives; elements of positives, of all; 95 % intervals over enhancers and promoters"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Scored;
    use crate::statistics::Clusters;

    #[test]
    fn what_was_left_out_is_told() {
        let set: Vec<Scored> = (0..30)
            .map(|place| Scored {
                score: f64::from(place * 37 % 101) / 101.0,
                positive: place % 3 == 0,
            })
            .collect();
        let clusters = Clusters::new((0..30).map(|place| (place, place / 3)));
        let input = || Input {
            path: "x".into(),
            sha256: String::new(),
        };
        let metrics = HeldOutMetrics {
            version: String::new(),
            weights: String::new(),
            device: String::new(),
            seed: 1,
            cell: "IMR90".to_string(),
            table: input(),
            reference: input(),
            chromosomes: vec!["chr8".to_string(), "chr9".to_string()],
            left_out: LeftOut {
                trained: 120,
                unknown: 3,
            },
            correction: None,
            test: Metrics::new(&set, &clusters, 0.4, 1).unwrap(),
        };
        let text = metrics.to_string();
        for wanted in [
            "IMR90                 10 + 20 on chr8, chr9\nAUROC                 ",
            "\nF1 at 0.400           ",
            "\npromoters             10 of 10\n",
            "\nleft out: 120 pairs on chromosomes that were trained on, 3 on chromosomes that the run had",
        ] {
            assert!(text.contains(wanted), "{text}");
        }
        let json = serde_json::to_string(&metrics).unwrap();
        assert_eq!(
            serde_json::from_str::<HeldOutMetrics>(&json).unwrap(),
            metrics
        );
    }
}
