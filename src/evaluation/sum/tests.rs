use super::*;
use crate::evaluation::{Scored, average_precision};
use crate::seed::{Purpose, stream};
use proptest::prelude::*;
use rand::RngExt;

fn told(sequence: f64, context: f64, positive: bool) -> Told {
    Told {
        sequence,
        context,
        positive,
    }
}

/// scikit-learn's `LogisticRegression(C=1)` on `StandardScaler`'s columns has the same loss.
#[test]
fn the_fit_is_where_the_loss_is_least() {
    let pairs: Vec<Told> = (0..60)
        .map(|at| {
            let [first, second] = [at * 37 % 61, at * 17 % 53].map(f64::from);
            told(
                first / 7.0 - 3.0,
                second,
                ((first + second) as u32).is_multiple_of(3) || second > 40.0,
            )
        })
        .collect();
    let sum = Sum::fit(&pairs).unwrap();
    let all = |of: &dyn Fn(&Told) -> f64| pairs.iter().map(of).sum::<f64>();
    let n = pairs.len() as f64;
    let error = |of: &Told| {
        let log_odds = sum.log_odds(of.sequence, of.context);
        1.0 / (1.0 + (-log_odds).exp()) - f64::from(u8::from(of.positive))
    };
    assert!(all(&error).abs() < 1e-6, "{sum:?}");
    let values: [fn(&Told) -> f64; 2] = [|of| of.sequence, |of| of.context];
    for (value, coefficient) in values.into_iter().zip([sum.sequence, sum.context]) {
        let mean = all(&value) / n;
        let variance = all(&|of| (value(of) - mean).powi(2)) / n;
        // Of the standardised coefficient, in its own units.
        let cost = RIDGE * coefficient * variance;
        let slope = all(&|of| error(of) * (value(of) - mean)) + cost;
        assert!(slope.abs() < 1e-4 * variance.sqrt(), "{slope} {sum:?}");
    }
    assert_eq!(sum.positives + sum.negatives, 60);
}

#[test]
fn what_would_count_the_wrong_way_round_counts_for_nothing() {
    // Positives are those with a high context and, less strictly, a low score by sequence.
    let of = |at: usize| {
        let (low, high) = ((at * 7 % 10) as f64, (at * 3 % 10) as f64);
        told(low, high, high - 0.5 * low > 2.0)
    };
    let pairs: Vec<Told> = (0..100).map(|at| of(at * at + at / 3)).collect();
    let sum = Sum::fit(&pairs).unwrap();
    assert_eq!(sum.sequence, 0.0);
    assert!(sum.context > 0.1, "{sum:?}");
    // Without the other column the same context has the same weight.
    let alone: Vec<Told> = pairs
        .iter()
        .map(|of| Told {
            sequence: 0.0,
            ..*of
        })
        .collect();
    assert!((Sum::fit(&alone).unwrap().context - sum.context).abs() < 1e-9);
    let reversed: Vec<Told> = pairs
        .iter()
        .map(|of| told(-of.context, -of.context, of.positive))
        .collect();
    let sum = Sum::fit(&reversed).unwrap();
    assert_eq!((sum.sequence, sum.context), (0.0, 0.0));
}

#[test]
fn what_says_nothing_has_next_to_no_weight_and_one_class_no_sum() {
    let pairs: Vec<Told> = (0..400)
        .map(|at| told(f64::from(at / 2 % 2), f64::from(at % 2), at % 2 == 1))
        .collect();
    let sum = Sum::fit(&pairs).unwrap();
    assert!(sum.context > 1.0 && sum.sequence.abs() < 1e-6, "{sum:?}");
    let positive = |of: &Told| told(of.sequence, of.context, true);
    let positives: Vec<Told> = pairs.iter().map(positive).collect();
    assert_eq!(Sum::fit(&positives), None);
    assert_eq!(Sum::fit(&[]), None);
}

/// Log-odds that a Bernoulli draw of a pair follows, by a number of the pair.
fn drawn(number: usize, log_odds: f64) -> bool {
    let part = (number as f64 * 0.618_033_988_749_895).fract();
    part < 1.0 / (1.0 + (-log_odds).exp())
}

