//! Methods beside each other: every one trains and is tested on exactly the same folds.
//!
//! The scores of a method in a fold are a file of their own. A benchmark that is interrupted goes on
//! after the last of them, and what was scored from the same inputs with the same settings is not
//! scored again.

mod cell;
mod contender;
mod epiann;
mod fold;
mod measures;
mod summary;
mod tables;

use std::path::{Path, PathBuf};

use serde::Serialize;
use tracing::{info, warn};

pub use cell::CellRequest;
pub use contender::MethodName;
pub use measures::Measures;
pub use summary::{Difference, Scored, Setting, Summary};
pub use tables::Benchmark;

use crate::device::ComputeDevice;
use crate::error::{Error, Result};
use crate::output;
use crate::pairs::folds::FoldRule;
use crate::progress::Progress;
use crate::provenance::Input;
use crate::run::Config;
use cell::Cell;
use fold::Fold;

/// What to compare, and on what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// The cell lines.
    pub cells: Vec<CellRequest>,
    /// The reference sequence.
    pub reference: Input,
    /// The methods, in the order of the tables.
    pub methods: Vec<MethodName>,
    /// How pairs are divided.
    pub rules: Vec<FoldRule>,
    /// Folds.
    pub folds: usize,
    /// Parts of a fold's training pairs to learn from, ascending to 1: more than one make a learning
    /// curve.
    pub train_parts: Vec<f64>,
    /// EPIANN's settings.
    pub config: Config,
    /// The part of a fold's training pairs that stop EPIANN's training.
    pub validation_fraction: f64,
    /// Networks of an ensemble.
    pub ensemble: usize,
    /// Matrices for PEP-Motif.
    pub motifs: Vec<Input>,
    /// Matrices for EPIANN's filters to start as.
    pub init_motifs: Vec<Input>,
    /// Seed of everything that is random.
    pub seed: u64,
}

impl Request {
    /// Checks what can be checked before a file is read.
    ///
    /// # Errors
    ///
    /// Nothing to compare; things of one name; a method whose input was not given.
    fn validate(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::Configuration(message));
        if self.cells.is_empty() || self.methods.is_empty() || self.rules.is_empty() {
            return refuse(
                "a benchmark needs a table of pairs, a method and a way to split".to_string(),
            );
        }
        if self.ensemble < 2 && self.methods.contains(&MethodName::EpiannEnsemble) {
            return refuse(format!(
                "an ensemble needs 2 networks or more, not {}",
                self.ensemble
            ));
        }
        if self.train_parts.last() != Some(&1.0) {
            return refuse(
                "the last part of the training pairs must be 1, all of them".to_string(),
            );
        }
        for (place, cell) in self.cells.iter().enumerate() {
            if self.cells[..place]
                .iter()
                .any(|other| other.name == cell.name)
            {
                return refuse(format!("two tables of pairs are called {:?}", cell.name));
            }
        }
        for (place, method) in self.methods.iter().enumerate() {
            if self.methods[..place].contains(method) {
                let name = method.label(self.ensemble);
                return refuse(format!("{name} is asked for twice"));
            }
            let needed = match method {
                MethodName::PepMotif => ("--motifs", &self.motifs),
                MethodName::EpiannMotifs => ("--init-motifs", &self.init_motifs),
                _ => continue,
            };
            if needed.1.is_empty() {
                return refuse(format!(
                    "{} needs {}",
                    method.label(self.ensemble),
                    needed.0
                ));
            }
        }
        Ok(())
    }

    /// What the network is called that others are compared with.
    fn epiann(&self) -> String {
        MethodName::Epiann.label(self.ensemble)
    }
}

/// Compares in a folder, which is made; what is already there of the same inputs and settings is
/// taken over.
///
/// # Errors
///
/// Bad settings or inputs, all before the first method learns anything; folds without one of the
/// classes.
pub fn benchmark(
    dir: &Path,
    request: &Request,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Benchmark> {
    request.validate()?;
    // Every table, feature and fold is looked at before the first training.
    let cells = request.cells.iter().map(|cell| Cell::open(cell, request));
    let cells = cells.collect::<Result<Vec<Cell>>>()?;
    let mut lineups = Vec::new();
    for cell in &cells {
        let folds = request.rules.iter().map(|&rule| Fold::all(cell, rule));
        let folds = folds.collect::<Result<Vec<_>>>()?;
        let folds: Vec<Fold> = folds.into_iter().flatten().collect();
        lineups.push((folds, cell.contenders(progress)?));
    }
    output::create_dir(dir)?;
    let mut scored = Vec::new();
    for (fold, contenders) in lineups
        .iter()
        .flat_map(|(folds, contenders)| folds.iter().map(move |fold| (fold, contenders)))
    {
        let dir = fold.dir(dir);
        output::create_dir(&dir)?;
        for contender in contenders {
            let scores = fold.scores(contender, &dir, device, progress)?;
            let measures = Measures::new(&fold.scored(&scores))?;
            info!("{fold}, {contender}: {measures}");
            scored.push(Scored::new(fold, contender, measures));
        }
    }
    let benchmark = Benchmark::new(request, device, scored);
    benchmark.write(dir)?;
    draw(dir, &benchmark)?;
    Ok(benchmark)
}

/// Draws the figures for which there is room.
fn draw(dir: &Path, benchmark: &Benchmark) -> Result<()> {
    for (name, figure) in benchmark.figures() {
        let figure = match figure {
            Err(Error::Undefined(why)) => {
                warn!("no figure {name}: {why}");
                continue;
            }
            figure => figure?,
        };
        for ending in ["svg", "png"] {
            figure.write(&dir.join(format!("{name}.{ending}")))?;
        }
    }
    Ok(())
}

/// A name as part of a path.
fn folder(name: &str) -> PathBuf {
    let safe = |letter: char| match letter {
        letter if letter.is_alphanumeric() || "-_.".contains(letter) => letter,
        _ => '_',
    };
    PathBuf::from(name.chars().map(safe).collect::<String>())
}
