//! Features as small whole numbers: values that lie near each other share a bin.

use std::ops::Range;

/// Bins of a feature, at most.
pub const MOST_BINS: usize = 255;

/// A feature of the training examples.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    /// The bin of each example.
    pub codes: Vec<u8>,
    /// The smallest and the largest value of each bin, in ascending order; no two bins overlap.
    spans: Vec<(f32, f32)>,
}

impl Binned {
    /// Bins that hold about equally many examples, and one bin for each value where there are few.
    ///
    /// Equal values never stand in two bins, so that a feature that is mostly zero keeps its other
    /// bins for what is not.
    pub fn new(values: &[f32]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f32::total_cmp);
        let groups: Vec<(f32, usize)> = sorted
            .chunk_by(|a, b| a == b)
            .map(|group| (group[0], group.len()))
            .collect();
        let spans: Vec<(f32, f32)> = fill(&groups)
            .into_iter()
            .map(|bin| (groups[bin.start].0, groups[bin.end - 1].0))
            .collect();
        let codes = values
            .iter()
            .map(|value| spans.partition_point(|(_, largest)| largest < value) as u8)
            .collect();
        Self { codes, spans }
    }

    /// The number of bins.
    pub fn count(&self) -> usize {
        self.spans.len()
    }

    /// The value between two bins that tells them apart, midway as in scikit-learn: what is not
    /// above it belongs to the lower bin.
    pub fn threshold(&self, lower: u8, upper: u8) -> f64 {
        let below = f64::from(self.spans[usize::from(lower)].1);
        let above = f64::from(self.spans[usize::from(upper)].0);
        below + (above - below) / 2.0
    }
}

/// Divides groups of equal values, each with its number of examples, into bins. A bin is closed
/// when it holds its share of the examples that are left, or when each group that is left can have
/// a bin of its own.
fn fill(groups: &[(f32, usize)]) -> Vec<Range<usize>> {
    let mut left: usize = groups.iter().map(|(_, examples)| examples).sum();
    let mut bins: Vec<Range<usize>> = Vec::new();
    let (mut start, mut held) = (0, 0);
    for (at, (_, examples)) in groups.iter().enumerate() {
        held += examples;
        let more = MOST_BINS - bins.len();
        let enough = held * more >= left || groups.len() - at <= more;
        if enough || at + 1 == groups.len() {
            bins.push(start..at + 1);
            left -= held;
            (start, held) = (at + 1, 0);
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_values_have_a_bin_each() {
        let binned = Binned::new(&[0.0, 3.0, -0.0, 1.0, 3.0]);
        assert_eq!(binned.codes, [0, 2, 0, 1, 2]);
        assert_eq!(binned.threshold(0, 1), 0.5);
        assert_eq!(binned.threshold(0, 2), 1.5);
    }

    #[test]
    fn many_values_share_bins_evenly() {
        let values: Vec<f32> = (0..25_500).map(|value| value as f32).collect();
        let binned = Binned::new(&values);
        assert_eq!(binned.count(), MOST_BINS);
        for bin in 0..=254 {
            assert_eq!(
                binned.codes.iter().filter(|&&code| code == bin).count(),
                100
            );
        }
    }

    #[test]
    fn zeros_do_not_take_the_bins_of_the_rest() {
        let values: Vec<f32> = (0..10_000)
            .map(|at| (at as f32 - 9_800.0).max(0.0))
            .collect();
        assert_eq!(Binned::new(&values).count(), 200);
    }

    proptest! {
        #[test]
        fn bins_keep_the_order_of_the_values(values in prop::collection::vec(-400i16..400, 1..2000)) {
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let binned = Binned::new(&values);
            prop_assert!(binned.count() <= MOST_BINS);
            for (code, value) in binned.codes.iter().zip(&values) {
                if *code > 0 {
                    prop_assert!(f64::from(*value) > binned.threshold(code - 1, *code));
                }
                if usize::from(*code) + 1 < binned.count() {
                    prop_assert!(f64::from(*value) <= binned.threshold(*code, code + 1));
                }
            }
        }
    }
}
