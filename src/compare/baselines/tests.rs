//! What every method promises.

use super::pep::{EmbeddingSettings, PepWord, motif_features};
use super::testing::{collection, pair};
use super::*;
use crate::genome::{ChromId, Chroms, Region, Sequences};
use crate::pairs::{FeatureTable, Pair};
use crate::progress::Silent;
use crate::seed::{Purpose, stream};
use crate::statistics::boosting::Boosting;
use rand::RngExt;

const PAIRS: usize = 120;
const TRAINED: usize = 80;
const BASES: u32 = 60_000;

/// Pairs of 30 enhancers and 20 promoters at random, every third one positive.
fn pairs() -> Vec<Pair> {
    let mut rng = stream(2, Purpose::Simulation, 0);
    let pair = |place: usize| {
        let mut pair = pair(
            1_000 * rng.random_range(0..30),
            1_500 * rng.random_range(0..20) + 30_000,
        );
        pair.elements.enhancer.end += 190;
        pair.elements.promoter.end += 290;
        pair.label = Some(place.is_multiple_of(3));
        pair.line = place as u32 + 2;
        pair
    };
    (0..PAIRS).map(pair).collect()
}

fn sequences() -> Sequences {
    let mut rng = stream(2, Purpose::Simulation, 1);
    let codes = (0..BASES).map(|_| rng.random_range(0..4)).collect();
    let whole = Region {
        chrom: ChromId(0),
        start: 0,
        end: BASES,
    };
    Sequences::of(whole, codes)
}

/// All methods, their forests cut short.
fn methods<'a>(
    pairs: &[Pair],
    sequences: &'a Sequences,
) -> [(&'static str, Box<dyn Method + 'a>); 5] {
    let chroms = Chroms::new([("chr1".to_string(), BASES)]).unwrap();
    let mut rng = stream(2, Purpose::Simulation, 2);
    let noise = ["A (enhancer)", "B (promoter)"].map(|name| {
        let values = pairs.iter().map(|_| rng.random()).collect();
        (name.to_string(), values)
    });
    let features = FeatureTable::new(noise).unwrap();
    let motifs = collection(&["GATT", "ACGT", "TTTT"]);
    let densities = motif_features(&motifs, pairs, &chroms, sequences, &Silent).unwrap();
    let short = |table, settings| Boosted {
        table,
        settings: Boosting {
            trees: 20,
            ..settings
        },
    };
    let embedding = EmbeddingSettings {
        dimensions: 8,
        window: 4,
        negatives: 2,
        epochs: 1,
    };
    let boosting = Boosting {
        trees: 20,
        ..Boosting::PEP
    };
    let words = PepWord::new(pairs, &chroms, sequences).with_settings(embedding, boosting);
    [
        (
            "TargetFinder",
            Box::new(short(features, Boosting::TARGETFINDER)),
        ),
        ("PEP-Motif", Box::new(short(densities, Boosting::PEP))),
        ("PEP-Word", Box::new(words)),
        ("distance", Box::new(Distance::new(pairs))),
        ("propensity", Box::new(Propensity::new(pairs))),
    ]
}

/// The scores of the test part by every method, learned from the training part's labels.
fn scores(pairs: &[Pair], threads: usize) -> Vec<(&'static str, Vec<f64>)> {
    let sequences = sequences();
    let train = Labelled::of(pairs, &(0..TRAINED).collect::<Vec<_>>());
    let test: Vec<usize> = (TRAINED..PAIRS).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(|| {
        let score = |(name, method): (_, Box<dyn Method + '_>)| {
            (name, method.scores(&train, &test, 7).unwrap())
        };
        methods(pairs, &sequences).into_iter().map(score).collect()
    })
}

#[test]
fn every_method_gives_probabilities_that_tell_pairs_apart() {
    let scores = scores(&pairs(), 2);
    for (name, scores) in scores {
        assert_eq!(scores.len(), PAIRS - TRAINED);
        assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
        let distinct = scores.iter().filter(|&&score| score != scores[0]).count();
        assert!(distinct > 10, "{name}: {scores:?}");
    }
}

#[test]
fn the_labels_of_the_test_part_change_no_score_and_those_of_training_do() {
    let plain = pairs();
    let turn = |places: std::ops::Range<usize>| {
        let mut pairs = plain.clone();
        for pair in &mut pairs[places] {
            pair.label = pair.label.map(|label| !label);
        }
        pairs
    };
    let before = scores(&plain, 2);
    assert_eq!(before, scores(&turn(TRAINED..PAIRS), 2));
    let mut unknown = plain.clone();
    unknown[TRAINED..]
        .iter_mut()
        .for_each(|pair| pair.label = None);
    assert_eq!(before, scores(&unknown, 2));
    for (before, after) in before.iter().zip(scores(&turn(0..TRAINED), 2)) {
        assert_ne!(*before, after);
    }
}

#[test]
fn the_number_of_threads_changes_no_score() {
    let pairs = pairs();
    assert_eq!(scores(&pairs, 1), scores(&pairs, 3));
}

#[test]
fn what_else_is_tested_changes_no_score() {
    let (pairs, sequences) = (pairs(), sequences());
    let train = Labelled::of(&pairs, &(0..TRAINED).collect::<Vec<_>>());
    for (name, method) in methods(&pairs, &sequences) {
        let alone = method.scores(&train, &[100], 7).unwrap();
        let among = method.scores(&train, &[99, 100, 119], 7).unwrap();
        assert_eq!(alone[0], among[1], "{name}");
        assert_eq!(method.scores(&train, &[], 7).unwrap(), [0.0; 0]);
    }
}

#[test]
fn one_class_alone_teaches_no_method() {
    let (pairs, sequences) = (pairs(), sequences());
    let mut train = Labelled::of(&pairs, &[0, 3, 6]);
    train.retain(|example| example.positive);
    for (_, method) in methods(&pairs, &sequences) {
        for train in [&train[..], &[]] {
            let error = method.scores(train, &[100], 7).unwrap_err();
            assert!(error.to_string().contains("0 negative"), "{error}");
        }
    }
}

#[test]
fn pairs_without_a_label_are_no_examples() {
    let mut pairs = pairs();
    pairs[4].label = None;
    let examples = Labelled::of(&pairs, &[3, 4, 5]);
    let wanted = [(3, true), (5, false)].map(|(pair, positive)| Labelled { pair, positive });
    assert_eq!(examples, wanted);
}