#[test]
fn beside_a_context_the_sequence_counts_as_far_as_it_says_something() {
    let values = |number: usize| {
        let [one, other] = [(number * 37 % 101) as f64, (number * 53 % 97) as f64];
        (one / 20.0 - 2.5, other / 20.0 - 2.4)
    };
    let pairs = |truth: f64, learnt: f64, n: usize| -> Vec<Told> {
        let of = |number: usize| {
            let (sequence, context) = values(number);
            told(
                learnt * sequence,
                context,
                drawn(number, truth * sequence + context),
            )
        };
        (0..n).map(of).collect()
    };
    // As it was learnt, and three times too sure of itself.
    let as_it_is = Sum::beside(&pairs(1.0, 1.0, 4000), -1.0);
    assert!((as_it_is.sequence - 1.0).abs() < 0.1, "{as_it_is:?}");
    assert_eq!(as_it_is.context, 1.0);
    let sure = Sum::beside(&pairs(1.0, 3.0, 4000), -1.0);
    assert!((sure.sequence - 1.0 / 3.0).abs() < 0.04, "{sure:?}");
    assert!((sure.offset + 1.0 - sure.sequence).abs() < 1e-12);
    // What says nothing, or the wrong way round, counts for nothing: the prior is there all the same.
    let wrong = Sum::beside(&pairs(-0.5, 1.0, 400), -1.0);
    assert_eq!((wrong.sequence, wrong.offset), (0.0, -1.0));
    assert_eq!(wrong.log_odds(3.0, 0.5), -0.5);
    // Of a few pairs less than of many.
    let few = Sum::beside(&pairs(1.0, 3.0, 30), -1.0);
    assert!(few.sequence < sure.sequence, "{few:?} {sure:?}");
    let positive = |of: Told| Told {
        positive: true,
        ..of
    };
    // What hardly differs is not made large.
    let small = Sum::beside(&pairs(1.0, 1e-3, 4000), -1.0);
    assert!((0.9..=1.0).contains(&small.sequence), "{small:?}");
    let one_class = pairs(1.0, 1.0, 20).into_iter().map(positive);
    let one_class = Sum::beside(&one_class.collect::<Vec<_>>(), -1.0);
    assert_eq!((one_class.sequence, one_class.offset), (1.0, 0.0));
}

/// Pairs of which the context says all, and so many columns of log-odds by sequence that say nothing.
fn of_chance(draw: u64, columns: usize) -> Vec<Vec<Told>> {
    let mut random = stream(1, Purpose::Bootstrap, draw);
    let mut known = || {
        let context: f64 = random.random_range(-2.0..2.0);
        let part: f64 = random.random();
        (context, part < 1.0 / (1.0 + (-context).exp()))
    };
    let known: Vec<(f64, bool)> = (0..120).map(|_| known()).collect();
    let mut column = || -> Vec<Told> {
        let mut of = |&(context, positive)| told(random.random_range(-3.0..3.0), context, positive);
        known.iter().map(&mut of).collect()
    };
    (0..columns).map(|_| column()).collect()
}

#[test]
fn a_sequence_that_says_nothing_rarely_counts() {
    let weight = |pairs: &Vec<Told>| Sum::beside(pairs, 0.0).sequence;
    let counted = (0..200).filter(|&draw| weight(&of_chance(draw, 1)[0]) > 0.0);
    // χ² of one degree of freedom is above 1 in 32 %, half of them on the side of more.
    let counted = counted.count();
    assert!((12..=52).contains(&counted), "{counted}");
}

/// An epoch that the same pairs have chosen looks better on them: then it counts more often, but for little.
#[test]
fn the_best_of_some_epochs_that_say_nothing_counts_for_little() {
    let best = |draw: u64| {
        let precision = |pairs: &[Told]| {
            let scored = |of: &Told| Scored {
                score: of.sequence + of.context,
                positive: of.positive,
            };
            average_precision(&pairs.iter().map(scored).collect::<Vec<_>>()).unwrap()
        };
        let epochs = of_chance(draw, 8).into_iter();
        let best = epochs.max_by(|a, b| precision(a).total_cmp(&precision(b)));
        Sum::beside(&best.unwrap(), 0.0).sequence
    };
    let weights: Vec<f64> = (0..200).map(best).collect();
    let counted = weights.iter().filter(|weight| **weight > 0.0).count();
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    assert!(
        (60..=180).contains(&counted) && mean < 0.15,
        "{counted} {mean}"
    );
}

proptest! {
    #[test]
    fn every_sum_is_finite(
        pairs in prop::collection::vec((-9.0..9.0f64, -9.0..9.0f64, any::<bool>()), 2..40)
    ) {
        let pairs: Vec<Told> = pairs.into_iter().map(|(s, c, p)| told(s, c, p)).collect();
        let beside = Sum::beside(&pairs, 0.5);
        prop_assert!((0.0..=1.0).contains(&beside.sequence) && beside.offset.is_finite(), "{:?}", beside);
        let Some(sum) = Sum::fit(&pairs) else { return Ok(()) };
        for value in [sum.sequence, sum.context, sum.offset] {
            prop_assert!(value.is_finite(), "{:?}", sum);
        }
    }
}
