use super::*;
use crate::evaluation::metrics::tests::{set, tied_sets};
use proptest::prelude::*;

/// Pairs that share no element.
fn apart(pairs: usize) -> Clusters {
    Clusters::new((0..pairs).map(|place| (place, place)))
}

/// Values of scikit-learn 1.9 (`calibration_curve(…, n_bins=4, strategy="quantile")`,
/// `brier_score_loss`).
#[test]
fn as_scikit_learn() {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.8, 0.4, 0.5, 0.9, 0.35, 0.2];
    let labels = [0, 0, 1, 1, 0, 1, 0, 1, 0, 0];
    let got = Calibration::new(&set(&scores, &labels), &apart(10), 4).unwrap();
    let curve: Vec<(f64, f64)> = got
        .bins
        .iter()
        .map(|b| (b.observed.value, b.predicted))
        .collect();
    let wanted = [(0.25, 0.25), (0.5, 0.4), (0.0, 0.5), (2.0 / 3.0, 2.5 / 3.0)];
    assert_eq!(curve.len(), wanted.len());
    for (got, wanted) in curve.into_iter().zip(wanted) {
        assert!((got.0 - wanted.0).abs() < 1e-12 && (got.1 - wanted.1).abs() < 1e-12);
    }
    let score = brier(&set(&scores, &labels)).unwrap();
    assert!((score - 0.205_5).abs() < 1e-12, "{score}");
}

#[test]
fn what_is_no_probability_is_refused() {
    for bad in [f64::NAN, f64::INFINITY, -0.1, 1.1] {
        let error = Calibration::new(&set(&[0.5, bad], &[0, 1]), &apart(2), 2).unwrap_err();
        assert!(error.to_string().contains("not a probability"), "{error}");
        assert!(brier(&set(&[0.5, bad], &[0, 1])).is_err());
    }
    assert!(Calibration::new(&[], &apart(0), 2).is_err());
    assert!(Calibration::new(&set(&[0.5], &[1]), &apart(1), 0).is_err());
    // One class alone is judged like any other set.
    assert!(Calibration::new(&set(&[0.5], &[1]), &apart(1), 2).is_ok());
}

#[test]
fn bins_hold_equal_numbers() {
    let scored: Vec<Scored> = (0..1000)
        .map(|i| Scored {
            score: f64::from(i * 37 % 1000) / 1000.0,
            positive: i % 3 == 0,
        })
        .collect();
    let got = Calibration::new(&scored, &apart(1000), 10).unwrap();
    assert!(got.bins.iter().all(|bin| bin.pairs == 100));
}

#[test]
fn pairs_of_one_promoter_tell_less_in_a_bin() {
    let scored = set(&[0.5; 12], &[1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let bin = |clusters: Clusters| Calibration::new(&scored, &clusters, 1).unwrap().bins[0];
    let alone = bin(apart(12));
    let shared = bin(Clusters::new((0..12).map(|place| (place, place / 3))));
    assert_eq!((alone.effective, shared.effective), (12.0, 4.0));
    assert_eq!(alone.observed, wilson(0.25, 12.0));
    assert_eq!(shared.observed, wilson(0.25, 4.0));
}

proptest! {
    #[test]
    fn the_parts_make_up_the_score(set in tied_sets(), bins in 1usize..12) {
        let got = Calibration::new(&set, &apart(set.len()), bins).unwrap();
        let sum = got.reliability - got.resolution + got.uncertainty + got.within_variance
            - got.within_covariance;
        let score = brier(&set).unwrap();
        prop_assert!((sum - score).abs() < 1e-12, "{} {}", sum, score);
        prop_assert_eq!(got.bins.iter().map(|bin| bin.pairs).sum::<usize>(), set.len());
        for two in got.bins.windows(2) {
            prop_assert!(two[0].high < two[1].low);
        }
        for bin in &got.bins {
            prop_assert!(bin.low <= bin.predicted + 1e-12 && bin.predicted <= bin.high + 1e-12);
            let Interval { value, low, high } = bin.observed;
            prop_assert!(low <= value && value <= high);
        }
    }
}
