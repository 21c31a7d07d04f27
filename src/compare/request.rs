//! What to compare, and whether it makes sense.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::contender::MethodName;
use super::file_name::file_name;
use crate::error::{Error, MissingInput, Result};
use crate::output::provenance::Input;
use crate::pairs::TableSource;
use crate::pairs::folds::FoldRule;
use crate::run::{Config, ContextSource, planted};
use crate::text::choice::Choice;

/// What to compare, and on what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub(super) fn validate(&self) -> Result<()> {
        if self.cells.is_empty() || self.methods.is_empty() || self.rules.is_empty() {
            return refuse("a comparison needs a table of pairs, a method and a way to split");
        }
        if self.ensemble < 2 && self.methods.contains(&MethodName::EpiannEnsemble) {
            return refuse(format!(
                "an ensemble needs 2 networks or more, not {}",
                self.ensemble
            ));
        }
        if self.train_parts.last() != Some(&1.0) {
            return refuse("the last part of the training pairs must be 1, all of them");
        }
        if self.methods.iter().any(|method| method.is_epiann()) {
            self.config.model.validate()?;
            self.config.training.validate()?;
            self.config.augmentation.validate()?;
            if !self.init_motifs.is_empty() {
                planted(&self.config.model, &self.init_motifs)?;
            }
        }
        for method in &self.methods {
            let (input, given) = match method {
                MethodName::PepMotif => (MissingInput::Motifs, &self.motifs),
                MethodName::EpiannMotifs => (MissingInput::InitialMotifs, &self.init_motifs),
                _ => continue,
            };
            if given.is_empty() {
                let what = format!("there are no motifs for {}", method.label(self.ensemble));
                return Err(Error::Missing { what, input });
            }
        }
        let rules = self.rules.iter().map(|rule| rule.name().to_string());
        once("split", rules)?;
        once("cell line", self.cells.iter().map(|cell| cell.name.clone()))?;
        self.cells
            .iter()
            .try_for_each(|cell| self.validate_cell(cell))
    }

    fn validate_cell(&self, cell: &CellRequest) -> Result<()> {
        let methods = self.methods.iter();
        let methods = methods.map(|method| method.label(self.ensemble));
        let scores = || cell.scores.iter().map(|(name, _)| name.clone());
        once("method", methods.chain(scores()))?;
        let own = self.compared().into_iter().flat_map(|method| {
            let sum = method.is_sequence_alone();
            let sum = sum.then(|| method.label_with_distance(self.ensemble));
            [method.label(self.ensemble)].into_iter().chain(sum)
        });
        // Those that were not asked for are there all the same.
        once("method (some are always compared)", own.chain(scores()))?;
        if cell.features.is_some() && cell.assays.is_some() {
            let name = &cell.name;
            return refuse(format!(
                "{name} has a table of features and a list of assays: one must be chosen"
            ));
        }
        let asked = |method| self.methods.contains(&method);
        let has_context = self.methods.iter().any(|method| method.has_context());
        if !cell.context.is_empty() && !has_context {
            let name = &cell.name;
            return refuse(format!(
                "{name} has files of context, which no method but context and epiann-context learns from: ask for one of \
                 them, or leave them out"
            ));
        }
        let enhancer = asked(MethodName::TargetfinderEp) || asked(MethodName::TargetfinderEpw);
        if cell.features.is_some() && enhancer && asked(MethodName::TargetfinderEep) {
            return refuse(
                "a table of features describes the enhancer or the extended one, not both: ask for \
                 targetfinder-eep by itself, or give a list of assays",
            );
        }
        Ok(())
    }

    /// The methods that were asked for, and what networks are to be better than where it was not: the distance where
    /// they are trained by sequence alone, the context where they are trained beside it.
    pub(super) fn compared(&self) -> Vec<MethodName> {
        let mut methods = self.methods.clone();
        let by_sequence = self.methods.iter().any(|of| of.is_sequence_alone());
        let beside_context = self.methods.contains(&MethodName::EpiannContext);
        for (is_needed, method) in [
            (by_sequence, MethodName::Distance),
            (beside_context, MethodName::Context),
        ] {
            if is_needed && !methods.contains(&method) {
                methods.push(method);
            }
        }
        methods
    }

    /// What the network is called that others are compared with.
    pub(super) fn epiann(&self) -> String {
        MethodName::Epiann.label(self.ensemble)
    }
}

/// The files of a cell line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellRequest {
    /// Its name in tables and figures.
    pub name: String,
    /// Its labelled pairs.
    pub table: TableSource,
    /// A ready table of TargetFinder's features.
    pub features: Option<Input>,
    /// A list of assays to compute them from, see [`assays`](crate::formats::assays).
    pub assays: Option<Input>,
    /// Scores from elsewhere, each with the name of what made them.
    pub scores: Vec<(String, Input)>,
    /// What is known of the pairs beside their sequence.
    #[serde(default, skip_serializing_if = "ContextSource::is_empty")]
    pub context: ContextSource,
}

fn refuse(message: impl Into<String>) -> Result<()> {
    Err(Error::Configuration(message.into()))
}

/// Refuses names that are the same, or would be as files.
fn once(what: &str, names: impl Iterator<Item = String>) -> Result<()> {
    let mut seen = BTreeMap::new();
    for name in names {
        // Some file systems take small and capital letters for the same.
        let safe = file_name(&name).to_lowercase();
        if safe.trim_matches('.').is_empty() {
            return refuse(format!("{name:?} is no name for a {what}"));
        }
        match seen.insert(safe, name.clone()) {
            Some(other) if other == name => {
                return refuse(format!("the {what} {name:?} is asked for twice"));
            }
            Some(other) => {
                return refuse(format!(
                    "{other:?} and {name:?} would share their files: rename one"
                ));
            }
            None => {}
        }
    }
    Ok(())
}
