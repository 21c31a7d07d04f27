//! AUROC, average precision and F1, as scikit-learn defines them.

use crate::error::{Error, Result};

/// A score and whether the pair is a positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scored {
    /// The higher, the more likely positive; never NaN.
    pub score: f64,
    /// The truth.
    pub positive: bool,
}

/// Counts of positives and negatives.
pub fn classes(scored: &[Scored]) -> (usize, usize) {
    let positives = scored.iter().filter(|scored| scored.positive).count();
    (positives, scored.len() - positives)
}

/// The positives of a set that `what` needs one of.
pub(super) fn some_positives(scored: &[Scored], what: &str) -> Result<usize> {
    match classes(scored) {
        (0, _) => Err(Error::Undefined(format!(
            "{what} needs a positive: this set has none"
        ))),
        (positives, _) => Ok(positives),
    }
}

/// (true positives, false positives) when all scores from the highest down to each distinct one
/// are called positive, with that score; in descending order of scores.
pub(super) fn thresholds(scored: &[Scored]) -> Vec<(f64, usize, usize)> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (mut hits, mut misses) = (0, 0);
    let mut thresholds = Vec::new();
    for tied in sorted.chunk_by(|a, b| a.score == b.score) {
        let (positives, negatives) = classes(tied);
        hits += positives;
        misses += negatives;
        thresholds.push((tied[0].score, hits, misses));
    }
    thresholds
}

/// Area under the receiver operating characteristic: the probability that a positive scores
/// higher than a negative, ties counting half.
///
/// # Errors
///
/// Only one class, where scikit-learn has no answer either.
pub fn auroc(scored: &[Scored]) -> Result<f64> {
    let (positives, negatives) = classes(scored);
    if positives == 0 || negatives == 0 {
        return Err(Error::Undefined(
            "AUROC needs both classes: this set has only one".to_string(),
        ));
    }
    // Trapezoids between neighbouring points of the curve, in whole numbers but for the halves.
    let (mut area, mut hits_before, mut misses_before) = (0.0, 0, 0);
    for (_, hits, misses) in thresholds(scored) {
        area += (misses - misses_before) as f64 * (hits + hits_before) as f64 / 2.0;
        (hits_before, misses_before) = (hits, misses);
    }
    Ok(area / (positives as f64 * negatives as f64))
}

/// Average precision, `Σ (R_n − R_{n−1}) P_n` over the distinct scores: scikit-learn's
/// `average_precision_score`, not the trapezoids under the precision–recall curve.
///
/// # Errors
///
/// No positive: scikit-learn returns 0 with a warning, which an average would swallow.
pub fn average_precision(scored: &[Scored]) -> Result<f64> {
    let positives = some_positives(scored, "average precision")?;
    let (mut sum, mut hits_before) = (0.0, 0);
    for (_, hits, misses) in thresholds(scored) {
        let precision = hits as f64 / (hits + misses) as f64;
        sum += (hits - hits_before) as f64 / positives as f64 * precision;
        hits_before = hits;
    }
    Ok(sum)
}

/// F1 when scores of at least `threshold` are called positive; 0 where it is 0/0, as
/// scikit-learn's default.
pub fn f1(scored: &[Scored], threshold: f64) -> f64 {
    let called = scored.iter().filter(|scored| scored.score >= threshold);
    let hits = called.clone().filter(|scored| scored.positive).count();
    f1_of(hits, called.count(), classes(scored).0)
}

/// F1 where so many are called positive, of which some are hits.
fn f1_of(hits: usize, called: usize, positives: usize) -> f64 {
    let denominator = called + positives;
    if denominator == 0 {
        return 0.0;
    }
    2.0 * hits as f64 / denominator as f64
}

