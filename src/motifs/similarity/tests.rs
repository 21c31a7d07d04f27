//! Likeness against all combinations of columns, and its p-values where nothing is alike.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::motifs::parse;
use crate::seed::{Purpose, stream};

/// Data sets of the simulation, and the one-sided Kolmogorov–Smirnov distance of as many numbers that
/// one in a thousand sets of uniform ones exceeds.
const SEEDS: u64 = 40;
const FURTHEST: f64 = 0.29;

fn known() -> Vec<Matrix> {
    parse("motifs", include_str!("../../../assets/motifs.jaspar")).unwrap()
}

fn library(matrices: &[Matrix]) -> Library {
    Library::new(matrices, &Background::uniform())
}

fn reverse(columns: &[[f64; 4]]) -> Columns {
    let columns = columns.iter().rev();
    columns.map(|&[a, c, g, t]| [t, g, c, a]).collect()
}

/// As many columns, drawn from a library's.
fn drawn(library: &Library, count: usize, rng: &mut ChaCha8Rng) -> Columns {
    let column = |_| library.columns[rng.random_range(0..library.columns.len())];
    (0..count).map(column).collect()
}

/// Three positions over three: two tries, each against all triples of columns.
#[test]
fn p_is_the_part_of_all_columns_that_are_as_alike() {
    let matrices: Vec<Matrix> = known()
        .into_iter()
        .take(2)
        .map(|matrix| Matrix::new(matrix.id, matrix.name, matrix.columns[3..6].to_vec()))
        .collect();
    let library = library(&matrices);
    let all = &library.columns;
    assert_eq!(all.len(), 12);
    for place in 0..10 {
        let mut rng = stream(place, Purpose::Simulation, 0);
        let query = drawn(&library, 3, &mut rng);
        let likeness = library.compare(&query);
        for (strands, likeness) in library.matrices.iter().zip(likeness) {
            let sum = |columns: [&[f64; 4]; 3]| -> usize {
                let pairs = query.iter().zip(columns);
                pairs.map(|(one, other)| score(one, other)).sum()
            };
            let found = strands.iter().map(|of| sum([&of[0], &of[1], &of[2]]));
            let found = found.max().unwrap();
            let triples = all.iter().flat_map(|a| all.iter().map(move |b| (a, b)));
            let triples = triples.flat_map(|(a, b)| all.iter().map(move |c| [a, b, c]));
            let reached = triples.filter(|columns| sum(*columns) >= found).count();
            let p = reached as f64 / 12f64.powi(3);
            let wanted = 1.0 - (1.0 - p).powi(2);
            assert!(
                (likeness.p / wanted - 1.0).abs() < 1e-9,
                "{likeness:?} {wanted}"
            );
            assert_eq!((likeness.offset, likeness.overlap), (0, 3));
        }
    }
}

#[test]
fn a_part_of_a_matrix_is_found_on_either_strand() {
    let matrices = known();
    let library = library(&matrices);
    for (place, matrix) in matrices.iter().enumerate() {
        let columns = matrix.probabilities(&Background::uniform());
        let part = &columns[2..10];
        let forward = library.compare(part)[place];
        assert!(forward.p < 1e-3, "{} {forward:?}", matrix.name);
        let backward = library.compare(&reverse(part))[place];
        assert!((backward.p / forward.p - 1.0).abs() < 1e-6, "{backward:?}");
        let ctcf = matrix.name == "CTCF";
        if ctcf {
            assert_eq!((forward.offset, forward.strand), (2, Strand::Forward));
            assert_eq!(backward.strand, Strand::Reverse);
            assert_eq!(backward.offset, matrix.len() as i32 - 10);
        }
        let margin = vec![[0.25; 4]; 3];
        let wider = [margin.clone(), columns.clone(), margin].concat();
        let whole = library.compare(&wider)[place];
        assert!(whole.p < 1e-4, "{} {whole:?}", matrix.name);
        assert!(!ctcf || whole.offset == -3, "{whole:?}");
    }
}

#[test]
fn nothing_to_compare_is_nothing_found() {
    assert!(library(&[]).compare(&[[0.25; 4]; 3]).is_empty());
    let none = library(&known()).compare(&[]);
    assert!(none.iter().all(|likeness| likeness.p == 1.0), "{none:?}");
}

/// Matrices of columns drawn at random are alike by chance, to known matrices and to drawn ones.
#[test]
fn p_values_are_uniform_where_nothing_is_alike() {
    let matrices = known();
    let library = library(&matrices);
    let p = |seed: u64| {
        let mut rng = stream(seed, Purpose::Simulation, 1);
        let query = drawn(&library, 15, &mut rng);
        let width = rng.random_range(10..22);
        let other = drawn(&library, width, &mut rng);
        let null = Null::new(&query, &library.columns, query.len());
        let strands = [other.clone(), reverse(&other)];
        let known = &library.matrices[seed as usize % matrices.len()];
        [
            best(&query, &strands, &null).p,
            best(&query, known, &null).p,
        ]
    };
    let all: Vec<[f64; 2]> = (0..SEEDS).map(p).collect();
    for of in 0..2 {
        let mut p: Vec<f64> = all.iter().map(|both| both[of]).collect();
        p.sort_by(f64::total_cmp);
        let ranks = (1..).map(|rank: u32| f64::from(rank) / SEEDS as f64);
        let apart = p.iter().zip(ranks).map(|(p, rank)| rank - p);
        let apart: Vec<f64> = apart.collect();
        let above = apart.iter().copied().fold(0.0, f64::max);
        let below = apart.iter().map(|far| 1.0 / SEEDS as f64 - far);
        let below = below.fold(0.0, f64::max);
        assert!(above < FURTHEST && below < FURTHEST, "{above} {below}");
    }
}
