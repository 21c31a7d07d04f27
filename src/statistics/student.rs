//! Student's t distribution, for means over a few folds.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// The probability of a |t| at least this large; not a number without a degree of freedom.
pub fn two_sided(t: f64, freedom: u32) -> f64 {
    of(freedom).map_or(f64::NAN, |student| 2.0 * student.sf(t.abs()))
}

/// The t that |t| exceeds with a probability of 0.05; not a number without a degree of freedom.
pub fn critical(freedom: u32) -> f64 {
    of(freedom).map_or(f64::NAN, |student| student.inverse_cdf(0.975))
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
    fn no_difference_says_nothing_and_a_great_one_much() {
        for freedom in 1..20 {
            assert_eq!(two_sided(0.0, freedom), 1.0);
            assert!(two_sided(1e6, freedom) < 1e-5);
            assert!(two_sided(-2.0, freedom) == two_sided(2.0, freedom));
        }
    }
}
