//! One value for each base that any window covers.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Bins;
use crate::genome::{ChromId, Region, Segment};
use crate::text::choice::{Choice, Named};

/// How the values of several pairs at a base become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregate {
    /// The largest.
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

/// The values of a track, kept for each window and bin rather than for each base: pairs that
/// share an element share its window, so that memory grows with the distinct windows alone.
#[derive(Debug, Clone)]
pub struct Coverage {
    aggregate: Aggregate,
    bins: Bins,
    windows: BTreeMap<(ChromId, u32), Window>,
}

/// What the pairs of one window have brought.
#[derive(Debug, Clone)]
struct Window {
    /// Sum of the pairs' weights.
    weight: f64,
    /// For each bin the largest value, or the weighted sum of the values.
    values: Vec<f64>,
}

impl Coverage {
    /// No base has a value yet.
    pub fn new(aggregate: Aggregate, bins: Bins) -> Self {
        Self {
            aggregate,
            bins,
            windows: BTreeMap::new(),
        }
    }

    /// Adds a pair: its window, its probability and the marginal attention of its bins, `[l]`.
    ///
    /// The value of a bin is its attention times the number of bins: 1 where there is no
    /// preference, 3 for three times its share.
    pub fn add(&mut self, window: Region, probability: f32, marginal: &[f32]) {
        let bins = self.bins.count();
        let weight = match self.aggregate {
            Aggregate::Max | Aggregate::Mean => 1.0,
            Aggregate::Weighted => f64::from(probability),
        };
        let entry = self
            .windows
            .entry((window.chrom, window.start))
            .or_insert_with(|| Window {
                weight: 0.0,
                values: vec![0.0; bins],
            });
        entry.weight += weight;
        for (value, &attention) in entry.values.iter_mut().zip(marginal) {
            let of_pair = f64::from(attention) * bins as f64;
            *value = match self.aggregate {
                Aggregate::Max => value.max(of_pair),
                Aggregate::Mean | Aggregate::Weighted => *value + weight * of_pair,
            };
        }
    }

    /// Distinct windows.
    pub fn windows(&self) -> usize {
        self.windows.len()
    }

    /// The covered bases from left to right, neighbours of one value joined. A base that only
    /// pairs of probability 0 cover has no weighted mean and is left out.
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        join(self.islands().flat_map(|island| self.sweep(island)))
    }

    /// Runs of windows that overlap, from left to right.
    fn islands(&self) -> impl Iterator<Item = Vec<(u32, ChromId, &Window)>> {
        let length = self.bins.0.length as u32;
        let mut windows = self.windows.iter().peekable();
        std::iter::from_fn(move || {
            let (&(chrom, start), first) = windows.next()?;
            let mut island = vec![(start, chrom, first)];
            let mut end = start + length;
            while let Some((&(_, start), window)) =
                windows.next_if(|((other, start), _)| *other == chrom && *start < end)
            {
                island.push((start, chrom, window));
                end = start + length;
            }
            Some(island)
        })
    }

    /// The values between all edges of all bins of an island.
    fn sweep(&self, island: Vec<(u32, ChromId, &Window)>) -> Vec<Segment> {
        let length = self.bins.0.length as u32;
        let of_window = self.bins.edges();
        let starts = island.iter().map(|(start, ..)| start);
        let mut edges: Vec<u32> = starts
            .flat_map(|start| of_window.iter().map(move |edge| start + edge))
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut active = 0;
        edges
            .windows(2)
            .filter_map(|edge| {
                while island[active].0 + length <= edge[0] {
                    active += 1;
                }
                let over = island[active..]
                    .iter()
                    .take_while(|(start, ..)| *start <= edge[0]);
                let value =
                    self.value(over.map(|&(start, _, window)| (window, edge[0] - start)))?;
                let region = Region::new(island[0].1, edge[0], edge[1])?;
                Some(Segment { region, value })
            })
            .collect()
    }

    /// The value of a base from the windows over it and its place in each.
    fn value<'a>(&self, over: impl Iterator<Item = (&'a Window, u32)>) -> Option<f32> {
        let (mut weight, mut sum, mut largest) = (0.0, 0.0, 0.0f64);
        for (window, offset) in over {
            let value = window.values[self.bin_at(offset)];
            weight += window.weight;
            sum += value;
            largest = largest.max(value);
        }
        match self.aggregate {
            Aggregate::Max => Some(largest as f32),
            Aggregate::Mean | Aggregate::Weighted => (weight > 0.0).then(|| (sum / weight) as f32),
        }
    }

    /// The bin whose tile holds this base of the window.
    fn bin_at(&self, offset: u32) -> usize {
        let pooling = self.bins.0;
        let middle = (pooling.width - 1) / 2;
        let from_first = (offset as usize + pooling.left()).saturating_sub(middle);
        (from_first / pooling.pool).min(self.bins.count() - 1)
    }
}

