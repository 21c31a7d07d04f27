//! Alleles whose pairs go through the networks together.

use std::collections::HashMap;
use std::iter::once;
use std::rc::Rc;

use super::change::Change;
use super::effect::{Effect, Mean, deviation, share};
use super::motifs::{Alleles, Motifs, Turnover};
use super::null::Null;
use super::queue::{Queue, Said};
use super::stretch::Stretch;
use super::windows::Windows;
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Reference, Region};
use crate::network::inference::Predictor;
use crate::pairs::PairTable;
use crate::run::Offsets;

/// Pairs of windows from which on a block is full: two megabytes of sequence at the paper's sizes.
const FULL: usize = 1024;

/// What every block is computed with.
pub struct Setting<'a> {
    /// The networks.
    pub predictors: &'a [Predictor],
    /// The pairs.
    pub table: &'a PairTable,
    /// Their windows.
    pub windows: &'a Windows,
    /// Random variants to compare with.
    pub null: Null,
    /// Matrices to look for.
    pub motifs: Option<&'a Motifs>,
    /// What the run's context says of the pairs, where it has one.
    pub context: Option<&'a Offsets>,
}

/// Alleles, the windows that they change, and those of the reference, each once.
pub struct Block<'a> {
    setting: &'a Setting<'a>,
    queue: Queue,
    /// The job of each pair as the reference has it, and the places of its windows.
    pairs: HashMap<usize, (usize, Sides<usize>)>,
    stretches: HashMap<(Region, u32), Rc<Stretch>>,
    alleles: Vec<Alleles>,
    plans: Vec<Plan>,
}

/// Where to find what makes an effect.
struct Plan {
    record: usize,
    allele: usize,
    /// Its place among the alleles whose motif sites are compared.
    change: usize,
    pair: usize,
    element: Element,
    reference: usize,
    alternate: usize,
    /// The distance between this allele's job and that of the first random variant, and so on.
    step: usize,
}

impl<'a> Block<'a> {
    /// An empty one.
    pub fn new(setting: &'a Setting<'a>) -> Self {
        Self {
            setting,
            queue: Queue::default(),
            pairs: HashMap::new(),
            stretches: HashMap::new(),
            alleles: Vec::new(),
            plans: Vec::new(),
        }
    }

    /// Whether it is time to compute.
    pub fn is_full(&self) -> bool {
        self.queue.jobs() >= FULL
    }

    /// Adds an allele of a record, by the numbers of both, which changes some windows.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn add(
        &mut self,
        (record, allele): (usize, usize),
        change: &Change,
        windows: &[usize],
        reference: &mut Reference,
    ) -> Result<()> {
        let setting = self.setting;
        let margin = change.removed().saturating_sub(change.added());
        for &place in windows {
            let window = setting.windows.get(place);
            let stretch = self.stretch(window.region, margin, reference)?;
            let mut pairs = Vec::with_capacity(window.pairs.len());
            for &pair in &window.pairs {
                pairs.push((pair, self.pair(pair, reference)?));
            }
            let first = self.queue.jobs();
            let drawn = setting.null.of(change, &stretch, window.element);
            for change in once(change).chain(&drawn) {
                let codes = stretch.with(change, window.centre);
                let changed = self.queue.add(window.element, codes);
                for &(_, (_, mut places)) in &pairs {
                    *places.get_mut(window.element) = changed;
                    self.queue.push(places);
                }
            }
            let step = pairs.len();
            let plans = pairs.into_iter().zip(first..);
            self.plans
                .extend(plans.map(|((pair, (job, _)), alternate)| Plan {
                    record,
                    allele,
                    change: self.alleles.len(),
                    pair,
                    element: window.element,
                    reference: job,
                    alternate,
                    step,
                }));
        }
        if let Some(motifs) = setting.motifs {
            self.alleles.push(motifs.alleles(change, reference)?);
        }
        Ok(())
    }

    /// The effects, in the order in which the alleles came.
    ///
    /// # Errors
    ///
    /// A probability that is not a number.
    pub fn effects(self) -> Result<Vec<Effect>> {
        let predictors = self.setting.predictors.iter();
        let said = predictors.map(|predictor| self.queue.run(predictor));
        let said: Vec<Vec<Said>> = said.collect::<Result<_>>()?;
        let turnovers = self.setting.motifs.map(|of| of.turnovers(&self.alleles));
        let turnovers: Option<Vec<Rc<Turnover>>> =
            turnovers.map(|all| all.into_iter().map(Rc::new).collect());
        let draws = self.setting.null.draws as usize;
        let effect = |plan: &Plan| {
            let (reference, alternate) = (plan.reference, plan.alternate);
            let context = self.setting.context;
            let beside = context.map(|of| of.of(plan.pair));
            let mean = |job: usize| Mean::of(&said, job, plan.element).with_context(beside);
            let drawn = (1..=draws).map(|draw| alternate + draw * plan.step);
            Effect {
                record: plan.record,
                allele: plan.allele,
                pair: plan.pair,
                element: plan.element,
                reference: mean(reference),
                alternate: mean(alternate),
                deviation: deviation(&said, reference, alternate),
                share: (draws > 0).then(|| share(&said, reference, alternate, drawn)),
                turnover: turnovers.as_ref().map(|all| all[plan.change].clone()),
                context: context.map(|of| of.probability(plan.pair)),
            }
        };
        Ok(self.plans.iter().map(effect).collect())
    }

    /// A window's sequence, with so many bases on either side.
    fn stretch(
        &mut self,
        window: Region,
        margin: u32,
        reference: &mut Reference,
    ) -> Result<Rc<Stretch>> {
        if let Some(known) = self.stretches.get(&(window, margin)) {
            return Ok(known.clone());
        }
        let stretch = Rc::new(Stretch::read(reference, window, margin)?);
        self.stretches.insert((window, margin), stretch.clone());
        Ok(stretch)
    }

    /// The job of a pair as the reference has it, and the places of its windows.
    fn pair(&mut self, pair: usize, reference: &mut Reference) -> Result<(usize, Sides<usize>)> {
        if let Some(&known) = self.pairs.get(&pair) {
            return Ok(known);
        }
        let Sides { enhancer, promoter } = self.setting.table.windows[pair];
        let places = Sides::new(
            self.window(Element::Enhancer, enhancer, reference)?,
            self.window(Element::Promoter, promoter, reference)?,
        );
        let job = self.queue.push(places);
        self.pairs.insert(pair, (job, places));
        Ok((job, places))
    }

    /// The place of a window of the reference.
    fn window(
        &mut self,
        element: Element,
        region: Region,
        reference: &mut Reference,
    ) -> Result<usize> {
        if let Some(known) = self.queue.known(element, region) {
            return Ok(known);
        }
        let stretch = self.stretch(region, 0, reference)?;
        Ok(self.queue.keep(element, region, stretch.codes()))
    }
}
