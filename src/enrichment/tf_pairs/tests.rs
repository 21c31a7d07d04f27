use rand::RngExt;
use statrs::distribution::{DiscreteCDF, Hypergeometric};

mod apart;
mod known;
mod null;
mod oracle;

use super::super::interactome::{Interactome, InteractomeSource, Orders};
use super::super::window::Site;
use super::*;
use crate::element::Sides;
use crate::genome::{ChromId, Region};
use crate::progress::Silent;
use crate::seed::{Purpose, stream};

/// Few permutations.
fn rules(min_observations: u32) -> TestRules {
    TestRules {
        min_observations,
        permutations: 400,
        ..TestRules::default()
    }
}

fn test(counts: &Counts, rules: TestRules) -> TfPairs {
    TfPairs::test(counts, rules, &Silent).unwrap()
}

/// Fisher's exact test: how probable it is that so many of the first and more have what so many of both
/// groups have.
fn fisher([first, second]: [u64; 2], (firsts, seconds): (u64, u64)) -> f64 {
    let drawn = Hypergeometric::new(firsts + seconds, first + second, firsts).unwrap();
    first.checked_sub(1).map_or(1.0, |fewer| drawn.sf(fewer))
}

/// Of a TF pair's labels.
fn fisher_of(pair: &TfPair, pairs: &TfPairs) -> f64 {
    let [positives, negatives] = [pair.positives, pair.negatives].map(u64::from);
    let of = (pairs.positives.into(), pairs.negatives.into());
    fisher([positives, negatives], of)
}

/// `count` factors `T00`, `T01`, … with a matrix each.
fn one_matrix_each(count: usize) -> Factors {
    let name = |prefix: &str, i: usize| format!("{prefix}{i:02}");
    Factors::new((0..count).map(|i| (name("M", i), vec![name("T", i)])))
}

fn element(number: u32) -> Region {
    Region {
        chrom: ChromId(0),
        start: 1000 * number,
        end: 1000 * number + 100,
    }
}

/// What a pair has: label, element numbers and matrices.
type Observed = (bool, [u32; 2], [Vec<u32>; 2]);

fn count<'a>(factors: &'a Factors, observed: &[Observed]) -> Counts<'a> {
    count_at(factors, observed, 100)
}

/// The sites of matrices, ten bases each, so many bases from one matrix to the next.
fn sites(matrices: &[u32], apart: u32) -> Vec<Site> {
    let site = |&matrix: &u32| Site {
        matrix,
        start: apart * matrix,
        end: apart * matrix + 10,
    };
    matrices.iter().map(site).collect()
}

fn count_at<'a>(factors: &'a Factors, observed: &[Observed], apart: u32) -> Counts<'a> {
    let mut counts = Counts::new(factors);
    for (positive, elements, matrices) in observed {
        let sites = matrices.each_ref().map(|of| sites(of, apart));
        let bound = |side: usize| Bound {
            element: element(elements[side]),
            sites: &sites[side],
        };
        counts.add(*positive, Sides::new(bound(0), bound(1)));
    }
    counts
}

/// Factors of the simulated pairs.
const FACTORS: usize = 24;

/// 400 positive and 1,600 negative pairs in which every factor stands with probability 0.3 in
/// each element, independently of all others; but in positive pairs factor `i` of the enhancer
/// and `i + 1` of the promoter often come together, for the first `planted` even `i`. They are
/// as frequent as before, so no other TF pair is enriched.
fn simulated(seed: u64, planted: usize) -> Vec<Observed> {
    let mut rng = stream(seed, Purpose::Simulation, 0);
    (0..2000)
        .map(|number| {
            let positive = number < 400;
            let mut side = || {
                (0..FACTORS)
                    .map(|_| rng.random_bool(0.3))
                    .collect::<Vec<_>>()
            };
            let (enhancer, mut promoter) = (side(), side());
            for i in (0..2 * planted).step_by(2) {
                if positive && rng.random_bool(0.6) {
                    promoter[i + 1] = enhancer[i];
                }
            }
            let matrices = [enhancer, promoter]
                .map(|side| (0..FACTORS as u32).filter(|&i| side[i as usize]).collect());
            (positive, [number, number], matrices)
        })
        .collect()
}

fn tested(seed: u64, planted: usize) -> TfPairs {
    let factors = one_matrix_each(FACTORS);
    let observed = simulated(seed, planted);
    test(&count(&factors, &observed), rules(MIN_OBSERVATIONS))
}

