//! A fold of a cell line, and the scores of its test pairs.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::Request;
use super::cell::Cell;
use super::contender::{Contender, Learner};
use super::{epiann, folder};
use crate::compare::baselines::Labelled;
use crate::error::{Error, IoContext, Result};
use crate::evaluation;
use crate::network::device::ComputeDevice;
use crate::output::Partial;
use crate::output::provenance;
use crate::output::provenance::VERSION;
use crate::pairs::folds::{FoldRule, Folds};
use crate::pairs::{Split, nested};
use crate::progress::Progress;
use crate::text::Lines;

/// One fold of a cross-validation.
pub struct Fold<'a> {
    /// The cell line.
    pub cell: &'a Cell<'a>,
    /// How its pairs were divided.
    pub rule: FoldRule,
    /// Its number, from 0.
    pub number: usize,
    /// How many there are.
    pub of: usize,
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
        let request = cell.benchmark;
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
                    of: count,
                    part,
                    train,
                    test: folds.members(number),
                };
                // What makes no parts for a network is told before the work.
                if request.methods.iter().any(|method| method.is_epiann()) {
                    fold.split()?;
                }
                all.push(fold);
            }
        }
        Ok(all)
    }

    /// The parts of a run: the fold is its test, and some of the pairs to learn from stop the
    /// training.
    pub fn split(&self) -> Result<Split> {
        let Request {
            validation_fraction,
            seed,
            ..
        } = *self.cell.benchmark;
        let pairs = &self.cell.table.pairs;
        Split::of_fold(
            (&self.train, &self.test),
            self.rule,
            pairs,
            validation_fraction,
            seed,
        )
    }

    /// Its folder inside that of the benchmark.
    pub fn dir(&self, benchmark: &Path) -> PathBuf {
        let name = folder(&self.cell.request.name);
        let split = benchmark.join(name).join(self.rule.name());
        let split = match self.part {
            1.0 => split,
            part => split.join(format!("part-{part}")),
        };
        split.join(format!("fold-{}", self.number + 1))
    }

    /// The scores of the test pairs, from a file of an earlier benchmark or computed.
    pub fn scores(
        &self,
        contender: &Contender,
        dir: &Path,
        device: &ComputeDevice,
        progress: &dyn Progress,
    ) -> Result<Vec<f64>> {
        let file = dir.join(format!("{}.tsv", folder(&contender.name)));
        let identity = self.identity(contender, device)?;
        if let Some(scores) = self.read(&file, &identity)? {
            return Ok(scores);
        }
        let request = self.cell.benchmark;
        let scores = match &contender.learner {
            Learner::Baseline(method) => {
                let train = Labelled::of(&self.cell.table.pairs, &self.train);
                method.scores(&train, &self.test, request.seed)?
            }
            &Learner::Epiann { networks, planted } => {
                epiann::scores(self, (networks, planted), dir, device, progress)?
            }
        };
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(Error::NotFinite(format!(
                "a score of {contender} in {self}"
            )));
        }
        self.write(&file, &identity, &scores)?;
        Ok(scores)
    }

    /// A word that two files of scores share only if they say the same.
    fn identity(&self, contender: &Contender, device: &ComputeDevice) -> Result<String> {
        let request = self.cell.benchmark;
        let inputs: Vec<&str> = contender
            .inputs
            .iter()
            .map(|of| of.sha256.as_str())
            .collect();
        let inputs = (&request.reference.sha256, inputs, request.seed);
        let network = match contender.learner {
            Learner::Epiann { networks, .. } => {
                let config = epiann::config(request, request.seed);
                let settings = (config, request.validation_fraction, networks);
                Some((settings, device.description.identity()))
            }
            Learner::Baseline(_) => None,
        };
        // Where they lie and what they are called, as far as learning goes.
        let pairs = |places: &[usize]| -> Vec<String> {
            let Cell { table, chroms, .. } = self.cell;
            let text = |&place: &usize| {
                let pair = &table.pairs[place];
                format!("{} {}", pair.id(chroms), pair.label_text())
            };
            places.iter().map(text).collect()
        };
        let pairs = (pairs(&self.train), pairs(&self.test));
        provenance::digest(&(VERSION, &contender.name, inputs, network, self.rule, pairs))
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let Cell { table, chroms, .. } = self.cell;
        self.test
            .iter()
            .map(|&pair| table.pairs[pair].id(chroms).to_string())
    }

    /// The scores of a file of this identity; none where it is another one or not there.
    fn read(&self, path: &Path, identity: &str) -> Result<Option<Vec<f64>>> {
        if !path.exists() {
            return Ok(None);
        }
        let mut lines = Lines::open(path)?;
        let first = lines.next_line()?;
        if first.is_none_or(|(_, line)| line != heading(identity)) {
            return Ok(None);
        }
        lines.next_line()?;
        let mut scores = Vec::with_capacity(self.test.len());
        let mut names = self.names();
        while let Some((_, line)) = lines.next_line()? {
            let mut fields = line.split('\t');
            let (name, score) = (fields.next(), fields.nth(1));
            match (
                names.next(),
                score.and_then(|score| score.parse::<f64>().ok()),
            ) {
                (Some(wanted), Some(score))
                    if name == Some(wanted.as_str()) && score.is_finite() =>
                {
                    scores.push(score);
                }
                _ => return Ok(None),
            }
        }
        Ok(names.next().is_none().then_some(scores))
    }

    fn write(&self, path: &Path, identity: &str, scores: &[f64]) -> Result<()> {
        let file = Partial::new(path);
        let mut writer = file.create()?;
        let mut write = || {
            writeln!(writer, "{}\npair\tlabel\tscore", heading(identity))?;
            for ((name, &pair), score) in self.names().zip(&self.test).zip(scores) {
                let label = self.cell.table.pairs[pair].label_text();
                writeln!(writer, "{name}\t{label}\t{score}")?;
            }
            writer.flush()
        };
        write().at(file.path())?;
        file.complete()
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
}

/// The first line of a file of scores.
fn heading(identity: &str) -> String {
    format!("# scores of inputs and settings {identity}")
}

impl fmt::Display for Fold<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cell, rule) = (&self.cell.request.name, self.rule.name());
        let (number, of) = (self.number + 1, self.of);
        write!(f, "{cell}, {rule} fold {number} of {of}")?;
        match self.part {
            1.0 => Ok(()),
            part => write!(f, ", {} pairs ({part} of all)", self.train.len()),
        }
    }
}
