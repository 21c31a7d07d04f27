//! Whether a run's calibrated probabilities come true among the pairs of a CRISPRi table.

use std::fmt;

use serde::Serialize;

use super::table::Tested;
use crate::error::Result;
use crate::evaluation::{Correction, Probabilities, Scored, Support, classes};
use crate::statistics::Clusters;

/// The fewest pairs of either class by which probabilities are judged.
const FEWEST: usize = 20;

/// How good a run's calibrated probabilities are on a table, or why that is not told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTable {
    /// How good they are.
    Measured(Box<ProbabilityMeasures>),
    /// Why that is not told.
    NotMeasured(String),
}

/// How good probabilities of the same pairs are, with intervals over elements and genes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbabilityMeasures {
    /// Pairs whose gene reacted.
    pub positives: usize,
    /// Pairs whose gene did not.
    pub negatives: usize,
    /// What makes calibrated probabilities of the run's.
    pub correction: Correction,
    /// The calibrated probabilities as the run states them: for its own prevalence or its prior.
    pub calibrated: Probabilities,
    /// The same with the part of positives among these pairs for a prior.
    pub at_prevalence: Probabilities,
    /// That part as the probability of every pair, which knows no pair from another.
    pub prevalence: Probabilities,
}

impl OnTable {
    /// Of pairs with the run's log-odds.
    ///
    /// # Errors
    ///
    /// A log-odds that is not a number.
    pub fn new(
        pairs: &[(&Tested, f64)],
        correction: Option<Correction>,
        seed: u64,
    ) -> Result<Self> {
        let scored = |score: &dyn Fn(f64) -> f64| -> Vec<Scored> {
            let of = |&(tested, logit): &(&Tested, f64)| Scored {
                score: score(logit),
                positive: tested.is_positive(),
            };
            pairs.iter().map(of).collect()
        };
        let (positives, negatives) = classes(&scored(&|logit| logit));
        let Some(correction) = correction else {
            return Ok(Self::NotMeasured("the run has no correction".to_string()));
        };
        if positives.min(negatives) < FEWEST {
            return Ok(Self::NotMeasured(format!(
                "of the pairs that it scores {positives} are regulated and {negatives} not, and it takes \
                 {FEWEST} of each"
            )));
        }
        let prevalence = positives as f64 / pairs.len() as f64;
        let clusters = Clusters::new(pairs.iter().map(|(tested, _)| tested.shared()));
        let measured = |score: &dyn Fn(f64) -> f64| {
            let set = scored(score);
            let independent = Support::new(&set, &clusters).independent();
            Probabilities::new(&set, &clusters, independent, seed)
        };
        let restated = correction.with_prior(Some(prevalence));
        Ok(Self::Measured(Box::new(ProbabilityMeasures {
            positives,
            negatives,
            correction,
            calibrated: measured(&|logit| correction.probability(logit))?,
            at_prevalence: measured(&|logit| restated.probability(logit))?,
            prevalence: measured(&|_| prevalence)?,
        })))
    }
}

impl fmt::Display for OnTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self {
            Self::NotMeasured(why) => {
                return write!(f, "its probabilities are not judged: {why}");
            }
            Self::Measured(of) => of,
        };
        let (brier, error) = ("Brier score", "calibration error");
        let title = format!("probabilities ({} + {})", of.positives, of.negatives);
        write!(f, "{title:<26}{brier:<24}{error}")?;
        for (name, of) in [
            ("  calibrated", &of.calibrated),
            ("  at this prevalence", &of.at_prevalence),
            ("  prevalence alone", &of.prevalence),
        ] {
            let (brier, error) = (of.brier.to_string(), of.calibration.expected_error);
            write!(f, "\n{name:<26}{brier:<24}{error:.3}")?;
        }
        write!(f, "\n  calibrated: {}", of.correction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{table, transepi};

    /// So many genes with an element each that acts where its number is divisible by 4.
    fn on(genes: u32, correction: Option<Correction>) -> OnTable {
        let names: Vec<String> = (0..genes).map(|gene| format!("G{gene}")).collect();
        let rows = (0..genes).map(|gene| {
            let tss = 100_000 * (gene + 1);
            (
                tss - 5000,
                tss,
                names[gene as usize].as_str(),
                gene % 4 == 0,
            )
        });
        let table = table(&transepi(&rows.collect::<Vec<_>>()));
        let logits = (0..genes).map(|gene| match gene % 4 {
            0 => 2.0,
            1 => 1.0,
            _ => -1.0,
        });
        let pairs: Vec<(&Tested, f64)> = table.tested.iter().zip(logits).collect();
        OnTable::new(&pairs, correction, 1).unwrap()
    }

    /// Log-odds that are right where a half is positive.
    const HALF: Correction = Correction {
        slope: 1.0,
        offset: 0.0,
        positives: 50,
        negatives: 50,
        prior: None,
    };

    #[test]
    fn probabilities_are_judged_beside_the_prevalence() {
        let OnTable::Measured(got) = on(80, Some(HALF)) else {
            panic!("20 of either class are enough");
        };
        assert_eq!((got.positives, got.negatives), (20, 60));
        // By hand: a quarter of the pairs at 2, one at 1, a half at −1.
        let brier = |of: &dyn Fn(f64) -> f64| {
            let squares = [
                (of(2.0) - 1.0).powi(2),
                of(1.0).powi(2),
                2.0 * of(-1.0).powi(2),
            ];
            squares.iter().sum::<f64>() / 4.0
        };
        let sigmoid = |logit: f64| 1.0 / (1.0 + (-logit).exp());
        let wanted = brier(&sigmoid);
        assert!((got.calibrated.brier.value - wanted).abs() < 1e-12);
        let wanted = brier(&|logit| sigmoid(logit - 3f64.ln()));
        assert!((got.at_prevalence.brier.value - wanted).abs() < 1e-12);
        assert!((got.prevalence.brier.value - 0.25 * 0.75).abs() < 1e-12);
        assert!(got.prevalence.calibration.expected_error < 1e-12);
        assert!(got.calibrated.brier.interval().is_some());
        let told = OnTable::Measured(got).to_string();
        assert!(
            told.starts_with("probabilities (20 + 60)   Brier score"),
            "{told}"
        );
        assert!(told.contains("\n  prevalence alone        0.18"), "{told}");
    }

    #[test]
    fn a_few_pairs_judge_no_probability() {
        // 19 regulated.
        let few = on(76, Some(HALF));
        let told = few.to_string();
        assert!(
            told.ends_with("19 are regulated and 57 not, and it takes 20 of each"),
            "{told}"
        );
        let json = serde_json::to_value(&few).unwrap();
        assert!(json["not_measured"].is_string(), "{json}");
        let without = on(80, None).to_string();
        assert!(without.ends_with("the run has no correction"), "{without}");
    }
}
