//! What is found where there is nothing, or nothing but one couple.

use rand::RngExt;

use super::{Observed, count, element, fisher_of, one_matrix_each, rules, test};
use crate::element::Sides;
use crate::enrichment::tests::uniform::{FURTHEST, MOST, SEEDS, too_many_large, too_many_small};
use crate::enrichment::tf_pairs::{ClusterRule, Combine, Counts, Factors, TestRules, TfPairs};
use crate::seed::{Purpose, stream};

/// Sixty promoters with eight to twenty pairs each, few of which have most of the positives. Matrices
/// stand where they stand whatever the label: those of a promoter in all its pairs.
fn nothing(seed: u64, matrices: u32) -> Vec<Observed> {
    let mut rng = stream(seed, Purpose::Simulation, 0);
    let mut observed = Vec::new();
    for promoter in 0..60 {
        let positive = rng.random::<f64>().powi(6);
        let mut bound = || {
            (0..matrices)
                .filter(|_| rng.random_bool(0.5))
                .collect::<Vec<u32>>()
        };
        let in_promoter = bound();
        let enhancers: Vec<Vec<u32>> = (0..20).map(|_| bound()).collect();
        for enhancer in enhancers.into_iter().take(rng.random_range(8..21)) {
            // Some enhancers have several promoters, so that all pairs hang together.
            let number = 1000 + rng.random_range(0..300);
            let label = rng.random_bool(positive);
            observed.push((label, [number, promoter], [enhancer, in_promoter.clone()]));
        }
    }
    observed
}

/// The TF pair of the first factor with itself.
fn first(pairs: &TfPairs) -> super::TfPair {
    let of_first = |pair: &&super::TfPair| pair.factors == Sides::new(0, 0);
    *pairs.tested.iter().find(of_first).unwrap()
}

fn null(factors: &Factors, matrices: u32, combine: Combine) -> Vec<TfPairs> {
    let of_seed = |seed| {
        let observed = nothing(seed, matrices);
        let rules = TestRules {
            combine,
            permutations: 200,
            seed,
            ..rules(10)
        };
        test(&count(factors, &observed), rules)
    };
    (0..SEEDS).map(of_seed).collect()
}

/// Checks that p-values are uniform and that few data sets have a small q-value.
fn check(found: &[TfPairs]) {
    let by = |pairs: &TfPairs| pairs.clusters.by == ClusterRule::Promoter;
    assert!(found.iter().all(by));
    let p: Vec<f64> = found.iter().map(|pairs| first(pairs).enriched.p).collect();
    let distance = [too_many_small(p.clone()), too_many_large(p)];
    assert!(distance.iter().all(|far| *far < FURTHEST), "{distance:?}");
    let p = found.iter().map(|pairs| first(pairs).conditional.p);
    let distance = too_many_small(p.collect());
    assert!(distance < FURTHEST, "{distance}");
    let any: [fn(&TfPairs) -> bool; 2] =
        [|of| of.enriched(0.05) > 0, |of| of.significant(0.05) > 0];
    for any in any {
        let found = found.iter().filter(|pairs| any(pairs)).count();
        assert!(found <= MOST, "{found} of {SEEDS}");
    }
}

#[test]
fn labels_by_promoter_mislead_fishers_test_and_not_this_one() {
    let factors = one_matrix_each(6);
    let found = null(&factors, 6, Combine::Union);
    check(&found);
    let misled = |pairs: &&TfPairs| fisher_of(&first(pairs), pairs) <= 0.05;
    let misled = found.iter().filter(misled).count();
    assert!(
        misled >= 4,
        "{misled} of {SEEDS} with Fisher's p up to 0.05"
    );
}

#[test]
fn the_choice_of_matrices_is_made_in_every_permutation() {
    let name = |m: u32| (format!("M{m:02}"), vec![format!("T{}", m / 3)]);
    let factors = Factors::new((0..12).map(name));
    check(&null(&factors, 12, Combine::Max));
}

/// 300 positive pairs nearly all of which have factor 0 in the enhancer and 1 in the promoter, and
/// 600 negative ones, some of which have either; ten more factors are anywhere.
fn one_couple(seed: u64) -> Vec<Observed> {
    let mut rng = stream(seed, Purpose::Simulation, 1);
    let pair = |number: u32| {
        let positive = number < 300;
        let mut side = |own: u32| {
            let mut with = |factor: u32| {
                let frequency = match (factor == own, factor < 2, positive) {
                    (true, _, true) => 0.97,
                    (true, _, false) => 0.3,
                    (_, true, _) => 0.1,
                    _ => 0.15,
                };
                rng.random_bool(frequency)
            };
            (0..12).filter(|&factor| with(factor)).collect::<Vec<u32>>()
        };
        (positive, [number, number], [side(0), side(1)])
    };
    (0..900).map(pair).collect()
}

#[test]
fn a_couple_is_found_and_its_parts_beside_decoys_are_not() {
    let factors = one_matrix_each(12);
    let (mut enriched, mut wrong) = (0, 0);
    for seed in 0..10 {
        let observed = one_couple(seed);
        let pairs = test(&count(&factors, &observed), rules(10));
        let top = &pairs.tested[0];
        assert_eq!(top.factors, Sides::new(0, 1));
        assert!(top.is_pair(0.05), "{top:?}");
        enriched += pairs.enriched(0.05) - 1;
        wrong += pairs.significant(0.05) - 1;
    }
    // Either factor lifts each of eleven TF pairs. Of two that are called one in ten may be wrong.
    assert!(enriched >= 100, "{enriched}");
    assert!(wrong <= 4, "{wrong}");
}

#[test]
fn what_few_promoters_bring_is_not_enriched() {
    // Two of a hundred promoters have both factors and all the positives, ten each.
    let factors = one_matrix_each(2);
    let with = [0, 1].map(|matrix| super::sites(&[matrix], 100));
    let mut counts = Counts::new(&factors);
    for number in 0..1000 {
        let promoter = number / 10;
        let both = promoter == 20 || promoter == 60;
        let bound = |number: u32, side: usize| super::Bound {
            element: element(number),
            sites: if both { with[side].as_slice() } else { &[] },
        };
        let bound = Sides::new(bound(2000 + number, 0), bound(promoter, 1));
        counts.add(both, bound);
    }
    let rules = TestRules {
        permutations: 2000,
        ..rules(10)
    };
    let pairs = test(&counts, rules);
    let only = &pairs.tested[0];
    assert!(fisher_of(only, &pairs) < 1e-30);
    assert_eq!((only.elements, only.components), (Sides::new(20, 2), 2));
    assert!(only.enriched.statistic < 1.5, "{only:?}");
    // With both it is as with one: there is nothing to tell them apart.
    assert!(only.conditional.p > 0.9, "{only:?}");
}
