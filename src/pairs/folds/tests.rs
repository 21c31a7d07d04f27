use super::*;
use crate::genome::Region;
use proptest::prelude::*;

fn chroms() -> Chroms {
    Chroms::new((1..=8).map(|c| (format!("chr{c}"), 1_000_000))).unwrap()
}

/// Pairs of the given chromosomes and labels.
fn table(pairs: &[(u32, bool)]) -> Vec<Pair> {
    (0u32..)
        .zip(pairs)
        .map(|(i, &(chrom, label))| {
            let region = |start| Region {
                chrom: ChromId(chrom),
                start,
                end: start + 100,
            };
            Pair {
                elements: Sides::new(region(1000 * (i + 1)), region(1000 * (i + 1) + 500)),
                label: Some(label),
                line: i + 2,
                gene: None,
            }
        })
        .collect()
}

fn even() -> Vec<Pair> {
    let rows: Vec<(u32, bool)> = (0..800).map(|i| (i % 8, i / 8 % 4 == 0)).collect();
    table(&rows)
}

fn positives(folds: &Folds, pairs: &[Pair]) -> Vec<usize> {
    let positive = |&pair: &usize| pairs[pair].label == Some(true);
    (0..folds.count())
        .map(|fold| folds.members(fold).into_iter().filter(positive).count())
        .collect()
}

#[test]
fn random_folds_are_stratified() {
    let (pairs, chroms) = (even(), chroms());
    let folds = Folds::new(FoldRule::Random, &pairs, &chroms, 7, 1).unwrap();
    // 200 positives and 600 negatives in 7 folds.
    assert!(
        positives(&folds, &pairs)
            .iter()
            .all(|n| [28, 29].contains(n))
    );
    assert!((0..7).all(|fold| [114, 115].contains(&folds.members(fold).len())));
    let again = Folds::new(FoldRule::Random, &pairs, &chroms, 7, 1).unwrap();
    let other = Folds::new(FoldRule::Random, &pairs, &chroms, 7, 2).unwrap();
    assert_eq!(folds, again);
    assert_ne!(folds, other);
}

#[test]
fn a_chromosome_stands_in_one_fold_and_the_folds_are_even() {
    // Positives per chromosome: 40, 30, 20, 20, 10, 10, 5, 5: two folds of 70 can be made.
    let counts = [40, 30, 20, 20, 10, 10, 5, 5];
    let rows: Vec<(u32, bool)> = (0u32..)
        .zip(counts)
        .flat_map(|(chrom, positives)| (0..100).map(move |i| (chrom, i < positives)))
        .collect();
    let mut pairs = table(&rows);
    let folds = Folds::new(FoldRule::Chromosome, &pairs, &chroms(), 2, 1).unwrap();
    assert_eq!(positives(&folds, &pairs), [70, 70]);
    let mut fold_of = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        let fold = fold_of
            .entry(pair.elements.enhancer.chrom)
            .or_insert(folds.fold(at));
        assert_eq!(*fold, folds.fold(at));
    }
    // A pair between two folds belongs to none.
    let apart = fold_of.iter().find(|(_, fold)| **fold != folds.fold(0));
    pairs[0].elements.promoter.chrom = *apart.unwrap().0;
    let folds = Folds::new(FoldRule::Chromosome, &pairs, &chroms(), 8, 1).unwrap();
    assert_eq!(folds.fold(0), None);
    assert!(!folds.others(1).contains(&0) && !folds.others(0).contains(&0));
}

#[test]
fn folds_without_a_class_are_refused() {
    let chroms = chroms();
    let few = table(&[(0, true), (1, true), (2, false), (3, false), (4, false)]);
    for rule in [FoldRule::Random, FoldRule::Chromosome] {
        let error = Folds::new(rule, &few, &chroms, 3, 1)
            .unwrap_err()
            .to_string();
        assert!(error.contains("would hold no positive pair"), "{error}");
    }
    let error = Folds::new(FoldRule::Random, &few, &chroms, 1, 1).unwrap_err();
    assert!(error.to_string().contains("at least 2 folds"), "{error}");
}

#[test]
fn written_folds_are_read_again() {
    let (mut pairs, chroms) = (even(), chroms());
    pairs[0].elements.promoter.chrom = ChromId(1);
    let folds = Folds::new(FoldRule::Chromosome, &pairs, &chroms, 4, 1).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("folds.tsv");
    folds.write(&path, &pairs, &chroms).unwrap();
    assert_eq!(Folds::read(&path, &pairs, &chroms).unwrap(), folds);
    let refused = |text: &str| {
        let path = dir.path().join("bad.tsv");
        std::fs::write(&path, text).unwrap();
        Folds::read(&path, &pairs[..2], &chroms)
            .unwrap_err()
            .to_string()
    };
    let name = |at: usize| pairs[at].id(&chroms).to_string();
    let row = |at: usize, label: &str, fold: &str| format!("{}\t{label}\t{fold}\n", name(at));
    assert!(refused(&row(0, "1", "1")).contains("does not name the pair"));
    assert!(refused(&row(0, "1", "0")).contains("not a number from 1"));
    let twice = row(0, "1", "1") + &row(0, "1", "2");
    assert!(refused(&twice).contains("stands in two folds"));
    let contradicted = row(0, "1", "1") + &row(0, "0", "1");
    assert!(refused(&contradicted).contains("with two labels"));
    let other = row(0, "0", "1") + &row(1, "1", "2");
    assert!(refused(&other).contains("the label"));
    let one = row(0, "1", "1") + &row(1, "1", "1");
    assert!(refused(&one).contains("fewer than 2 folds"));
    let no_negative = row(0, "1", "1") + &row(1, "1", "2");
    assert!(refused(&no_negative).contains("fold 1 holds no negative pair"));
}

proptest! {
    #[test]
    fn every_pair_is_tested_once(
        rows in prop::collection::vec((0u32..8, any::<bool>()), 0..120),
        count in 2usize..6,
        seed in 0u64..5,
        random in any::<bool>(),
    ) {
        let (pairs, chroms) = (table(&rows), chroms());
        let rule = if random { FoldRule::Random } else { FoldRule::Chromosome };
        if let Ok(folds) = Folds::new(rule, &pairs, &chroms, count, seed) {
            let mut tested: Vec<usize> = (0..count).flat_map(|fold| folds.members(fold)).collect();
            tested.sort_unstable();
            prop_assert_eq!(tested, (0..pairs.len()).collect::<Vec<_>>());
            for fold in 0..count {
                let both = folds.members(fold).len() + folds.others(fold).len();
                prop_assert_eq!(both, pairs.len());
                prop_assert!(folds.others(fold).iter().all(|&pair| folds.fold(pair) != Some(fold)));
            }
        }
    }
}
