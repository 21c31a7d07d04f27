//! What is tested, and what is trained on for it.

use std::path::Path;

use serde::Serialize;

use crate::error::Result;
use crate::genome::Chroms;
use crate::output;
use crate::output::provenance::Input;
use crate::pairs::folds::{FoldRule, Folds};
use crate::pairs::{Pair, Part, Split, SplitRule};

/// How pairs are divided: into parts, or into folds of which each is the test part once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Rule {
    /// Into parts.
    Split {
        /// How.
        split: SplitRule,
        /// The parts of all pairs that are kept for the test, and of the others that stop training.
        fractions: (f64, f64),
        /// The seed of the division.
        seed: u64,
    },
    /// Into folds.
    Folds {
        /// How.
        rule: FoldRule,
        /// The number of folds.
        count: usize,
        /// The seed of the division.
        seed: u64,
    },
    /// Into folds, as a file says.
    FoldFile {
        /// A `folds.tsv`.
        file: Input,
    },
}

/// Pairs that are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Divided {
    /// Into parts.
    Split(Split),
    /// Into folds.
    Folds(Folds),
}

/// One test part and what is trained on for it, as places of pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The fold that is tested, from 1.
    pub fold: Option<usize>,
    /// The training and the validation part, which chooses when training stops.
    pub training: Vec<usize>,
    /// The test part.
    pub test: Vec<usize>,
}

impl Rule {
    /// Divides labelled pairs.
    ///
    /// # Errors
    ///
    /// See [`Split::new`], [`Folds::new`] and [`Folds::read`].
    pub fn divide(&self, pairs: &[Pair], chroms: &Chroms) -> Result<Divided> {
        Ok(match self {
            Self::Split {
                split,
                fractions,
                seed,
            } => Divided::Split(Split::new(split, pairs, chroms, *fractions, *seed)?),
            Self::Folds { rule, count, seed } => {
                Divided::Folds(Folds::new(*rule, pairs, chroms, *count, *seed)?)
            }
            Self::FoldFile { file } => Divided::Folds(Folds::read(&file.path, pairs, chroms)?),
        })
    }
}

impl Divided {
    /// Each test part with what is trained on for it: one of a split, one a fold.
    pub fn divisions(&self) -> Vec<Division> {
        match self {
            Self::Split(split) => {
                let mut training = split.members(Part::Train);
                training.extend(split.members(Part::Validation));
                vec![Division {
                    fold: None,
                    training,
                    test: split.members(Part::Test),
                }]
            }
            Self::Folds(folds) => (0..folds.count())
                .map(|fold| Division {
                    fold: Some(fold + 1),
                    training: folds.others(fold),
                    test: folds.members(fold),
                })
                .collect(),
        }
    }

    /// Writes `split.tsv` or `folds.tsv` into a folder, where the other one of an earlier report
    /// does not stay.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, dir: &Path, pairs: &[Pair], chroms: &Chroms) -> Result<()> {
        let [parts, folds] = ["split.tsv", "folds.tsv"].map(|name| dir.join(name));
        output::remove_if_there(match self {
            Self::Split(_) => &folds,
            Self::Folds(_) => &parts,
        })?;
        match self {
            Self::Split(split) => split.write(&parts, pairs, chroms),
            Self::Folds(of) => of.write(&folds, pairs, chroms),
        }
    }
}
