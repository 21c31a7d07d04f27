//! Numbers of pairs that share what they consist of: their mean, its interval, and whether it is 0.

use std::collections::BTreeMap;

use rand::RngExt;
use rayon::prelude::*;

use super::bootstrap::{FEWEST_CLUSTERS, RESAMPLES, bias_corrected, reach};
use super::interval::Estimate;
use crate::seed::{Purpose, stream};

/// The fewest components that can tell a mean from 0 at p ≤ 0.05: of five, one in sixteen ways to give
/// them signs is as far from 0 as where all have one.
pub const FEWEST_COMPONENTS: usize = 6;
/// The most components of which all signs are looked at.
const EXACT: usize = 16;
/// The most signs that are drawn for more.
const DRAWS: u64 = 100_000;
/// Draws as far from 0 as what was observed after which no more are needed.
const REACHED: u64 = 20;

/// Numbers of pairs, summed by component: pairs of different components have nothing in common.
#[derive(Debug, Clone, PartialEq)]
pub struct ComponentSums {
    sums: Vec<f64>,
    counts: Vec<usize>,
}

impl ComponentSums {
    /// Of the number and the component of each pair.
    pub fn new(values: &[f64], components: &[usize]) -> Self {
        let mut of: BTreeMap<usize, (f64, usize)> = BTreeMap::new();
        for (value, &component) in values.iter().zip(components) {
            let (sum, count) = of.entry(component).or_default();
            *sum += value;
            *count += 1;
        }
        let (sums, counts) = of.into_values().unzip();
        Self { sums, counts }
    }

    /// How many components there are.
    pub fn components(&self) -> usize {
        self.sums.len()
    }

    /// The mean over pairs; none without any.
    pub fn mean(&self) -> Option<f64> {
        let pairs: usize = self.counts.iter().sum();
        (pairs > 0).then(|| self.sums.iter().sum::<f64>() / pairs as f64)
    }

    /// The mean over pairs with its 95 % interval over resamples of the components, bias-corrected
    /// percentiles as far out as Student's t asks for (see [`bootstrap`](super::bootstrap())); without one
    /// below [`FEWEST_CLUSTERS`] components. None without any pair.
    pub fn estimate(&self, seed: u64) -> Option<Estimate> {
        let value = self.mean()?;
        if self.components() < FEWEST_CLUSTERS {
            return Some(Estimate::alone(value));
        }
        let draws = (0..RESAMPLES).into_par_iter();
        let mut draws: Vec<f64> = draws.map(|draw| self.resampled(seed, draw)).collect();
        draws.sort_by(f64::total_cmp);
        let ends = bias_corrected(value, &draws, reach(self.components()));
        Some(match ends {
            Some((low, high)) => Estimate::within(value, low, high),
            None => Estimate::alone(value),
        })
    }

    /// The mean over the pairs of as many components, drawn with replacement.
    fn resampled(&self, seed: u64, draw: u64) -> f64 {
        let mut rng = stream(seed, Purpose::Bootstrap, draw);
        let (mut sum, mut count) = (0.0, 0);
        for _ in 0..self.components() {
            let component = rng.random_range(0..self.components());
            sum += self.sums[component];
            count += self.counts[component];
        }
        sum / count as f64
    }

    /// How probable a mean at least as far from 0 is where each component's sum is as likely to have the
    /// other sign: two-sided, over all signs of up to 16 components (Fisher 1935, *The Design of
    /// Experiments*), over drawn ones of more. The draws of test `number` end where 20 are as far from 0,
    /// and p is their part (Besag & Clifford 1991, doi:10.1093/biomet/78.2.301), or after 100,000. None
    /// below [`FEWEST_COMPONENTS`].
    pub fn sign_flips(&self, seed: u64, number: u64) -> Option<f64> {
        let components = self.components();
        if components < FEWEST_COMPONENTS {
            return None;
        }
        let observed = self.sums.iter().sum::<f64>().abs();
        // Sums of one set of signs in another order may differ in their last bits.
        let slack = 1e-12 * self.sums.iter().map(|sum| sum.abs()).sum::<f64>();
        let reaches = |sum: f64| sum.abs() >= observed - slack;
        if components <= EXACT {
            // The last sign stays: all others the other way round are as far from 0.
            let all = 1u64 << (components - 1);
            let reached = (0..all).filter(|&signs| reaches(flipped(&self.sums, signs)));
            return Some(reached.count() as f64 / all as f64);
        }
        let mut rng = stream(seed, Purpose::SignFlips, number);
        let mut reached = 0;
        for draw in 1..=DRAWS {
            let parts = self.sums.chunks(64);
            let sum: f64 = parts.map(|part| flipped(part, rng.random())).sum();
            if reaches(sum) {
                reached += 1;
                if reached == REACHED {
                    return Some(reached as f64 / draw as f64);
                }
            }
        }
        Some((reached + 1) as f64 / (DRAWS + 1) as f64)
    }
}

