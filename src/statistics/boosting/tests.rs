use super::*;
use crate::evaluation::{Scored, auroc};
use rand::RngExt;

fn table(columns: &[&[f32]]) -> Vec<Vec<f32>> {
    columns.iter().map(|values| values.to_vec()).collect()
}

/// The first rows of a table, with these labels.
fn train(labels: &[u8]) -> Vec<Example> {
    let example = |(row, &label): (usize, &u8)| Example {
        row,
        positive: label == 1,
    };
    labels.iter().enumerate().map(example).collect()
}

/// One feature that tells the classes apart, and one tree.
fn one_step(settings: Boosting, labels: &[u8]) -> Vec<f64> {
    let values: Vec<f32> = (0..labels.len()).map(|at| at as f32).collect();
    let table = table(&[&values]);
    let settings = Boosting {
        trees: 1,
        depth: 1,
        ..settings
    };
    let forest = settings.fit(&table, &train(labels), 1).unwrap();
    forest.probabilities(&table, &(0..labels.len()).collect::<Vec<_>>())
}

fn close(got: &[f64], wanted: &[f64], by: f64) {
    let near = got.iter().zip(wanted).all(|(a, b)| (a - b).abs() < by);
    assert!(near && got.len() == wanted.len(), "{got:?}\n{wanted:?}");
}

#[test]
fn the_first_step_is_as_computed_by_hand() {
    // Residuals of ±1/2, curvatures of 1/4: leaves of ±1/(1/2), or ±1/(1/2 + λ).
    let plain = one_step(Boosting::TARGETFINDER, &[0, 0, 1, 1]);
    let [low, high] = [logistic(-0.2), logistic(0.2)];
    close(&plain, &[low, low, high, high], 1e-12);
    let criterion = Criterion::Newton {
        lambda: 1.0,
        side_weight: 0.5,
    };
    let newton = Boosting {
        criterion,
        ..Boosting::PEP
    };
    let step = 0.1 / 1.5;
    let [low, high] = [logistic(-step), logistic(step)];
    close(
        &one_step(newton.clone(), &[0, 0, 1, 1]),
        &[low, low, high, high],
        1e-12,
    );
    // Balanced: a positive weighs 3, so that it starts from 1/2, pulls by 3/2 and bends by 3/4.
    let wanted = [
        -0.1 * 1.5 / 1.75,
        -0.1 * 1.5 / 1.75,
        -0.1 * 1.5 / 1.75,
        0.1 * 1.5 / 1.75,
    ];
    close(
        &one_step(newton, &[0, 0, 0, 1]),
        &wanted.map(logistic),
        1e-12,
    );
}

#[test]
fn sides_of_too_little_curvature_are_not_cut_off() {
    // Four examples of curvature 1/4: no side can have 1.
    close(&one_step(Boosting::PEP, &[0, 0, 1, 1]), &[0.5; 4], 1e-12);
}

/// 800 examples of whole-numbered features, the first 600 to train on, the same as in the script
/// that the numbers below come from: a linear congruential generator with the multiplier
/// 6364136223846793005, the increment 1442695040888963407 and the seed 1, of which the upper 31
/// bits are taken modulo `n`.
fn reference_set() -> (Vec<Vec<f32>>, Vec<u8>) {
    let mut state = 1u64;
    let mut draw = |n: u64| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) % n
    };
    let mut columns = vec![Vec::new(); 4];
    let mut labels = Vec::new();
    for _ in 0..800 {
        let x: Vec<u64> = columns.iter().map(|_| draw(200)).collect();
        let label = ((x[0] > 100) != (x[1] > 80)) && x[2] > 50;
        labels.push(u8::from(label != (draw(10) == 0)));
        for (column, value) in columns.iter_mut().zip(x) {
            column.push(value as f32);
        }
    }
    let columns: Vec<&[f32]> = columns.iter().map(Vec::as_slice).collect();
    (table(&columns), labels[..600].to_vec())
}

/// The probabilities of every eightieth example of the reference set.
fn on_reference_set(settings: Boosting) -> Vec<f64> {
    let (table, labels) = reference_set();
    let forest = settings.fit(&table, &train(&labels), 1).unwrap();
    let every_eightieth: Vec<usize> = (0..800).step_by(80).collect();
    forest.probabilities(&table, &every_eightieth)
}

