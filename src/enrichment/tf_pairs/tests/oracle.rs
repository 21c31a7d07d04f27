//! Every number of every TF pair, counted and computed again, pair by pair.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Observed, count, count_at, rules};
use crate::enrichment::tf_pairs::{ClusterRule, Combine, Factors, TestRules, TfPairRow, TfPairs};
use crate::progress::Silent;

/// The factors of four matrices.
const SYMBOLS: [&[&str]; 4] = [&["A"], &["A", "B"], &["B"], &["C"]];

fn factors() -> Factors {
    let of = |m: usize| SYMBOLS[m].iter().map(|s| s.to_string()).collect();
    Factors::new((0..4).map(|m| (format!("M{m}"), of(m))))
}

/// Whether a pair has one of some matrices on a side.
fn has(pair: &Observed, side: usize, matrices: &[u32]) -> bool {
    pair.2[side].iter().any(|m| matrices.contains(m))
}

fn matrices_of(name: &str) -> Vec<u32> {
    let all = (0..4).filter(|&m: &u32| SYMBOLS[m as usize].contains(&name));
    all.collect()
}

/// A sum over pairs over the root of its squares by promoter.
fn studentised(pairs: &[&Observed], of: impl Fn(&Observed) -> f64) -> f64 {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    for pair in pairs {
        *sums.entry(pair.1[1]).or_default() += of(pair);
    }
    let squares: f64 = sums.values().map(|sum| sum * sum).sum();
    match squares > 1e-9 {
        true => sums.values().sum::<f64>() / squares.sqrt(),
        false => 0.0,
    }
}

fn part(pairs: &[&Observed], of: impl Fn(&Observed) -> bool) -> f64 {
    pairs.iter().filter(|pair| of(pair)).count() as f64 / pairs.len() as f64
}

/// Whether pairs with both are positive more often, and the smaller statistic of each given the
/// other.
fn statistics(observed: &[Observed], both: [&[u32]; 2]) -> [f64; 2] {
    let one = |of: bool| f64::from(u8::from(of));
    let all: Vec<&Observed> = observed.iter().collect();
    let share = part(&all, |pair| pair.0);
    let enriched = studentised(&all, |pair| {
        let with = has(pair, 0, both[0]) && has(pair, 1, both[1]);
        one(with) * (one(pair.0) - share)
    });
    let given = [0, 1].map(|side: usize| {
        let with: Vec<&Observed> = all
            .iter()
            .copied()
            .filter(|p| has(p, side, both[side]))
            .collect();
        let other = |pair: &Observed| has(pair, 1 - side, both[1 - side]);
        let (positive, others) = (part(&with, |pair| pair.0), part(&with, other));
        let product = |p: &Observed| (one(p.0) - positive) * (one(other(p)) - others);
        studentised(&with, product)
    });
    [enriched, given[0].min(given[1])]
}

fn check_counts(row: &TfPairRow, observed: &[Observed], both: [&[u32]; 2]) {
    let with = |of: &Observed| has(of, 0, both[0]) && has(of, 1, both[1]);
    let with: Vec<&Observed> = observed.iter().filter(|of| with(of)).collect();
    let positive = with.iter().filter(|of| of.0).count();
    let counted = (row.positive_pairs as usize, row.negative_pairs as usize);
    assert_eq!(counted, (positive, with.len() - positive));
    let elements = |side: usize| {
        let numbers = with.iter().filter(|of| of.0).map(|of| of.1[side]);
        numbers.collect::<BTreeSet<u32>>().len() as u32
    };
    assert_eq!((row.enhancers, row.promoters), (elements(0), elements(1)));
    assert!(row.components <= row.promoters.min(row.enhancers));
    assert_eq!(row.components == 0, positive == 0);
    let positives: Vec<&Observed> = observed.iter().filter(|of| of.0).collect();
    let alone = |side: usize| part(&positives, |of| has(of, side, both[side]));
    assert!((row.positive_frequency_if_independent - alone(0) * alone(1)).abs() < 1e-12);
}

/// Whether two numbers are the same but for rounding.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

fn check(pairs: &TfPairs, observed: &[Observed]) {
    let mut found = 0;
    let names = ["A", "B", "C"];
    for (a, b) in names.iter().flat_map(|a| names.iter().map(move |b| (a, b))) {
        let [x, y] = [a, b].map(|name| matrices_of(name));
        let seen = observed.iter().any(|of| has(of, 0, &x) && has(of, 1, &y));
        let row = pairs
            .rows(None)
            .find(|row| [row.enhancer_tf, row.promoter_tf] == [*a, *b]);
        assert_eq!(row.is_some(), seen);
        let Some(row) = row else { continue };
        found += 1;
        let combinations = x.iter().flat_map(|x| y.iter().map(move |y| [[*x], [*y]]));
        let seen = |of: &[[u32; 1]; 2]| {
            let mut observed = observed.iter();
            observed.any(|pair| has(pair, 0, &of[0]) && has(pair, 1, &of[1]))
        };
        let by_matrices: Vec<[f64; 2]> = combinations
            .filter(seen)
            .map(|of| statistics(observed, [&of[0], &of[1]]))
            .collect();
        let largest = |of: usize| {
            let all = by_matrices.iter().map(|statistics| statistics[of]);
            all.fold(f64::NEG_INFINITY, f64::max)
        };
        let [enriched, conditional] = match pairs.rules.combine {
            Combine::Union => {
                check_counts(&row, observed, [&x, &y]);
                statistics(observed, [&x, &y])
            }
            Combine::Max => [largest(0), largest(1)],
        };
        assert!(
            close(row.statistic_enriched, enriched),
            "{row:?} {enriched}"
        );
        assert!(
            close(row.statistic_conditional, conditional),
            "{row:?} {conditional}"
        );
        let best = [row.enhancer_matrix, row.promoter_matrix].map(|name| {
            let number = name.and_then(|name| name.strip_prefix('M'));
            [number.unwrap().parse::<u32>().unwrap()]
        });
        assert!(close(
            statistics(observed, [&best[0], &best[1]])[0],
            largest(0)
        ));
        let smallest = pairs.rules.smallest();
        let probabilities = [
            row.p_enriched,
            row.q_enriched,
            row.p_conditional,
            row.q_conditional,
        ];
        assert!(probabilities.iter().all(|p| (smallest..=1.0).contains(p)));
    }
    assert_eq!(found, pairs.tested.len());
    let statistics = pairs.tested.iter().map(|pair| pair.conditional.statistic);
    assert!(statistics.is_sorted_by(|a, b| a >= b));
}

