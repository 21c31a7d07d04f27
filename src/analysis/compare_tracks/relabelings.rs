//! The ways in which the members of two ensembles can be dealt out between them.

use rand::seq::SliceRandom;

use crate::seed::{Purpose, stream};

/// How much less than another a statistic, of standard deviations, may be and still count as equal: what
/// the order of a sum does.
const ROUNDING: f64 = 1e-9;

/// Labellings of the members of two ensembles, A's before B's: which of them are B's.
pub struct Relabelings {
    /// The places of B's members in each; in the first as they are.
    labellings: Vec<Vec<usize>>,
    /// Whether these are all that there are.
    pub all: bool,
    /// The smallest p-value that can come out.
    pub smallest: f64,
}

impl Relabelings {
    /// All labellings of so many members of A and of B where there are no more than `most`; or else so
    /// many, the true one and others drawn at random.
    pub fn new([a, b]: [usize; 2], most: usize, seed: u64) -> Self {
        let members = a + b;
        let all = at_most(members, b, most);
        let labellings = match all {
            true => {
                let mut all = combinations(members, b);
                // The last is that of the last places.
                all.reverse();
                all
            }
            false => drawn([a, b], most, seed),
        };
        // Two ensembles of one size differ as much when they change names.
        let equal = if all && a == b { 2.0 } else { 1.0 };
        let smallest = equal / labellings.len() as f64;
        Self {
            labellings,
            all,
            smallest,
        }
    }

    /// The labellings, the true one first.
    pub fn iter(&self) -> impl Iterator<Item = &[usize]> {
        self.labellings.iter().map(Vec::as_slice)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.labellings.len()
    }

    /// How probable at least `observed` is where it does not matter to which ensemble a member belongs:
    /// the share of labellings, the true one among them, that give as much.
    pub fn p_value(&self, observed: f64, of_labellings: &[f64]) -> f64 {
        let least = observed - ROUNDING * (1.0 + observed.abs());
        let reached = of_labellings.iter().filter(|&&of| of >= least).count();
        reached.max(1) as f64 / self.count() as f64
    }
}

/// Whether there are no more than `most` ways to choose `k` of `n`.
fn at_most(n: usize, k: usize, most: usize) -> bool {
    let mut ways: u128 = 1;
    for chosen in 1..=k {
        ways = ways * (n - k + chosen) as u128 / chosen as u128;
        if ways > most as u128 {
            return false;
        }
    }
    true
}

/// All ways to choose `k` of the first `n` numbers, in the order of a dictionary.
fn combinations(n: usize, k: usize) -> Vec<Vec<usize>> {
    let first: Vec<usize> = (0..k).collect();
    std::iter::successors(Some(first), |last| next(last, n)).collect()
}

fn next(last: &[usize], n: usize) -> Option<Vec<usize>> {
    let k = last.len();
    let moved = (0..k).rev().find(|&at| last[at] < n - k + at)?;
    let mut next = last.to_vec();
    for (place, at) in next[moved..].iter_mut().zip(last[moved] + 1..) {
        *place = at;
    }
    Some(next)
}

/// The true labelling and others at random.
fn drawn([a, b]: [usize; 2], count: usize, seed: u64) -> Vec<Vec<usize>> {
    let draw = |index: usize| {
        let mut places: Vec<usize> = (0..a + b).collect();
        if index > 0 {
            places.shuffle(&mut stream(seed, Purpose::Relabelings, index as u64));
        }
        let mut of_b = places.split_off(a);
        of_b.sort_unstable();
        of_b
    };
    (0..count.max(1)).map(draw).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_labellings_are_there_once_and_the_true_one_first() {
        for (sizes, count) in [([3, 3], 20), ([4, 4], 70), ([3, 5], 56), ([1, 1], 2)] {
            let found = Relabelings::new(sizes, 100, 1);
            assert!(found.all);
            assert_eq!(found.count(), count);
            let [a, b] = sizes;
            let own: Vec<usize> = (a..a + b).collect();
            assert_eq!(found.iter().next(), Some(own.as_slice()));
            let distinct: BTreeSet<&[usize]> = found.iter().collect();
            assert_eq!(distinct.len(), count);
            assert!(distinct.iter().all(|of| of.len() == b && of.is_sorted()));
            let equal = if a == b { 2.0 } else { 1.0 };
            assert_eq!(found.smallest, equal / count as f64);
        }
    }

    #[test]
    fn too_many_labellings_are_drawn() {
        let found = Relabelings::new([8, 8], 500, 3);
        assert!(!found.all);
        assert_eq!((found.count(), found.smallest), (500, 1.0 / 500.0));
        let own: Vec<usize> = (8..16).collect();
        assert_eq!(found.iter().next(), Some(own.as_slice()));
        assert_ne!(found.iter().nth(1), Some(own.as_slice()));
        assert!(at_most(16, 8, 12_870) && !at_most(16, 8, 12_869));
    }

    #[test]
    fn what_is_equal_counts() {
        let found = Relabelings::new([2, 2], 10, 1);
        assert_eq!(
            found.p_value(3.0, &[3.0, 1.0, 2.0, 0.5, 1.0, 3.0]),
            2.0 / 6.0
        );
        assert_eq!(found.p_value(0.0, &[0.0; 6]), 1.0);
    }
}
