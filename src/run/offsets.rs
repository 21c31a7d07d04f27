//! What a run's context says of pairs, beside what its network says of their sequence.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::context::{Context, ContextSource, FittedContext};
use super::record::Settings;
use super::start::Opened;
use super::{CONTEXT, Run};
use crate::error::{Error, IoContext, MissingInput, Result};
use crate::genome::Chroms;
use crate::network::inference::probability;
use crate::output;
use crate::output::provenance::Input;
use crate::pairs::{FeatureTable, Pair, Part};

/// What a run's context says of the pairs of a table: of each the log-odds that are added to the network's.
///
/// They are those of the context less those of the part of positives among the pairs that it was fitted on: a
/// network's training batches are half and half, so that its log-odds are those of such a prevalence.
#[derive(Debug, Clone, PartialEq)]
pub struct Offsets(Vec<f32>);

impl Offsets {
    fn new(log_odds: Vec<f64>, prevalence: f64) -> Self {
        let prior = (prevalence / (1.0 - prevalence)).ln();
        let offsets = log_odds.into_iter().map(|of| (of - prior) as f32);
        Self(offsets.collect())
    }

    /// Of a pair by its place in the table.
    pub fn of(&self, place: usize) -> f32 {
        self.0[place]
    }

    /// Of pairs by their places.
    pub fn of_places(&self, places: &[usize]) -> Vec<f32> {
        places.iter().map(|&place| self.0[place]).collect()
    }

    /// The probability that the context alone gives a pair, at the prevalence of the training batches: beside
    /// the network's, which is at the same.
    pub fn probability(&self, place: usize) -> f32 {
        probability(self.0[place])
    }
}

/// The context of a run, fitted: `context.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct HeldContext {
    /// The part of positives among the pairs that it was fitted on.
    prevalence: f64,
    context: Context,
}

impl HeldContext {
    /// Fits the context that a run's settings ask for on the training part; and, for the training of the
    /// network, what is added to its log-odds of each pair of the table. Of the training part that is what was
    /// fitted on others of it: of pairs that it has seen a context knows more than it will of any other, and
    /// would leave nothing for the network to learn.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or that do not fit the table; pairs that nothing can be fitted on.
    pub fn fit(settings: &Settings, opened: &Opened) -> Result<Option<(Self, Vec<f32>)>> {
        let Some(source) = &settings.context else {
            return Ok(None);
        };
        let pairs = &opened.table.pairs;
        let table = source.table(pairs, opened.reference.chroms())?;
        let train = opened.split.members(Part::Train);
        let seed = settings.training.seed;
        let FittedContext { context, crossed } = Context::fit(&table, pairs, &train, seed)?;
        let positive = |&&place: &&usize| pairs[place].label == Some(true);
        let positives = train.iter().filter(positive).count();
        let held = Self {
            prevalence: positives as f64 / train.len() as f64,
            context,
        };
        let mut log_odds = held.context.logits(&table)?;
        for (place, crossed) in train.into_iter().zip(crossed) {
            log_odds[place] = crossed;
        }
        let Offsets(offsets) = Offsets::new(log_odds, held.prevalence);
        Ok(Some((held, offsets)))
    }

    /// Writes it into a run's folder.
    pub fn write(&self, dir: &Path) -> Result<()> {
        output::write_json(dir.join(CONTEXT), self)
    }

    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).at(path)?;
        serde_json::from_str(&text).map_err(|error| Error::format(path, error))
    }

    /// What it says of the pairs of a table.
    fn offsets(&self, table: &FeatureTable) -> Result<Offsets> {
        Ok(Offsets::new(self.context.logits(table)?, self.prevalence))
    }
}

/// What the context of pairs was computed from, as files of a folder name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContextMade {
    /// What the training fitted.
    pub fitted: Input,
    /// Where the scalars of the pairs come from.
    #[serde(flatten)]
    pub source: ContextSource,
}

