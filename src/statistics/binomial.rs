//! Tails of binomial distributions, as natural logarithms: those that are looked at here go far
//! below the smallest number, where statrs's end.

use std::f64::consts::PI;
use std::sync::{LazyLock, OnceLock};

/// The number of successes among draws with one probability.
#[derive(Debug, Clone, Copy)]
struct Binomial {
    p: f64,
    odds: f64,
    ln_p: f64,
    ln_q: f64,
}

impl Binomial {
    /// 0 < p < 1.
    fn new(p: f64) -> Self {
        Self {
            p,
            odds: p / (1.0 - p),
            ln_p: p.ln(),
            ln_q: (-p).ln_1p(),
        }
    }

    /// ln P(X ≥ x) among `n` draws.
    ///
    /// The terms of the tail are summed relative to the first of them, the largest: nothing
    /// cancels and nothing underflows, however small the tail is. Below the mean it is the other
    /// tail.
    fn ln_tail(self, x: u64, n: u64) -> f64 {
        if x == 0 {
            return 0.0;
        }
        if x > n {
            return f64::NEG_INFINITY;
        }
        if x as f64 > n as f64 * self.p {
            let ratios = (x..n).map(|k| (n - k) as f64 / (k + 1) as f64 * self.odds);
            self.ln_mass(x, n) + series(ratios).ln()
        } else {
            let ratios = (1..x)
                .rev()
                .map(|k| k as f64 / (n - k + 1) as f64 / self.odds);
            ln_complement(self.ln_mass(x - 1, n) + series(ratios).ln())
        }
    }

    /// [`Binomial::ln_tail`] of every x from 0 to n, each sum from the one before it.
    fn ln_tails(self, n: u64) -> Box<[f32]> {
        let mut row = vec![0.0; n as usize + 1];
        let above = (n as f64 * self.p) as u64 + 1;
        let mut sum = 1.0;
        for x in (above..=n).rev() {
            if x < n {
                sum = 1.0 + sum * self.odds * (n - x) as f64 / (x + 1) as f64;
            }
            row[x as usize] = (self.ln_mass(x, n) + sum.ln()) as f32;
        }
        let mut sum = 1.0;
        for x in 1..above.min(n + 1) {
            if x > 1 {
                sum = 1.0 + sum * (x - 1) as f64 / ((n - x + 2) as f64 * self.odds);
            }
            row[x as usize] = ln_complement(self.ln_mass(x - 1, n) + sum.ln()) as f32;
        }
        row.into()
    }

    /// ln P(X = x).
    fn ln_mass(self, x: u64, n: u64) -> f64 {
        let ways = ln_factorial(n) - ln_factorial(x) - ln_factorial(n - x);
        ways + x as f64 * self.ln_p + (n - x) as f64 * self.ln_q
    }
}

/// ln(1 − eʸ) for y < 0.
fn ln_complement(y: f64) -> f64 {
    (-y.exp()).ln_1p()
}

/// 1 + r₁ + r₁r₂ + …, of ratios below 1 that fall, until nothing more is added.
fn series(ratios: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term < sum * 1e-18 {
            break;
        }
    }
    sum
}

/// ln n! of small n.
static LN_FACTORIALS: LazyLock<Vec<f64>> =
    LazyLock::new(|| (0..4096).map(compute_ln_factorial).collect());

/// ln n!
fn ln_factorial(n: u64) -> f64 {
    match LN_FACTORIALS.get(n as usize) {
        Some(&known) => known,
        None => compute_ln_factorial(n),
    }
}

/// ln n!, by Stirling's series (<https://dlmf.nist.gov/5.11.E1>), whose next term is below 1e-13
/// from 16 on. That of statrs loses three times as much (1e-11 at n = 10,000), and a tail near the
/// mean is the small difference of three of these.
fn compute_ln_factorial(n: u64) -> f64 {
    if n < 16 {
        return (1..=n).map(|k| k as f64).product::<f64>().ln();
    }
    let n = n as f64;
    let square = 1.0 / (n * n);
    let correction =
        (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0))) / n;
    (n + 0.5) * n.ln() - n + 0.5 * (2.0 * PI).ln() + correction
}

/// ln P(X ≥ x), X the number of successes among `n` draws with probability `p`, 0 < p < 1.
#[cfg(test)]
pub fn ln_tail(x: u64, n: u64, p: f64) -> f64 {
    Binomial::new(p).ln_tail(x, n)
}

