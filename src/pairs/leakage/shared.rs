//! The places that the training part has seen.

use std::collections::HashSet;

use super::Measure;
use crate::genome::{Overlaps, Region};
use crate::pairs::{Pair, Windows};

/// What the training part has seen; of two sets the enhancers' comes first.
pub struct Seen {
    elements: [HashSet<Region>; 2],
    positive: [HashSet<Region>; 2],
    windows: [HashSet<Region>; 2],
    overlapping_elements: [Overlaps<()>; 2],
    overlapping_windows: Overlaps<()>,
}

impl Seen {
    /// Of the pairs at these places.
    pub fn new(pairs: &[Pair], windows: &[Windows], training: &[usize]) -> Self {
        let (mut elements, mut positive, mut seen) =
            <([HashSet<_>; 2], [HashSet<_>; 2], [HashSet<_>; 2])>::default();
        for &pair in training {
            let places = pairs[pair].elements();
            let windows = [windows[pair].enhancer, windows[pair].promoter];
            for side in 0..2 {
                elements[side].insert(places[side]);
                seen[side].insert(windows[side]);
                if pairs[pair].label == Some(true) {
                    positive[side].insert(places[side]);
                }
            }
        }
        let index = |set: &HashSet<Region>| Overlaps::of(set.iter().copied().collect());
        Self {
            overlapping_elements: elements.each_ref().map(index),
            overlapping_windows: Overlaps::of(seen.iter().flatten().copied().collect()),
            elements,
            positive,
            windows: seen,
        }
    }

    /// Whether the enhancer and the promoter of a pair share this with the training part.
    pub fn shares(&self, measure: Measure, pair: &Pair, windows: &Windows) -> [bool; 2] {
        let elements = pair.elements();
        let windows = [windows.enhancer, windows.promoter];
        [0, 1].map(|side| {
            let (element, window) = (elements[side], windows[side]);
            match measure {
                Measure::SameElement => self.elements[side].contains(&element),
                Measure::SameElementPositive => self.positive[side].contains(&element),
                Measure::OverlappingElement => overlaps(&self.overlapping_elements[side], element),
                Measure::SameWindow => self.windows[side].contains(&window),
                Measure::OverlappingWindow => overlaps(&self.overlapping_windows, window),
                Measure::SimilarWindow | Measure::SimilarElsewhere => false,
            }
        })
    }
}

fn overlaps(index: &Overlaps<()>, region: Region) -> bool {
    index.overlapping(region).next().is_some()
}
