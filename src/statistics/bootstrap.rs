//! Bootstrap intervals of pairs that share what they consist of.

use std::iter::repeat_n;

use rand::RngExt;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

use super::clusters::{Clusters, count};
use super::interval::Estimate;
use super::quantile::quantile;
use super::student;
use crate::error::Result;
use crate::seed::{Purpose, stream};

/// Draws behind an interval, of each way of clustering.
pub(super) const RESAMPLES: u64 = 1000;
/// The fewest clusters that allow an interval.
pub const FEWEST_CLUSTERS: usize = 5;
/// Between what measures lie, and their differences.
const MEASURES: [f64; 2] = [0.0, 1.0];
const DIFFERENCES: [f64; 2] = [-1.0, 1.0];

/// A statistic between 0 and 1 with its 95 % interval over resamples of the clusters; below
/// [`FEWEST_CLUSTERS`] of them without.
///
/// The sample is drawn again by first things, by second things and by pairs, each with replacement.
/// With V of each the variance of the statistic is taken as V₁ + V₂ − V of pairs, but no less than V₁
/// or V₂ (Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136). The draws of the way with the
/// larger variance are stretched about the statistic until they have that variance; of these come
/// bias-corrected percentiles (Efron 1981, doi:10.2307/3314608), as far out as Student's t with
/// `independent` − 1 degrees of freedom and a variance divided by n − 1 ask for (Hesterberg 2015,
/// doi:10.1080/00031305.2015.1089789). Resamples in which the statistic is undefined are left out.
///
/// `independent` is the number of clusters that the statistic rests on: with a rare class, that class's.
///
/// # Errors
///
/// A statistic that is undefined on the sample itself.
pub fn bootstrap<T: Copy + Sync>(
    sample: &[T],
    clusters: &Clusters,
    independent: usize,
    seed: u64,
    statistic: impl Fn(&[T]) -> Result<f64> + Sync,
) -> Result<Estimate> {
    Resampling {
        sample,
        seed,
        resamples: RESAMPLES,
        range: MEASURES,
        statistic,
    }
    .estimate(clusters, independent)
}

/// As [`bootstrap`], of the difference of two statistics between 0 and 1, which lies between −1 and 1: every
/// draw is of both, so that what they have in common makes no interval wider.
///
/// # Errors
///
/// As [`bootstrap`].
pub fn bootstrap_difference<T: Copy + Sync>(
    sample: &[T],
    clusters: &Clusters,
    independent: usize,
    seed: u64,
    difference: impl Fn(&[T]) -> Result<f64> + Sync,
) -> Result<Estimate> {
    Resampling {
        sample,
        seed,
        resamples: RESAMPLES,
        range: DIFFERENCES,
        statistic: difference,
    }
    .estimate(clusters, independent)
}

struct Resampling<'a, T, S> {
    sample: &'a [T],
    seed: u64,
    resamples: u64,
    /// The least and the most that the statistic can be.
    range: [f64; 2],
    statistic: S,
}

impl<T: Copy + Sync, S: Fn(&[T]) -> Result<f64> + Sync> Resampling<'_, T, S> {
    fn estimate(&self, clusters: &Clusters, independent: usize) -> Result<Estimate> {
        let value = (self.statistic)(self.sample)?;
        if independent < FEWEST_CLUSTERS {
            return Ok(Estimate::alone(value));
        }
        let alone: Vec<usize> = (0..self.sample.len()).collect();
        let of_pairs = self.draws(&alone);
        let of_clusters = clusters.ways.each_ref().map(|way| match *way == alone {
            // The same draws.
            true => of_pairs.clone(),
            false => self.draws(way),
        });
        let reach = reach(independent);
        let ends = stretched((value, self.range), of_clusters, &of_pairs)
            .and_then(|draws| bias_corrected(value, &draws, reach));
        Ok(match ends {
            Some((low, high)) => Estimate::within(value, low, high),
            None => Estimate::alone(value),
        })
    }

    /// The statistic of resamples of the clusters of one way, as far as it is defined.
    fn draws(&self, way: &[usize]) -> Vec<f64> {
        let clusters = count(way);
        let draw = |draw| {
            let mut rng = stream(self.seed, Purpose::Bootstrap, draw);
            let mut times = vec![0; clusters];
            for _ in 0..clusters {
                times[rng.random_range(0..clusters)] += 1;
            }
            // In the order of the sample: what is sorted stays so.
            let pairs = self.sample.iter().zip(way);
            let resample = pairs.flat_map(|(&pair, &cluster)| repeat_n(pair, times[cluster]));
            (self.statistic)(&resample.collect::<Vec<T>>()).ok()
        };
        let draws = (0..self.resamples).into_par_iter();
        draws.filter_map(draw).collect()
    }
}

/// The draws of the way with the larger variance, sorted, with the variance of both ways together, as far as
/// the statistic's range allows.
fn stretched(
    (value, [least, most]): (f64, [f64; 2]),
    [first, second]: [Vec<f64>; 2],
    of_pairs: &[f64],
) -> Option<Vec<f64>> {
    let [one, other, pairs] = [variance(&first)?, variance(&second)?, variance(of_pairs)?];
    let (mut draws, larger) = match one > other {
        true => (first, one),
        false => (second, other),
    };
    let stretch = match larger > 0.0 {
        true => ((one + other - pairs).max(larger) / larger).sqrt(),
        false => 1.0,
    };
    for draw in &mut draws {
        *draw = (value + stretch * (*draw - value)).clamp(least, most);
    }
    draws.sort_by(f64::total_cmp);
    Some(draws)
}

fn variance(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|value| (value - mean).powi(2));
    (count > 0.0).then(|| squares.sum::<f64>() / count)
}

/// How many standard deviations of the draws an end lies from the middle.
pub(super) fn reach(independent: usize) -> f64 {
    let freedom = u32::try_from(independent - 1).unwrap_or(u32::MAX);
    // The variance of draws is one divided by n.
    let correction = independent as f64 / f64::from(freedom);
    correction.sqrt() * student::critical(freedom)
}

/// The ends between which the statistic lies, from sorted draws.
pub(super) fn bias_corrected(value: f64, sorted: &[f64], reach: f64) -> Option<(f64, f64)> {
    let normal = Normal::standard();
    let count = sorted.len() as f64;
    let below = sorted.partition_point(|&draw| draw < value);
    let up_to = sorted.partition_point(|&draw| draw <= value);
    let below = (below + up_to) as f64 / 2.0 / count;
    let half = 0.5 / count;
    let bias = normal.inverse_cdf(below.clamp(half, 1.0 - half));
    let end = |reach: f64| quantile(sorted, normal.cdf(2.0 * bias + reach));
    Some((end(-reach)?.min(value), end(reach)?.max(value)))
}

#[cfg(test)]
mod tests;
