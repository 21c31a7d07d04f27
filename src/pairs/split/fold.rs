//! A fold of a cross-validation as the parts of a run.

use super::choose::divide;
use super::{Part, Split, random};
use crate::error::{Error, Result};
use crate::genome::ChromId;
use crate::pairs::Pair;
use crate::pairs::chrom_counts::ChromCounts;
use crate::pairs::folds::FoldRule;
use crate::seed::{Purpose, stream};

impl Split {
    /// The pairs `test` are the test part. Of the pairs `train`, `validation`, a part of 1, stop the
    /// training: pairs at random or whole chromosomes. All places are those of the table; the other
    /// pairs are left out.
    ///
    /// # Errors
    ///
    /// A part that would hold only one class, by chromosome only where every division has one.
    pub fn of_fold(
        (train, test): (&[usize], &[usize]),
        rule: FoldRule,
        pairs: &[Pair],
        validation: f64,
        seed: u64,
    ) -> Result<Self> {
        let mut parts = vec![Part::None; pairs.len()];
        for &pair in test {
            parts[pair] = Part::Test;
        }
        let mut rng = stream(seed, Purpose::Split, 1);
        match rule {
            FoldRule::Random => {
                let places = train.iter().copied();
                random(&mut parts, pairs, places, (0.0, validation), &mut rng);
            }
            FoldRule::Chromosome => {
                let counts = ChromCounts::new(train.iter().map(|&pair| &pairs[pair]));
                let stopping = divide(&counts, &counts.chroms(), &[validation], &mut rng);
                let side = |chrom: ChromId| match stopping.iter().any(|set| set.contains(&chrom)) {
                    true => Part::Validation,
                    false => Part::Train,
                };
                for &pair in train {
                    parts[pair] = Part::of(&pairs[pair], side);
                }
            }
        }
        let split = Self { parts };
        split.check_classes(pairs).map_err(|(part, _, class)| {
            Error::Configuration(format!(
                "the {part} part of a fold would hold no {class} pair: use fewer folds, larger parts of \
                 the training pairs, or another part for validation"
            ))
        })?;
        Ok(split)
    }
}
