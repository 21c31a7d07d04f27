use super::*;
use crate::evaluation::{Calibration, brier};
use crate::statistics::Clusters;
use proptest::prelude::*;

/// Numbers between 0 and 1 that repeat no pattern: a linear congruential generator (Knuth's MMIX).
fn uniform(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let next = |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..count).map(next).collect()
}

/// Pairs whose labels are drawn with log-odds of `slope` · logit + `offset`.
fn drawn(count: usize, slope: f64, offset: f64, seed: u64) -> Vec<Scored> {
    let draws = uniform(3 * count, seed);
    let pair = |of: &[f64]| {
        // From −6 to 6, most often near 0.
        let score = 6.0 * (of[0] + of[1] - 1.0);
        Scored {
            score,
            positive: of[2] < sigmoid(slope * score + offset),
        }
    };
    draws.chunks_exact(3).map(pair).collect()
}

/// The same pairs with calibrated probabilities.
fn calibrated(of: &Correction, scored: &[Scored]) -> Vec<Scored> {
    let probability = |pair: &Scored| Scored {
        score: of.probability(pair.score),
        ..*pair
    };
    scored.iter().map(probability).collect()
}

fn expected_error(scored: &[Scored]) -> f64 {
    let apart = Clusters::new((0..scored.len()).map(|place| (place, place)));
    Calibration::new(scored, &apart, 10).unwrap().expected_error
}

#[test]
fn slope_and_offset_are_found_again() {
    for (slope, offset) in [(0.6, -2.0), (1.0, 0.0), (2.5, -1.0)] {
        let got = Correction::fit(&drawn(50_000, slope, offset, 1)).unwrap();
        assert!((got.slope - slope).abs() < 0.05 * slope, "{got:?}");
        assert!((got.offset - offset).abs() < 0.08, "{got:?}");
    }
}

/// On pairs like those that it was fitted on, but others.
#[test]
fn calibrated_probabilities_come_true() {
    let [fitted_on, others] = [2, 3].map(|seed| drawn(20_000, 0.5, -2.5, seed));
    let got = Correction::fit(&fitted_on).unwrap();
    let calibrated = calibrated(&got, &others);
    let raw: Vec<Scored> = others
        .iter()
        .map(|of| Scored {
            score: sigmoid(of.score),
            ..*of
        })
        .collect();
    // Ten bins of 2,000 pairs: by chance some 0.005.
    assert!(expected_error(&calibrated) < 0.012);
    assert!(expected_error(&raw) > 0.2);
    let baseline: Vec<Scored> = others
        .iter()
        .map(|of| Scored {
            score: got.prevalence(),
            ..*of
        })
        .collect();
    let [calibrated, raw, baseline] = [calibrated, raw, baseline].map(|set| brier(&set).unwrap());
    assert!(
        calibrated < baseline && baseline < raw,
        "{calibrated} {baseline} {raw}"
    );
}

#[test]
fn few_pairs_of_a_class_give_an_offset_alone() {
    let mut scored = drawn(400, 0.5, 0.0, 4);
    let mut positives = 0;
    scored.retain(|of| {
        positives += usize::from(of.positive);
        !of.positive || positives < FEWEST
    });
    let got = Correction::fit(&scored).unwrap();
    assert_eq!((got.slope, got.positives), (1.0, FEWEST - 1));
    assert!(got.to_string().contains("19 + "), "{got}");
    assert!(got.to_string().contains("too few for a slope"), "{got}");
    // One more, and there is a slope.
    scored.push(Scored {
        score: 1.0,
        positive: true,
    });
    assert_ne!(Correction::fit(&scored).unwrap().slope, 1.0);
}

#[test]
fn one_class_leaves_nothing_to_fit() {
    for positive in [true, false] {
        let same = [0.5, 1.0, -2.0].map(|score| Scored { score, positive });
        assert_eq!(Correction::fit(&same), None);
    }
    assert_eq!(Correction::fit(&[]), None);
}

#[test]
fn a_logit_that_tells_nothing_leaves_the_prevalence() {
    // The higher, the rarer the positives; and all the same.
    let reversed = drawn(2_000, -1.0, -1.0, 5);
    let same: Vec<Scored> = reversed
        .iter()
        .map(|of| Scored { score: 0.1, ..*of })
        .collect();
    for scored in [reversed, same] {
        let got = Correction::fit(&scored).unwrap();
        for of in &scored {
            assert!((got.probability(of.score) - got.prevalence()).abs() < 1e-9);
        }
    }
    let text = Correction::fit(&drawn(2_000, -1.0, -1.0, 5))
        .unwrap()
        .to_string();
    assert!(text.contains("0.000 × logit −"), "{text}");
    assert!(text.contains("does not tell positives"), "{text}");
}

/// Separated classes have no finite regression without Platt's targets.
#[test]
fn separated_classes_stay_finite() {
    let scored: Vec<Scored> = (0..80)
        .map(|place| Scored {
            score: f64::from(place) - 39.5,
            positive: place >= 40,
        })
        .collect();
    let got = Correction::fit(&scored).unwrap();
    assert!(got.slope.is_finite() && got.slope > 0.0, "{got:?}");
    assert!(got.offset.abs() < 1e-6, "{got:?}");
}

#[test]
fn another_prior_moves_the_log_odds() {
    let of_table = Correction::fit(&drawn(1_000, 0.7, -1.0, 6)).unwrap();
    let stated = of_table.with_prior(Some(0.01));
    let shift = log_odds(0.01) - log_odds(of_table.prevalence());
    for logit in [-4.0, 0.0, 3.0] {
        let [before, after] = [of_table, stated].map(|of| log_odds(of.probability(logit)));
        assert!((after - before - shift).abs() < 1e-9);
    }
    assert!((of_table.of_probability(0.5) - of_table.probability(0.0)).abs() < 1e-12);
    assert!((0.0..=1.0).contains(&of_table.of_probability(1.0)));
    let own = of_table.with_prior(Some(of_table.prevalence()));
    assert_eq!(own.probability(0.3), of_table.probability(0.3));
    let json = serde_json::to_string(&of_table).unwrap();
    assert!(!json.contains("prior"), "{json}");
    let back: Correction = serde_json::from_str(&json).unwrap();
    assert_eq!(back, of_table);
}

proptest! {
    /// Whatever the pairs, the mean is the part of positives, and no two change places.
    #[test]
    fn the_mean_is_kept_and_the_order(
        set in prop::collection::vec((-30f32..30.0, any::<bool>()), 2..200)
    ) {
        let scored: Vec<Scored> = set
            .iter()
            .map(|&(score, positive)| Scored { score: f64::from(score), positive })
            .collect();
        let (positives, negatives) = classes(&scored);
        prop_assume!(positives > 0 && negatives > 0);
        let got = Correction::fit(&scored).unwrap();
        prop_assert!(got.slope >= 0.0 && got.slope.is_finite() && got.offset.is_finite());
        let mut probabilities = calibrated(&got, &scored);
        let mean = probabilities.iter().map(|of| of.score).sum::<f64>() / scored.len() as f64;
        prop_assert!((mean - got.prevalence()).abs() < 1e-9, "{} {:?}", mean, got);
        let mut order: Vec<usize> = (0..scored.len()).collect();
        order.sort_by(|&a, &b| scored[a].score.total_cmp(&scored[b].score));
        probabilities = order.iter().map(|&place| probabilities[place]).collect();
        prop_assert!(probabilities.iter().all(|of| (0.0..=1.0).contains(&of.score)));
        prop_assert!(probabilities.is_sorted_by(|a, b| a.score <= b.score + 1e-15));
    }
}
