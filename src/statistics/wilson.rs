//! The score interval of a part.

use super::interval::Interval;

/// The 97.5th percentile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A part of as many as are independent, which may be a broken number above 0, with its 95 % score
/// interval (Wilson 1927, doi:10.2307/2276774).
pub fn wilson(value: f64, n: f64) -> Interval {
    let scale = 1.0 + Z * Z / n;
    let middle = (value + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
    // Exactly 0 and 1 at the ends, where rounding would miss them.
    Interval {
        value,
        low: if value == 0.0 { 0.0 } else { middle - half },
        high: if value == 1.0 { 1.0 } else { middle + half },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // statsmodels.stats.proportion.proportion_confint(3, 10, method="wilson")
        let Interval { low, high, .. } = wilson(0.3, 10.0);
        assert!((low - 0.107_791_267_4).abs() < 1e-9 && (high - 0.603_221_852_5).abs() < 1e-9);
        assert_eq!(wilson(0.0, 10.0).low, 0.0);
        assert_eq!(wilson(1.0, 10.0).high, 1.0);
    }
}