impl Run {
    /// What the run's context says of the pairs of a table, which is the run's own or another; none of a run
    /// without a context. For the run's own table it is computed from the files of the training, which `given`
    /// says the places of where they have moved; for another one from those that are given, or from its pairs
    /// alone where the training needed no file.
    ///
    /// # Errors
    ///
    /// Files for a run without a context; of the run's own table other files than those of the training;
    /// another table without files, where the training had some; files that do not fit the table, or that
    /// make other features than those of the training.
    pub fn context(
        &self,
        (pairs, is_own): (&[Pair], bool),
        given: Option<&ContextSource>,
        chroms: &Chroms,
    ) -> Result<Option<Offsets>> {
        let Some(source) = self.context_source(is_own, given)? else {
            return Ok(None);
        };
        if !is_own {
            warn!(
                "the context counts the pairs of a table: what it says holds for tables that are made as that \
                 of the training"
            );
        }
        let path = self.dir.join(CONTEXT);
        self.checked(&path)?;
        let table = source.table(pairs, chroms)?;
        HeldContext::read(&path)?.offsets(&table).map(Some)
    }

    /// Where the context of a table comes from: see [`Self::context`].
    ///
    /// # Errors
    ///
    /// As there, as far as no table has to be read.
    fn context_source(
        &self,
        is_own: bool,
        given: Option<&ContextSource>,
    ) -> Result<Option<ContextSource>> {
        let Some(own) = &self.record.settings.context else {
            let problem = "was trained without a context, and takes none";
            return match given {
                Some(_) => Err(Error::format(&self.dir, problem)),
                None => Ok(None),
            };
        };
        match given {
            Some(given) if is_own && contents(given) != contents(own) => {
                let problem =
                    "was trained with other files of context, and its own table has no others";
                Err(Error::format(&self.dir, problem))
            }
            Some(given) => Ok(Some(given.clone())),
            None if is_own => unchanged(own).map(Some),
            None if own.is_empty() => Ok(Some(own.clone())),
            None => Err(Error::Missing {
                what: format!(
                    "{}: the run was trained with a context, which another table of pairs has to have too",
                    self.dir.display()
                ),
                input: MissingInput::Context,
            }),
        }
    }

    /// What the context of the pairs of a table is computed from, as files of `dir` name it; none of a run
    /// without. For the run's own table nothing, or where its files are now, is `given`.
    ///
    /// # Errors
    ///
    /// A fitted context that cannot be read, or that is not what the training wrote.
    pub fn context_made(
        &self,
        given: Option<&ContextSource>,
        dir: &Path,
    ) -> Result<Option<ContextMade>> {
        let Some(own) = &self.record.settings.context else {
            return Ok(None);
        };
        let mut source = given.unwrap_or(own).clone();
        for input in source.inputs() {
            *input = input.seen_from(dir)?;
        }
        let fitted = self.checked(&self.dir.join(CONTEXT))?.seen_from(dir)?;
        Ok(Some(ContextMade { fitted, source }))
    }
}

/// What files of a context hold, wherever they lie.
fn contents(source: &ContextSource) -> ContextSource {
    let mut source = source.clone();
    for input in source.inputs() {
        input.path = PathBuf::new();
    }
    source
}

/// A source whose files are what they were in the training.
fn unchanged(own: &ContextSource) -> Result<ContextSource> {
    let mut source = own.clone();
    for input in source.inputs() {
        if Input::new(&input.path)?.sha256 != input.sha256 {
            let problem = "is not the context of the training: its content has changed";
            return Err(Error::format(&input.path, problem));
        }
    }
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_batches_that_are_half_and_half() {
        // One in five: what is as probable as any pair adds nothing.
        let prior = 0.25f64.ln();
        let offsets = Offsets::new(vec![prior, prior + 2.0, prior - 1.0], 0.2);
        assert!(offsets.of(0).abs() < 1e-6 && (offsets.of(1) - 2.0).abs() < 1e-6);
        assert!((offsets.probability(0) - 0.5).abs() < 1e-6);
        let places = offsets.of_places(&[2, 0]);
        assert_eq!(places, [offsets.of(2), offsets.of(0)]);
    }
}
