//! The scores of a method in a fold, and their file.

use std::path::{Path, PathBuf};

use super::cell::Cell;
use super::contender::{Contender, Learner};
use super::epiann;
use super::file_name::file_name;
use super::fold::Fold;
use crate::compare::baselines::Labelled;
use crate::error::{Error, IoContext, Result};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output;
use crate::output::provenance;
use crate::output::provenance::VERSION;
use crate::progress::Progress;

/// The scores of a fold's test pairs, from a file of an earlier comparison or computed.
pub fn scores(
    fold: &Fold,
    contender: &Contender,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Vec<f64>> {
    let file = ScoreFile::new(fold, contender, dir, &device.description)?;
    if let Some(scores) = file.read()? {
        return Ok(scores);
    }
    let scores = match &contender.learner {
        Learner::Baseline(method) => {
            let train = Labelled::of(&fold.cell.table.pairs, &fold.train);
            method.scores(&train, &fold.test, fold.cell.comparison.seed)?
        }
        Learner::Epiann {
            networks,
            planted,
            kind,
        } => {
            let networks = (*networks, *planted, kind);
            epiann::scores(fold, networks, dir, device, progress)?
        }
    };
    if scores.iter().any(|score| !score.is_finite()) {
        let name = &contender.name;
        return Err(Error::NotFinite(format!("a score of {name} in {fold}")));
    }
    file.write(&scores)?;
    Ok(scores)
}

/// The files of a fold's folder that scoring a method leaves.
pub fn files(contender: &Contender) -> Vec<String> {
    let split = match contender.learner {
        Learner::Epiann { .. } => Some(epiann::SPLIT.to_string()),
        Learner::Baseline(_) => None,
    };
    split.into_iter().chain([scores_file(contender)]).collect()
}

fn scores_file(contender: &Contender) -> String {
    format!("{}.tsv", file_name(&contender.name))
}

/// The scores of a fold's test pairs that a device has written into a folder.
pub fn written(
    fold: &Fold,
    contender: &Contender,
    dir: &Path,
    device: &DeviceDescription,
) -> Result<Vec<f64>> {
    let file = ScoreFile::new(fold, contender, dir, device)?;
    let changed = "holds no scores of these inputs: they have changed since";
    file.read()?
        .ok_or_else(|| Error::format(&file.path, changed))
}

/// A word that two files of scores share only if they say the same.
fn identity(fold: &Fold, contender: &Contender, device: &DeviceDescription) -> Result<String> {
    let request = fold.cell.comparison;
    let inputs = contender.inputs.iter().map(|of| of.sha256.as_str());
    let inputs: Vec<&str> = inputs.collect();
    let inputs = (&request.reference.sha256, inputs, request.seed);
    let network = match &contender.learner {
        Learner::Epiann { networks, .. } => {
            let config = epiann::config(request, request.seed);
            let settings = (config, request.validation_fraction, networks);
            Some((settings, device.identity()))
        }
        Learner::Baseline(_) => None,
    };
    // Where they lie and what they are called, as far as learning goes.
    let pairs = |places: &[usize]| -> Vec<String> {
        let Cell { table, chroms, .. } = fold.cell;
        let text = |&place: &usize| {
            let pair = &table.pairs[place];
            format!("{} {}", pair.id(chroms), pair.label_text())
        };
        places.iter().map(text).collect()
    };
    let pairs = (pairs(&fold.train), pairs(&fold.test));
    provenance::digest(&(VERSION, &contender.name, inputs, network, fold.rule, pairs))
}

/// A file of scores.
struct ScoreFile<'a> {
    fold: &'a Fold<'a>,
    path: PathBuf,
    identity: String,
}

impl<'a> ScoreFile<'a> {
    fn new(
        fold: &'a Fold,
        contender: &Contender,
        dir: &Path,
        device: &DeviceDescription,
    ) -> Result<Self> {
        Ok(Self {
            fold,
            path: dir.join(scores_file(contender)),
            identity: identity(fold, contender, device)?,
        })
    }

    /// The first line.
    fn heading(&self) -> String {
        format!("# scores of inputs and settings {}", self.identity)
    }

    /// The names of the test pairs.
    fn names(&self) -> impl Iterator<Item = String> {
        let Cell { table, chroms, .. } = self.fold.cell;
        let test = self.fold.test.iter();
        test.map(|&pair| table.pairs[pair].id(chroms).to_string())
    }

    /// The scores; none where the file is another's or not there.
    fn read(&self) -> Result<Option<Vec<f64>>> {
        if !self.path.exists() {
            return Ok(None);
        }
        let bytes = std::fs::read(&self.path).at(&self.path)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        if lines.next() != Some(self.heading().as_str()) {
            return Ok(None);
        }
        let mut rows = lines.skip(1);
        let score = |wanted: String| {
            let (name, rest) = rows.next()?.split_once('\t')?;
            let score: f64 = rest.split('\t').nth(1)?.parse().ok()?;
            (name == wanted && score.is_finite()).then_some(score)
        };
        let scores: Option<Vec<f64>> = self.names().map(score).collect();
        Ok(scores.filter(|_| rows.next().is_none()))
    }

    fn write(&self, scores: &[f64]) -> Result<()> {
        let mut text = self.heading() + "\npair\tlabel\tscore\n";
        for ((name, &pair), score) in self.names().zip(&self.fold.test).zip(scores) {
            let label = self.fold.cell.table.pairs[pair].label_text();
            text += &format!("{name}\t{label}\t{score}\n");
        }
        output::write(&self.path, text)
    }
}
