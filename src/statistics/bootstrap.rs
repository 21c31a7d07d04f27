//! Bootstrap intervals.

use rand::RngExt;
use rayon::prelude::*;

use super::interval::Interval;
use crate::error::{Error, Result};
use crate::seed::{Purpose, stream};

/// Draws behind an interval.
const RESAMPLES: u64 = 1000;

/// A statistic with its percentile interval over resamples, drawn with replacement. Resamples in
/// which the statistic is undefined are left out.
///
/// # Errors
///
/// A statistic that is undefined on the sample itself, or on all resamples.
pub fn bootstrap<T: Copy + Sync>(
    sample: &[T],
    seed: u64,
    statistic: impl Fn(&[T]) -> Result<f64> + Sync,
) -> Result<Interval> {
    let value = statistic(sample)?;
    let mut values: Vec<f64> = (0..RESAMPLES)
        .into_par_iter()
        .filter_map(|draw| {
            let mut rng = stream(seed, Purpose::Bootstrap, draw);
            let resample: Vec<T> = (0..sample.len())
                .map(|_| sample[rng.random_range(0..sample.len())])
                .collect();
            statistic(&resample).ok()
        })
        .collect();
    values.sort_by(f64::total_cmp);
    Interval::central(value, &values)
        .ok_or_else(|| Error::Undefined("no resample allows an interval".to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(sample: &[f64]) -> Result<f64> {
        Ok(sample.iter().sum::<f64>() / sample.len() as f64)
    }

    #[test]
    fn the_interval_holds_the_mean_and_repeats() {
        let sample: Vec<f64> = (0..200).map(|i| f64::from(i * 37 % 101)).collect();
        let got = bootstrap(&sample, 1, mean).unwrap();
        assert!(got.low < got.value && got.value < got.high, "{got:?}");
        assert_eq!(got, bootstrap(&sample, 1, mean).unwrap());
        assert_ne!(got, bootstrap(&sample, 2, mean).unwrap());
        // Standard error: 29 / √200, about 2.1; four of them.
        let width = got.high - got.low;
        assert!((6.5..9.5).contains(&width), "{width}");
    }

    #[test]
    fn a_statistic_of_no_resample_has_no_interval() {
        let whole = |sample: &[u32]| match sample {
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] => Ok(1.0),
            _ => Err(Error::Undefined("not all of them".to_string())),
        };
        let sample: Vec<u32> = (0..10).collect();
        assert!(bootstrap(&sample, 1, whole).is_err());
        assert!(bootstrap(&sample[1..], 1, whole).is_err());
    }
}
