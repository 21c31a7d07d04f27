//! Receiver operating characteristic and precision–recall curves, with ties as scikit-learn's
//! `roc_curve` and `precision_recall_curve` have them.

use super::metrics::{Scored, some_positives, thresholds};
use crate::error::{Error, Result};

/// The points (false positive rate, true positive rate) of every distinct score, from (0, 0) to
/// (1, 1). Straight lines join them: tied scores make a slanted one.
///
/// # Errors
///
/// Only one class; a score that is not a number.
pub fn roc(scored: &[Scored]) -> Result<Vec<(f64, f64)>> {
    let positives = positives(scored)?;
    let negatives = scored.len() - positives;
    if negatives == 0 {
        return Err(Error::Undefined(
            "an ROC curve needs both classes: this set has no negative".to_string(),
        ));
    }
    let mut points = vec![(0.0, 0.0)];
    points.extend(thresholds(scored).into_iter().map(|(_, hits, misses)| {
        let rate = misses as f64 / negatives as f64;
        (rate, hits as f64 / positives as f64)
    }));
    Ok(points)
}

/// The points (recall, precision) of every distinct score, from the highest down. The precision
/// of a point holds from the recall before it up to its own: the area under these steps is the
/// average precision.
///
/// # Errors
///
/// No positive; a score that is not a number.
pub fn precision_recall(scored: &[Scored]) -> Result<Vec<(f64, f64)>> {
    let positives = positives(scored)?;
    let point = |(_, hits, misses): (f64, usize, usize)| {
        let recall = hits as f64 / positives as f64;
        (recall, hits as f64 / (hits + misses) as f64)
    };
    Ok(thresholds(scored).into_iter().map(point).collect())
}

/// A threshold, and what calling all scores of at least so much positive finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OperatingPoint {
    /// The lowest score that is called.
    pub threshold: f64,
    /// The part of the called that is positive.
    pub precision: f64,
    /// The part of the positives that is called.
    pub recall: f64,
}

/// The highest threshold at which at least this part of the positives is called.
///
/// # Errors
///
/// No positive; a score that is not a number; a part above 1.
pub fn at_recall(scored: &[Scored], wanted: f64) -> Result<OperatingPoint> {
    let positives = positives(scored)?;
    let recall = |hits: usize| hits as f64 / positives as f64;
    let mut points = thresholds(scored).into_iter();
    let Some((threshold, hits, misses)) = points.find(|point| recall(point.1) >= wanted) else {
        let problem = format!("no threshold has a recall of {wanted}");
        return Err(Error::Undefined(problem));
    };
    Ok(OperatingPoint {
        threshold,
        precision: hits as f64 / (hits + misses) as f64,
        recall: recall(hits),
    })
}

