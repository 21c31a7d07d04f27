//! The distinct windows of some pairs, and which of them hold a place.

use std::collections::BTreeMap;

use crate::browser::tracks::Selection;
use crate::element::Element;
use crate::genome::{Overlaps, Region};
use crate::pairs::PairTable;

/// A window of one side, and the pairs that it belongs to.
#[derive(Debug, Clone)]
pub struct Window {
    /// The window.
    pub region: Region,
    /// Whose it is.
    pub element: Element,
    /// The base in the element's middle, which is one of the window's.
    pub centre: u32,
    /// The places of its pairs in the table.
    pub pairs: Vec<usize>,
}

/// All windows of some pairs.
pub struct Windows {
    all: Vec<Window>,
    index: Overlaps<usize>,
}

/// The windows that a place touches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// The places of those that hold all of it.
    pub whole: Vec<usize>,
    /// Whether there are some that hold only a part.
    pub partly: bool,
}

impl Windows {
    /// Those of a table's pairs; of the selection only labels are looked at.
    pub fn new(table: &PairTable, selection: Selection) -> Self {
        let mut known: BTreeMap<(Region, Element, u32), Vec<usize>> = BTreeMap::new();
        for (place, (pair, windows)) in table.pairs.iter().zip(&table.windows).enumerate() {
            if selection == Selection::Positive && pair.label != Some(true) {
                continue;
            }
            for (element, &region) in windows.iter() {
                let of = pair.elements.get(element);
                let middle = of.start + of.len() / 2;
                let centre = middle.clamp(region.start, region.end - 1);
                known
                    .entry((region, element, centre))
                    .or_default()
                    .push(place);
            }
        }
        let window = |((region, element, centre), pairs)| Window {
            region,
            element,
            centre,
            pairs,
        };
        let all: Vec<Window> = known.into_iter().map(window).collect();
        let numbered = all
            .iter()
            .zip(0..)
            .map(|(window, place)| (window.region, place));
        Self {
            index: Overlaps::new(numbered.collect()),
            all,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The window at a place of the order.
    pub fn get(&self, place: usize) -> &Window {
        &self.all[place]
    }

    /// Those that share a base with a region.
    pub fn touched(&self, region: Region) -> Touched {
        let mut touched = Touched::default();
        for &(window, place) in self.index.overlapping(region) {
            match window.overlap(&region) == region.len() {
                true => touched.whole.push(place),
                false => touched.partly = true,
            }
        }
        touched
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;
    use crate::genome::ChromId;
    use crate::pairs::Pair;

    fn region(start: u32, end: u32) -> Region {
        Region::new(ChromId(0), start, end).unwrap()
    }

    #[test]
    fn a_window_is_found_once_with_all_its_pairs() {
        let pair = |promoter: u32, label| Pair {
            elements: Sides::new(region(140, 160), region(promoter, promoter + 20)),
            label: Some(label),
            line: 1,
            gene: None,
        };
        let table = PairTable {
            pairs: vec![pair(500, true), pair(600, false)],
            windows: vec![
                Sides::new(region(100, 200), region(480, 540)),
                Sides::new(region(100, 200), region(580, 640)),
            ],
            skipped: 0,
            translated: false,
            cells: Vec::new(),
        };
        let all = Windows::new(&table, Selection::All);
        let pairs = |windows: &Windows, start, end| {
            let touched = windows.touched(region(start, end));
            let pairs = touched
                .whole
                .iter()
                .map(|&place| windows.get(place).pairs.clone());
            (pairs.collect::<Vec<_>>(), touched.partly)
        };
        assert_eq!(pairs(&all, 100, 101), (vec![vec![0, 1]], false));
        assert_eq!(pairs(&all, 199, 201), (vec![], true));
        assert_eq!(pairs(&all, 600, 610), (vec![vec![1]], false));
        assert_eq!(pairs(&all, 200, 201), (vec![], false));
        assert_eq!(all.get(0).centre, 150);
        let positive = Windows::new(&table, Selection::Positive);
        assert_eq!(pairs(&positive, 100, 101), (vec![vec![0]], false));
        assert_eq!(pairs(&positive, 600, 610), (vec![], false));
    }
}
