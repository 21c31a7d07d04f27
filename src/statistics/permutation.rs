//! P-values from mock draws.
//!
//! A share of draws can never be smaller than one over their number, which is no use after
//! hundreds of tests. Where fewer than [`ENOUGH`] draws reach what was observed, the tail is that
//! of a gamma distribution, moved and scaled (Pearson's type III) to the draws' mean, variance and
//! skewness.
//!
//! Why that one. What lies in mock regions is a sum over independent places of the genome, each of
//! which adds a clump (the sites of one place, once for each pair that uses the window) or
//! nothing: nearly a compound Poisson number with clumps c, whose cumulants are λ·E\[cʳ\]. The
//! normal tail forgets its skewness and promises too much. Of all such numbers with three given
//! cumulants the Poisson has the thinnest tail (κ₄ ≥ κ₃²/κ₂, by Cauchy and Schwarz); the gamma's
//! (κ₄ = 1.5·κ₃²/κ₂) leaves room for clumps of many sizes. Cauchy and Schwarz also give
//! κ₂² ≤ κ₁·κ₃: the skewness is at least the standard deviation over the mean, which draws tell
//! far better than the skewness itself, so it is the least that is believed.

use serde::{Deserialize, Serialize};
use statrs::function::erf::erfc;
use statrs::function::gamma::gamma_ur;

/// Draws at or above what was observed from which their share is the p-value; as in Knijnenburg
/// et al. 2009, <https://doi.org/10.1093/bioinformatics/btp211>.
pub const ENOUGH: usize = 10;

/// The smallest p-value that is given: smaller ones near the end of what a double holds.
pub const SMALLEST: f64 = 1e-300;

/// A skewness under which a gamma tail is a normal one.
const SYMMETRIC: f64 = 1e-3;

/// What a p-value rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The share of draws that reach the observation.
    Draws,
    /// The tail of a distribution with the draws' moments.
    Tail,
}

/// How probable at least `observed` is under the null that `draws` come from.
///
/// # Panics
///
/// No draw.
pub fn p_value(observed: u32, draws: &[u32]) -> (f64, Basis) {
    let reached = draws.iter().filter(|&&draw| draw >= observed).count();
    let share = |reached: usize| (reached + 1) as f64 / (draws.len() + 1) as f64;
    if reached >= ENOUGH {
        return (share(reached), Basis::Draws);
    }
    let [mean, deviation, skewness] = moments(draws);
    if deviation == 0.0 {
        // Every draw is the same and under the observation: nothing to judge it by but their
        // number.
        return (share(reached), Basis::Draws);
    }
    // Counts move in steps of one clump, so half a step belongs to what was observed.
    let clump = (deviation * deviation / mean).max(1.0);
    let z = (f64::from(observed) - clump / 2.0 - mean) / deviation;
    let tail = skewed_tail(z, skewness.max(deviation / mean));
    // Never more than where counting stops.
    (tail.min(share(ENOUGH)).max(SMALLEST), Basis::Tail)
}

/// The mean, the standard deviation and the skewness.
fn moments(draws: &[u32]) -> [f64; 3] {
    let n = draws.len() as f64;
    let mean = draws.iter().map(|&draw| f64::from(draw)).sum::<f64>() / n;
    let central = |power| {
        let deviations = draws.iter().map(|&draw| f64::from(draw) - mean);
        let powers = deviations.map(|deviation| deviation.powi(power));
        powers.sum::<f64>() / n
    };
    let variance = central(2);
    [mean, variance.sqrt(), central(3) / variance.powf(1.5)]
}

/// The upper tail at `z` of Pearson's type III distribution with mean 0, variance 1 and a skewness
/// that is not negative.
fn skewed_tail(z: f64, skewness: f64) -> f64 {
    if skewness < SYMMETRIC {
        return erfc(z / std::f64::consts::SQRT_2) / 2.0;
    }
    let shape = 4.0 / (skewness * skewness);
    upper_gamma(shape, shape + z * shape.sqrt())
}

/// The regularised upper incomplete gamma function Q(a, x), also of an x that is not positive.
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x > 0.0 { gamma_ur(a, x) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(got: f64, wanted: f64) {
        assert!((got / wanted - 1.0).abs() < 1e-9, "{got} is not {wanted}");
    }

    #[test]
    fn the_incomplete_gamma_function_is_scipys() {
        // scipy.special.gammaincc
        for (a, x, wanted) in [
            (0.5, 0.1, 0.654_720_846_018_576_8),
            (2.0, 10.0, 4.993_992_273_873_336e-4),
            (4.0, 1.0, 0.981_011_843_123_846_2),
            (100.0, 180.0, 2.948_294_557_648_321e-11),
            (1.0, 600.0, 2.650_396_553_004_259_3e-261),
        ] {
            close(upper_gamma(a, x), wanted);
        }
    }

    #[test]
    fn a_tail_without_skewness_is_normal() {
        close(skewed_tail(1.959_963_984_540_054, 0.0), 0.025);
        let nearly = skewed_tail(4.0, 2.0 * SYMMETRIC) / skewed_tail(4.0, 0.0);
        assert!((nearly - 1.0).abs() < 0.05, "{nearly}");
    }

    #[test]
    fn where_enough_draws_reach_the_observation_they_are_counted() {
        let draws: Vec<u32> = (0..99).collect();
        assert_eq!(p_value(80, &draws), (0.2, Basis::Draws));
        assert_eq!(p_value(0, &draws), (1.0, Basis::Draws));
        assert_eq!(p_value(95, &draws).1, Basis::Tail);
    }

    #[test]
    fn equal_draws_claim_no_more_than_their_number() {
        assert_eq!(p_value(5, &[4; 99]), (0.01, Basis::Draws));
        assert_eq!(p_value(5, &[0; 99]), (0.01, Basis::Draws));
        assert_eq!(p_value(4, &[4; 99]), (1.0, Basis::Draws));
    }

    proptest! {
        #[test]
        fn more_is_never_more_probable(
            draws in prop::collection::vec(0u32..40, 20..200), most in 1u32..400
        ) {
            let mut before = 1.0;
            for observed in 0..most {
                let (p, _) = p_value(observed, &draws);
                prop_assert!(p > 0.0 && p <= before, "{} after {}", p, before);
                before = p;
            }
        }
    }
}
