//! What the network adds to the context that it was trained beside.

use std::fmt;

use serde::Serialize;

use super::contender::MethodName;
use super::measures::MEASURES;
use super::summary::{Difference, Scored, Setting, distinct, over_folds};
use crate::text::choice::Choice;

/// A measure of the network beside a context less that of the context alone in the same folds, in the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Added {
    /// The cell line, the split and the part, of the network beside the context.
    #[serde(flatten)]
    pub setting: Setting,
    /// `auroc`, `auprc`, `f1` or `best_f1`.
    pub measure: &'static str,
    /// How much more.
    #[serde(flatten)]
    pub difference: Difference,
}

/// What the network adds wherever both it and the context alone were tested.
pub fn added(folds: &[Scored]) -> Vec<Added> {
    let [both, alone] =
        [MethodName::EpiannContext, MethodName::Context].map(|method| method.label(1));
    let mut all = Vec::new();
    let of_both = folds.iter().filter(|of| of.setting.method == both);
    for setting in distinct(of_both.map(|of| &of.setting)) {
        let of = |setting: &Setting| -> Vec<&Scored> {
            folds.iter().filter(|of| of.setting == *setting).collect()
        };
        let other = Setting {
            method: alone.clone(),
            ..setting.clone()
        };
        let (both, alone) = (of(setting), of(&other));
        if alone.len() != both.len() {
            continue;
        }
        for (measure, value) in MEASURES {
            let pairs = both.iter().zip(&alone);
            let more = pairs.map(|(both, alone)| value(&both.measures) - value(&alone.measures));
            let more: Vec<f64> = more.collect();
            all.push(Added {
                setting: setting.clone(),
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
            measure,
            difference,
        } = self;
        let (mean, p) = (difference.mean, difference.p);
        write!(
            f,
            "{}, {} split: {} less the context alone: {measure} {:+.3} ({:+.3} to {:+.3}), p {p:.3}",
            setting.cell,
            setting.split.name(),
            setting.method,
            mean.value,
            mean.low,
            mean.high
        )?;
        match mean.low > 0.0 {
            true => Ok(()),
            false => write!(
                f,
                ": the sequence adds nothing that can be told over the context"
            ),
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
        assert_eq!(added(&folds), []);
        folds.extend([scored(Context, 1, 0.4), scored(Context, 2, 0.2)]);
        let all = added(&folds);
        assert_eq!(all.len(), MEASURES.len());
        let auprc = all.iter().find(|of| of.measure == "auprc").unwrap();
        assert!((auprc.difference.mean.value - 0.1).abs() < 1e-12);
        assert!(!auprc.to_string().contains("adds nothing"), "{auprc}");
        let auroc = all.iter().find(|of| of.measure == "auroc").unwrap();
        assert!(auroc.to_string().contains("adds nothing"), "{auroc}");
    }
}
