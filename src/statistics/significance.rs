//! P-values from mock draws, and what is left of them after many tests.
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

impl Basis {
    /// `draws` or `tail`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draws => "draws",
            Self::Tail => "tail",
        }
    }
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
    let Moments {
        mean,
        deviation,
        skewness,
    } = Moments::of(draws);
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

struct Moments {
    mean: f64,
    deviation: f64,
    skewness: f64,
}

impl Moments {
    fn of(draws: &[u32]) -> Self {
        let n = draws.len() as f64;
        let mean = draws.iter().map(|&draw| f64::from(draw)).sum::<f64>() / n;
        let central = |power| {
            let deviations = draws.iter().map(|&draw| f64::from(draw) - mean);
            deviations
                .map(|deviation| deviation.powi(power))
                .sum::<f64>()
                / n
        };
        let variance = central(2);
        Self {
            mean,
            deviation: variance.sqrt(),
            skewness: central(3) / variance.powf(1.5),
        }
    }
}

/// The upper tail at `z` of Pearson's type III distribution with mean 0, variance 1 and a skewness
/// that is not negative.
fn skewed_tail(z: f64, skewness: f64) -> f64 {
    if skewness < SYMMETRIC {
        return libm::erfc(z / std::f64::consts::SQRT_2) / 2.0;
    }
    let shape = 4.0 / (skewness * skewness);
    upper_gamma(shape, shape + z * shape.sqrt())
}

/// The regularised upper incomplete gamma function Q(a, x), by the series or the continued
/// fraction of the NIST handbook, 8.7.1 and 8.9.2 (<https://dlmf.nist.gov/8.9>).
fn upper_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let scale = (a * x.ln() - x - libm::lgamma(a)).exp();
    if x < a + 1.0 {
        let (mut term, mut sum, mut k) = (1.0 / a, 1.0 / a, a);
        while term > sum * f64::EPSILON {
            k += 1.0;
            term *= x / k;
            sum += term;
        }
        return (1.0 - scale * sum).max(0.0);
    }
    // Lentz's way of evaluating it, from the front.
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / f64::MIN_POSITIVE;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..1_000_000 {
        let i = f64::from(i);
        let numerator = i * (a - i);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < 4.0 * f64::EPSILON {
            break;
        }
    }
    scale * fraction
}

/// The false discovery rate at which each of some p-values would be called: Benjamini and
/// Hochberg 1995, <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (above, &place) in order.iter().enumerate() {
        let rank = p.len() - above;
        least = least.min(p[place] * (p.len() as f64 / rank as f64));
        q[place] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(got: f64, wanted: f64) {
        assert!((got / wanted - 1.0).abs() < 1e-9, "{got} is not {wanted}");
    }

    #[test]
    fn the_false_discovery_rates_of_a_worked_example() {
        // The fourth would be 0.042 · 5 / 4 = 0.0525; the fifth is 0.05, and is less.
        let p = [0.042, 0.01, 0.05, 0.002, 0.03];
        for (got, wanted) in benjamini_hochberg(&p)
            .into_iter()
            .zip([0.05, 0.025, 0.05, 0.01, 0.05])
        {
            close(got, wanted);
        }
        assert!(benjamini_hochberg(&[]).is_empty());
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

        #[test]
        fn rates_follow_their_p_values(p in prop::collection::vec(0f64..=1.0, 1..40)) {
            let q = benjamini_hochberg(&p);
            for (p_a, q_a) in p.iter().zip(&q) {
                prop_assert!(q_a >= p_a && *q_a <= 1.0);
                for (p_b, q_b) in p.iter().zip(&q) {
                    prop_assert!(p_a > p_b || q_a <= q_b);
                }
            }
        }
    }
}