/// Positives, of which there is one at least.
fn positives(scored: &[Scored]) -> Result<usize> {
    if scored.iter().any(|scored| scored.score.is_nan()) {
        return Err(Error::NotFinite("a score is not a number".to_string()));
    }
    some_positives(scored, "a curve over thresholds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::metrics::classes;
    use crate::evaluation::metrics::tests::{set, tied_sets};
    use crate::evaluation::{auroc, average_precision};
    use proptest::prelude::*;

    #[test]
    fn as_scikit_learn() {
        let scores = [0.1, 0.4, 0.35, 0.8, 0.8, 0.4, 0.5, 0.9, 0.35, 0.2];
        let labels = [0, 0, 1, 1, 0, 1, 0, 1, 0, 0];
        let got = set(&scores, &labels);
        let sixth = 1.0 / 6.0;
        let rates = [
            0.0,
            0.0,
            sixth,
            2.0 * sixth,
            0.5,
            4.0 * sixth,
            5.0 / 6.0,
            1.0,
        ];
        let hits = [0.0, 0.25, 0.5, 0.5, 0.75, 1.0, 1.0, 1.0];
        let wanted: Vec<_> = rates.into_iter().zip(hits).collect();
        assert_eq!(roc(&got).unwrap(), wanted);
        let recall = [0.25, 0.5, 0.5, 0.75, 1.0, 1.0, 1.0];
        let precision = [1.0, 2.0 / 3.0, 0.5, 0.5, 0.5, 4.0 / 9.0, 0.4];
        let wanted: Vec<_> = recall.into_iter().zip(precision).collect();
        assert_eq!(precision_recall(&got).unwrap(), wanted);
    }

    #[test]
    fn a_set_without_a_curve_is_refused() {
        let positives = set(&[0.1, 0.2], &[1, 1]);
        let negatives = set(&[0.1, 0.2], &[0, 0]);
        assert!(roc(&positives).is_err() && roc(&negatives).is_err());
        assert!(precision_recall(&positives).is_ok());
        assert!(precision_recall(&negatives).is_err());
        assert!(roc(&[]).is_err() && precision_recall(&[]).is_err());
        let unknown = set(&[f64::NAN, 0.2], &[1, 0]);
        assert!(roc(&unknown).is_err() && precision_recall(&unknown).is_err());
    }

    #[test]
    fn a_recall_is_reached_with_all_that_is_tied() {
        let got = set(&[0.9, 0.8, 0.8, 0.5, 0.5, 0.1], &[1, 1, 0, 1, 0, 0]);
        // Two of three with the first three; the third comes with what is tied with it.
        let point = |threshold, precision, recall| OperatingPoint {
            threshold,
            precision,
            recall,
        };
        let two = point(0.8, 2.0 / 3.0, 2.0 / 3.0);
        assert_eq!(at_recall(&got, 2.0 / 3.0).unwrap(), two);
        assert_eq!(at_recall(&got, 0.7).unwrap(), point(0.5, 0.6, 1.0));
        assert_eq!(at_recall(&got, 0.0).unwrap(), point(0.9, 1.0, 1.0 / 3.0));
        assert!(at_recall(&got, 1.1).is_err());
        assert!(at_recall(&set(&[0.1], &[0]), 0.5).is_err());
    }

    proptest! {
        /// The threshold is the highest one that calls enough, counted over the whole set.
        #[test]
        fn no_higher_threshold_reaches_a_recall(set in tied_sets(), wanted in 0.0f64..1.0) {
            let (positives, _) = classes(&set);
            prop_assume!(positives > 0);
            let called = |cut: f64| set.iter().filter(move |of| of.score >= cut);
            let hits = |cut: f64| called(cut).filter(|of| of.positive).count();
            let reached = |cut: f64| hits(cut) as f64 / positives as f64 >= wanted;
            let cuts = set.iter().map(|of| of.score).filter(|&cut| reached(cut));
            let highest = cuts.fold(f64::NEG_INFINITY, f64::max);
            let got = at_recall(&set, wanted).unwrap();
            prop_assert_eq!(got.threshold, highest);
            let precision = hits(highest) as f64 / called(highest).count() as f64;
            prop_assert_eq!(got.precision, precision);
        }

        /// Each point counted anew, over the whole set.
        #[test]
        fn every_point_is_as_counted(set in tied_sets()) {
            let (positives, negatives) = classes(&set);
            prop_assume!(positives > 0 && negatives > 0);
            let mut cuts: Vec<f64> = set.iter().map(|s| s.score).collect();
            cuts.sort_by(|a, b| b.total_cmp(a));
            cuts.dedup();
            let (roc, curve) = (roc(&set).unwrap(), precision_recall(&set).unwrap());
            prop_assert_eq!((roc.len(), curve.len()), (cuts.len() + 1, cuts.len()));
            for (place, cut) in cuts.into_iter().enumerate() {
                let called: Vec<_> = set.iter().filter(|s| s.score >= cut).collect();
                let hits = called.iter().filter(|s| s.positive).count();
                let misses = called.len() - hits;
                let recall = hits as f64 / positives as f64;
                prop_assert_eq!(roc[place + 1], (misses as f64 / negatives as f64, recall));
                prop_assert_eq!(curve[place], (recall, hits as f64 / called.len() as f64));
            }
        }

        #[test]
        fn the_areas_are_the_measures(set in tied_sets()) {
            let (positives, negatives) = classes(&set);
            prop_assume!(positives > 0 && negatives > 0);
            let points = roc(&set).unwrap();
            let under = points.windows(2).map(|p| (p[1].0 - p[0].0) * (p[1].1 + p[0].1) / 2.0);
            prop_assert!((under.sum::<f64>() - auroc(&set).unwrap()).abs() < 1e-12);
            let mut before = 0.0;
            let mut under = 0.0;
            for (recall, precision) in precision_recall(&set).unwrap() {
                under += (recall - before) * precision;
                before = recall;
            }
            prop_assert!((under - average_precision(&set).unwrap()).abs() < 1e-12);
        }
    }
}
