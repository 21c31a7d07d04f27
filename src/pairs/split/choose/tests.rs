use super::*;
use crate::element::Sides;
use crate::error::Result;
use crate::genome::{Chroms, Region};
use crate::pairs::folds::{FoldRule, Folds};
use crate::pairs::{Pair, Part, Split, SplitRule};
use proptest::prelude::*;

/// Pairs with the chromosomes of their elements and their labels.
fn table(rows: impl IntoIterator<Item = (u32, u32, bool)>) -> Vec<Pair> {
    let pair = |(line, (enhancer, promoter, label)): (u32, (u32, u32, bool))| {
        let region = |chrom, start| Region {
            chrom: ChromId(chrom),
            start,
            end: start + 100,
        };
        let first = 1000 * (line + 1);
        Pair {
            elements: Sides::new(region(enhancer, first), region(promoter, first + 500)),
            label: Some(label),
            line,
            gene: None,
        }
    };
    (0..).zip(rows).map(pair).collect()
}

/// Pairs of chromosomes with these numbers of positives and negatives.
fn counted(counts: &[(usize, usize)]) -> Vec<Pair> {
    table(
        (0..)
            .zip(counts)
            .flat_map(|(chrom, &(positives, negatives))| {
                (0..positives + negatives).map(move |i| (chrom, chrom, i < positives))
            }),
    )
}

fn chroms() -> Chroms {
    Chroms::new((10..30).map(|c| (format!("chr{c}"), 10_000_000))).unwrap()
}

fn split(pairs: &[Pair], test: &[&str], parts: (f64, f64), seed: u64) -> Result<Split> {
    let test = test.iter().map(|name| name.to_string()).collect();
    Split::new(
        &SplitRule::Chromosome { test },
        pairs,
        &chroms(),
        parts,
        seed,
    )
}

/// The chromosomes of a part.
fn chroms_of(split: &Split, pairs: &[Pair], part: Part) -> BTreeSet<u32> {
    let members = split.members(part).into_iter();
    let chrom = |pair: usize| pairs[pair].elements.enhancer.chrom.0;
    members.map(chrom).collect()
}

fn positives(split: &Split, pairs: &[Pair], part: Part) -> usize {
    let members = split.members(part).into_iter();
    members
        .filter(|&pair| pairs[pair].label == Some(true))
        .count()
}

/// NHEK's pairs with sequence, whose positives lie on four of thirteen chromosomes.
const NHEK: [(usize, usize); 13] = [
    (20, 519),
    (0, 71),
    (0, 169),
    (3, 200),
    (0, 12),
    (0, 54),
    (0, 10),
    (0, 10),
    (3, 20),
    (24, 16),
    (0, 73),
    (0, 2),
    (0, 17),
];

#[test]
fn positives_on_few_chromosomes_are_divided() {
    let pairs = counted(&NHEK);
    let mut seen = BTreeSet::new();
    for seed in 1..=20 {
        let split = split(&pairs, &[], (0.1, 0.1), seed).unwrap();
        // The chromosomes with three are the ones to keep, and the two with many to learn from.
        assert_eq!(positives(&split, &pairs, Part::Test), 3, "{seed}");
        assert_eq!(positives(&split, &pairs, Part::Validation), 3, "{seed}");
        assert!(split.members(Part::Train).len() > pairs.len() / 2, "{seed}");
        for part in [Part::Test, Part::Validation] {
            assert!(split.members(part).len() < pairs.len() / 4, "{seed}");
        }
        seen.insert(chroms_of(&split, &pairs, Part::Test));
    }
    assert!(seen.len() > 1, "{seen:?}");
}

#[test]
fn folds_of_few_chromosomes_hold_both_classes() {
    // Dealt by their positives alone, the folds with the first two would have no negative.
    let pairs = counted(&[(9, 0), (8, 0), (1, 5), (0, 7), (0, 6), (0, 2)]);
    for seed in 1..=20 {
        let folds = Folds::new(FoldRule::Chromosome, &pairs, &chroms(), 3, seed).unwrap();
        assert!((0..3).all(|fold| !folds.members(fold).is_empty()));
        assert!(Folds::new(FoldRule::Chromosome, &pairs, &chroms(), 4, seed).is_err());
    }
}