/// scikit-learn 1.9.1, `GradientBoostingClassifier(n_estimators=20, learning_rate=0.1,
/// max_depth=2)`; twelve values of `random_state` gave the same.
#[test]
fn as_scikit_learn() {
    let got = on_reference_set(Boosting {
        trees: 20,
        depth: 2,
        features: FeaturesPerNode::All,
        balanced: false,
        ..Boosting::TARGETFINDER
    });
    let wanted = [
        0.40906531108745453,
        0.6031647510370585,
        0.623403470393436,
        0.16681417779970442,
        0.443308378102595,
        0.40906531108745453,
        0.11848944582092502,
        0.160602296449084,
        0.5893077944575263,
        0.6031647510370585,
    ];
    close(&got, &wanted, 1e-12);
}

/// The same with `sample_weight=np.where(y == 1, negatives / positives, 1)` in `fit`.
#[test]
fn as_scikit_learn_with_balanced_classes() {
    let got = on_reference_set(Boosting {
        trees: 20,
        depth: 2,
        features: FeaturesPerNode::All,
        ..Boosting::TARGETFINDER
    });
    let wanted = [
        0.4841159220423961,
        0.6897247184658084,
        0.6982316706066101,
        0.19886415030669385,
        0.5345737878584323,
        0.4950444921220776,
        0.15893634376928195,
        0.20733250109771284,
        0.6668675229913814,
        0.6802884318026685,
    ];
    close(&got, &wanted, 1e-12);
}

/// XGBoost 3.2.0, `XGBClassifier(max_depth=10, learning_rate=0.1, n_estimators=20,
/// scale_pos_weight=negatives/positives, base_score=0.5, tree_method="exact")`, which computes in
/// single precision; `"hist"` gave the same.
#[test]
fn as_xgboost() {
    let got = on_reference_set(Boosting {
        trees: 20,
        ..Boosting::PEP
    });
    let wanted = [
        0.23500652611255646,
        0.23666606843471527,
        0.9129188060760498,
        0.09516065567731857,
        0.827633798122406,
        0.8208728432655334,
        0.0878060832619667,
        0.34468525648117065,
        0.9064044952392578,
        0.8924829363822937,
    ];
    close(&got, &wanted, 5e-5);
}

/// Two features of some that matter only together.
fn noisy(pairs: usize, features: usize) -> (Vec<Vec<f32>>, Vec<u8>) {
    let mut rng = stream(5, Purpose::Simulation, 0);
    let columns: Vec<Vec<f32>> = (0..features)
        .map(|_| (0..pairs).map(|_| rng.random()).collect())
        .collect();
    let labels = (0..pairs)
        .map(|pair| u8::from((columns[3][pair] > 0.5) != (columns[7][pair] > 0.5)))
        .collect();
    let columns: Vec<&[f32]> = columns.iter().map(Vec::as_slice).collect();
    (table(&columns), labels)
}

#[test]
fn features_that_matter_only_together_are_found() {
    for settings in [Boosting::TARGETFINDER, Boosting::PEP] {
        let (table, labels) = noisy(1500, 12);
        let settings = Boosting {
            trees: 300,
            ..settings
        };
        let forest = settings.fit(&table, &train(&labels[..1000]), 1).unwrap();
        let test: Vec<usize> = (1000..1500).collect();
        let scores = forest.probabilities(&table, &test);
        let scored: Vec<Scored> = scores
            .iter()
            .zip(&labels[1000..])
            .map(|(&score, &label)| Scored {
                score,
                positive: label == 1,
            })
            .collect();
        let auroc = auroc(&scored).unwrap();
        assert!(auroc > 0.9, "{settings:?}: {auroc}");
    }
}

#[test]
fn the_number_of_threads_and_the_order_of_the_test_change_nothing_but_the_seed_does() {
    let (table, labels) = noisy(4000, 40);
    let fit = |threads: usize, seed: u64, settings: &Boosting| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        pool.install(|| settings.fit(&table, &train(&labels), seed).unwrap())
    };
    let sampled = Boosting {
        trees: 10,
        ..Boosting::TARGETFINDER
    };
    assert_eq!(fit(1, 1, &sampled), fit(3, 1, &sampled));
    assert_ne!(fit(1, 1, &sampled), fit(1, 2, &sampled));
    let all = Boosting {
        trees: 3,
        ..Boosting::PEP
    };
    assert_eq!(fit(1, 1, &all), fit(3, 2, &all), "nothing is drawn");
    let forest = fit(1, 1, &all);
    let mut reversed = forest.probabilities(&table, &[9, 5, 0]);
    reversed.reverse();
    assert_eq!(forest.probabilities(&table, &[0, 5, 9]), reversed);
}

