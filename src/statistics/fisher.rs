//! Fisher's exact test of two groups of pairs.
//!
//! With the four margins fixed, the number of positives that have something is hypergeometric.
//! Its weights are summed outwards from the mode, each from its neighbour by their ratio and in
//! units of the mode's. So no factorial is needed, no large logarithms cancel, and only the few
//! standard deviations are visited that count. (statrs's test divides binomial coefficients,
//! which overflow with as many pairs as there are here.)

use serde::Serialize;

/// Those of a group with something and those without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Members that have it.
    pub with: u64,
    /// Members that do not.
    pub without: u64,
}

impl Group {
    /// `with` of the `size` members have it; `with` is at most `size`.
    pub fn of(with: u64, size: u64) -> Self {
        Self {
            with,
            without: size.saturating_sub(with),
        }
    }

    fn size(&self) -> u64 {
        self.with + self.without
    }
}

/// A 2 × 2 table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// The group that is asked about.
    pub positive: Group,
    /// The group that it is compared with.
    pub negative: Group,
}

/// The p-values of Fisher's exact test. None is below the smallest normal number, 2.2e-308, which
/// stands for all smaller ones, so that each has a logarithm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Fisher {
    /// Of tables with as many or more positives that have it.
    pub enriched: f64,
    /// Of all tables that are no more probable than this one, as in R and SciPy.
    pub two_sided: f64,
}

/// Two probabilities this close are equal, as in R's `fisher.test`.
const TOLERANCE: f64 = 1e-7;

/// Weights below this part of the observed one no longer change a sum.
const NEGLIGIBLE: f64 = 1e-18;

impl Table {
    /// The odds ratio with 0.5 added to each of the four counts (Haldane 1956, Anscombe 1956), so
    /// that it is finite and positive for every table.
    pub fn odds_ratio(&self) -> f64 {
        let odds = |group: &Group| (group.with as f64 + 0.5) / (group.without as f64 + 0.5);
        odds(&self.positive) / odds(&self.negative)
    }

    /// Fisher's exact test.
    pub fn test(&self) -> Fisher {
        let urn = Urn::of(self);
        let observed = self.positive.with;
        let weight = urn.weight(observed);
        let (mut all, mut at_least, mut as_extreme) = (0.0, 0.0, 0.0);
        let counts = |&(_, other): &(u64, f64)| other > NEGLIGIBLE * weight;
        let upwards = urn.upwards().take_while(counts);
        for (drawn, other) in upwards.chain(urn.downwards().skip(1).take_while(counts)) {
            all += other;
            if drawn >= observed {
                at_least += other;
            }
            if other <= weight * (1.0 + TOLERANCE) {
                as_extreme += other;
            }
        }
        let p = |part: f64| (part / all).clamp(f64::MIN_POSITIVE, 1.0);
        Fisher {
            enriched: p(at_least),
            two_sided: p(as_extreme),
        }
    }
}

/// `all` balls, `marked` of them marked, `draws` of them drawn without putting back.
struct Urn {
    all: u64,
    marked: u64,
    draws: u64,
}

impl Urn {
    fn of(table: &Table) -> Self {
        Self {
            all: table.positive.size() + table.negative.size(),
            marked: table.positive.with + table.negative.with,
            draws: table.positive.size(),
        }
    }

    fn smallest(&self) -> u64 {
        (self.draws + self.marked).saturating_sub(self.all)
    }

    fn largest(&self) -> u64 {
        self.draws.min(self.marked)
    }

    fn mode(&self) -> u64 {
        let mode =
            u128::from(self.draws + 1) * u128::from(self.marked + 1) / u128::from(self.all + 2);
        (mode as u64).clamp(self.smallest(), self.largest())
    }

    /// The probability of `k + 1` marked balls over that of `k`.
    fn ratio(&self, k: u64) -> f64 {
        let other_unmarked = self.all - self.marked + k + 1 - self.draws;
        (self.marked - k) as f64 * (self.draws - k) as f64
            / ((k + 1) as f64 * other_unmarked as f64)
    }

    /// Counts from the mode up, each with its weight; the mode's is 1.
    fn upwards(&self) -> impl Iterator<Item = (u64, f64)> {
        std::iter::successors(Some((self.mode(), 1.0)), |&(k, weight)| {
            (k < self.largest()).then(|| (k + 1, weight * self.ratio(k)))
        })
    }

    /// Counts from the mode down, likewise.
    fn downwards(&self) -> impl Iterator<Item = (u64, f64)> {
        std::iter::successors(Some((self.mode(), 1.0)), |&(k, weight)| {
            (k > self.smallest()).then(|| (k - 1, weight / self.ratio(k - 1)))
        })
    }

