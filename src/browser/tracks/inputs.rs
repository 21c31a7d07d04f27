//! What tracks are made from: a run's pairs, and the reference.

use std::collections::BTreeSet;
use std::path::Path;

use super::annotation::AnnotationMade;
use super::request::{Selection, TracksRequest};
use super::summary::Made;
use super::writer::leftmost;
use crate::error::{Error, Result};
use crate::genome::Reference;
use crate::network::inference::{Beside, Ensemble};
use crate::output::provenance::Input;
use crate::pairs::{Candidate, PairTable, Part, called};
use crate::progress::Progress;
use crate::run::{Offsets, Run};

/// The inputs of a folder of tracks, read.
pub struct Inputs {
    /// The reference.
    pub reference: Reference,
    /// Its file.
    pub reference_file: Input,
    /// All pairs.
    pub table: PairTable,
    /// What each was to the training; none of those that its table did not have.
    pub parts: Vec<Option<Part>>,
    /// What the run's context says of each, where it has one.
    pub context: Option<Offsets>,
}

impl Inputs {
    /// Reads what a request is about.
    ///
    /// # Errors
    ///
    /// More top regions than windows have room for, or ranked by what the run has not learnt; inputs that
    /// cannot be read.
    pub fn read(run: &Run, request: &TracksRequest) -> Result<Self> {
        run.check_rank(request.rank)?;
        let bins = run.record.settings.model.bins();
        request.top_regions.check(bins)?;
        let (reference, reference_file) = run.open_reference(request.reference.as_deref())?;
        let chroms = reference.chroms();
        let (table, is_own) = run.read_other_table(request.table.as_ref(), chroms)?;
        let parts = run.parts(&table, is_own, chroms)?;
        let of_table = (table.pairs.as_slice(), is_own);
        let context = run.context(of_table, request.context.as_ref(), chroms)?;
        Ok(Self {
            reference,
            reference_file,
            table,
            parts,
            context,
        })
    }

    /// What the run's context says of pairs by their places, where it has one.
    pub fn beside(&self, places: &[usize]) -> Option<Vec<Beside>> {
        self.context.as_ref().map(|of| of.of_places(places))
    }

    /// The same request with the pairs' own names in place of what they were called.
    ///
    /// # Errors
    ///
    /// As [`Self::called`].
    pub fn resolved(&self, request: &TracksRequest) -> Result<TracksRequest> {
        let names = |words: &[String]| -> Result<Vec<String>> {
            let called = self.called(words)?.into_iter();
            Ok(called.map(|(name, _)| name).collect())
        };
        Ok(TracksRequest {
            named: names(&request.named)?,
            matrices: names(&request.matrices)?,
            ..request.clone()
        })
    }

    /// The names and places of the pairs that some words mean: see [`called`].
    ///
    /// # Errors
    ///
    /// Words that no pair answers to, or several.
    pub fn called(&self, words: &[String]) -> Result<Vec<(String, usize)>> {
        let (pairs, chroms) = (&self.table.pairs, self.reference.chroms());
        let candidates = pairs.iter().map(|pair| Candidate {
            pair,
            probability: None,
        });
        let places = called(candidates, chroms, words)?.into_iter();
        let named = places.map(|place| (pairs[place].id(chroms).to_string(), place));
        Ok(named.collect())
    }

    /// The places of the pairs that are asked for, from left to right, as far as no network has to say
    /// which these are.
    ///
    /// # Errors
    ///
    /// Names that no pair has, no pair at all.
    pub fn chosen(&self, run: &Run, request: &TracksRequest) -> Result<Vec<usize>> {
        let mut order = left_to_right(&self.table, request.selection);
        if !request.named.is_empty() {
            let named = self.called(&request.named)?;
            let named: BTreeSet<usize> = named.into_iter().map(|(_, place)| place).collect();
            order.retain(|place| named.contains(place));
        }
        if order.is_empty() {
            let path = &run.table_source(request.table.as_ref()).file.path;
            return Err(Error::format(path, "holds no pair of this selection"));
        }
        Ok(order)
    }

    /// Of some places those of the `most_probable` pairs, where so many are asked for: of equal ones the
    /// first, in the order in which they were.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, a probability that is not a number.
    pub fn most_probable(
        &mut self,
        places: Vec<usize>,
        request: &TracksRequest,
        ensemble: &Ensemble,
        progress: &dyn Progress,
    ) -> Result<Vec<usize>> {
        let Some(count) = request.most_probable else {
            return Ok(places);
        };
        let mut logits = Vec::with_capacity(places.len());
        progress.start("probabilities", places.len() as u64, 0);
        let (windows, known) = (self.table.windows_of(&places), self.beside(&places));
        let asked = (windows.as_slice(), known.as_deref());
        ensemble.for_each_with(&mut self.reference, asked, |_, said| {
            logits.push(said.mean.logit);
            progress.advance(1, "");
            Ok(())
        })?;
        progress.finish();
        let mut best: Vec<usize> = (0..places.len()).collect();
        best.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
        best.truncate(count);
        best.sort_unstable();
        Ok(best.into_iter().map(|number| places[number]).collect())
    }
}

/// The places of the selected pairs, by the leftmost base of any of their windows and elements.
fn left_to_right(table: &PairTable, selection: Selection) -> Vec<usize> {
    let mut order: Vec<usize> = (0..table.pairs.len())
        .filter(|&place| selection != Selection::Positive || table.pairs[place].label == Some(true))
        .collect();
    order.sort_by_key(|&place| (leftmost(&table.pairs[place], table.windows[place]), place));
    order
}

impl Made {
    /// Of what a request is about, as a file of `dir` names it.
    ///
    /// # Errors
    ///
    /// Files that cannot be read.
    pub fn new(run: &Run, request: &TracksRequest, reference: &Input, dir: &Path) -> Result<Self> {
        let pairs = Input::new(&run.table_source(request.table.as_ref()).file.path)?;
        let reference = reference.seen_from(dir)?;
        let inputs = (
            pairs.seen_from(dir)?,
            reference,
            request.annotation.made(dir)?,
        );
        Self::of(run, request, inputs, dir)
    }

    /// The same with inputs, pairs before the reference, as the file names them.
    ///
    /// # Errors
    ///
    /// Weights that cannot be read.
    pub fn of(
        run: &Run,
        request: &TracksRequest,
        (pairs, reference, annotation): (Input, Input, AnnotationMade),
        dir: &Path,
    ) -> Result<Self> {
        Ok(Self {
            weights: run.weights()?.seen_from(dir)?,
            correction: run.record.correction(),
            pairs,
            reference,
            selection: request.selection,
            most_probable: request.most_probable,
            named: request.named.clone(),
            aggregate: request.aggregate,
            contributions: request.contributions,
            contributions_of: request.contributions_of.clone(),
            rank: request.rank,
            top_regions: request.top_regions,
            annotation,
            context: run.context_made(request.context.as_ref(), dir)?,
        })
    }
}
