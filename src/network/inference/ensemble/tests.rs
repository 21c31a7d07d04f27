//! What members say together.

use super::*;
use proptest::prelude::*;

fn said(logit: f32, enhancer: [f32; 2], promoter: [f32; 1]) -> PairAttention {
    PairAttention {
        logit,
        probability: probability(logit),
        marginal: Sides::new(enhancer.to_vec(), promoter.to_vec()),
        contributions: Some(Sides::new(vec![logit], vec![-logit])),
        activity: Some(Sides::new(vec![logit, 1.0], vec![0.5])),
        rank: Rank::Contribution,
    }
}

#[test]
fn one_network_says_what_it_says() {
    let only = said(1.25, [0.1, 0.7], [1.0]);
    let found = averaged(vec![only.clone()]);
    assert_eq!((found.mean, found.sd), (only, None));
    assert_eq!((found.contributions_sd, found.activity_sd), (None, None));
}

#[test]
fn members_are_averaged() {
    let found = averaged(vec![
        said(2.0, [0.1, 0.5], [1.0]),
        said(-1.0, [0.4, 0.5], [0.5]),
        said(0.5, [0.1, 0.5], [0.0]),
    ]);
    let wanted = (probability(2.0) + probability(-1.0) + probability(0.5)) / 3.0;
    assert!((found.mean.probability - wanted).abs() < 1e-6);
    let Sides { enhancer, promoter } = found.mean.marginal;
    assert!((enhancer[0] - 0.2).abs() < 1e-7 && enhancer[1] == 0.5);
    assert!((promoter[0] - 0.5).abs() < 1e-7);
    let Sides { enhancer, promoter } = found.sd.unwrap();
    let contributions = found.mean.contributions.unwrap();
    assert_eq!(contributions, Sides::new(vec![0.5], vec![-0.5]));
    assert_eq!(found.mean.rank, Rank::Contribution);
    let of_contributions = found.contributions_sd.unwrap();
    assert_eq!(of_contributions, Sides::new(vec![1.5], vec![1.5]));
    let activity = (found.mean.activity.unwrap(), found.activity_sd.unwrap());
    assert_eq!(activity.0, Sides::new(vec![0.5, 1.0], vec![0.5]));
    assert_eq!(activity.1, Sides::new(vec![1.5, 0.0], vec![0.0]));
    // √((0.01 + 0.04 + 0.01) / 2)
    assert!((enhancer[0] - 0.03f32.sqrt()).abs() < 1e-6 && enhancer[1] == 0.0);
    assert!((promoter[0] - 0.5).abs() < 1e-7);
}

#[test]
fn what_is_known_beside_sequence_changes_the_answer_alone() {
    let members = || vec![said(2.0, [0.1, 0.5], [1.0]), said(-1.0, [0.4, 0.5], [0.5])];
    let alone = averaged(members());
    assert_eq!(averaged(members()).with_context(None), alone);
    let known = averaged(members()).with_context(Some(Beside {
        weight: 0.5,
        offset: -1.5,
    }));
    assert_eq!(known.mean.logit, 0.5 * alone.mean.logit - 1.5);
    assert_eq!(known.mean.probability, probability(known.mean.logit));
    let as_it_was = PairAttention {
        logit: alone.mean.logit,
        probability: alone.mean.probability,
        ..known.mean
    };
    assert_eq!((as_it_was, known.sd), (alone.mean, alone.sd));
    assert_eq!(known.contributions_sd, alone.contributions_sd);
}

#[test]
fn no_certainty_leaves_the_real_numbers() {
    assert_eq!(mean_logit(&[1000.0, 1000.0]), 1000.0);
    assert_eq!(mean_logit(&[-1000.0, 1000.0]), 0.0);
    assert!((mean_logit(&[-1000.0, 0.0]) - (1.0f32 / 3.0).ln()).abs() < 1e-6);
}

proptest! {
    #[test]
    fn the_logit_is_that_of_the_mean_probability(
        logits in prop::collection::vec(-8f32..8.0, 1..6)
    ) {
        let mean = logits.iter().map(|&logit| 1.0 / (1.0 + f64::from(-logit).exp()));
        let mean = mean.sum::<f64>() / logits.len() as f64;
        let wanted = (mean / (1.0 - mean)).ln();
        prop_assert!((f64::from(mean_logit(&logits)) - wanted).abs() < 1e-4);
    }
}