#[test]
fn the_first_trees_say_what_a_forest_of_so_many_says() {
    let (table, labels) = noisy(600, 12);
    let of = |trees: usize| {
        let settings = Boosting {
            trees,
            ..Boosting::TARGETFINDER
        };
        settings.fit(&table, &train(&labels), 1).unwrap()
    };
    let rows = [0, 7, 599];
    let staged = of(9).staged(&table, &rows, &[3, 9]);
    for (place, trees) in [3, 9].into_iter().enumerate() {
        let wanted = of(trees).log_odds(&table, &rows);
        let found: Vec<f64> = staged.iter().map(|of| of[place]).collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn a_forest_survives_json_to_the_bit() {
    let (table, labels) = noisy(600, 12);
    let settings = Boosting {
        trees: 30,
        ..Boosting::TARGETFINDER
    };
    let forest = settings.fit(&table, &train(&labels), 1).unwrap();
    let json = serde_json::to_string(&forest).unwrap();
    let again: Forest = serde_json::from_str(&json).unwrap();
    assert_eq!(again, forest);
    let rows: Vec<usize> = (0..600).collect();
    assert_eq!(
        again.log_odds(&table, &rows),
        forest.log_odds(&table, &rows)
    );
    assert!((1..=12).contains(&forest.features()));
    let broken = json.replacen("\",\"", " 1.0\",\"", 1);
    assert!(serde_json::from_str::<Forest>(&broken).is_err());
}

#[test]
fn trees_are_no_deeper_than_asked() {
    let (table, labels) = noisy(600, 40);
    let settings = Boosting {
        trees: 5,
        depth: 3,
        ..Boosting::TARGETFINDER
    };
    let forest = settings.fit(&table, &train(&labels), 1).unwrap();
    let leaves: Vec<usize> = forest.trees.iter().map(Tree::leaves).collect();
    assert!(
        leaves.iter().all(|leaves| (2..=8).contains(leaves)),
        "{leaves:?}"
    );
    assert!(leaves.contains(&8));
}

#[test]
fn constant_features_are_passed_over_for_others() {
    // Only one of 64 features varies: six are drawn, and then one after the other until it comes.
    let constant = vec![1.0; 40];
    let telling: Vec<f32> = (0..40).map(|at| at as f32).collect();
    let mut columns = vec![constant.as_slice(); 64];
    columns[50] = &telling;
    let table = table(&columns);
    let labels: Vec<u8> = (0..40).map(|at| u8::from(at >= 20)).collect();
    let settings = Boosting {
        trees: 50,
        ..Boosting::TARGETFINDER
    };
    let forest = settings.fit(&table, &train(&labels), 1).unwrap();
    let got = forest.probabilities(&table, &[0, 39]);
    assert!(got[0] < 0.02 && got[1] > 0.98, "{got:?}");
}

#[test]
fn thousands_of_trees_on_separable_examples_stay_finite() {
    let values: Vec<f32> = (0..60).map(|at| at as f32).collect();
    let labels: Vec<u8> = (0..60).map(|at| u8::from(at % 7 == 0)).collect();
    let table = table(&[&values]);
    for settings in [Boosting::TARGETFINDER, Boosting::PEP] {
        let settings = Boosting {
            trees: 20_000,
            ..settings
        };
        let forest = settings.fit(&table, &train(&labels), 1).unwrap();
        let got = forest.probabilities(&table, &(0..60).collect::<Vec<_>>());
        assert!(got.iter().all(|p| (0.0..=1.0).contains(p)), "{got:?}");
    }
}

#[test]
fn settings_and_examples_that_make_no_sense_are_refused() {
    let table = table(&[&[1.0, 2.0]]);
    let nothing = Boosting {
        trees: 0,
        ..Boosting::PEP
    };
    let backwards = Boosting {
        rate: f64::NAN,
        ..Boosting::PEP
    };
    for bad in [nothing, backwards] {
        let error = bad.fit(&table, &train(&[0, 1]), 1).unwrap_err();
        assert!(matches!(error, Error::Configuration(_)));
    }
    for one_class in [&[0, 0][..], &[1], &[]] {
        let error = Boosting::PEP.fit(&table, &train(one_class), 1).unwrap_err();
        assert!(matches!(error, Error::Undefined(_)));
    }
}
