//! One value for each base that any window covers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::genome::{ChromId, Region, Segment};
use crate::text::choice::{Choice, Named};

/// How the values of several pairs at a base become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregate {
    /// The largest; of values with a sign that of the largest magnitude, of equal ones that of the
    /// leftmost window and there of the first pair.
    #[default]
    Max,
    /// Their mean.
    Mean,
    /// Their mean weighted by the pairs' predicted probabilities.
    Weighted,
}

impl fmt::Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Max => "the largest value of the pairs whose windows cover the base",
            Self::Mean => "the mean of the values of the pairs whose windows cover the base",
            Self::Weighted => {
                "the mean of the values of the pairs whose windows cover the base, weighted by \
                 the pairs' predicted probabilities"
            }
        })
    }
}

impl Choice for Aggregate {
    const ALL: &'static [Named<Self>] = &[
        (Self::Max, "max", "The largest value"),
        (Self::Mean, "mean", "The mean"),
        (
            Self::Weighted,
            "weighted",
            "The mean weighted by predicted probability",
        ),
    ];
}

/// The values of a track, kept for each window and cell of it rather than for each base of each
/// pair: pairs that share an element share its window.
///
/// Pairs come from left to right, though a pair's windows may lie far right of its leftmost base.
/// What lies left of all that is to come can be taken out, so that memory grows with the windows
/// that reach further right than the present pair begins.
#[derive(Debug, Clone)]
pub struct Coverage {
    aggregate: Aggregate,
    /// Where the cells of a window begin, from its first base, and where the last one ends.
    edges: Vec<u32>,
    /// Where the values that were taken out end.
    done: (ChromId, u32),
    windows: BTreeMap<(ChromId, u32), Window>,
    distinct: usize,
}

/// What the pairs of one window have brought.
#[derive(Debug, Clone)]
struct Window {
    /// Sum of the pairs' weights.
    weight: f64,
    /// For each cell the largest value, or the weighted sum of the values.
    values: Vec<f64>,
}

impl Coverage {
    /// No base has a value yet. Windows have cells of one value each, such as pooling bins or single
    /// bases: `edges` is where they begin, from the window's first base, and where the last one ends.
    pub fn new(aggregate: Aggregate, edges: Vec<u32>) -> Self {
        Self {
            aggregate,
            edges,
            done: (ChromId(0), 0),
            windows: BTreeMap::new(),
            distinct: 0,
        }
    }

    /// Adds a pair: its window, its probability and the values of its cells, `[cells]`. The window
    /// does not begin left of what was taken out.
    pub fn add(&mut self, window: Region, probability: f32, values: impl IntoIterator<Item = f64>) {
        let key = (window.chrom, window.start);
        debug_assert!(key >= self.done && window.len() == self.length());
        let weight = match self.aggregate {
            Aggregate::Max | Aggregate::Mean => 1.0,
            Aggregate::Weighted => f64::from(probability),
        };
        let cells = self.edges.len().saturating_sub(1);
        let entry = self.windows.entry(key).or_insert_with(|| {
            self.distinct += 1;
            Window {
                weight: 0.0,
                values: vec![0.0; cells],
            }
        });
        entry.weight += weight;
        for (value, of_pair) in entry.values.iter_mut().zip(values) {
            *value = match self.aggregate {
                Aggregate::Max => larger(*value, of_pair),
                Aggregate::Mean | Aggregate::Weighted => *value + weight * of_pair,
            };
        }
    }

    /// Distinct windows, those that were taken out too.
    pub fn windows(&self) -> usize {
        self.distinct
    }

    /// Takes out, from left to right, the values of all windows that end at or left of `mark`, left of
    /// which no window that still comes may begin. [`joined`] makes one of neighbours of one value.
    /// A base that only pairs of probability 0 cover has no weighted mean and is left out.
    pub fn take_left_of(&mut self, mark: &Region) -> Vec<Segment> {
        let mut segments = Vec::new();
        while let Some(piece) = self.next_piece(mark) {
            self.sweep(piece, &mut segments);
            self.windows.pop_first();
            self.done = (piece.chrom, piece.end);
        }
        segments
    }

    /// What the first window covers and no earlier one did, if it ends at or left of a place.
    fn next_piece(&self, mark: &Region) -> Option<Region> {
        let (&(chrom, first), _) = self.windows.first_key_value()?;
        let end = first + self.length();
        let (_, start) = self.done.max((chrom, first));
        ((chrom, end) <= (mark.chrom, mark.start)).then_some(Region { chrom, start, end })
    }