/// The sum of up to 64 numbers, those with a bit with the other sign.
fn flipped(sums: &[f64], signs: u64) -> f64 {
    let signed = sums.iter().enumerate().map(|(place, &sum)| {
        let flip = (signs >> place) & 1 == 1;
        if flip { -sum } else { sum }
    });
    signed.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Clusters;
    use rand_distr::{Distribution, StandardNormal};

    /// Data sets of a simulation, and the one-sided Kolmogorov–Smirnov distance of so many numbers that
    /// one in a thousand sets of uniform ones exceeds.
    const SEEDS: u64 = 40;
    const FURTHEST: f64 = 0.29;

    fn too_many_small(mut numbers: Vec<f64>) -> f64 {
        numbers.sort_by(f64::total_cmp);
        let count = numbers.len() as f64;
        let ranks = numbers.iter().zip(1..);
        let above = ranks.map(|(p, rank)| f64::from(rank) / count - p);
        above.fold(0.0, f64::max)
    }

    /// Promoters with ten enhancers each, which say about the same, moved by `shift`; the numbers and the
    /// components of the pairs.
    fn pairs(seed: u64, promoters: usize, shift: f64) -> (Vec<f64>, Vec<usize>) {
        let mut rng = stream(seed, Purpose::Simulation, promoters as u64);
        let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
        let mut values = Vec::new();
        for _ in 0..promoters {
            let promoter = normal();
            values.extend((0..10).map(|_| promoter + 0.3 * normal() + shift));
        }
        let clusters = Clusters::new((0..10 * promoters).map(|pair| (pair, pair / 10)));
        (values, clusters.components())
    }

    fn p_values(promoters: usize, shift: f64) -> Vec<f64> {
        let of = |seed| {
            let (values, components) = pairs(seed, promoters, shift);
            ComponentSums::new(&values, &components).sign_flips(seed, 0)
        };
        (0..SEEDS).map(|seed| of(seed).unwrap()).collect()
    }

    #[test]
    fn p_values_of_nothing_are_uniform_though_pairs_share_elements() {
        for promoters in [12, 30] {
            let p = p_values(promoters, 0.0);
            let other: Vec<f64> = p.iter().map(|p| 1.0 - p).collect();
            let far = [too_many_small(p), too_many_small(other)];
            assert!(
                far.iter().all(|&far| far < FURTHEST),
                "{promoters}: {far:?}"
            );
        }
        // As if the pairs had nothing in common.
        let alone = |seed| {
            let (values, _) = pairs(seed, 30, 0.0);
            let components: Vec<usize> = (0..values.len()).collect();
            ComponentSums::new(&values, &components).sign_flips(seed, 0)
        };
        let p = (0..SEEDS).map(|seed| alone(seed).unwrap()).collect();
        assert!(too_many_small(p) > FURTHEST);
    }

    #[test]
    fn what_is_there_is_found() {
        for promoters in [12, 30] {
            let p = p_values(promoters, 2.0);
            assert!(p.iter().all(|&p| p < 0.01), "{promoters}: {p:?}");
        }
    }

    #[test]
    fn signs_of_few_components_are_counted() {
        let of = |sums: &[f64]| {
            let components: Vec<usize> = (0..sums.len()).collect();
            ComponentSums::new(sums, &components).sign_flips(1, 0)
        };
        assert_eq!(of(&[1.0; 5]), None);
        // All signs alike, of 32 ways to give five of six components one.
        assert_eq!(of(&[1.0; 6]), Some(1.0 / 32.0));
        assert_eq!(of(&[-0.1; 6]), Some(1.0 / 32.0));
        assert_eq!(of(&[0.0; 6]), Some(1.0));
        assert_eq!(of(&[0.0; 40]), Some(1.0));
        // 3 of 1, 1, 1, 1, 1, −1, 1: at most one is other than the rest.
        let seven = [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0];
        assert_eq!(of(&seven), Some(8.0 / 64.0));
    }

    #[test]
    fn the_interval_holds_the_mean_of_components() {
        let (values, components) = pairs(3, 30, 0.5);
        let sums = ComponentSums::new(&values, &components);
        assert_eq!(sums.components(), 30);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        assert!((sums.mean().unwrap() - mean).abs() < 1e-12);
        let interval = sums.estimate(1).unwrap().interval().unwrap();
        assert!(interval.low < mean && mean < interval.high);
        // Of 30 promoters' effects: about 2 · 1.04 / √30 to either side.
        assert!(
            (0.5..1.1).contains(&(interval.high - interval.low)),
            "{interval}"
        );
        let few = ComponentSums::new(&[1.0, 2.0], &[0, 0]);
        assert_eq!(few.estimate(1), Some(Estimate::alone(1.5)));
        assert_eq!(ComponentSums::new(&[], &[]).estimate(1), None);
    }
}