/// What the rule gave before it looked further.
#[test]
fn where_the_first_order_serves_it_is_kept() {
    let positives = [9, 4, 12, 3, 7, 5, 2, 8];
    let negatives = [60, 35, 80, 20, 50, 44, 15, 66];
    let counts: Vec<(usize, usize)> = positives.into_iter().zip(negatives).collect();
    let pairs = counted(&counts);
    let wanted: [(&[u32], &[u32]); 5] = [
        (&[4], &[1]),
        (&[1], &[4]),
        (&[1], &[7]),
        (&[4], &[3, 6]),
        (&[4], &[5]),
    ];
    for (seed, (test, validation)) in (1..).zip(wanted) {
        let split = split(&pairs, &[], (0.1, 0.1), seed).unwrap();
        let of = |part| Vec::from_iter(chroms_of(&split, &pairs, part));
        assert_eq!(of(Part::Test), test, "{seed}");
        assert_eq!(of(Part::Validation), validation, "{seed}");
    }
    for (seed, wanted) in (1..).zip(["21123233", "32231311", "32231311", "32231311", "31132322"]) {
        let folds = Folds::new(FoldRule::Chromosome, &pairs, &chroms(), 3, seed).unwrap();
        let first = |chrom| {
            pairs
                .iter()
                .position(|pair| pair.chroms().enhancer == chrom)
        };
        let fold = |chrom: u32| folds.fold(first(ChromId(chrom)).unwrap()).unwrap() + 1;
        let got: String = (0..8).map(|chrom| fold(chrom).to_string()).collect();
        assert_eq!(got, wanted, "{seed}");
    }
}

#[test]
fn an_error_names_the_chromosomes_with_positives() {
    let pairs = counted(&NHEK);
    let said = |test: &[&str]| split(&pairs, test, (0.1, 0.1), 1).unwrap_err().to_string();
    let lie = "choose other test chromosomes; positive pairs lie on chr10, chr13, chr18, chr19";
    let test = format!("the test part would hold no positive pair: {lie}");
    assert_eq!(said(&["chr11", "chr12"]), test);
    let validation = format!("the validation part would hold no positive pair: {lie}");
    assert_eq!(said(&["chr10", "chr13", "chr18"]), validation);
    // Two chromosomes are left with positives, and one seed is as good as another.
    for seed in 1..=20 {
        let split = split(&pairs, &["chr10", "chr13"], (0.1, 0.1), seed).unwrap();
        assert_eq!(
            chroms_of(&split, &pairs, Part::Test),
            BTreeSet::from([0, 3])
        );
    }
    let two = counted(&[(5, 9), (0, 9), (4, 3), (0, 2)]);
    let error = split(&two, &[], (0.1, 0.1), 1).unwrap_err().to_string();
    let wanted = "would hold no positive pair: no division by chromosome gives every part both \
                  classes; positive pairs lie on chr10, chr12";
    assert!(error.ends_with(wanted), "{error}");
}

/// Whether chromosomes can be given to so many parts that each holds both classes, all ways tried;
/// the chromosomes `last` are the last part, and no others are if there are some.
fn divisible(pairs: &[Pair], chroms: u32, parts: u32, last: &[u32]) -> bool {
    let free = parts - u32::from(!last.is_empty());
    (0..free.pow(chroms)).any(|code| {
        let part = |chrom: ChromId| match last.contains(&chrom.0) {
            true => parts - 1,
            false => code / free.pow(chrom.0) % free,
        };
        let mut held = vec![[false; 2]; parts as usize];
        for pair in pairs {
            let Sides { enhancer, promoter } = pair.chroms().map(part);
            if enhancer == promoter {
                held[enhancer as usize][usize::from(pair.label == Some(true))] = true;
            }
        }
        held.iter().flatten().all(|&held| held)
    })
}

proptest! {
    #[test]
    fn a_division_is_found_where_there_is_one(
        rows in prop::collection::vec((0u32..6, 0u32..6, any::<bool>(), 0u8..3), 0..24),
        test in 0.05f64..0.5,
        validation in 0.05f64..0.5,
        seed in 0u64..20,
    ) {
        // Two pairs of three lie on one chromosome.
        let other = |a, b, apart| if apart == 0 { b } else { a };
        let rows = rows.into_iter().map(|(a, b, label, apart)| (a, other(a, b, apart), label));
        let pairs = table(rows);
        let parts = (test, validation);
        let free = split(&pairs, &[], parts, seed);
        prop_assert_eq!(free.is_ok(), divisible(&pairs, 6, 3, &[]));
        let named = split(&pairs, &["chr10", "chr12"], parts, seed);
        prop_assert_eq!(named.is_ok(), divisible(&pairs, 6, 3, &[0, 2]));
        for count in 2..4 {
            let folds = Folds::new(FoldRule::Chromosome, &pairs, &chroms(), count, seed);
            prop_assert_eq!(folds.is_ok(), divisible(&pairs, 6, count as u32, &[]), "{} folds", count);
        }
        let all: Vec<usize> = (0..pairs.len()).collect();
        let (half, other) = all.split_at(pairs.len() / 2);
        let fold = Split::of_fold((half, other), FoldRule::Chromosome, &pairs, validation, seed);
        let both = |label| other.iter().any(|&pair| pairs[pair].label == Some(label));
        let wanted = both(true) && both(false) && divisible(&pairs[..half.len()], 6, 2, &[]);
        prop_assert_eq!(fold.is_ok(), wanted);
    }
}