/// The threshold with the best F1, midway between the lowest score that it calls positive and the
/// next one below, so that a last bit of a score decides nothing; of several the highest.
///
/// # Errors
///
/// No positive: every threshold is as good.
pub fn best_f1_threshold(scored: &[Scored]) -> Result<f64> {
    let positives = some_positives(scored, "the best threshold")?;
    let candidates = thresholds(scored);
    let mut best = (f64::INFINITY, 0.0);
    for (place, &(score, hits, misses)) in candidates.iter().enumerate() {
        let value = f1_of(hits, hits + misses, positives);
        if value > best.1 {
            let below = candidates.get(place + 1).map_or(score, |next| next.0);
            best = ((score + below) / 2.0, value);
        }
    }
    Ok(best.0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::statistics::{Clusters, bootstrap};
    use proptest::prelude::*;

    pub fn set(scores: &[f64], labels: &[u8]) -> Vec<Scored> {
        scores
            .iter()
            .zip(labels)
            .map(|(&score, &label)| Scored {
                score,
                positive: label == 1,
            })
            .collect()
    }

    /// Values of scikit-learn 1.9 (`roc_auc_score`, `average_precision_score`, `f1_score` with
    /// `score >= 0.5`).
    #[test]
    fn as_scikit_learn() {
        let scores = [0.1, 0.4, 0.35, 0.8, 0.8, 0.4, 0.5, 0.9, 0.35, 0.2];
        let labels = [0, 0, 1, 1, 0, 1, 0, 1, 0, 0];
        let got = set(&scores, &labels);
        assert!((auroc(&got).unwrap() - 0.729_166_666_666_666_7).abs() < 1e-12);
        assert!((average_precision(&got).unwrap() - 0.666_666_666_666_666_6).abs() < 1e-12);
        assert!((f1(&got, 0.5) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_interval_of_an_area_holds_it_and_repeats() {
        let set: Vec<Scored> = (0..200)
            .map(|i| Scored {
                score: f64::from(i * 37 % 101),
                positive: i % 3 == 0,
            })
            .collect();
        let apart = Clusters::new((0..200).map(|place| (place, place)));
        let estimate = bootstrap(&set, &apart, 67, 1, auroc).unwrap();
        let got = estimate.interval().unwrap();
        assert!(got.low < got.value && got.value < got.high, "{got:?}");
        assert_eq!(estimate, bootstrap(&set, &apart, 67, 1, auroc).unwrap());
        // Standard error of an AUROC near 0.5 with 67 and 133 members: about 0.043.
        let width = got.high - got.low;
        assert!((0.12..0.22).contains(&width), "{width}");
    }

    #[test]
    fn one_class_is_refused_with_a_reason() {
        let positives = set(&[0.1, 0.2], &[1, 1]);
        let negatives = set(&[0.1, 0.2], &[0, 0]);
        assert!(auroc(&positives).is_err() && auroc(&negatives).is_err());
        assert_eq!(average_precision(&positives).unwrap(), 1.0);
        assert!(average_precision(&negatives).is_err());
        assert!(auroc(&[]).is_err());
        assert_eq!(f1(&negatives, 0.5), 0.0);
    }

    prop_compose! {
        pub fn tied_sets()(
            set in prop::collection::vec((0u8..6, any::<bool>()), 2..60)
        ) -> Vec<Scored> {
            set.into_iter()
                .map(|(score, positive)| Scored { score: f64::from(score) / 5.0, positive })
                .collect()
        }
    }

    proptest! {
        #[test]
        fn auroc_counts_pairs(set in tied_sets()) {
            let (positives, negatives) = classes(&set);
            prop_assume!(positives > 0 && negatives > 0);
            let mut wins = 0.0;
            for p in set.iter().filter(|s| s.positive) {
                for n in set.iter().filter(|s| !s.positive) {
                    wins += if p.score > n.score { 1.0 } else if p.score == n.score { 0.5 } else { 0.0 };
                }
            }
            let brute = wins / (positives * negatives) as f64;
            prop_assert!((auroc(&set).unwrap() - brute).abs() < 1e-12);
        }

        #[test]
        fn no_threshold_beats_the_best(set in tied_sets()) {
            prop_assume!(classes(&set).0 > 0);
            let best = f1(&set, best_f1_threshold(&set).unwrap());
            for tried in set.iter().map(|s| s.score) {
                prop_assert!(f1(&set, tried) <= best);
            }
        }

        #[test]
        fn average_precision_is_the_mean_precision_at_the_positives(set in tied_sets()) {
            let (positives, _) = classes(&set);
            prop_assume!(positives > 0);
            let brute: f64 = set
                .iter()
                .filter(|s| s.positive)
                .map(|s| {
                    let called: Vec<_> = set.iter().filter(|t| t.score >= s.score).collect();
                    called.iter().filter(|t| t.positive).count() as f64 / called.len() as f64
                })
                .sum::<f64>() / positives as f64;
            prop_assert!((average_precision(&set).unwrap() - brute).abs() < 1e-12);
        }
    }
}
