//! Bootstrap intervals.

use rand::RngExt;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::evaluation::Scored;
use crate::seed::{Purpose, stream};
use crate::statistics::quantile;

/// Draws behind an interval.
const RESAMPLES: u64 = 1000;

/// A number and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// On the set itself.
    pub value: f64,
    /// 2.5th percentile over the resamples.
    pub low: f64,
    /// 97.5th percentile over the resamples.
    pub high: f64,
}

impl Interval {
    /// From a value and its sorted resamples; nothing where there are none.
    pub fn central(value: f64, sorted: &[f64]) -> Option<Self> {
        Some(Self {
            value,
            low: quantile(sorted, 0.025)?,
            high: quantile(sorted, 0.975)?,
        })
    }
}

/// A statistic with its percentile interval over resamples of the pairs, drawn with replacement.
/// Resamples in which the statistic is undefined (only one class) are left out.
///
/// # Errors
///
/// A statistic that is undefined on the set itself.
pub fn bootstrap(
    set: &[Scored],
    seed: u64,
    statistic: impl Fn(&[Scored]) -> Result<f64> + Sync,
) -> Result<Interval> {
    let value = statistic(set)?;
    let mut values: Vec<f64> = (0..RESAMPLES)
        .into_par_iter()
        .filter_map(|draw| {
            let mut rng = stream(seed, Purpose::Bootstrap, draw);
            let resample: Vec<Scored> = (0..set.len())
                .map(|_| set[rng.random_range(0..set.len())])
                .collect();
            statistic(&resample).ok()
        })
        .collect();
    values.sort_by(f64::total_cmp);
    Interval::central(value, &values)
        .ok_or_else(|| Error::Undefined("too few pairs of one class for an interval".to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::auroc;

    #[test]
    fn the_interval_holds_the_value_and_repeats() {
        let set: Vec<Scored> = (0..200)
            .map(|i| Scored {
                score: f64::from(i * 37 % 101),
                positive: i % 3 == 0,
            })
            .collect();
        let got = bootstrap(&set, 1, auroc).unwrap();
        assert!(got.low < got.value && got.value < got.high, "{got:?}");
        assert_eq!(got, bootstrap(&set, 1, auroc).unwrap());
        // Standard error of an AUROC near 0.5 with 67 and 133 members: about 0.043.
        let width = got.high - got.low;
        assert!((0.12..0.22).contains(&width), "{width}");
    }
}
