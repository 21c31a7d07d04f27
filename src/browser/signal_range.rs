//! The vertical range of attention tracks.

/// What browsers show of a signal at first, and how far they may go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignalRange {
    /// The upper end at first; the lower one is zero.
    pub upper: f64,
    /// The largest value, rounded up.
    pub most: f64,
}

/// From zero to four times the mean. A single bin can hold all of a window's attention, up to the
/// number of its bins; were the range to reach up to that, what is a few times its share would be
/// flat. Clipped peaks are marked by the browser, and the user can raise the range to the largest
/// value.
pub fn signal_range(mean: f64, max: f64) -> SignalRange {
    let most = round_up(max);
    SignalRange {
        upper: round_up(4.0 * mean).min(most),
        most,
    }
}

/// The next number of one digit and zeros: 6.3 becomes 7, 43 becomes 50. What is not above zero
/// becomes 1.
fn round_up(value: f64) -> f64 {
    if value.is_nan() || value <= 0.0 {
        return 1.0;
    }
    let exponent = value.log10().floor() as i32;
    // By way of text, so that 0.3 is 0.3 and not 0.30000000000000004.
    let digit = (value / 10f64.powi(exponent) - 1e-9).ceil();
    format!("{digit}e{exponent}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_end_on_round_numbers() {
        let cases = [
            (6.3, 7.0),
            (43.0, 50.0),
            (0.29, 0.3),
            (5.0, 5.0),
            (99.0, 100.0),
        ];
        for (value, round) in cases {
            assert_eq!(round_up(value), round);
        }
        assert_eq!(round_up(f64::NAN), 1.0);
        assert_eq!(round_up(-2.0), 1.0);
    }
}