    /// Adds the values between all edges of all cells in a piece that ends with the first window.
    fn sweep(&self, piece: Region, segments: &mut Vec<Segment>) {
        let Region { chrom, start, end } = piece;
        // As all are of one length, each reaches to the piece's end.
        let over: Vec<(u32, &Window)> = self
            .windows
            .range(..(chrom, end))
            .map(|(&(_, first), window)| (first, window))
            .collect();
        let of_windows = over
            .iter()
            .flat_map(|&(first, _)| self.edges.iter().map(move |edge| first + edge));
        let mut edges: Vec<u32> = of_windows
            .chain([start])
            .filter(|edge| (start..=end).contains(edge))
            .collect();
        // The stable one merges runs in order, of which each window is one.
        edges.sort();
        edges.dedup();
        let mut cells = vec![0usize; over.len()];
        for edge in edges.windows(2) {
            let at = edge[0];
            let there = over.iter().zip(&mut cells);
            let there = there.take_while(|((first, _), _)| *first <= at);
            let values = there.map(|(&(first, window), cell)| {
                while self.edges[*cell + 1] <= at - first {
                    *cell += 1;
                }
                (window.weight, window.values[*cell])
            });
            let value = self.value(values);
            let region = Region::new(chrom, at, edge[1]);
            segments.extend(
                region
                    .zip(value)
                    .map(|(region, value)| Segment { region, value }),
            );
        }
    }

    /// The value of a base from the weights and values of the windows over it.
    fn value(&self, over: impl Iterator<Item = (f64, f64)>) -> Option<f32> {
        let (mut weight, mut sum, mut largest) = (0.0, 0.0, 0.0);
        for (of_window, value) in over {
            weight += of_window;
            sum += value;
            largest = larger(largest, value);
        }
        match self.aggregate {
            Aggregate::Max => Some(largest as f32),
            Aggregate::Mean | Aggregate::Weighted => (weight > 0.0).then(|| (sum / weight) as f32),
        }
    }

    /// The bases of a window.
    fn length(&self) -> u32 {
        self.edges.last().copied().unwrap_or(0)
    }
}

/// The value of the larger magnitude, the first of equal ones.
fn larger(first: f64, second: f64) -> f64 {
    if second.abs() > first.abs() {
        second
    } else {
        first
    }
}

