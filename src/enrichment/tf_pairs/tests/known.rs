//! Known interactions of factors where names mean nothing.

use rand::RngExt;

use super::{Observed, count, fisher, interactome, one_matrix_each, rules, test};
use crate::enrichment::tests::uniform::too_many_small;
use crate::enrichment::tf_pairs::{Combine, KnownInteractions};
use crate::seed::{Purpose, stream};

const FACTORS: u32 = 16;
/// The TF pairs that count as the most enriched.
const MOST: u64 = 8;

/// Pairs in which factor 0 of the enhancer has many partners in the promoter: 400 positive ones in which ten
/// factors are more frequent beside it, and 1,600 negative ones.
fn one_with_many() -> Vec<Observed> {
    let mut rng = stream(1, Purpose::Simulation, 4);
    let pair = |number: u32| {
        let positive = number < 400;
        let mut side = |frequency: &dyn Fn(u32) -> f64| {
            let mut all = Vec::new();
            for factor in 0..FACTORS {
                if rng.random_bool(frequency(factor)) {
                    all.push(factor);
                }
            }
            all
        };
        let enhancer = side(&|_| 0.3);
        let beside = positive && enhancer.first() == Some(&0);
        let promoter = side(&|factor| match beside && (1..=10).contains(&factor) {
            true => 0.6,
            false => 0.3,
        });
        (positive, [number, number], [enhancer, promoter])
    };
    (0..2000).map(pair).collect()
}

/// An interactome in which one factor in five has most of the others for partners.
fn with_hubs(seed: u64) -> String {
    let mut rng = stream(seed, Purpose::Simulation, 5);
    let hubs: Vec<bool> = (0..FACTORS).map(|_| rng.random_bool(0.2)).collect();
    // Every factor is named.
    let mut text: String = (0..FACTORS)
        .map(|i| format!("T{i:02}\tY{i:02}\n"))
        .collect();
    for a in 0..FACTORS {
        for b in 0..a {
            let hub = hubs[a as usize] || hubs[b as usize];
            if rng.random_bool(if hub { 0.8 } else { 0.03 }) {
                text += &format!("T{a:02}\tT{b:02}\n");
            }
        }
    }
    text
}

#[test]
fn partners_of_one_factor_mislead_a_hypergeometric_test_and_not_this_one() {
    let factors = one_matrix_each(FACTORS as usize);
    let pairs = test(&count(&factors, &one_with_many()), rules(10));
    let of_one = pairs.tested[..MOST as usize].iter();
    assert!(of_one.filter(|pair| pair.factors.enhancer == 0).count() >= 6);
    let known = |seed: u64| {
        let orders = interactome(&with_hubs(seed)).orders(factors.names());
        let most = (MOST as usize, 0.05);
        KnownInteractions::count(&pairs, Combine::Union, &orders, most).unwrap()
    };
    let known: Vec<KnownInteractions> = (0..200).map(known).collect();
    let p: Vec<f64> = known.iter().map(|of| of.p_first_order).collect();
    // One in twenty of 200 are ten; more than twenty are seen once in a thousand times, as is a
    // Kolmogorov–Smirnov distance above 0.131.
    let small = p.iter().filter(|p| **p <= 0.05).count();
    let distance = too_many_small(p);
    assert!(small <= 20 && distance < 0.131, "{small}, {distance}");
    let hypergeometric = |of: &&KnownInteractions| {
        let (top, all) = (of.most_enriched, of.tested);
        let others = all.first_order - top.first_order;
        let sizes = (top.pairs, all.pairs - top.pairs);
        fisher([top.first_order, others], sizes) <= 0.05
    };
    let misled = known.iter().filter(hypergeometric).count();
    assert!(misled > 20, "{misled} of 200");
}
