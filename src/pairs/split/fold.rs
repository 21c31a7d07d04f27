//! A fold of a cross-validation as the parts of a run.

use std::collections::BTreeSet;

use rand::seq::SliceRandom;

use super::choose::choose;
use super::{Part, Split, chroms_of};
use crate::error::{Error, Result};
use crate::pairs::Pair;
use crate::pairs::folds::{FoldRule, Folds};
use crate::seed::{Purpose, stream};

impl Split {
    /// The fold's pairs are the test part. Of all others `validation`, a part of 1, stop the
    /// training: pairs at random or whole chromosomes, as the folds were divided.
    ///
    /// # Errors
    ///
    /// A part that would hold only one class.
    pub fn of_fold(
        folds: &Folds,
        fold: usize,
        rule: FoldRule,
        pairs: &[Pair],
        validation: f64,
        seed: u64,
    ) -> Result<Self> {
        let others = folds.others(fold);
        let mut parts = vec![Part::None; pairs.len()];
        for pair in folds.members(fold) {
            parts[pair] = Part::Test;
        }
        let mut rng = stream(seed, Purpose::Split, 1 + fold as u64);
        match rule {
            FoldRule::Random => {
                for label in [true, false] {
                    let class = others
                        .iter()
                        .filter(|&&pair| pairs[pair].label == Some(label));
                    let mut class: Vec<usize> = class.copied().collect();
                    class.shuffle(&mut rng);
                    let stopping = (class.len() as f64 * validation).round() as usize;
                    for (place, pair) in class.into_iter().enumerate() {
                        let part = if place < stopping {
                            Part::Validation
                        } else {
                            Part::Train
                        };
                        parts[pair] = part;
                    }
                }
            }
            FoldRule::Chromosome => {
                let rest: Vec<Pair> = others.iter().map(|&pair| pairs[pair]).collect();
                let chroms: BTreeSet<_> = rest.iter().flat_map(chroms_of).collect();
                let stopping = choose(&rest, &chroms, validation, &mut rng);
                for pair in others {
                    parts[pair] =
                        match chroms_of(&pairs[pair]).map(|chrom| stopping.contains(&chrom)) {
                            [true, true] => Part::Validation,
                            [false, false] => Part::Train,
                            _ => Part::None,
                        };
                }
            }
        }
        let split = Self { parts };
        split.check_classes(pairs).map_err(|(part, class)| {
            Error::Configuration(format!(
                "fold {} would hold no {class} pair in its {part} part: use fewer folds, or another \
                 part for validation",
                fold + 1
            ))
        })?;
        Ok(split)
    }
}