    fn weight(&self, count: u64) -> f64 {
        let steps = count.abs_diff(self.mode()) as usize;
        let found = if count < self.mode() {
            self.downwards().nth(steps)
        } else {
            self.upwards().nth(steps)
        };
        found.map_or(0.0, |(_, weight)| weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table {
        Table {
            positive: Group {
                with: a,
                without: b,
            },
            negative: Group {
                with: c,
                without: d,
            },
        }
    }

    fn close(got: f64, wanted: f64, tolerance: f64) -> bool {
        (got - wanted).abs() <= tolerance * wanted
    }

    /// `scipy.stats.fisher_exact(((a, b), (c, d)), alternative)` of SciPy 1.17.1.
    #[test]
    fn scipy_finds_the_same() {
        let cases = [
            ((8, 2, 1, 5), 0.024475524475524483, 0.034965034965034975),
            ((1, 9, 11, 3), 0.9999663480953022, 0.0027594561852200836),
            ((0, 5, 7, 4), 1.0, 0.03365384615384615),
            (
                (120, 1880, 1200, 40800),
                5.424861367986236e-13,
                7.929405548196625e-13,
            ),
            ((30, 1970, 630, 41370), 0.5265157091504193, 1.0),
            (
                (700, 1300, 4200, 37800),
                3.589881806821784e-186,
                3.589881806821784e-186,
            ),
            (
                (3, 1997, 900, 41100),
                0.9999999999999997,
                1.1066869174011737e-14,
            ),
            (
                (40, 38, 500, 1558),
                4.5446518975249124e-07,
                7.669091477740446e-07,
            ),
            (
                (60, 18, 2, 2056),
                1.2709042141949824e-97,
                1.2709042141949824e-97,
            ),
        ];
        for ((a, b, c, d), enriched, two_sided) in cases {
            let p = table(a, b, c, d).test();
            assert!(close(p.enriched, enriched, 1e-12), "{a} {b} {c} {d}: {p:?}");
            assert!(
                close(p.two_sided, two_sided, 1e-12),
                "{a} {b} {c} {d}: {p:?}"
            );
        }
    }

    #[test]
    fn a_p_value_too_small_for_a_number_is_the_smallest_one() {
        let p = table(2000, 0, 0, 42_000).test();
        assert_eq!(
            (p.enriched, p.two_sided),
            (f64::MIN_POSITIVE, f64::MIN_POSITIVE)
        );
        let p = table(0, 2000, 42_000, 0).test();
        assert_eq!((p.enriched, p.two_sided), (1.0, f64::MIN_POSITIVE));
    }

    #[test]
    fn tables_without_freedom_say_nothing() {
        for table in [table(0, 0, 0, 0), table(3, 0, 5, 0), table(0, 0, 2, 9)] {
            assert_eq!(
                table.test(),
                Fisher {
                    enriched: 1.0,
                    two_sided: 1.0
                }
            );
            assert!(table.odds_ratio().is_finite());
        }
    }

    #[test]
    fn the_odds_ratio_is_corrected() {
        assert!(close(
            table(1, 2, 3, 4).odds_ratio(),
            (1.5 / 2.5) / (3.5 / 4.5),
            1e-15
        ));
    }

    fn choose(n: u64, k: u64) -> u128 {
        (0..k).fold(1, |product, i| {
            product * u128::from(n - i) / u128::from(i + 1)
        })
    }

    proptest! {
        /// Against every table of the same margins, counted with whole numbers.
        #[test]
        fn as_enumerated_exactly(a in 0u64..12, b in 0u64..12, c in 0u64..12, d in 0u64..12) {
            let (marked, unmarked, draws) = (a + c, b + d, a + b);
            let ways = |k: u64| choose(marked, k) * choose(unmarked, draws - k);
            let counts = draws.saturating_sub(unmarked)..=draws.min(marked);
            let all: u128 = counts.clone().map(ways).sum();
            let at_least: u128 = counts.clone().filter(|&k| k >= a).map(ways).sum();
            let extreme: u128 = counts
                .map(ways)
                .filter(|ways_of| ways_of * 10_000_000 <= ways(a) * 10_000_001)
                .sum();
            let got = table(a, b, c, d).test();
            prop_assert!(close(got.enriched, at_least as f64 / all as f64, 1e-13));
            prop_assert!(close(got.two_sided, extreme as f64 / all as f64, 1e-13));
        }
    }
}
