//! False discovery rates of many tests that depend on each other, from the same tests of permuted data.
//!
//! Of the statistics at least `t`, as many are expected to be false as permuted data have on average:
//! Tusher, Tibshirani & Chu 2001, <https://doi.org/10.1073/pnas.091062498>. A mean does not ask how
//! the tests depend on each other; but that *some* `t` has a small rate by chance can be more probable
//! than the rate, where false discoveries come in crowds. So a q-value is also never below the part of
//! the permutations whose own smallest rate is as small: if nothing is to be found, the probability
//! that any q-value is at most α is at most α. The data themselves count as one permutation more.

/// Levels in a statistic of 1.
const STEPS: f64 = 32.0;
/// The highest level that is told from those above it: a statistic of 32.
const HIGHEST: usize = 1024;

/// How many of some statistics reach each level, from 0 up to the highest that one reaches; negative
/// statistics reach none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tail(Vec<u32>);

impl Tail {
    /// Of these statistics.
    pub fn of(statistics: impl Iterator<Item = f64>) -> Self {
        let mut counts: Vec<u32> = Vec::new();
        for level in statistics.filter_map(level) {
            if counts.len() <= level {
                counts.resize(level + 1, 0);
            }
            counts[level] += 1;
        }
        let mut above = 0;
        for count in counts.iter_mut().rev() {
            above += *count;
            *count = above;
        }
        Self(counts)
    }

    /// At each level the larger number of the two.
    pub fn larger(mut self, mut other: Self) -> Self {
        if self.0.len() < other.0.len() {
            std::mem::swap(&mut self, &mut other);
        }
        for (count, other) in self.0.iter_mut().zip(other.0) {
            *count = (*count).max(other);
        }
        self
    }

    /// At each level the rate at which all that reach it are false, or that of a lower level if it is
    /// smaller: `expected` are false.
    fn rates<'a>(&'a self, expected: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let rates = self.0.iter().zip(expected);
        rates.scan(1.0_f64, |least, (&count, expected)| {
            *least = least.min(expected / f64::from(count));
            Some(*least)
        })
    }
}

fn level(statistic: f64) -> Option<usize> {
    (statistic >= 0.0).then(|| ((statistic * STEPS) as usize).min(HIGHEST))
}

/// q-values by the statistic: see the head of this file. None is below one over the permutations and
/// one.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates(Vec<f64>);

impl Rates {
    /// Of tests with these statistics. The permuted tails may hold more than what is tested, never
    /// less.
    pub fn new(statistics: &[f64], permuted: &[Tail]) -> Self {
        let found = Tail::of(statistics.iter().copied());
        let all = permuted.len() as f64 + 1.0;
        let mut sums = vec![0_u64; HIGHEST + 1];
        for tail in permuted.iter().chain([&found]) {
            for (sum, &count) in sums.iter_mut().zip(&tail.0) {
                *sum += u64::from(count);
            }
        }
        let expected: Vec<f64> = sums.into_iter().map(|sum| sum as f64 / all).collect();
        let least = |tail: &Tail| tail.rates(&expected).last().unwrap_or(1.0);
        let mut smallest: Vec<f64> = permuted.iter().map(least).collect();
        smallest.sort_by(f64::total_cmp);
        let by_level = found.rates(&expected).map(|rate| {
            let as_small = smallest.partition_point(|&other| other <= rate);
            rate.max((as_small as f64 + 1.0) / all)
        });
        Self(by_level.collect())
    }

    /// The q-value of a statistic, one of the tests' own or another; above all of these it is that of
    /// their largest.
    pub fn q(&self, statistic: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let level = level(statistic).map(|level| level.min(last));
        let q = level.and_then(|level| self.0.get(level));
        q.copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};
    use rand::RngExt;

    fn tail(statistics: &[f64]) -> Tail {
        Tail::of(statistics.iter().copied())
    }

    #[test]
    fn a_worked_example() {
        let permuted = [
            tail(&[1.0, 1.0]),
            tail(&[-3.0, 0.5]),
            tail(&[2.0, 1.0, 0.5]),
        ];
        let rates = Rates::new(&[4.0, 0.5, -1.0, 1.0], &permuted);
        // Four data sets, the last of which is the one that is asked about. At 4: one of them has
        // one, of which the last has one: (1 / 4) / 1. At 1: (2 + 0 + 2 + 2) / 4 over 2.
        assert_eq!(
            [4.0, 0.5, -1.0, 1.0].map(|t| rates.q(t)),
            [0.25, 0.75, 1.0, 0.75]
        );
        // A statistic that no test has: at 2 one of the four data sets has one, and the last has one.
        assert_eq!([9.0, 2.0].map(|t| rates.q(t)), [0.25, 0.5]);
        assert_eq!(Rates::new(&[], &permuted).q(3.0), 1.0);
    }

    #[test]
    fn tails_count_what_reaches_a_level() {
        let Tail(counts) = tail(&[0.0, 0.05, 0.01, -1.0]);
        assert_eq!(counts, [3, 1]);
        let both = tail(&[0.0, 0.05]).larger(tail(&[0.0, 0.0, 0.0]));
        assert_eq!(both, Tail(vec![3, 1]));
        assert_eq!(tail(&[1e9]).0.len(), HIGHEST + 1);
    }

    /// Statistics in crowds: the crowd's number often lifts them all.
    fn crowds(draw: u64) -> Vec<f64> {
        let mut rng = stream(1, Purpose::Simulation, draw);
        let mut normal = || (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
        let crowd = normal();
        (0..60).map(|_| 0.8 * crowd + 0.6 * normal()).collect()
    }

    #[test]
    fn crowds_are_not_found_more_often_than_stated() {
        let permuted: Vec<Tail> = (0..500).map(|draw| tail(&crowds(draw))).collect();
        let found = |draw: &u64| {
            let statistics = crowds(*draw);
            let rates = Rates::new(&statistics, &permuted);
            statistics.iter().any(|&t| rates.q(t) <= 0.1)
        };
        let found = (1000..1300).filter(found).count();
        // 30 of 300 are allowed; this is three standard deviations above.
        assert!((5..=46).contains(&found), "{found}");
    }
}