/// The tails of one p, kept once they are known.
///
/// A row is the tails of one n; it is computed when it is first asked for. Rows past the last one
/// that is kept are computed value by value.
#[derive(Debug)]
pub struct Tails {
    binomial: Binomial,
    rows: Vec<OnceLock<Box<[f32]>>>,
}

impl Tails {
    /// Keeps the tails of all n below `rows`: at most 2 · `rows`² bytes.
    pub fn new(p: f64, rows: usize) -> Self {
        Self {
            binomial: Binomial::new(p),
            rows: (0..rows).map(|_| OnceLock::new()).collect(),
        }
    }

    /// ln P(X ≥ x), x ≤ n.
    pub fn ln(&self, x: u64, n: u64) -> f32 {
        let row = usize::try_from(n).ok().and_then(|n| self.rows.get(n));
        match row {
            Some(row) => row.get_or_init(|| self.binomial.ln_tails(n))[x as usize],
            None => self.binomial.ln_tail(x, n) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// ln P(X ≥ x) for p = a / (a + b) from exact parts of (a + b)ⁿ, for n whose powers fit into
    /// 128 bits.
    fn exact(x: u64, n: u64, a: u128, b: u128) -> f64 {
        let choose = |k: u64| (0..k).fold(1u128, |c, i| c * u128::from(n - i) / u128::from(i + 1));
        let mass = |k: u64| choose(k) * a.pow(k as u32) * b.pow((n - k) as u32);
        let (below, above) = (
            (0..x).map(mass).sum::<u128>(),
            (x..=n).map(mass).sum::<u128>(),
        );
        let all = (a + b).pow(n as u32);
        assert_eq!(below + above, all);
        if below < above {
            (-(below as f64 / all as f64)).ln_1p()
        } else {
            (above as f64 / all as f64).ln()
        }
    }

    fn close(got: f64, wanted: f64, relative: f64) {
        let error = (got - wanted).abs();
        assert!(error <= relative * wanted.abs(), "{got} is not {wanted}");
    }

    #[test]
    fn tails_are_those_of_exact_sums() {
        for (a, b) in [(35, 11), (35, 25), (1, 3), (20, 1)] {
            for n in 1..=19 {
                for x in 1..=n {
                    let p = a as f64 / (a + b) as f64;
                    close(Binomial::new(p).ln_tail(x, n), exact(x, n, a, b), 1e-11);
                }
            }
        }
    }

    /// From sums of mpmath at 60 digits.
    #[test]
    fn large_tails_are_those_of_sixty_digits() {
        for (x, n, p, wanted) in [
            (800, 1000, 35.0 / 46.0, -6.33122660620154),
            (1000, 1000, 35.0 / 60.0, -538.996500732687),
            (9000, 10000, 35.0 / 60.0, -2479.75871201192),
            (100, 10000, 35.0 / 60.0, 0.0),
            (5834, 10000, 35.0 / 60.0, -0.695397453620249),
            (90000, 100000, 35.0 / 46.0, -6400.59928715206),
            (1, 5000, 35.0 / 60.0, 0.0),
            (2600, 5000, 1.0 / 2.0, -6.01500962218037),
            (5000, 5000, 35.0 / 46.0, -1366.46667499841),
        ] {
            close(Binomial::new(p).ln_tail(x, n), wanted, 1e-11);
        }
    }

    proptest! {
        #[test]
        fn rows_hold_what_is_computed_one_by_one(n in 0u64..3000, p in 0.02f64..0.98) {
            let binomial = Binomial::new(p);
            let row = binomial.ln_tails(n);
            for x in (0..=n).step_by(1 + n as usize / 50).chain([n]) {
                let one = binomial.ln_tail(x, n) as f32;
                prop_assert!((row[x as usize] - one).abs() <= 1e-6 * one.abs());
            }
        }
    }

    #[test]
    fn rows_that_are_not_kept_are_computed() {
        let (kept, not) = (Tails::new(0.6, 1000), Tails::new(0.6, 0));
        for (x, n) in [(1, 1), (400, 500), (999, 999), (10, 999)] {
            close(kept.ln(x, n).into(), not.ln(x, n).into(), 1e-6);
        }
        assert_eq!(kept.ln(0, 0), 0.0);
    }
}
