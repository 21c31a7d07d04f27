//! What a run's context says of pairs, beside what its network says of their sequence.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::warn;

use super::context::{Context, ContextSource, FittedContext};
use super::record::{Record, Settings};
use super::start::Opened;
use super::{CONTEXT, Run};
use crate::error::{Error, IoContext, MissingInput, Result};
use crate::evaluation::Sum;
use crate::genome::{Chroms, Region};
use crate::network::inference::{Beside, probability};
use crate::network::training::TrainingConfig;
use crate::output;
use crate::output::provenance::Input;
use crate::pairs::{FeatureTable, Pair, Part};

/// What a run's context says of the pairs of a table: of each the log-odds that are added to the network's, as far as
/// the network's count.
///
/// They are those of the context less those of the part of positives among the pairs that it was fitted on: what
/// the log-odds of a prevalence are in training batches, such as 0 where these are half and half, the network
/// learns itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Offsets {
    offsets: Vec<f32>,
    /// The log-odds of a positive in a training batch.
    batches: f32,
    /// How both become one; none before the training is done, where they are added as they are.
    sum: Option<Sum>,
}

impl Offsets {
    fn new(
        log_odds: Vec<f64>,
        prevalence: f64,
        training: &TrainingConfig,
        sum: Option<Sum>,
    ) -> Self {
        let prior = (prevalence / (1.0 - prevalence)).ln();
        let offsets = log_odds.into_iter().map(|of| (of - prior) as f32);
        Self {
            offsets: offsets.collect(),
            batches: training.batch_log_odds() as f32,
            sum,
        }
    }

    /// Of a pair by its place in the table: how its log-odds follow from the network's.
    pub fn of(&self, place: usize) -> Beside {
        let context = self.offsets[place];
        match self.sum {
            Some(sum) => Beside {
                weight: sum.sequence as f32,
                offset: sum.log_odds(0.0, f64::from(context)) as f32,
            },
            None => Beside {
                weight: 1.0,
                offset: context,
            },
        }
    }

    /// Of pairs by their places.
    pub fn of_places(&self, places: &[usize]) -> Vec<Beside> {
        places.iter().map(|&place| self.of(place)).collect()
    }

    /// The log-odds of a pair, by its place, that are its context's alone.
    pub fn alone(&self, place: usize) -> f32 {
        self.offsets[place]
    }

    /// How they and the network's become one, once that is known.
    pub fn sum(&self) -> Option<Sum> {
        self.sum
    }

    /// The probability that the context alone gives a pair, at the prevalence of the training batches: beside
    /// the network's, which is at the same.
    pub fn probability(&self, place: usize) -> f32 {
        probability(self.offsets[place] + self.batches)
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
        let known = Offsets::new(log_odds, held.prevalence, &settings.training, None);
        Ok(Some((held, known.offsets)))
    }

