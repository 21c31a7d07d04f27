//! A fold of a cell line.

use std::fmt;
use std::path::{Path, PathBuf};

use super::cell::Cell;
use super::file_name::file_name;
use crate::error::{Error, Result};
use crate::evaluation;
use crate::evaluation::Support;
use crate::pairs::folds::{FoldRule, Folds};
use crate::pairs::{Split, nested};
use crate::run::Context;
use crate::statistics::boosting::Example;
use crate::text::choice::Choice;

/// One fold of a cross-validation.
pub struct Fold<'a> {
    /// The cell line.
    pub cell: &'a Cell<'a>,
    /// How its pairs were divided.
    pub rule: FoldRule,
    /// Its number, from 0.
    pub number: usize,
    /// The part of the other folds' pairs that is learnt from: less than 1 in a learning curve.
    pub part: f64,
    /// The places of the pairs to learn from.
    pub train: Vec<usize>,
    /// The places of the pairs to score.
    pub test: Vec<usize>,
}

impl<'a> Fold<'a> {
    /// The folds of a cell line, with each part of their training pairs.
    pub fn all(cell: &'a Cell<'a>, rule: FoldRule) -> Result<Vec<Self>> {
        let request = cell.comparison;
        let (pairs, count, seed) = (&cell.table.pairs, request.folds, request.seed);
        let folds = Folds::new(rule, pairs, &cell.chroms, count, seed)?;
        let mut all = Vec::new();
        for number in 0..count {
            let parts = nested(pairs, &folds.others(number), &request.train_parts, seed)?;
            for (&part, train) in request.train_parts.iter().zip(parts) {
                let fold = Self {
                    cell,
                    rule,
                    number,
                    part,
                    train,
                    test: folds.members(number),
                };
                // What makes no parts for a network is told before the work.
                if request.methods.iter().any(|method| method.is_epiann()) {
                    fold.split()?;
                }
                if request.methods.iter().any(|method| method.has_context()) {
                    fold.check_context()?;
                }
                all.push(fold);
            }
        }
        Ok(all)
    }

    /// The parts of a run: the fold is its test, and some of the pairs to learn from stop the
    /// training.
    pub fn split(&self) -> Result<Split> {
        let request = self.cell.comparison;
        let (pairs, seed) = (&self.cell.table.pairs, request.seed);
        let fraction = request.validation_fraction;
        Split::of_fold((&self.train, &self.test), self.rule, pairs, fraction, seed)
    }

    /// Refuses pairs to learn from that no context can be fitted on.
    fn check_context(&self) -> Result<()> {
        let pairs = &self.cell.table.pairs;
        let example = |&row: &usize| Example {
            row,
            positive: pairs[row].label == Some(true),
        };
        let examples: Vec<Example> = self.train.iter().map(example).collect();
        let checked = Context::check(pairs, &examples);
        checked.map_err(|error| Error::Undefined(format!("{self}: {error}")))
    }

    /// Its folder inside that of the comparison.
    pub fn dir(&self, comparison: &Path) -> PathBuf {
        let name = file_name(&self.cell.request.name);
        let split = comparison.join(name).join(self.rule.name());
        let split = match self.part {
            1.0 => split,
            part => split.join(format!("part-{part}")),
        };
        split.join(format!("fold-{}", self.number + 1))
    }

    /// The test pairs with their scores.
    pub fn scored(&self, scores: &[f64]) -> Vec<evaluation::Scored> {
        let pairs = self.test.iter().zip(scores);
        let scored = pairs.map(|(&pair, &score)| evaluation::Scored {
            score,
            positive: self.cell.table.pairs[pair].label == Some(true),
        });
        scored.collect()
    }

    /// What the test pairs of this fold rest on.
    pub fn support(&self) -> Support {
        self.cell.support(&self.test)
    }

    /// What the test pairs of this fold rest on together with those of the others that divide the
    /// same pairs.
    pub fn together(&self, all: &[Self]) -> Support {
        let same = |fold: &&Self| fold.rule == self.rule && fold.part == self.part;
        let folds = all.iter().filter(same);
        let test: Vec<usize> = folds.flat_map(|fold| fold.test.iter().copied()).collect();
        self.cell.support(&test)
    }
}

impl fmt::Display for Fold<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cell, rule) = (&self.cell.request.name, self.rule.name());
        let (number, of) = (self.number + 1, self.cell.comparison.folds);
        write!(f, "{cell}, {rule} fold {number} of {of}")?;
        match self.part {
            1.0 => Ok(()),
            part => write!(f, ", {} pairs ({part} of all)", self.train.len()),
        }
    }
}
