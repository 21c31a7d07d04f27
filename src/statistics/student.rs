//! Student's t distribution, for a few numbers.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The probability of a |t| at least this large; not a number without a degree of freedom.
pub fn two_sided(t: f64, freedom: u32) -> f64 {
    of(freedom).map_or(f64::NAN, |student| 2.0 * student.sf(t.abs()))
}

/// The t that |t| exceeds with a probability of 0.05; not a number without a degree of freedom.
pub fn critical(freedom: u32) -> f64 {
    of(freedom).map_or(f64::NAN, |student| student.inverse_cdf(0.975))
}

/// The fewest numbers among which one more can be judged.
pub const FEWEST_OTHERS: usize = 3;

/// The probability that one more number from where `others` come from is at least `value`, if they are
/// about normal; none where there are fewer than [`FEWEST_OTHERS`]. With their mean m and variance s²,
/// which is no smaller than `variance`, (value − m) / (s·√(1 + 1/n)) is compared with n − 1 degrees of
/// freedom, as for a prediction interval.
pub fn beyond(value: f64, others: &[f64], variance: f64) -> Option<f64> {
    if others.len() < FEWEST_OTHERS {
        return None;
    }
    let n = others.len() as f64;
    let mean = others.iter().sum::<f64>() / n;
    let squares: f64 = others.iter().map(|other| (other - mean).powi(2)).sum();
    let variance = variance.max(squares / (n - 1.0));
    let t = (value - mean) / (variance * (1.0 + 1.0 / n)).sqrt();
    Some(of(others.len() as u32 - 1)?.sf(t))
}

fn of(freedom: u32) -> Option<StudentsT> {
    StudentsT::new(0.0, 1.0, freedom.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Abramowitz & Stegun, table 26.10.
        for (freedom, t) in [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (9, 2.262),
            (10, 2.228),
            (30, 2.042),
        ] {
            assert!(
                (critical(freedom) - t).abs() < 5e-4,
                "{freedom}: {}",
                critical(freedom)
            );
        }
    }

    #[test]
    fn one_more_number_is_judged_by_the_others() {
        // Mean 2, variance 1 of three: (2 + 2.919986 · √(4/3)) is the upper end of a 90 % interval.
        let p = beyond(
            2.0 + 2.919_986 * (4.0_f64 / 3.0).sqrt(),
            &[1.0, 2.0, 3.0],
            0.0,
        );
        assert!((p.unwrap() - 0.05).abs() < 1e-6, "{p:?}");
        assert_eq!(beyond(2.0, &[1.0, 2.0, 3.0], 0.0), Some(0.5));
        // A variance of 4 makes it as if the difference were half as large.
        let half = beyond(3.0, &[1.0, 2.0, 3.0], 0.0).unwrap();
        let wide = beyond(4.0, &[1.0, 2.0, 3.0], 4.0).unwrap();
        assert!((half - wide).abs() < 1e-12);
        assert_eq!(beyond(2.0, &[1.0, 2.0], 1.0), None);
    }

    #[test]
    fn no_difference_says_nothing_and_a_great_one_much() {
        for freedom in 1..20 {
            assert_eq!(two_sided(0.0, freedom), 1.0);
            assert!(two_sided(1e6, freedom) < 1e-5);
            assert!(two_sided(-2.0, freedom) == two_sided(2.0, freedom));
        }
    }
}
