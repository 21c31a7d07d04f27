//! The scanner against looking at every place of both strands in turn.

use proptest::prelude::*;
use rand::RngExt;

use super::*;
use crate::motifs::reverse_complement;
use crate::seed::{Purpose, stream};

fn matrix(id: &str, columns: Vec<[f64; 4]>) -> Matrix {
    Matrix::new(id, id, columns)
}

/// What a hit is known by: its place and its score in units.
type Known = (u32, u32, bool, i64);

fn known(hits: &[Hit]) -> Vec<Known> {
    let known = |hit: &Hit| {
        let units = f64::from(hit.score) * UNITS;
        assert_eq!(units.fract(), 0.0);
        (hit.start, hit.matrix, hit.forward, units as i64)
    };
    hits.iter().map(known).collect()
}

/// The score of a site without N, in units.
fn score(scores: &Scores, site: &[u8]) -> i64 {
    let losses = scores.losses.iter().zip(site);
    let loss: i64 = losses
        .map(|(column, &base)| i64::from(column[usize::from(base)]))
        .sum();
    i64::from(scores.best) - loss
}

/// All sites by the definition of the threshold.
fn brute_force(
    codes: &[u8],
    matrices: &[Matrix],
    background: &Background,
    threshold: Threshold,
) -> Vec<Known> {
    let mut found = Vec::new();
    for (matrix, place) in matrices.iter().zip(0..) {
        let scores = match threshold {
            Threshold::Homer => Scores::homer(matrix, background),
            _ => Scores::new(matrix, background),
        };
        let tail = scores.tail(u32::MAX);
        let p_value = |score: i64| tail[(i64::from(scores.best) - score) as usize];
        let takes = |site: &[u8]| match threshold {
            Threshold::PValue(p) => p_value(score(&scores, site)) <= p,
            Threshold::Score(bits) => score(&scores, site) as f64 >= bits * UNITS,
            Threshold::Homer => {
                let columns = matrix.frequencies();
                let terms = columns.iter().zip(site);
                let sum: f64 = terms
                    .map(|(p, &base)| (p[usize::from(base)].max(0.001) / 0.25).ln())
                    .sum();
                sum >= matrix.threshold.unwrap()
            }
        };
        for (site, start) in codes.windows(matrix.len()).zip(0..) {
            for forward in [true, false] {
                let site = if forward {
                    site.to_vec()
                } else {
                    reverse_complement(site)
                };
                if site.iter().all(|&code| code < 4) && takes(&site) {
                    found.push((start, place, forward, score(&scores, &site)));
                }
            }
        }
    }
    found.sort_by_key(|&(start, matrix, forward, _)| (start, matrix, !forward));
    found
}