#[test]
fn planted_tf_pairs_come_out_on_top() {
    for seed in 0..5 {
        let pairs = tested(seed, 4);
        let mut top: Vec<_> = pairs.tested[..4]
            .iter()
            .map(|p| (p.factors.enhancer, p.factors.promoter))
            .collect();
        top.sort_unstable();
        assert_eq!(top, [(0, 1), (2, 3), (4, 5), (6, 7)]);
        let weakest = &pairs.tested[3];
        assert!(
            weakest.is_pair(0.05) && weakest.odds_ratio > 1.5,
            "{weakest:?}"
        );
        assert_eq!(pairs.clusters.by, ClusterRule::Component);
        let top = &pairs.tested[0];
        assert!(f64::from(top.positives) / 400.0 > 1.5 * top.independent);
    }
}

#[test]
fn unplanted_tf_pairs_are_found_at_the_stated_rate() {
    let false_part = |seed: u64| {
        let pairs = tested(seed, 3);
        let found = pairs.significant(0.05);
        let wrong = pairs.tested[..found]
            .iter()
            .map(|p| p.factors)
            .filter(|p| p.promoter != p.enhancer + 1 || p.enhancer % 2 == 1 || p.enhancer > 4)
            .count();
        wrong as f64 / found.max(1) as f64
    };
    let rate = (0..20).map(false_part).sum::<f64>() / 20.0;
    assert!(rate < 0.08, "{rate}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let json = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| serde_json::to_string(&tested(1, 2)).unwrap())
    };
    let one = json(1);
    assert!(one.contains("\"tested\":[{"));
    assert_eq!(one, json(4));
}

#[test]
fn both_classes_are_needed() {
    let factors = one_matrix_each(2);
    let only = [(true, [0, 0], [vec![0], vec![1]])];
    let error = TfPairs::test(&count(&factors, &only), rules(1), &Silent).unwrap_err();
    assert!(error.to_string().contains("1 and 0"), "{error}");
    let few = TestRules {
        permutations: 20,
        ..rules(1)
    };
    let error = TfPairs::test(&count(&factors, &only), few, &Silent).unwrap_err();
    assert!(error.to_string().contains("permutations"), "{error}");
}

#[test]
fn rare_tf_pairs_are_not_tested() {
    let factors = one_matrix_each(2);
    let one = |positive| (positive, [0, 0], [vec![0], vec![1]]);
    let observed = [
        one(true),
        one(false),
        one(false),
        (true, [0, 0], [vec![1], vec![0]]),
    ];
    let pairs = test(&count(&factors, &observed), rules(3));
    assert_eq!((pairs.tested.len(), pairs.too_rare), (1, 1));
    let pairs = test(&count(&factors, &observed), rules(0));
    assert_eq!((pairs.tested.len(), pairs.too_rare), (2, 0));
}

#[test]
fn equally_good_matrices_go_by_name() {
    let matrix = |name: &str, symbol: &str| (name.to_string(), vec![symbol.to_string()]);
    let factors = Factors::new([matrix("Mb", "A"), matrix("Ma", "A"), matrix("Mc", "B")]);
    let observed = [
        (true, [0, 0], [vec![0, 1], vec![2]]),
        (false, [1, 1], [vec![], vec![2]]),
    ];
    let pairs = test(&count(&factors, &observed), rules(1));
    let row = pairs.rows(None).next().unwrap();
    assert_eq!((row.enhancer_tf, row.promoter_tf), ("A", "B"));
    assert_eq!(
        (row.enhancer_matrix, row.promoter_matrix),
        (Some("Ma"), Some("Mc"))
    );
}

fn heat_map(pairs: &TfPairs, orders: Option<&Orders>, most: (usize, f64)) -> Option<HeatMap> {
    HeatMap::draw(pairs, orders, most, |pair| pair.is_pair(0.05))
}

fn interactome(text: &str) -> Interactome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("interactome.tsv");
    std::fs::write(&path, text).unwrap();
    Interactome::read(&InteractomeSource::new(path)).unwrap()
}

#[test]
fn known_interactions_are_counted_among_the_most_enriched() {
    let pairs = tested(2, 4);
    assert_eq!(pairs.tested.len(), FACTORS * FACTORS);
    // Seven factors; of the four planted TF pairs it does not know T06 with T07.
    let known = interactome("T00\tT01\nT02\tT03\nT04\tX\nX\tT05\nT23\tT23\n");
    let orders = known.orders(pairs.factors.names());
    let counted = KnownInteractions::count(&pairs, Combine::Union, &orders, (3, 0.05)).unwrap();
    let of_top = Share {
        pairs: 3,
        first_order: 2,
        second_order: 1,
    };
    assert_eq!((counted.most_enriched, counted.significant), (of_top, 3));
    // Each interaction in both directions, and T23 with itself.
    let of_all = Share {
        pairs: 7 * 7,
        first_order: 5,
        second_order: 2,
    };
    assert_eq!((counted.tested, counted.unnamed), (of_all, 24 * 24 - 7 * 7));
    // Of three couples of seven names a certain one is among them in 3 of C(7, 2) permutations, then
    // another one in 2 of C(5, 2).
    assert!(
        (counted.p_first_order - 1.0 / 35.0).abs() < 0.03,
        "{counted:?}"
    );
    assert!(
        (counted.p_second_order - 1.0 / 7.0).abs() < 0.06,
        "{counted:?}"
    );
    assert_eq!(counted.tested.first_order_fraction(), 5.0 / 49.0);
    assert_eq!(counted.tested.second_order_fraction(), 2.0 / 49.0);
}

