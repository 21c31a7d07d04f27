//! A number and how far it can be trusted.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::quantile::quantile;

/// A number and its 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// On the sample itself.
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

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} ({:.3}–{:.3})", self.value, self.low, self.high)
    }
}

/// A number, and its 95 % interval where enough is independent to have one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// On the sample itself.
    pub value: f64,
    low: Option<f64>,
    high: Option<f64>,
}

impl Estimate {
    /// Without an interval.
    pub fn alone(value: f64) -> Self {
        Self {
            value,
            low: None,
            high: None,
        }
    }

    /// With the ends of its interval.
    pub fn within(value: f64, low: f64, high: f64) -> Self {
        Self {
            value,
            low: Some(low),
            high: Some(high),
        }
    }

    /// The interval, where there is one.
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval {
            value: self.value,
            low: self.low?,
            high: self.high?,
        })
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.interval() {
            Some(interval) => interval.fmt(f),
            None => write!(f, "{:.3} (no interval)", self.value),
        }
    }
}