/// Joins neighbours of one value.
fn join(segments: impl Iterator<Item = Segment>) -> impl Iterator<Item = Segment> {
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
    use super::*;
    use crate::attention::Pooling;
    use proptest::prelude::*;

    const LENGTH: usize = 40;

    fn bins() -> Bins {
        Bins(Pooling {
            length: LENGTH,
            width: 5,
            pool: 6,
        })
    }

    fn pair() -> impl Strategy<Value = (u32, u32, f32, Vec<f32>)> {
        let attention = prop::collection::vec((0u8..8).prop_map(|v| f32::from(v) / 8.0), 6);
        (
            0u32..2,
            0u32..200,
            (0u8..5).prop_map(|p| f32::from(p) / 4.0),
            attention,
        )
    }

    proptest! {
        /// Every base against a slow count over all pairs.
        #[test]
        fn as_counted_base_by_base(
            pairs in prop::collection::vec(pair(), 1..30),
            aggregate in prop::sample::select(vec![Aggregate::Max, Aggregate::Mean, Aggregate::Weighted]),
        ) {
            let bins = bins();
            prop_assert_eq!(bins.count(), 6);
            let mut coverage = Coverage::new(aggregate, bins);
            for (chrom, start, probability, attention) in &pairs {
                let window = Region {
                    chrom: ChromId(*chrom),
                    start: *start,
                    end: start + LENGTH as u32,
                };
                coverage.add(window, *probability, attention);
            }
            let mut found = BTreeMap::new();
            let mut last = None;
            for segment in coverage.segments() {
                let Region { chrom, start, end } = segment.region;
                prop_assert!(start < end);
                prop_assert!(last < Some((chrom, start)));
                last = Some((chrom, end - 1));
                for base in start..end {
                    found.insert((chrom, base), segment.value);
                }
            }
            for chrom in 0..2 {
                for base in 0..300 {
                    let over: Vec<(f64, f64)> = pairs
                        .iter()
                        .filter(|(c, start, ..)| *c == chrom && (*start..start + LENGTH as u32).contains(&base))
                        .map(|(_, start, probability, attention)| {
                            let bin = (0..6).find(|&b| bins.tile(b).contains(&(base - start))).unwrap();
                            (f64::from(attention[bin]) * 6.0, f64::from(*probability))
                        })
                        .collect();
                    let wanted = match aggregate {
                        _ if over.is_empty() => None,
                        Aggregate::Max => over.iter().map(|o| o.0).reduce(f64::max),
                        Aggregate::Mean => Some(over.iter().map(|o| o.0).sum::<f64>() / over.len() as f64),
                        Aggregate::Weighted => {
                            let weight: f64 = over.iter().map(|o| o.1).sum();
                            (weight > 0.0).then(|| over.iter().map(|o| o.0 * o.1).sum::<f64>() / weight)
                        }
                    };
                    let got = found.get(&(ChromId(chrom), base)).copied();
                    prop_assert_eq!(got.is_some(), wanted.is_some());
                    if let (Some(got), Some(wanted)) = (got, wanted) {
                        prop_assert!((f64::from(got) - wanted).abs() < 1e-5, "{} {}", got, wanted);
                    }
                }
            }
        }
    }
}