/// Columns of small counts, some of them zero.
fn columns(widths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<[f64; 4]>> {
    let column = prop::array::uniform4(0u8..12)
        .prop_filter("a position needs weight", |counts| {
            counts.iter().any(|&count| count > 0)
        })
        .prop_map(|counts| counts.map(f64::from));
    prop::collection::vec(column, widths)
}

/// Sequence with Ns, of which some runs are long.
fn sequence(lengths: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    let run = prop_oneof![
        prop::collection::vec(0u8..4, 1..60),
        (1usize..40).prop_map(|length| vec![4; length]),
    ];
    (prop::collection::vec(run, 0..12), lengths)
        .prop_map(|(runs, length)| runs.concat().into_iter().take(length).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_hit_is_missing_and_none_is_extra(
        motifs in prop::collection::vec(columns(1..12), 1..5),
        wide in columns(20..40),
        codes in sequence(0..500),
        gc in 0.2f64..0.8,
        exponent in 0.0f64..4.0,
        bits in -10.0f64..8.0,
    ) {
        let background = Background::new([1.0 - gc, gc, gc, 1.0 - gc]).unwrap();
        let mut matrices: Vec<Matrix> =
            motifs.into_iter().map(|columns| matrix("M", columns)).collect();
        matrices.push(matrix("wide", wide));
        for threshold in [Threshold::PValue(10f64.powf(-exponent)), Threshold::Score(bits)] {
            let got = Scanner::new(&matrices, &background, threshold).unwrap().scan(&codes);
            let wanted = brute_force(&codes, &matrices, &background, threshold);
            prop_assert_eq!(known(&got), wanted);
            for hit in got {
                let scores = Scores::new(&matrices[hit.matrix as usize], &background);
                let wanted = scores.p_value(hit.score.into());
                prop_assert!((f64::from(hit.p_value) / wanted - 1.0).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn homers_rule_is_kept_to_the_last_digit(
        motifs in prop::collection::vec((columns(1..10), -3.0f64..6.0), 1..4),
        codes in sequence(0..500),
    ) {
        let with_threshold = |(columns, threshold): (Vec<[f64; 4]>, f64)| Matrix {
            threshold: Some(threshold),
            ..matrix("M", columns)
        };
        let matrices: Vec<Matrix> = motifs.into_iter().map(with_threshold).collect();
        let background = Background::new([0.3, 0.2, 0.2, 0.3]).unwrap();
        let scanner = Scanner::new(&matrices, &background, Threshold::Homer).unwrap();
        let wanted = brute_force(&codes, &matrices, &background, Threshold::Homer);
        prop_assert_eq!(known(&scanner.scan(&codes)), wanted);
    }
}

#[test]
fn sites_across_pieces_are_found_once_whatever_the_threads() {
    let mut rng = stream(3, Purpose::Simulation, 0);
    let mut codes: Vec<u8> = (0..2 * PIECE + 100)
        .map(|_| rng.random_range(0..4))
        .collect();
    let consensus = [0u8, 2, 1, 3, 0, 0, 1, 2, 2, 3];
    for start in [0, PIECE - 5, PIECE + 10, 2 * PIECE - 1, 2 * PIECE + 90] {
        codes[start..start + 10].copy_from_slice(&consensus);
    }
    codes[PIECE + 40..PIECE + 300].fill(4);
    let column =
        |&base: &u8| std::array::from_fn(|at| if at == usize::from(base) { 9.0 } else { 0.3 });
    let matrices = [matrix("M", consensus.iter().map(column).collect())];
    let (background, threshold) = (Background::uniform(), Threshold::PValue(1e-3));
    let scanner = Scanner::new(&matrices, &background, threshold).unwrap();
    let scan = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| scanner.scan(&codes))
    };
    let got = scan(1);
    assert_eq!(
        known(&got),
        brute_force(&codes, &matrices, &background, threshold)
    );
    assert!(
        got.iter()
            .any(|hit| hit.start as usize == PIECE - 5 && hit.forward)
    );
    assert_eq!(got, scan(4));
}

#[test]
fn a_palindrome_is_told_on_both_strands() {
    let column = |base: usize| std::array::from_fn(|at| if at == base { 10.0 } else { 0.0 });
    let matrices = [matrix("E", [1, 0, 1, 2, 3, 2].map(column).to_vec())];
    let scanner = Scanner::new(&matrices, &Background::uniform(), Threshold::PValue(1e-3)).unwrap();
    let hits = scanner.scan(&[3, 1, 0, 1, 2, 3, 2, 0]);
    let places: Vec<(u32, bool)> = hits.iter().map(|hit| (hit.start, hit.forward)).collect();
    assert_eq!(places, [(1, true), (1, false)]);
    assert_eq!(hits[0].score, hits[1].score);
    assert_eq!(f64::from(hits[0].p_value), 0.25f64.powi(6));
}

/// To HOMER a base of probability zero adds ln(0.001 / 0.25) = −5.52, and the rest may make up for it.
#[test]
fn homers_sites_may_hold_bases_of_probability_zero() {
    let text = ">ACGTACGT\tzeros\t3.0\n\
                1\t0\t0\t0\n0\t1\t0\t0\n0\t0\t1\t0\n0\t0\t0\t1\n\
                1\t0\t0\t0\n0\t1\t0\t0\n0\t0\t1\t0\n.333\t.333\t.333\t0\n";
    let matrices = crate::motifs::parse("zeros.motif", text).unwrap();
    let uniform = Background::uniform();
    let scanner = Scanner::new(&matrices, &uniform, Threshold::Homer).unwrap();
    // 7 ln 4 + ln 1.332 = 9.99; with one base of probability zero 6 ln 4 + ln 0.004 + ln 1.332 =
    // 3.08, and if it is the last one 7 ln 4 + ln 0.004 = 4.18; with two −3.82.
    let found = |codes: &[u8]| {
        let hits = scanner.scan(codes);
        let forward = hits.iter().filter(|hit| hit.forward);
        forward.map(|hit| hit.score).next()
    };
    let ln = |score: Option<f32>| f64::from(score.unwrap()) * std::f64::consts::LN_2;
    let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 0.01, "{got} {wanted}");
    near(ln(found(&[0, 1, 2, 3, 0, 1, 2, 0])), 9.99);
    near(ln(found(&[0, 1, 2, 2, 0, 1, 2, 0])), 3.08);
    near(ln(found(&[0, 1, 2, 3, 0, 1, 2, 3])), 4.18);
    assert_eq!(found(&[0, 1, 1, 2, 0, 1, 2, 0]), None);
    // Scores and p-values have their pseudocount, not the floor:
    // log2(20.025 / 20.1 / 0.25) − log2(0.025 / 20.1 / 0.25) = 9.6457 bits.
    assert_eq!(Scores::new(&matrices[0], &uniform).losses[0][1], 9877);
}

#[test]
fn matrices_that_can_never_match_are_named() {
    let matrices = [
        matrix("short", vec![[9.0, 0.0, 0.0, 0.0]; 3]),
        matrix("long", vec![[9.0, 0.0, 0.0, 0.0]; 9]),
    ];
    let uniform = Background::uniform();
    let never = |threshold| Scanner::new(&matrices, &uniform, threshold).unwrap().never;
    assert_eq!(never(Threshold::PValue(1e-4)), [0]);
    assert_eq!(never(Threshold::Score(10.0)), [0]);
    assert_eq!(never(Threshold::Score(100.0)), [0, 1]);
    let scanner = Scanner::new(&matrices, &uniform, Threshold::PValue(1e-4)).unwrap();
    assert_eq!(scanner.scan(&[0; 12]).len(), 4);
    assert!(scanner.scan(&[0; 8]).is_empty());
    assert!(scanner.scan(&[]).is_empty());
}

#[test]
fn bad_thresholds_and_matrices_are_refused() {
    let uniform = Background::uniform();
    let good = [matrix("M", vec![[1.0; 4]])];
    let said = |matrices: &[Matrix], threshold| {
        Scanner::new(matrices, &uniform, threshold)
            .unwrap_err()
            .to_string()
    };
    for p in [0.0, -1.0, 1.1, f64::NAN] {
        assert!(said(&good, Threshold::PValue(p)).contains("not a p-value"));
    }
    assert!(said(&good, Threshold::Score(f64::NAN)).contains("not a score"));
    assert!(said(&good, Threshold::Homer).contains("1 of 1 matrices have none, M first"));
    let zero = [matrix("Z", vec![[0.0; 4]])];
    assert!(said(&zero, Threshold::PValue(0.1)).contains("Z position 1 has no weight"));
}
