use super::*;
use crate::genome::{ChromId, Chroms, Region};
use crate::output::provenance::Input;
use crate::pairs::folds::FoldRule;
use crate::pairs::{Part, SplitRule, centred};
use proptest::prelude::*;

const LENGTHS: Sides<u32> = Sides::new(60, 40);

/// Pairs as a table has them.
fn table(pairs: &[Pair], chroms: &Chroms) -> PairTable {
    let windows = |pair: &Pair| centred(pair.elements, LENGTHS, chroms).unwrap();
    PairTable {
        pairs: pairs.to_vec(),
        windows: pairs.iter().map(windows).collect(),
        skipped: 0,
        translated: false,
        cells: Vec::new(),
    }
}

fn chroms() -> Chroms {
    Chroms::new([("chr1".to_string(), 2000), ("chr2".to_string(), 2000)]).unwrap()
}

fn region((chrom, start, length): (u32, u32, u32)) -> Region {
    Region {
        chrom: ChromId(chrom),
        start,
        end: start + length,
    }
}

/// A split that says of each pair which part it belongs to; none where a part lacks a class.
fn split(pairs: &[Pair], parts: &[Part], chroms: &Chroms) -> Option<Divided> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("split.tsv");
    let lines = pairs.iter().zip(parts).map(|(pair, part)| {
        let id = pair.id(chroms);
        format!("{id}\t{}\t{part}\n", pair.label_text())
    });
    std::fs::write(&path, lines.collect::<String>()).unwrap();
    let rule = Rule::Split {
        split: SplitRule::File {
            file: Input::new(&path).unwrap(),
        },
        fractions: (0.0, 0.0),
        seed: 1,
    };
    rule.divide(pairs, chroms).ok()
}

/// A report without sequences.
fn by_place(pairs: &[Pair], divided: &Divided, chroms: &Chroms) -> Report {
    Report::new(&table(pairs, chroms), divided, None, &Quiet).unwrap()
}

prop_compose! {
    /// Pairs of few elements, so that many stand on both sides.
    fn tables()(
        rows in prop::collection::btree_map(
            (0u32..2, 0u32..12, 0u32..12),
            (any::<bool>(), 0usize..4),
            8..40,
        )
    ) -> (Vec<Pair>, Vec<Part>) {
        let parts = [Part::Train, Part::Validation, Part::Test, Part::None];
        rows.into_iter()
            .zip(2..)
            .map(|(((chrom, e, p), (label, part)), line)| {
                let pair = Pair {
                    elements: Sides::new(
                        region((chrom, 100 + 25 * e, 30)),
                        region((chrom, 900 + 17 * p, 20)),
                    ),
                    label: Some(label),
                    line,
                    gene: None,
                };
                (pair, parts[part])
            })
            .unzip()
    }
}

proptest! {
    /// Every test pair against every training pair.
    #[test]
    fn what_is_shared_is_what_looking_at_each_pair_finds((pairs, parts) in tables()) {
        let chroms = chroms();
        let Some(split) = split(&pairs, &parts, &chroms) else {
            return Ok(());
        };
        let got = by_place(&pairs, &split, &chroms);
        let [got] = &got.parts[..] else {
            panic!("a split has one test part");
        };
        let windows = table(&pairs, &chroms).windows;
        let training: Vec<usize> = (0..pairs.len())
            .filter(|&at| [Part::Train, Part::Validation].contains(&parts[at]))
            .collect();
        for row in &got.rows {
            let (mut either, mut both) = (Classes::default(), Classes::default());
            for at in (0..pairs.len()).filter(|&at| parts[at] == Part::Test) {
                let shares = Sides::from_fn(|side| {
                    let element = *pairs[at].elements.get(side);
                    let window = |at: usize| *windows[at].get(side);
                    training.iter().any(|&other| {
                        let its = *pairs[other].elements.get(side);
                        match row.measure {
                            Measure::SameElement => its == element,
                            Measure::SameElementPositive => {
                                its == element && pairs[other].label == Some(true)
                            }
                            Measure::OverlappingElement => its.overlap(&element) > 0,
                            Measure::SameWindow => window(other) == window(at),
                            _ => windows[other].into_iter().any(|w| w.overlap(&window(at)) > 0),
                        }
                    })
                });
                if shares.enhancer || shares.promoter {
                    either.add(&pairs[at]);
                }
                if shares.enhancer && shares.promoter {
                    both.add(&pairs[at]);
                }
            }
            prop_assert_eq!((row.either, row.both), (either, both), "{:?}", row.measure);
        }
    }
}

