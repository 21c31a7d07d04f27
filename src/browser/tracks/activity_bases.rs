//! What each base of pairs' windows adds to a predicted activity.
//!
//! It depends on the window and the annotated element in it, not on the pair: of windows that several pairs
//! share, it is computed once.

use std::collections::{BTreeMap, BTreeSet};

use super::inputs::Inputs;
use super::request::TracksRequest;
use crate::attention::Bins;
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::genome::{Reference, Region, Sequences};
use crate::network::contribution::{ActivityWindow, Method};
use crate::network::inference::{Averaged, Ensemble};
use crate::run::Run;

/// Pairs whose windows are asked about together.
const BLOCK: usize = 256;

/// What the bases of pairs' windows add to an activity, pair by pair from left to right.
pub struct ActivityBases<'a> {
    ensemble: &'a Ensemble,
    /// The place of the activity among those of the run.
    source: usize,
    reference: Reference,
    bins: Sides<Bins>,
    pairs: Vec<Sides<Asked>>,
    /// Pairs from the first on whose windows were asked about.
    asked: usize,
    /// What is known of windows that this or a later pair may have.
    known: Sides<BTreeMap<Asked, Bases>>,
}

/// A window, and the annotated element that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    window: Region,
    element: Region,
}

/// What each base of a window adds: `[L]`.
struct Bases {
    mean: Vec<f32>,
    /// The standard deviation over the members of an ensemble.
    sd: Option<Vec<f32>>,
}

impl<'a> ActivityBases<'a> {
    /// Of some pairs of a table by their places, from left to right; nothing where contributions are to be
    /// of the logit, or not to be.
    ///
    /// # Errors
    ///
    /// An activity that the run has not learnt, another method than the gradient, a reference that cannot be
    /// read.
    pub fn new(
        run: &Run,
        request: &TracksRequest,
        ensemble: &'a Ensemble,
        inputs: &Inputs,
        order: &[usize],
    ) -> Result<Option<Self>> {
        let Some(name) = request.contributions_of.as_deref() else {
            return Ok(None);
        };
        let activity = run.record.settings.activity.as_ref();
        let without = || Error::Configuration("the run has learnt no activity".to_string());
        let activity = activity.ok_or_else(without)?;
        let (source, _) = activity.source(Some(name))?;
        if request.contributions != Some(Method::Gradient) {
            let problem = "contributions to an activity are computed by gradient alone";
            return Err(Error::Configuration(problem.to_string()));
        }
        let table = &inputs.table;
        let pair = |&place: &usize| {
            let sides = table.windows[place].zip(table.pairs[place].elements);
            sides.map(|(window, element)| Asked { window, element })
        };
        Ok(Some(Self {
            ensemble,
            source,
            reference: Reference::open(&inputs.reference_file.path)?,
            bins: ensemble.config().bins(),
            pairs: order.iter().map(pair).collect(),
            asked: 0,
            known: Sides::default(),
        }))
    }

    /// Adds to what is said of the pair of a number, from 0 and after those before it, what its bases add.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read, a contribution that is not a number, a device that failed.
    pub fn tell(&mut self, number: usize, said: &mut Averaged) -> Result<()> {
        if number >= self.asked {
            self.ask(number)?;
        }
        let pair = self.pairs[number];
        let bases = Sides::from_fn(|side| &self.known.get(side)[pair.get(side)]);
        let Sides { enhancer, promoter } = bases;
        let sd = enhancer.sd.clone().zip(promoter.sd.clone());
        said.contributions_sd = sd.map(|(enhancer, promoter)| Sides::new(enhancer, promoter));
        said.mean.contributions = Some(bases.map(|of| of.mean.clone()));
        Ok(())
    }

    /// Asks about the windows of the pair of a number and of some behind it, as far as nothing is known of
    /// them.
    fn ask(&mut self, number: usize) -> Result<()> {
        let last = self.pairs.len().min(number + BLOCK);
        let pairs = &self.pairs[number..last];
        let mark = pairs[0].into_iter().map(Asked::first).min();
        for side in Element::BOTH {
            let known = self.known.get_mut(side);
            // No pair behind this one reaches further left.
            known.retain(|of, _| Some(of.first()) >= mark);
            let windows: BTreeSet<Asked> = pairs.iter().map(|pair| *pair.get(side)).collect();
            let missing = windows.into_iter().filter(|of| !known.contains_key(of));
            let missing: Vec<Asked> = missing.collect();
            let regions = missing.iter().map(|of| of.window);
            let sequences = Sequences::read(&mut self.reference, regions)?;
            let bins = self.bins.get(side);
            let window = |of: &Asked| ActivityWindow {
                codes: sequences.codes(of.window),
                bins: bins.over(of.window, of.element),
            };
            let windows: Vec<ActivityWindow> = missing.iter().map(window).collect();
            let ensemble = self.ensemble;
            let found = ensemble.activity_contributions(self.source, side, &windows)?;
            for ((of, window), found) in missing.iter().zip(&windows).zip(found) {
                let bases = Bases {
                    mean: found.mean.of_bases(window.codes),
                    sd: found.sd,
                };
                known.insert(*of, bases);
            }
        }
        self.asked = last;
        Ok(())
    }
}

impl Asked {
    /// The place that it begins at, without its bases.
    fn first(self) -> Region {
        let first = self.window.min(self.element);
        Region { end: 0, ..first }
    }
}