/// Joins neighbours of one value.
pub fn joined(segments: impl Iterator<Item = Segment>) -> impl Iterator<Item = Segment> {
    let mut segments = segments.peekable();
    std::iter::from_fn(move || {
        let mut joined = segments.next()?;
        while let Some(next) = segments.next_if(|next| {
            next.region.chrom == joined.region.chrom
                && next.region.start == joined.region.end
                && next.value == joined.value
        }) {
            joined.region.end = next.region.end;
        }
        Some(joined)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::attention::{Bins, Pooling};
    use proptest::prelude::*;

    const LENGTH: u32 = 40;
    /// A place right of everything.
    const END: Region = Region {
        chrom: ChromId(9),
        start: 0,
        end: 0,
    };

    /// The window of a pair, the leftmost place of it and its other window, its probability, values.
    type Pair = (Region, Region, f32, Vec<f64>);

    fn pair() -> impl Strategy<Value = Pair> {
        let value = (-8i8..=8).prop_map(|value| f64::from(value) / 8.0);
        let values = prop::collection::vec(value, LENGTH as usize);
        let places = (0u32..2, 0u32..200, 0u32..2, 0u32..200);
        (places, 0u8..5, values).prop_map(|(places, probability, values)| {
            let (chrom, start, other_chrom, other) = places;
            let window = Region {
                chrom: ChromId(chrom),
                start,
                end: start + LENGTH,
            };
            let (chrom, start) = (chrom, start).min((other_chrom, other));
            let leftmost = Region {
                chrom: ChromId(chrom),
                start,
                end: 0,
            };
            (window, leftmost, f32::from(probability) / 4.0, values)
        })
    }

    /// As different as bins and bases.
    fn edges() -> impl Strategy<Value = Vec<u32>> {
        let bins = Bins(Pooling {
            length: LENGTH as usize,
            width: 5,
            pool: 6,
        });
        prop::sample::select(vec![bins.edges(), (0..=LENGTH).collect()])
    }

    fn aggregate() -> impl Strategy<Value = Aggregate> {
        prop::sample::select(vec![Aggregate::Max, Aggregate::Mean, Aggregate::Weighted])
    }

    fn add(coverage: &mut Coverage, (window, _, probability, values): &Pair) {
        coverage.add(*window, *probability, values.iter().copied());
    }

    /// All values of pairs that were added all at once.
    fn at_once(pairs: &[Pair], aggregate: Aggregate, edges: &[u32]) -> Vec<Segment> {
        let mut coverage = Coverage::new(aggregate, edges.to_vec());
        for pair in pairs {
            add(&mut coverage, pair);
        }
        joined(coverage.take_left_of(&END).into_iter()).collect()
    }

    /// The value of a base by a slow count over all pairs.
    fn counted(
        pairs: &[Pair],
        aggregate: Aggregate,
        edges: &[u32],
        (chrom, base): (ChromId, u32),
    ) -> Option<f64> {
        let mut over: Vec<(u32, f64, f64)> = pairs
            .iter()
            .filter(|(window, ..)| window.chrom == chrom)
            .filter(|(window, ..)| (window.start..window.end).contains(&base))
            .map(|(window, _, probability, values)| {
                let offset = base - window.start;
                let cell = edges.iter().rposition(|&edge| edge <= offset).unwrap();
                (window.start, values[cell], f64::from(*probability))
            })
            .collect();
        over.sort_by_key(|&(start, ..)| start);
        let values = over.iter().map(|&(_, value, _)| value);
        match aggregate {
            Aggregate::Max => values.reduce(larger),
            Aggregate::Mean => (!over.is_empty()).then(|| values.sum::<f64>() / over.len() as f64),
            Aggregate::Weighted => {
                let weight: f64 = over.iter().map(|of| of.2).sum();
                let sum: f64 = over.iter().map(|of| of.1 * of.2).sum();
                (weight > 0.0).then(|| sum / weight)
            }
        }
    }

    #[test]
    fn the_largest_keeps_its_sign() {
        assert_eq!(larger(1.0, -2.0), -2.0);
        assert_eq!(larger(-2.0, 2.0), -2.0);
        assert_eq!(larger(3.0, -2.0), 3.0);
    }

    proptest! {
        #[test]
        fn as_counted_base_by_base(
            pairs in prop::collection::vec(pair(), 1..30),
            aggregate in aggregate(),
            edges in edges(),
        ) {
            let mut found = BTreeMap::new();
            let mut last: Option<Segment> = None;
            for segment in at_once(&pairs, aggregate, &edges) {
                let Region { chrom, start, end } = segment.region;
                prop_assert!(start < end);
                if let Some(last) = last {
                    let before = (last.region.chrom, last.region.end);
                    prop_assert!(before <= (chrom, start));
                    prop_assert!(before < (chrom, start) || last.value != segment.value);
                }
                last = Some(segment);
                found.extend((start..end).map(|base| ((chrom, base), segment.value)));
            }
            for place in (0..2).flat_map(|chrom| (0..300).map(move |base| (ChromId(chrom), base))) {
                let wanted = counted(&pairs, aggregate, &edges, place);
                let got = found.get(&place).copied();
                prop_assert_eq!(got.is_some(), wanted.is_some());
                if let (Some(got), Some(wanted)) = (got, wanted) {
                    prop_assert!((f64::from(got) - wanted).abs() < 1e-5, "{} {}", got, wanted);
                }
            }
        }

        #[test]
        fn what_is_final_leaves_and_is_the_same(
            mut pairs in prop::collection::vec(pair(), 1..30),
            aggregate in aggregate(),
            edges in edges(),
        ) {
            pairs.sort_by_key(|&(_, leftmost, ..)| leftmost);
            let mut coverage = Coverage::new(aggregate, edges.clone());
            let mut segments = Vec::new();
            for pair in &pairs {
                let mark = pair.1;
                segments.extend(coverage.take_left_of(&mark));
                let mut held = coverage.windows.keys();
                let place = (mark.chrom, mark.start);
                prop_assert!(held.all(|&(chrom, start)| (chrom, start + LENGTH) > place));
                add(&mut coverage, pair);
            }
            segments.extend(coverage.take_left_of(&END));
            let segments: Vec<Segment> = joined(segments.into_iter()).collect();
            prop_assert_eq!(segments, at_once(&pairs, aggregate, &edges));
            let windows: BTreeSet<Region> = pairs.iter().map(|pair| pair.0).collect();
            prop_assert_eq!(coverage.windows(), windows.len());
        }
    }
}