#[test]
fn each_fold_is_compared_with_the_others() {
    let chroms = chroms();
    // Every enhancer stands in a positive and in a negative pair of its own.
    let pairs: Vec<Pair> = (0u32..24)
        .map(|at| Pair {
            elements: Sides::new(
                region((0, 100 + 50 * (at / 2), 30)),
                region((0, 900 + 17 * at, 15)),
            ),
            label: Some(at % 2 == 0),
            line: at + 2,
            gene: None,
        })
        .collect();
    let rule = Rule::Folds {
        rule: FoldRule::Random,
        count: 3,
        seed: 1,
    };
    let divided = rule.divide(&pairs, &chroms).unwrap();
    let report = by_place(&pairs, &divided, &chroms);
    let Divided::Folds(folds) = &divided else {
        panic!("these are folds");
    };
    for (part, fold) in report.parts.iter().zip(0..) {
        assert_eq!(part.fold, Some(fold + 1));
        let tested = folds.members(fold);
        let apart = |&&at: &&usize| folds.fold(at ^ 1) != Some(fold);
        let shared = tested.iter().filter(apart).count();
        let row = part.rows[0];
        assert_eq!(row.measure, Measure::SameElement);
        assert_eq!(row.enhancer.positives + row.enhancer.negatives, shared);
    }
    let (test, rows) = report.total();
    assert_eq!((test.positives, test.negatives), (12, 12));
    let sum = |count: fn(&Row) -> usize| report.parts.iter().map(|part| count(&part.rows[0])).sum();
    let positives: usize = sum(|row| row.enhancer.positives);
    assert!(positives > 0);
    assert_eq!(rows[0].enhancer.positives, positives);
    assert!(report.to_string().starts_with("3 folds, test 12 + 12"));
}

/// A silent witness.
struct Quiet;

impl Progress for Quiet {
    fn start(&self, _: &str, _: u64, _: u64) {}
    fn advance(&self, _: u64, _: &str) {}
    fn finish(&self) {}
}

/// Random letters; `copies` are (from, to, length, one letter in so many changed, turned round).
fn genome(copies: &[(usize, usize, usize, usize, bool)]) -> Vec<u8> {
    use rand::RngExt;
    let mut rng = crate::seed::stream(1, crate::seed::Purpose::Simulation, 0);
    let mut letters: Vec<u8> = (0..20_000)
        .map(|_| b"ACGT"[rng.random_range(0..4usize)])
        .collect();
    for &(from, to, length, every, turned) in copies {
        let mut copy = letters[from..from + length].to_vec();
        if turned {
            copy.reverse();
            for letter in &mut copy {
                *letter = match letter {
                    b'A' => b'T',
                    b'C' => b'G',
                    b'G' => b'C',
                    _ => b'A',
                };
            }
        }
        for at in (every / 2..length).step_by(every) {
            copy[at] = if copy[at] == b'A' { b'C' } else { b'A' };
        }
        letters[to..to + length].copy_from_slice(&copy);
    }
    letters
}

/// Compares windows of 1000 bases that begin at these places of a genome.
fn compare(letters: &[u8], test: &[u32], training: &[u32]) -> Similarity {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("genome.fa");
    let text = String::from_utf8(letters.to_vec()).unwrap();
    std::fs::write(&path, format!(">chr1\n{text}\n")).unwrap();
    let mut reference = Reference::open(&path).unwrap();
    let windows = |starts: &[u32]| -> Vec<Region> {
        starts
            .iter()
            .map(|&start| region((0, start, 1000)))
            .collect()
    };
    let (test, training) = (windows(test), windows(training));
    let config = SimilarityConfig::default();
    Similarity::find(&test, &training, &mut reference, &config, &Quiet).unwrap()
}

#[test]
fn copies_are_found_on_either_strand_and_changed_ones_count_less() {
    // One letter in 100 changed leaves 79 of 100 k-mers of 21; one in 25 leaves 4 of 25.
    let letters = genome(&[
        (0, 10_000, 1000, 100, false),
        (2000, 12_000, 1000, 100, true),
        (4000, 14_000, 1000, 25, false),
    ]);
    let got = compare(
        &letters,
        &[0, 2000, 4000, 6000],
        &[10_000, 12_000, 14_000, 16_000],
    );
    let window = |start| region((0, start, 1000));
    for (test, training) in [(0, 10_000), (2000, 12_000)] {
        let found = got.elsewhere(window(test)).unwrap();
        assert_eq!(found.training, window(training));
        // Ten changes break 210 of the 980 k-mers.
        assert_eq!((found.shared, found.test_kmers), (770, 980));
        assert!((found.containment() - 770.0 / 980.0).abs() < 1e-12);
        assert!((found.jaccard() - 770.0 / 1190.0).abs() < 1e-12);
    }
    assert!(got.closest(window(4000)).is_none() && got.closest(window(6000)).is_none());
    assert_eq!(got.worst().len(), 2);
}

#[test]
fn overlapping_windows_are_similar_but_not_elsewhere() {
    let got = compare(&genome(&[]), &[100], &[300, 900]);
    let window = region((0, 100, 1000));
    let found = got.closest(window).unwrap();
    assert_eq!((found.training.start, found.shared), (300, 780));
    assert!(got.elsewhere(window).is_none() && got.worst().is_empty());
}

#[test]
fn windows_without_sequence_are_counted_and_similar_to_nothing() {
    let mut letters = genome(&[]);
    letters[..1000].fill(b'N');
    letters[1050..1100].fill(b'N');
    // A short repeat has few k-mers, too.
    letters[3000..4000].fill(b'A');
    letters[5000..6000].fill(b'A');
    let got = compare(&letters, &[0, 3000], &[0, 5000]);
    assert_eq!((got.test_windows, got.without_sequence), (2, 2));
    assert!(got.worst().is_empty());
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    for (k, least) in [(10, 0.5), (32, 0.5), (21, 0.0), (21, 1.5), (21, f64::NAN)] {
        assert!(SimilarityConfig { k, least }.validate().is_err());
    }
}
