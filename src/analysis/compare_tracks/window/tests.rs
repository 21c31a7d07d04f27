//! Differences between ensembles of plain numbers.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::attention::Pooling;
use crate::seed::{Purpose, stream};

/// Members of each ensemble.
const MEMBERS: usize = 4;
const SEEDS: u64 = 40;
/// The one-sided Kolmogorov–Smirnov distance of 40 numbers that one in a thousand sets of uniform ones
/// exceeds.
const FURTHEST: f64 = 0.29;

/// Twenty bins.
fn bins() -> Bins {
    Bins(Pooling {
        length: 600,
        width: 15,
        pool: 30,
    })
}

/// Members that differ by chance alone: by few bins much, and by more where there is more.
fn alike(rng: &mut ChaCha8Rng) -> Window {
    let profile: Vec<f64> = (0..20).map(|_| 0.2 + rng.random::<f64>().powi(3)).collect();
    let mut member = || -> Vec<f64> {
        let values = profile.iter();
        values
            .map(|value| value * (1.0 + 3.0 * rng.random::<f64>().powi(6)))
            .collect()
    };
    Window {
        members: (0..2 * MEMBERS).map(|_| member()).collect(),
        of_a: MEMBERS,
    }
}

fn null() -> Relabelings {
    Relabelings::new([MEMBERS; 2], 100, 1)
}

/// How far above the diagonal the part of the numbers up to each of them lies.
fn too_many_small(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len() as f64;
    let above = numbers.iter().zip(1..);
    let above = above.map(|(p, rank)| f64::from(rank) / count - p);
    above.fold(0.0, f64::max)
}

fn assert_uniform(p: &[f64], step: f64) {
    let small = too_many_small(p.to_vec());
    assert!(small < FURTHEST, "{small}: {p:?}");
    // p-values come in steps, each the upper end of its own.
    let large = too_many_small(p.iter().map(|p| 1.0 - (p - step)).collect());
    assert!(large < FURTHEST, "{large}: {p:?}");
}

#[test]
fn p_values_of_ensembles_that_differ_by_chance_are_uniform() {
    let null = null();
    let (mut first, mut overall) = (Vec::new(), Vec::new());
    for seed in 0..SEEDS {
        let mut rng = stream(seed, Purpose::Simulation, 0);
        let mut largest = vec![0.0; null.count()];
        for window in 0..10 {
            let found = alike(&mut rng).compare(&bins(), 5, Some(&null));
            for (sum, of) in largest.iter_mut().zip(&found.largest) {
                *sum += of;
            }
            let p: Vec<f64> = found.regions.iter().filter_map(|of| of.p).collect();
            assert_eq!(p.len(), found.regions.len());
            // The best region's is that of the window; the others' are larger.
            assert!(p.is_sorted() && p[0] >= null.smallest);
            if window == 0 {
                first.push(p[0]);
            }
        }
        overall.push(null.p_value(largest[0], &largest));
    }
    assert_uniform(&first, null.smallest);
    assert_uniform(&overall, null.smallest);
}

#[test]
fn a_planted_difference_has_the_smallest_p_value() {
    let null = null();
    assert_eq!(null.smallest, 2.0 / 70.0);
    let mut window = alike(&mut stream(3, Purpose::Simulation, 0));
    for member in &mut window.members[MEMBERS..] {
        member[7] += 20.0;
    }
    let found = window.compare(&bins(), 1, Some(&null));
    assert_eq!(found.regions.len(), 1);
    let best = &found.regions[0];
    assert_eq!((best.top.bin, best.p), (7, Some(null.smallest)));
    let [a, b] = best.means;
    assert!((b - a - found.difference[7]).abs() < 1e-9 && b - a > 15.0);
    assert!(best.sd.is_some_and(|sd| sd > 0.0 && sd < 5.0));
}

#[test]
fn without_labellings_the_largest_difference_comes_first() {
    let single = |values: &[(usize, f64)]| {
        let mut bins = vec![1.0; 20];
        for &(bin, value) in values {
            bins[bin] = value;
        }
        bins
    };
    let window = Window {
        members: vec![single(&[(3, 4.0)]), single(&[(3, 2.0), (12, 4.5)])],
        of_a: 1,
    };
    let found = window.compare(&bins(), 2, None);
    let regions = found.regions.iter();
    let of = regions.map(|of| (of.top.bin, of.means, of.p.is_none() && of.sd.is_none()));
    let wanted = [(12, [1.0, 4.5], true), (3, [4.0, 2.0], true)];
    assert_eq!(of.collect::<Vec<_>>(), wanted);
    assert!((found.difference[3] + 2.0).abs() < 1e-12);
    assert!(found.largest.is_empty());
}

#[test]
fn networks_that_all_agree_differ_nowhere() {
    let window = Window {
        members: vec![vec![0.1; 20]; 2 * MEMBERS],
        of_a: MEMBERS,
    };
    let found = window.compare(&bins(), 1, Some(&null()));
    assert!(found.regions[0].top.score < 1e-6);
}
