//! The places that the training part has seen.

use std::collections::HashSet;

use super::measure::Measure;
use crate::element::Sides;
use crate::genome::{Overlaps, Region};
use crate::pairs::{Pair, PairTable};

/// What the training part has seen.
pub struct Seen {
    elements: Sides<HashSet<Region>>,
    positive: Sides<HashSet<Region>>,
    windows: Sides<HashSet<Region>>,
    overlapping_elements: Sides<Overlaps<()>>,
    overlapping_windows: Overlaps<()>,
}

impl Seen {
    /// Of the pairs at these places.
    pub fn new(table: &PairTable, training: &[usize]) -> Self {
        let of = |wanted: &dyn Fn(usize) -> Option<Sides<Region>>| {
            let pairs: Vec<_> = training.iter().filter_map(|&pair| wanted(pair)).collect();
            Sides::from_fn(|element| -> HashSet<Region> {
                pairs.iter().map(|sides| *sides.get(element)).collect()
            })
        };
        let pairs = &table.pairs;
        let elements = of(&|pair| Some(pairs[pair].elements));
        let windows = of(&|pair| Some(table.windows[pair]));
        let index = |set: &HashSet<Region>| Overlaps::of(set.iter().copied().collect());
        Self {
            positive: of(&|pair| {
                let positive = pairs[pair].label == Some(true);
                positive.then_some(pairs[pair].elements)
            }),
            overlapping_elements: elements.as_ref().map(index),
            overlapping_windows: Overlaps::of(windows.clone().into_iter().flatten().collect()),
            elements,
            windows,
        }
    }

    /// Whether the enhancer and the promoter of a pair share this with the training part.
    pub fn shares(&self, measure: Measure, pair: &Pair, windows: Sides<Region>) -> Sides<bool> {
        Sides::from_fn(|side| {
            let (element, window) = (*pair.elements.get(side), *windows.get(side));
            match measure {
                Measure::SameElement => self.elements.get(side).contains(&element),
                Measure::SameElementPositive => self.positive.get(side).contains(&element),
                Measure::OverlappingElement => {
                    overlaps(self.overlapping_elements.get(side), element)
                }
                Measure::SameWindow => self.windows.get(side).contains(&window),
                Measure::OverlappingWindow => overlaps(&self.overlapping_windows, window),
                Measure::SimilarWindow | Measure::SimilarElsewhere => false,
            }
        })
    }
}

fn overlaps(index: &Overlaps<()>, region: Region) -> bool {
    index.overlapping(region).next().is_some()
}
