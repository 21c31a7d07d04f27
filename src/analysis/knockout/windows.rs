//! The pairs of a knock-out, their windows, and what networks say of them when they are changed.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::attention::{TopCount, top_regions};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Reference, Region, Sequences};
use crate::network::inference::{PairAttention, Predictor, mean_logit};

/// Pairs that are put to the networks at a time.
const BLOCK: usize = 4096;

/// A window of a side, and which form of it: 0 as it is, or the number of a change from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The window's number.
    pub window: usize,
    /// The form.
    pub form: usize,
}

impl Version {
    /// The window as it is.
    pub fn unchanged(window: usize) -> Self {
        Self { window, form: 0 }
    }
}

/// Distinct windows and the pairs that they make.
pub struct Windows {
    regions: Sides<Vec<Region>>,
    sequences: Sequences,
    /// The numbers of both windows of each pair.
    pub pairs: Vec<Sides<usize>>,
}

/// What networks say of unchanged pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Said {
    /// The mean logit.
    pub logit: f64,
    /// The mean probability.
    pub probability: f64,
    /// The log-odds of that, which a probability that is rounded to 1 no longer tells.
    pub log_odds: f32,
}

impl Windows {
    /// Those of some pairs, whose sequence is read.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn read(reference: &mut Reference, windows: &[Sides<Region>]) -> Result<Self> {
        let regions = Sides::from_fn(|element| {
            let all = windows.iter().map(|of| *of.get(element));
            let mut regions: Vec<Region> = all.collect();
            regions.sort_unstable();
            regions.dedup();
            regions
        });
        let all = windows.iter().copied().flatten();
        let sequences = Sequences::read(reference, all)?;
        let mut built = Self {
            regions,
            sequences,
            pairs: Vec::new(),
        };
        let number =
            |of: &Sides<Region>| Sides::from_fn(|element| built.number(element, *of.get(element)));
        built.pairs = windows.iter().map(number).collect();
        Ok(built)
    }

    /// The number of a window that was read.
    fn number(&self, element: Element, region: Region) -> usize {
        let before = |other: &Region| *other < region;
        self.regions.get(element).partition_point(before)
    }

    /// Windows of a side.
    pub fn count(&self, element: Element) -> usize {
        self.regions.get(element).len()
    }

    /// The base codes of a window.
    pub fn codes(&self, element: Element, window: usize) -> &[u8] {
        self.sequences.codes(self.regions.get(element)[window])
    }

    /// What the networks say of the pairs as they are, and the top regions of each window, in bases from
    /// its first: by attention averaged over the networks and over the window's pairs.
    ///
    /// # Errors
    ///
    /// A probability that is not a number.
    pub fn asked(&self, predictors: &[Predictor]) -> Result<(Vec<Said>, Sides<Tops>)> {
        let versions: Vec<Sides<Version>> = self.pairs.iter().copied().map(unchanged).collect();
        let mut said = vec![Said::default(); self.pairs.len()];
        let mut sums: Sides<Vec<Vec<f32>>> =
            Sides::from_fn(|element| vec![Vec::new(); self.count(element)]);
        let networks = predictors.len() as f64;
        let mut logits: Vec<Vec<f32>> = vec![Vec::new(); self.pairs.len()];
        let codes = |element, version: Version| self.codes(element, version.window);
        ask(predictors, &versions, codes, |pair, found| {
            logits[pair].push(found.logit);
            said[pair].logit += f64::from(found.logit) / networks;
            said[pair].probability += f64::from(found.probability) / networks;
            for (element, marginal) in found.marginal.iter() {
                let window = *self.pairs[pair].get(element);
                add(&mut sums.get_mut(element)[window], marginal);
            }
        })?;
        let Some(first) = predictors.first() else {
            return Ok((said, Sides::default()));
        };
        for (said, logits) in said.iter_mut().zip(&logits) {
            said.log_odds = mean_logit(logits);
        }
        let tops = first.config().bins().zip(sums).map(|(bins, sums)| {
            let of = |sum: &Vec<f32>| -> Vec<Range<u32>> {
                let top = top_regions(&bins, sum, TopCount::default());
                top.iter().map(|top| bins.region(top.bin)).collect()
            };
            sums.iter().map(of).collect()
        });
        Ok((said, tops))
    }
}

/// The top regions of each window of a side.
pub type Tops = Vec<Vec<Range<u32>>>;

/// A pair's windows as they are.
pub fn unchanged(pair: Sides<usize>) -> Sides<Version> {
    pair.map(Version::unchanged)
}

/// Adds up the attention to a window's bins, `[l]`.
fn add(sum: &mut Vec<f32>, marginal: &[f32]) {
    if sum.is_empty() {
        sum.resize(marginal.len(), 0.0);
    }
    for (sum, value) in sum.iter_mut().zip(marginal) {
        *sum += value;
    }
}

/// Puts pairs of windows, changed or not, to each network; each distinct window of a block of pairs is
/// sent once. `each` is told the pair's place and what one network says of it.
///
/// # Errors
///
/// A probability that is not a number.
pub fn ask<'a>(
    predictors: &[Predictor],
    pairs: &[Sides<Version>],
    codes: impl Fn(Element, Version) -> &'a [u8],
    mut each: impl FnMut(usize, PairAttention),
) -> Result<()> {
    for (number, block) in pairs.chunks(BLOCK).enumerate() {
        let mut places: Sides<BTreeMap<Version, usize>> = Sides::default();
        let mut elements: Sides<Vec<&[u8]>> = Sides::default();
        let mut numbered = Vec::with_capacity(block.len());
        for pair in block {
            numbered.push(Sides::from_fn(|element| {
                let version = *pair.get(element);
                let known = elements.get_mut(element);
                *places.get_mut(element).entry(version).or_insert_with(|| {
                    known.push(codes(element, version));
                    known.len() - 1
                })
            }));
        }
        for predictor in predictors {
            let found = predictor.of_codes(&elements, &numbered)?;
            for (place, found) in found.into_iter().enumerate() {
                each(number * BLOCK + place, found);
            }
        }
    }
    Ok(())
}
