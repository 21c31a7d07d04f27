//! What the values of a source are like.

use serde::{Deserialize, Serialize};

/// The least standard deviation that is one: below it a source does not vary.
const LEAST_SD: f64 = 1e-6;

/// Mean and standard deviation of the targets of a source, over the bins of the training part.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// The mean.
    pub mean: f64,
    /// The population's standard deviation; never 0.
    pub sd: f64,
}

impl Scale {
    /// That of peaks, whose targets are 0 and 1.
    pub const NONE: Self = Self { mean: 0.0, sd: 1.0 };

    /// That of values; a deviation of 1 where they do not vary.
    pub fn of(values: impl Iterator<Item = f32>) -> Self {
        // Welford 1962, doi:10.1080/00401706.1962.10490022: no difference of large sums.
        let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
        for value in values.map(f64::from) {
            count += 1.0;
            let away = value - mean;
            mean += away / count;
            squares += away * (value - mean);
        }
        let sd = (squares / f64::max(count, 1.0)).sqrt();
        let sd = if sd > LEAST_SD { sd } else { 1.0 };
        Self { mean, sd }
    }

    /// A target as the network learns it.
    pub fn standardise(&self, target: f32) -> f32 {
        ((f64::from(target) - self.mean) / self.sd) as f32
    }

    /// The opposite of [`standardise`](Self::standardise).
    pub fn target(&self, standardised: f32) -> f32 {
        (f64::from(standardised) * self.sd + self.mean) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardised_values_have_mean_0_and_deviation_1() {
        let values = [1.0, 2.0, 6.0, 7.5];
        let scale = Scale::of(values.into_iter());
        assert_eq!(scale.mean, 4.125);
        let got = values.map(|value| scale.standardise(value));
        let variance = got.iter().map(|value| value * value).sum::<f32>() / 4.0;
        assert!(got.iter().sum::<f32>().abs() < 1e-6 && (variance - 1.0).abs() < 1e-6);
        for (value, got) in values.into_iter().zip(got) {
            assert!((scale.target(got) - value).abs() < 1e-5);
        }
    }

    #[test]
    fn what_does_not_vary_is_divided_by_1() {
        assert_eq!(
            Scale::of([3.0; 4].into_iter()),
            Scale { mean: 3.0, sd: 1.0 }
        );
        assert_eq!(Scale::of(std::iter::empty()), Scale::NONE);
    }
}