/// The sites that are left of a factor's on one side, where those of matrix `m` begin `4 · m` bases from
/// the first and hold ten: neighbours share more than half.
fn left(bound: &[u32], side: usize, factor: &str, stronger: &[[&str; 2]]) -> Vec<u32> {
    let others = stronger.iter().map(|pair| pair[side]);
    let others: Vec<u32> = others
        .filter(|other| *other != factor)
        .flat_map(matrices_of)
        .collect();
    let over = |m: &u32| {
        let mut bound = bound.iter();
        bound.any(|other| others.contains(other) && m.abs_diff(*other) <= 1)
    };
    let own = matrices_of(factor).into_iter();
    own.filter(|m| bound.contains(m) && !over(m)).collect()
}

/// Goes through all TF pairs: each takes sites away from those after it.
fn check_apart(pairs: &TfPairs, observed: &[Observed]) {
    let mut stronger: Vec<[&str; 2]> = Vec::new();
    for (row, pair) in pairs.rows(None).zip(&pairs.tested) {
        let factors = [row.enhancer_tf, row.promoter_tf];
        let of = |pair: &Observed, side: usize| left(&pair.2[side], side, factors[side], &stronger);
        let without: Vec<Observed> = observed
            .iter()
            .map(|pair| (pair.0, pair.1, [of(pair, 0), of(pair, 1)]))
            .collect();
        let own = factors.map(matrices_of);
        let all = observed.iter().zip(&without);
        let fewer = |side: usize| {
            all.clone().any(|(all, without)| {
                let mut of_own = own[side].iter();
                of_own.any(|m| all.2[side].contains(m) && !without.2[side].contains(m))
            })
        };
        assert_eq!(pair.apart.is_some(), fewer(0) || fewer(1));
        let seen = |both: &[&[u32]; 2]| {
            let mut pairs = without.iter();
            pairs.any(|pair| has(pair, 0, both[0]) && has(pair, 1, both[1]))
        };
        let items = own.each_ref().map(|own| match pairs.rules.combine {
            Combine::Union => vec![own.as_slice()],
            Combine::Max => own.chunks(1).collect(),
        });
        let cells = items[0]
            .iter()
            .flat_map(|x| items[1].iter().map(move |y| [*x, *y]));
        let statistics = cells
            .filter(seen)
            .map(|both| statistics(&without, both)[1])
            .collect::<Vec<f64>>();
        let wanted = statistics.into_iter().reduce(f64::max);
        if let Some(apart) = pair.apart {
            let got = apart.statistic;
            let same = got
                .zip(wanted)
                .is_some_and(|(got, wanted)| close(got, wanted));
            assert!(
                same || got.is_none() && wanted.is_none(),
                "{got:?} {wanted:?}"
            );
            assert!(apart.statistic.is_some() || apart.q == 1.0);
        }
        stronger.push(factors);
    }
}

proptest! {
    #[test]
    fn what_stands_apart_as_computed_pair_by_pair(
        observed in prop::collection::vec(
            (any::<bool>(), prop::array::uniform2(0u32..5),
             prop::array::uniform2(prop::collection::vec(0u32..4, 0..4))),
            2..40,
        ),
    ) {
        let factors = factors();
        let counts = count_at(&factors, &observed, 4);
        let (positives, negatives) = counts.pairs();
        prop_assume!(positives > 0 && negatives > 0);
        for combine in [Combine::Union, Combine::Max] {
            // All are called, whatever their q-value.
            let rules = TestRules { combine, permutations: 100, called: 1.0, ..rules(1) };
            let pairs = TfPairs::test(&counts, rules, &Silent).unwrap();
            check_apart(&pairs, &observed);
        }
    }

    #[test]
    fn as_computed_pair_by_pair(
        observed in prop::collection::vec(
            (any::<bool>(), prop::array::uniform2(0u32..5),
             prop::array::uniform2(prop::collection::vec(0u32..4, 0..5))),
            2..40,
        ),
    ) {
        let factors = factors();
        let counts = count(&factors, &observed);
        let (positives, negatives) = counts.pairs();
        prop_assume!(positives > 0 && negatives > 0);
        for combine in [Combine::Union, Combine::Max] {
            let rules = TestRules { combine, permutations: 100, ..rules(1) };
            let pairs = TfPairs::test(&counts, rules, &Silent).unwrap();
            prop_assert_eq!(pairs.clusters.by, ClusterRule::Promoter);
            check(&pairs, &observed);
        }
    }
}
