//! Windows with and without changes, and the pairs of them that go through a network together.

use std::collections::HashMap;

use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::Region;
use crate::network::inference::{PairAttention, Predictor};

/// Pairs whose attention is in memory at once. Of random variants in the window of many pairs there
/// may be millions.
const AT_ONCE: usize = 4096;

/// Pairs of windows, each window once.
#[derive(Default)]
pub struct Queue {
    /// Base codes of the windows.
    windows: Sides<Vec<Vec<u8>>>,
    /// Where the windows of the reference are among them.
    known: Sides<HashMap<Region, usize>>,
    pairs: Vec<Sides<usize>>,
}

/// What a network says of a pair of windows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// Log-odds of an interaction.
    pub logit: f32,
    /// Its probability.
    pub probability: f32,
    /// The marginal attention of each window's bin that has most, times the number of bins: 1 is no
    /// preference.
    pub largest: Sides<f32>,
}

impl Queue {
    /// The place of a window of the reference, if it is here.
    pub fn known(&self, element: Element, region: Region) -> Option<usize> {
        self.known.get(element).get(&region).copied()
    }

    /// Adds a window of the reference; its place.
    pub fn keep(&mut self, element: Element, region: Region, codes: &[u8]) -> usize {
        let place = self.add(element, codes.to_vec());
        self.known.get_mut(element).insert(region, place);
        place
    }

    /// Adds a window with a change; its place.
    pub fn add(&mut self, element: Element, codes: Vec<u8>) -> usize {
        let windows = self.windows.get_mut(element);
        windows.push(codes);
        windows.len() - 1
    }

    /// Adds a pair of windows by their places; the pair's own.
    pub fn push(&mut self, pair: Sides<usize>) -> usize {
        self.pairs.push(pair);
        self.pairs.len() - 1
    }

    /// The number of pairs.
    pub fn jobs(&self) -> usize {
        self.pairs.len()
    }

    /// What a network says of each pair.
    ///
    /// # Errors
    ///
    /// A probability that is not a number.
    pub fn run(&self, predictor: &Predictor) -> Result<Vec<Said>> {
        let windows = self.windows.as_ref();
        let windows: Sides<Vec<&[u8]>> =
            windows.map(|windows| windows.iter().map(Vec::as_slice).collect());
        let mut said = Vec::with_capacity(self.pairs.len());
        for pairs in self.pairs.chunks(AT_ONCE) {
            let found = predictor.of_codes(&windows, pairs)?;
            said.extend(found.iter().map(Said::of));
        }
        Ok(said)
    }
}

impl Said {
    fn of(found: &PairAttention) -> Self {
        let largest = |marginal: &Vec<f32>| {
            let most = marginal.iter().copied().fold(0.0, f32::max);
            most * marginal.len() as f32
        };
        Self {
            logit: found.logit,
            probability: found.probability,
            largest: found.marginal.as_ref().map(largest),
        }
    }
}
