//! Propensity only: how often this enhancer and this promoter were positive in training.
//!
//! A method that knows nothing but which elements tend to be active. With random splits most
//! elements of the test part stand in the training part too, and it does well; that is the
//! memorising which Xi & Beer 2018 (doi:10.1371/journal.pcbi.1006625) warn of. On held-out
//! chromosomes no element is known and every pair gets the same score.

use crate::element::Sides;
use std::collections::HashMap;

use super::method::{Labelled, Method, classes};
use crate::error::Result;
use crate::genome::Region;
use crate::pairs::Pair;
use crate::statistics::boosting::logistic;

/// Pairs of the prior's share of positives that every element starts with.
const PRIOR_PAIRS: f64 = 1.0;

/// The share of positives among the training pairs of either element.
///
/// With the prior `π`, the share of positives in training, an element that `k` of `n` training
/// pairs with it are positive of has `p = (k + m π) / (n + m)`, `m = 1`. A pair's score has the
/// log odds `logit p_enhancer + logit p_promoter − logit π`, the two taken as independent
/// witnesses. An element that training does not know has `p = π` and changes nothing.
#[derive(Debug, Clone)]
pub struct Propensity {
    elements: Vec<Sides<Region>>,
}

/// Training pairs of an element.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    positive: f64,
    all: f64,
}

impl Propensity {
    /// For the pairs of a table.
    pub fn new(pairs: &[Pair]) -> Self {
        Self {
            elements: pairs.iter().map(|pair| pair.elements).collect(),
        }
    }
}

impl Method for Propensity {
    fn scores(&self, train: &[Labelled], test: &[usize], _seed: u64) -> Result<Vec<f64>> {
        let (positives, negatives) = classes(train)?;
        let prior = positives / (positives + negatives);
        // Enhancers and promoters apart: a region may be both.
        let mut seen: Sides<HashMap<Region, Seen>> = Sides::default();
        for example in train {
            for (side, element) in self.elements[example.pair].iter() {
                let seen = seen.get_mut(side).entry(*element).or_default();
                seen.all += 1.0;
                seen.positive += f64::from(u8::from(example.positive));
            }
        }
        let score = |&pair: &usize| {
            let evidence = self.elements[pair].iter().map(|(side, element)| {
                let seen = seen.get(side).get(element).copied().unwrap_or_default();
                let share = (seen.positive + PRIOR_PAIRS * prior) / (seen.all + PRIOR_PAIRS);
                logit(share) - logit(prior)
            });
            logistic(logit(prior) + evidence.sum::<f64>())
        };
        Ok(test.iter().map(score).collect())
    }
}

fn logit(share: f64) -> f64 {
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{pair, train};
    use super::*;

    #[test]
    fn shares_are_as_counted_by_hand() {
        // Enhancer 1 is positive in 2 of 2 pairs, promoter 50 in 1 of 3; π = 1/2.
        let pairs = [
            pair(1, 50),
            pair(1, 60),
            pair(2, 50),
            pair(3, 50),
            pair(1, 70),
            pair(9, 99),
        ];
        let method = Propensity::new(&pairs);
        let scores = method.scores(&train(&[1, 1, 0, 0]), &[0, 4, 5], 1).unwrap();
        let [enhancer, promoter] = [2.5f64 / 3.0, 1.5 / 4.0];
        let odds = enhancer / (1.0 - enhancer) * promoter / (1.0 - promoter);
        assert!((scores[0] - odds / (1.0 + odds)).abs() < 1e-12);
        assert!(
            (scores[1] - enhancer).abs() < 1e-12,
            "an unseen promoter changes nothing"
        );
        assert!((scores[2] - 0.5).abs() < 1e-12, "nothing known: the prior");
    }

    #[test]
    fn a_region_that_is_enhancer_and_promoter_is_counted_apart() {
        let pairs = [pair(1, 50), pair(50, 1), pair(50, 60), pair(70, 1)];
        let method = Propensity::new(&pairs);
        let scores = method.scores(&train(&[1, 0]), &[2, 3], 1).unwrap();
        assert!(scores[0] < 0.5 && scores[1] < 0.5);
    }

    #[test]
    fn one_class_teaches_nothing() {
        let method = Propensity::new(&[pair(1, 50), pair(1, 60)]);
        let error = method.scores(&train(&[1, 1]), &[0], 1).unwrap_err();
        assert!(error.to_string().contains("2 positive and 0 negative"));
    }
}
