//! Student's t distribution, for means over a few folds.

use std::f64::consts::FRAC_2_PI;

/// The probability of a |t| at least this large with so many degrees of freedom, 1 or more.
///
/// Abramowitz & Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
pub fn two_sided(t: f64, freedom: u32) -> f64 {
    let theta = (t.abs() / f64::from(freedom).sqrt()).atan();
    let (sine, cosine) = theta.sin_cos();
    // The terms go from one even (or odd) power of the cosine to the next.
    let odd = freedom % 2;
    let (mut term, mut sum) = (if odd == 1 { cosine } else { 1.0 }, 0.0);
    let mut power = odd;
    while power + 2 <= freedom {
        sum += term;
        let next = f64::from(power);
        term *= cosine * cosine * (next + 1.0) / (next + 2.0);
        power += 2;
    }
    let inside = match odd {
        1 => FRAC_2_PI * (theta + sine * sum),
        _ => sine * sum,
    };
    (1.0 - inside).clamp(0.0, 1.0)
}

/// The t that |t| exceeds with a probability of 0.05.
pub fn critical(freedom: u32) -> f64 {
    let (mut low, mut high) = (1.0, 13.0);
    while high - low > 1e-12 * high {
        let middle = f64::midpoint(low, high);
        if two_sided(middle, freedom) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
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