#[test]
fn too_few_enriched_tf_pairs_allow_no_statement() {
    let pairs = tested(2, 4);
    let all: String = (0..FACTORS).map(|i| format!("T{i:02}\tX\n")).collect();
    let orders = interactome(&all).orders(pairs.factors.names());
    let count = |most| KnownInteractions::count(&pairs, Combine::Max, &orders, (most, 0.05));
    assert!(count(50).is_some());
    assert!(count(0).is_none());
    // Some of all are not enriched, and there are no more than all.
    assert!(count(pairs.tested.len()).is_none());
    assert!(count(pairs.tested.len() + 1).is_none());
    let orders = interactome("T00\tT01\n").orders(pairs.factors.names());
    assert!(KnownInteractions::count(&pairs, Combine::Max, &orders, (50, 0.05)).is_none());
}

#[test]
fn the_heat_map_shows_the_factors_of_the_found_pairs() {
    let pairs = tested(3, 4);
    let orders = interactome("T00\tT01\n").orders(pairs.factors.names());
    let map = heat_map(&pairs, Some(&orders), (4, 0.05)).unwrap();
    let sorted = |axis: &Axis| {
        let mut names = axis.factors.clone();
        names.sort();
        names
    };
    assert_eq!(sorted(&map.axes.enhancer), ["T00", "T02", "T04", "T06"]);
    assert_eq!(sorted(&map.axes.promoter), ["T01", "T03", "T05", "T07"]);
    let merges = map.axes.as_ref().map(|axis| axis.merges.len());
    assert_eq!(merges, Sides::new(3, 3));
    for (enhancer, line) in map.axes.enhancer.factors.iter().zip(&map.cells) {
        for (promoter, cell) in map.axes.promoter.factors.iter().zip(line) {
            let row = pairs
                .rows(Some(&orders))
                .find(|row| row.enhancer_tf == enhancer && row.promoter_tf == promoter)
                .unwrap();
            let wanted = Cell {
                ln_odds_ratio: row.odds_ratio.ln(),
                called: row.q_conditional <= 0.05 && row.explained_by.is_none(),
                interaction: row.interaction,
            };
            assert_eq!(*cell, Some(wanted));
        }
    }
    let first = |cell: &&Option<Cell>| cell.is_some_and(|cell| cell.interaction.is_some());
    assert_eq!(map.cells.iter().flatten().filter(first).count(), 1);
    assert!(heat_map(&pairs, None, (1, 0.05)).is_none());
    // Nothing is enriched at a q-value that none has.
    assert!(heat_map(&pairs, None, (4, 0.0)).is_none());
}

#[test]
fn factors_with_like_partners_lie_side_by_side() {
    let factors = one_matrix_each(8);
    // Enhancer factors 0 and 2 meet promoter factors 4 and 6 in positive pairs, 1 and 3 meet 5
    // and 7.
    let observed: Vec<Observed> = (0..80u32)
        .map(|i| {
            let odd = i % 2;
            let positive = i < 40;
            let promoter = if positive { odd } else { 1 - odd };
            (
                positive,
                [i, i],
                [vec![odd, odd + 2], vec![4 + promoter, 6 + promoter]],
            )
        })
        .collect();
    let pairs = test(&count(&factors, &observed), rules(1));
    let map = heat_map(&pairs, None, (40, 0.05)).unwrap();
    assert_eq!(map.axes.enhancer.factors, ["T00", "T02", "T01", "T03"]);
    assert_eq!(map.axes.promoter.factors, ["T04", "T06", "T05", "T07"]);
    let last = map.axes.enhancer.merges[2];
    assert_eq!((last.first, last.second, last.size), (4, 5, 4));
}

#[test]
fn rows_are_a_table() {
    let pairs = tested(4, 1);
    let orders = interactome("T00\tT01\n").orders(pairs.factors.names());
    let mut table = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .from_writer(Vec::new());
    for row in pairs.rows(Some(&orders)).take(1) {
        table.serialize(row).unwrap();
    }
    let text = String::from_utf8(table.into_inner().unwrap()).unwrap();
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(lines[0].len(), lines[1].len());
    assert_eq!(
        (lines[1][0], lines[1][1], lines[1].last()),
        ("T00", "T01", Some(&"first"))
    );
}
