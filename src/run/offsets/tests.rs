use super::*;
use crate::evaluation::Told;
use crate::genome::ChromId;
use crate::run::context::ContextAssay;

fn batches(positives: usize, negatives: usize) -> TrainingConfig {
    TrainingConfig {
        batch_positives: positives,
        batch_negatives: negatives,
        ..TrainingConfig::default()
    }
}

#[test]
fn offsets_are_what_is_more_probable_than_any_pair() {
    // One in five: what is as probable as any pair adds nothing.
    let prior = 0.25f64.ln();
    let of = |training: &TrainingConfig| {
        Offsets::new(vec![prior, prior + 2.0, prior - 1.0], 0.2, training, None)
    };
    let offsets = of(&batches(32, 32));
    assert!(offsets.alone(0).abs() < 1e-6 && (offsets.alone(1) - 2.0).abs() < 1e-6);
    assert_eq!(offsets.of(1).log_odds(0.75), offsets.alone(1) + 0.75);
    assert!((offsets.probability(0) - 0.5).abs() < 1e-6);
    let places = offsets.of_places(&[2, 0]);
    assert_eq!(places, [offsets.of(2), offsets.of(0)]);
    // Of batches with three negatives to a positive any pair is one in four.
    let uneven = of(&batches(8, 24));
    assert_eq!(uneven.of_places(&[0, 1, 2]), offsets.of_places(&[0, 1, 2]));
    assert!((uneven.probability(0) - 0.25).abs() < 1e-6);
}

#[test]
fn where_the_sequence_has_no_say_a_pair_is_as_probable_as_by_its_context() {
    let told = |sequence: f64, positive| Told {
        sequence,
        context: 0.0,
        positive,
    };
    // The sequence is wrong about both.
    let sum = Sum::beside(&[told(-3.0, true), told(3.0, false)], (1.0f64 / 3.0).ln());
    assert_eq!(sum.sequence, 0.0);
    let offsets = Offsets::new(vec![-1.0, 0.5], 0.2, &batches(8, 24), Some(sum));
    for place in 0..2 {
        let with = probability(offsets.of(place).log_odds(7.0));
        assert!((with - offsets.probability(place)).abs() < 1e-6);
    }
}

/// A context of these assays, each with what stands for its file's content.
fn source(assays: &[(&str, &str, &str)]) -> ContextSource {
    let assay = |&(name, path, sha256): &(&str, &str, &str)| ContextAssay {
        name: name.to_string(),
        file: Input {
            path: PathBuf::from(path),
            sha256: sha256.to_string(),
        },
    };
    ContextSource {
        features: None,
        assays: assays.iter().map(assay).collect(),
    }
}

#[test]
fn files_that_moved_are_taken_in_any_order_and_the_others_are_where_they_were() {
    let own = source(&[("DNase", "d", "1"), ("CTCF", "c", "2")]);
    let moved = source(&[("DNase", "e", "1"), ("CTCF", "f", "2")]);
    let turned = source(&[("CTCF", "f", "2"), ("DNase", "e", "1")]);
    assert_eq!(completed(&turned, &own), Some(moved));
    let one = source(&[("CTCF", "f", "2")]);
    let wanted = source(&[("DNase", "d", "1"), ("CTCF", "f", "2")]);
    assert_eq!(completed(&one, &own), Some(wanted));
    for other in [("CTCF", "f", "3"), ("ATAC", "f", "2")] {
        assert_eq!(completed(&source(&[other]), &own), None);
    }
    let ready = ContextSource {
        features: Some(one.assays[0].file.clone()),
        ..ContextSource::default()
    };
    assert_eq!(completed(&ready, &own), None);
}

#[test]
fn a_file_of_context_that_has_changed_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bed");
    std::fs::write(&path, "chr1").unwrap();
    let given = ContextSource {
        features: Some(Input::new(&path).unwrap()),
        ..ContextSource::default()
    };
    assert_eq!(unchanged(given.clone()).unwrap(), given);
    std::fs::write(&path, "chr2").unwrap();
    let error = unchanged(given).unwrap_err().to_string();
    assert!(error.contains("its content has changed"), "{error}");
}

#[test]
fn start_sites_become_promoters_of_the_usual_length_on_their_chromosome() {
    assert_eq!(median([900, 5, 300, 400].into_iter()), 300);
    assert_eq!(median(std::iter::empty()), 1);
    let chroms = Chroms::new([("chr1".to_string(), 10_000)]).unwrap();
    let region = |start, end| Region {
        chrom: ChromId(0),
        start,
        end,
    };
    let of = |start, end| widened(region(start, end), 301, &chroms);
    assert_eq!(of(5000, 5001), region(4850, 5151));
    assert_eq!(of(100, 101), region(0, 251));
    assert_eq!(of(9990, 9991), region(9840, 10_000));
    // What is as long stays.
    assert_eq!(of(5000, 5400), region(5000, 5400));
}
