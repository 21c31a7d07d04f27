use super::*;
use crate::network::model::ModelConfig;
use crate::network::training::TrainingConfig;
use crate::output::provenance::Input;
use crate::pairs::{Augmentation, SplitRule, TableSource};
use rand::SeedableRng;

fn settings() -> Settings {
    let input = Input {
        path: "x".into(),
        sha256: String::new(),
    };
    Settings {
        table: TableSource {
            file: input.clone(),
            label_column: None,
            bengi: None,
            skip_bad: false,
        },
        reference: input,
        split: SplitRule::Random,
        test_fraction: 0.1,
        validation_fraction: 0.1,
        augmentation: Augmentation::default(),
        model: ModelConfig::default(),
        training: TrainingConfig::default(),
        init: None,
        init_motifs: Vec::new(),
        context: None,
        ensemble: 1,
        activity: None,
    }
}

/// What a file makes of the default space.
fn read(text: &str) -> Result<Space> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("space.toml");
    std::fs::write(&path, text).unwrap();
    Space::read(&path)
}

fn refused(text: &str) -> String {
    let said = read(text).unwrap_err().to_string();
    assert!(said.contains("space.toml"), "{said}");
    said
}

/// A file that gives every parameter but those named the published value.
fn fixed_but(free: &str) -> String {
    let given = settings();
    let fixed = Parameter::ALL
        .into_iter()
        .filter(|parameter| !free.contains(&parameter.to_string()))
        .map(|parameter| format!("{parameter} = [{}]\n", parameter.value(&given)));
    fixed.collect::<String>() + free
}

#[test]
fn the_given_settings_come_first_and_no_two_trials_are_the_same() {
    let given = settings();
    let trials = Space::default().trials(&given, 60).unwrap();
    assert_eq!(trials.len(), 60);
    assert_eq!(trials[0], given);
    for (place, trial) in trials.iter().enumerate() {
        trial.validate().unwrap();
        assert!(Space::default().holds(trial));
        assert!(!trials[..place].contains(trial));
        let TrainingConfig {
            batch_positives,
            batch_negatives,
            ..
        } = trial.training;
        assert_eq!(batch_positives, batch_negatives);
    }
    // Fewer trials are the first of more, and another seed draws others.
    assert_eq!(Space::default().trials(&given, 9).unwrap(), trials[..9]);
    let mut other = given.clone();
    other.training.seed = 2;
    let others = Space::default().trials(&other, 2).unwrap();
    assert_ne!(others[1].model, trials[1].model);
}

#[test]
fn given_settings_outside_the_space_are_not_tried() {
    let mut given = settings();
    given.model.filters = 7;
    given.training.batch_negatives = 64;
    let trials = Space::default().trials(&given, 30).unwrap();
    assert!(trials.iter().all(|trial| trial.model.filters != 7));
    let proportional =
        |trial: &Settings| trial.training.batch_negatives == 2 * trial.training.batch_positives;
    assert!(trials.iter().all(proportional));
}

#[test]
fn a_file_comes_before_the_defaults() {
    let space = read("filters = [8]\nlambda = { range = [1, 2], log = false }\n").unwrap();
    let trials = space.trials(&settings(), 20).unwrap();
    for trial in &trials {
        assert_eq!(trial.model.filters, 8);
        assert!((1.0..=2.0).contains(&trial.model.lambda));
        // The others keep their defaults.
        assert!([11, 15, 19].contains(&trial.model.filter_width));
    }
}

#[test]
fn a_small_space_is_tried_whole() {
    let space = read(&fixed_but("filters = [8, 16]\ntop_k = [4, 8, 4]\n")).unwrap();
    assert_eq!(space.trials(&settings(), 50).unwrap().len(), 4);
}

#[test]
fn spaces_without_a_choice_are_refused() {
    let said = read(&fixed_but("")).unwrap().trials(&settings(), 5);
    let said = said.unwrap_err().to_string();
    assert!(said.contains("nothing to search"), "{said}");
    // No network has more interactions than there are between the bins of its windows.
    let never = read(&fixed_but("top_k = [7000, 8000]\n")).unwrap();
    let said = never.trials(&settings(), 5).unwrap_err().to_string();
    assert!(said.contains("6700 interactions"), "{said}");
    // Where some combinations are valid, only those are tried.
    let some = read(&fixed_but("top_k = [32, 64, 7000]\n")).unwrap();
    assert_eq!(some.trials(&settings(), 5).unwrap().len(), 2);
}

#[test]
fn values_that_cannot_be_are_refused_with_the_parameter() {
    for (text, wanted) in [
        ("filters = []", "filters: no value"),
        ("filters = [1.5]", "filters: 1.5 is not among whole numbers"),
        ("top_k = [0]", "top_k: 0 is not"),
        ("dropout = [0.1, 1.0]", "dropout: 1 is not"),
        ("lambda = [nan]", "lambda: NaN is not"),
        ("learning_rate = [inf]", "learning_rate: inf is not"),
        ("learning_rate = { range = [0.1, 0.01] }", "is empty"),
        ("learning_rate = { range = [nan, 0.01] }", "is empty"),
        ("dropout = { range = [0, 0.5], log = true }", "begin at 0"),
        (
            "lambda = { range = [0, 1], log = false }",
            "lambda: 0 is not",
        ),
        ("pool_width = { range = [2.5, 8] }", "pool_width: 2.5"),
        ("lambda = { range = [1, 2, 3] }", "neither a list"),
        ("lambda = { range = [1, 2], low = 1 }", "neither a list"),
        ("lambda = 3", "neither a list"),
        ("depth = [1]", "depth"),
        ("filters = [", "TOML"),
    ] {
        let said = refused(text);
        assert!(said.contains(wanted), "{text}: {said}");
    }
}

#[test]
fn ranges_are_drawn_evenly_on_their_scale() {
    let draws = |parameter: Parameter, range: [f64; 2], log: Option<bool>| -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let range = Range { range, log };
        range.check(parameter).unwrap();
        (0..4000).map(|_| range.draw(parameter, &mut rng)).collect()
    };
    let part = |values: &[f64], below: f64| {
        values.iter().filter(|&&value| value < below).count() as f64 / values.len() as f64
    };
    // Standard error of a half of 4000: 0.008.
    let even = |part: f64, wanted: f64| assert!((part - wanted).abs() < 0.04, "{part}");
    let rates = draws(Parameter::LearningRate, [1e-4, 1e-2], None);
    even(part(&rates, 1e-3), 0.5);
    let rates = draws(Parameter::LearningRate, [1e-4, 1e-2], Some(false));
    even(part(&rates, 1e-3), 0.09);
    even(
        part(&draws(Parameter::Dropout, [0.0, 0.5], None), 0.25),
        0.5,
    );
    // Both ends of a whole range come as often as the rest.
    let widths = draws(Parameter::PoolWidth, [3.0, 6.0], None);
    for width in [3.0, 4.0, 5.0, 6.0] {
        even(part(&widths, width + 1.0) - part(&widths, width), 0.25);
    }
    let filters = draws(Parameter::Filters, [1.0, 3.0], None);
    assert!(filters.iter().all(|value| [1.0, 2.0, 3.0].contains(value)));
    even(part(&filters, 2.0), 0.5);
    assert!(
        rates
            .iter()
            .all(|rate| format!("{rate:e}").len() <= "1.23e-3".len())
    );
}
