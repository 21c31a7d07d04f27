//! What the network adds to what is known of pairs without their sequence.

use std::fmt;

use serde::Serialize;

use super::contender::MethodName;
use super::measures::MEASURES;
use super::summary::{Difference, Scored, Setting, distinct, over_folds};
use crate::text::choice::Choice;

/// A measure of the network and what is known without it less that of the latter alone in the same folds, in the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Added {
    /// The cell line, the split and the part, of both together.
    #[serde(flatten)]
    pub setting: Setting,
    /// What is known without the network.
    pub less: String,
    /// `auroc`, `auprc`, `f1` or `best_f1`.
    pub measure: &'static str,
    /// How much more.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What the network adds wherever both it and what is known without it were tested: with its context to that alone,
/// else to the distance. An ensemble is of so many networks.
pub fn added(folds: &[Scored], ensemble: usize) -> Vec<Added> {
    let sum = |&(method, ..): &(MethodName, _, _)| {
        let alone = MethodName::Distance.label(ensemble);
        (method.label_with_distance(ensemble), alone)
    };
    let sums = MethodName::ALL
        .iter()
        .filter(|(of, ..)| of.is_sequence_alone());
    let beside = [MethodName::EpiannContext, MethodName::Context];
    let [both, alone] = beside.map(|method| method.label(ensemble));
    let all = sums.map(sum).chain([(both, alone)]);
    all.flat_map(|(both, alone)| of_methods(folds, &both, &alone))
        .collect()
}

/// How much more one method has than another one.
fn of_methods(folds: &[Scored], both: &str, alone: &str) -> Vec<Added> {
    let mut all = Vec::new();
    let of_both = folds.iter().filter(|of| of.setting.method == both);
    for setting in distinct(of_both.map(|of| &of.setting)) {
        let of = |setting: &Setting| -> Vec<&Scored> {
            folds.iter().filter(|of| of.setting == *setting).collect()
        };
        let other = Setting {
            method: alone.to_string(),
            ..setting.clone()
        };
        let (both, without) = (of(setting), of(&other));
        if without.len() != both.len() {
            continue;
        }
        for (measure, value) in MEASURES {
            let pairs = both.iter().zip(&without);
            let more =
                pairs.map(|(both, without)| value(&both.measures) - value(&without.measures));
            let more: Vec<f64> = more.collect();
            all.push(Added {
                setting: setting.clone(),
                less: alone.to_string(),
                measure,
                difference: over_folds(&more, setting.test_to_train(more.len())),
            });
        }
    }
    all
}

impl fmt::Display for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            less,
            measure,
            difference,
        } = self;
        let (mean, p) = (difference.mean, difference.p);
        write!(
            f,
            "{}, {} split: {} less {less}: {measure} {:+.3} ({:+.3} to {:+.3}), p {p:.3}",
            setting.cell,
            setting.split.name(),
            setting.method,
            mean.value,
            mean.low,
            mean.high
        )?;
        match mean.low > 0.0 {
            true => Ok(()),
            false => write!(f, ": the sequence adds nothing that can be told"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Measures;
    use crate::evaluation::Support;
    use crate::pairs::folds::FoldRule;

    fn scored(method: MethodName, fold: usize, auprc: f64) -> Scored {
        Scored {
            setting: Setting {
                cell: "K562".to_string(),
                split: FoldRule::Chromosome,
                method: method.label(1),
                part: 1.0,
            },
            fold,
            train_pairs: 10,
            positives: 1,
            negatives: 4,
            support: Support::default(),
            together: Support::default(),
            measures: Measures {
                auroc: 0.5,
                auprc,
                f1: 0.0,
                best_f1: 0.0,
            },
        }
    }

    #[test]
    fn it_is_the_difference_in_the_same_folds() {
        use MethodName::{Context, Epiann, EpiannContext};
        let mut folds = vec![
            scored(EpiannContext, 1, 0.5),
            scored(Epiann, 1, 0.9),
            scored(EpiannContext, 2, 0.3),
        ];
        assert_eq!(added(&folds, 1), []);
        folds.extend([scored(Context, 1, 0.4), scored(Context, 2, 0.2)]);
        let all = added(&folds, 1);
        assert_eq!(all.len(), MEASURES.len());
        let auprc = all.iter().find(|of| of.measure == "auprc").unwrap();
        assert!((auprc.difference.mean.value - 0.1).abs() < 1e-12);
        assert!(!auprc.to_string().contains("adds nothing"), "{auprc}");
        let auroc = all.iter().find(|of| of.measure == "auroc").unwrap();
        assert!(auroc.to_string().contains("adds nothing"), "{auroc}");
        // By sequence alone the network's sum with the distance stands for both.
        let mut sum = scored(Epiann, 1, 0.75);
        sum.setting.method = Epiann.label_with_distance(1);
        let all = added(&[sum, scored(MethodName::Distance, 1, 0.5)], 1);
        let auprc = all.iter().find(|of| of.measure == "auprc").unwrap();
        assert_eq!(auprc.difference.mean.value, 0.25);
        assert_eq!(
            (auprc.setting.method.as_str(), auprc.less.as_str()),
            ("EPIANN and distance", "distance only")
        );
    }
}