    /// Writes it into a run's folder.
    pub fn write(&self, dir: &Path) -> Result<()> {
        output::write_json(dir.join(CONTEXT), self)
    }

    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).at(path)?;
        serde_json::from_str(&text).map_err(|error| Error::format(path, error))
    }

    /// What it says of the pairs of a table, beside the network of a run.
    fn offsets(&self, table: &FeatureTable, record: &Record) -> Result<Offsets> {
        let log_odds = self.context.logits(table)?;
        let Record { settings, outcome } = record;
        let training = &settings.training;
        Ok(Offsets::new(
            log_odds,
            self.prevalence,
            training,
            outcome.sum,
        ))
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
    /// says the places of where they have moved, all or some, in any order; for another one from those that are
    /// given, or from its pairs alone where the training needed no file.
    ///
    /// # Errors
    ///
    /// Files for a run without a context; of the run's own table other files than those of the training;
    /// another table without files, where the training had some; files that have changed since they were hashed,
    /// that do not fit the table, or that make other features than those of the training.
    pub fn context(
        &self,
        (pairs, is_own): (&[Pair], bool),
        given: Option<&ContextSource>,
        chroms: &Chroms,
    ) -> Result<Option<Offsets>> {
        self.context_of((pairs, pairs), is_own, given, chroms)
    }

    /// The same of pairs of another table whose promoters are start sites: signals are read at, and distances go to,
    /// promoters as long as half of those of the training at most are, with the start sites in their middle; a
    /// ready table calls them by the start sites. `moved` says where the run's own tables are now.
    ///
    /// # Errors
    ///
    /// As [`Self::context`]; tables of the training that cannot be read.
    pub fn context_of_start_sites(
        &self,
        (pairs, moved): (&[Pair], &[PathBuf]),
        given: Option<&ContextSource>,
        chroms: &Chroms,
    ) -> Result<Option<Offsets>> {
        if self.record.settings.context.is_none() {
            return self.context((pairs, false), given, chroms);
        }
        let own = self.read_tables(moved, chroms)?;
        let length = median(own.pairs.iter().map(|pair| pair.elements.promoter.len()));
        let wide = |pair: &Pair| {
            let mut wide = *pair;
            wide.elements.promoter = widened(pair.elements.promoter, length, chroms);
            wide
        };
        let wide: Vec<Pair> = pairs.iter().map(wide).collect();
        self.context_of((wide.as_slice(), pairs), false, given, chroms)
    }

    /// What the context says of pairs; the second ones are as ready tables call them.
    fn context_of(
        &self,
        (pairs, called): (&[Pair], &[Pair]),
        is_own: bool,
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
        let table = source.table_of((pairs, called), chroms)?;
        let offsets = HeldContext::read(&path)?.offsets(&table, &self.record);
        offsets.map(Some)
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
            Some(given) if is_own => {
                let problem =
                    "was trained with other files of context, and its own table has no others";
                let source = completed(given, own);
                unchanged(source.ok_or_else(|| Error::format(&self.dir, problem))?).map(Some)
            }
            Some(given) => unchanged(given.clone()).map(Some),
            None if is_own => unchanged(own.clone()).map(Some),
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
        let mut source = match given {
            Some(given) => completed(given, own).unwrap_or_else(|| given.clone()),
            None => own.clone(),
        };
        for input in source.inputs() {
            *input = input.seen_from(dir)?;
        }
        let fitted = self.fitted_context()?.seen_from(dir)?;
        Ok(Some(ContextMade { fitted, source }))
    }

    /// The fitted context of a run that has one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or that is not what the training wrote.
    pub fn fitted_context(&self) -> Result<Input> {
        self.checked(&self.dir.join(CONTEXT))
    }

    /// The files that a context may be computed from: those that are given, and those of the training.
    pub fn context_files(&self, given: Option<&ContextSource>) -> Vec<PathBuf> {
        let own = self.record.settings.context.as_ref();
        let mut sources: Vec<ContextSource> = given.into_iter().chain(own).cloned().collect();
        let inputs = sources.iter_mut().flat_map(ContextSource::inputs);
        inputs.map(|input| input.path.clone()).collect()
    }
}

/// The context of a training where its files are now: of what is given that, of the rest where it was; none where
/// something else is given.
fn completed(given: &ContextSource, own: &ContextSource) -> Option<ContextSource> {
    let mut source = own.clone();
    if let Some(file) = &given.features {
        replace(source.features.as_mut()?, file)?;
    }
    for assay in &given.assays {
        let mut all = source.assays.iter_mut();
        let of = all.find(|of| of.name == assay.name)?;
        replace(&mut of.file, &assay.file)?;
    }
    Some(source)
}

/// Puts a file in the place of one with the same content.
fn replace(own: &mut Input, given: &Input) -> Option<()> {
    (own.sha256 == given.sha256).then(|| own.clone_from(given))
}

/// A source whose files hold what they held when they were hashed: in the training, or when they were given.
fn unchanged(mut source: ContextSource) -> Result<ContextSource> {
    for input in source.inputs() {
        if Input::new(&input.path)?.sha256 != input.sha256 {
            let problem = "is not the file of context that it was: its content has changed since the training, \
                           or since the work on these pairs began";
            return Err(Error::format(&input.path, problem));
        }
    }
    Ok(source)
}

/// The length that half of some are at most; 1 of none.
fn median(lengths: impl Iterator<Item = u32>) -> u32 {
    let mut lengths: Vec<u32> = lengths.collect();
    lengths.sort_unstable();
    let middle = lengths.len().saturating_sub(1) / 2;
    lengths.get(middle).copied().unwrap_or(1)
}

/// A shorter region as part of one of this length with its first base in the middle, as far as its chromosome goes.
fn widened(site: Region, length: u32, chroms: &Chroms) -> Region {
    if site.len() >= length {
        return site;
    }
    let start = site.start.saturating_sub(length / 2);
    let end = site.start.saturating_add(length - length / 2);
    Region {
        start,
        end: end.max(site.end).min(chroms.length(site.chrom)),
        ..site
    }
}

#[cfg(test)]
mod tests;
