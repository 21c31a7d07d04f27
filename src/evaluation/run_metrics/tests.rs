use super::*;
use crate::evaluation::BinMeasures;

/// Pairs of so many promoters, of each a positive and two negatives.
fn metrics(promoters: usize) -> Metrics {
    let set = (0..3 * promoters).map(|place| Scored {
        score: (place * 37 % 101) as f64 / 101.0,
        positive: place % 3 == 0,
    });
    let clusters = Clusters::new((0..3 * promoters).map(|place| (place, place / 3)));
    Metrics::new(&set.collect::<Vec<_>>(), &clusters, 0.4, 1).unwrap()
}

#[test]
fn few_promoters_are_told_and_have_no_interval() {
    let report = RunMetrics {
        version: String::new(),
        weights: String::new(),
        device: String::new(),
        seed: 1,
        correction: None,
        validation: metrics(7),
        test: metrics(3),
        ablation: None,
        cells: Vec::new(),
        partner_share: Sides::new(Some(0.0123), None),
        activity: Vec::new(),
    };
    let text = report.to_string();
    for wanted in [
        "(no interval)",
        "promoters             3 of 3                    7 of 7",
        "enhancers             3 of 9                    7 of 21",
        "test: no interval: 3 promoters",
        "validation: rough intervals: 7 promoters",
        "explains 1.23 % of the variance of enhancers' attention, an unknown part of promoters'",
    ] {
        assert!(text.contains(wanted), "{text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    assert!(json["test"]["auroc"]["value"].is_number());
    assert!(json["test"]["auroc"]["low"].is_null());
    assert!(json["validation"]["auroc"]["low"].is_number());
    assert_eq!(json["test"]["support"]["positives"]["promoters"], 3);
    assert!(json["partner_share"]["promoter"].is_null());
    let read = |json: serde_json::Value| serde_json::from_value::<RunMetrics>(json);
    assert_eq!(read(json.clone()).unwrap(), report);
    // Without the correction and the baseline it still reads: so are those of earlier versions.
    assert!(json.get("correction").is_none() && json["test"].get("calibrated").is_none());
    assert!(json.get("activity").is_none());
    assert!(json.get("cells").is_none());
    assert!(text.contains("not calibrated: "), "{text}");
    // One of before there was the share is none of this version.
    let mut old = json;
    old.as_object_mut().unwrap().remove("partner_share");
    assert!(read(old).is_err());
}

#[test]
fn other_probabilities_have_rows_of_their_own() {
    let scored: Vec<Scored> = (0..60)
        .map(|place| Scored {
            score: f64::from(place) / 10.0 - 2.0,
            positive: place % 3 == 0,
        })
        .collect();
    let with = |probability: &dyn Fn(f64) -> f64| -> Vec<Scored> {
        let score = |of: &Scored| Scored {
            score: probability(of.score),
            ..*of
        };
        scored.iter().map(score).collect()
    };
    let clusters = Clusters::new((0..60).map(|place| (place, place)));
    let correction = Correction::fit(&scored).unwrap();
    let raw = with(&|logit| 1.0 / (1.0 + (-logit).exp()));
    let mut part = Metrics::new(&raw, &clusters, 0.5, 1).unwrap();
    let measured = |set: &[Scored]| Some(part.probabilities(set, &clusters, 1).unwrap());
    let calibrated = measured(&with(&|logit| correction.probability(logit)));
    let prevalence = measured(&with(&|_| 1.0 / 3.0));
    (part.calibrated, part.prevalence) = (calibrated, prevalence);
    // A third of the labels are positive: 1/3 · 2/3.
    let baseline = part.prevalence.clone().unwrap();
    assert!((baseline.brier.value - 2.0 / 9.0).abs() < 1e-12);
    assert!(baseline.calibration.expected_error < 1e-12);
    let activity = ActivityMetrics {
        source: "dnase".to_string(),
        windows: 3,
        bins: 300,
        prevalence: None,
        network: BinMeasures::Signal { pearson: 0.5 },
        gc: BinMeasures::Signal { pearson: 0.25 },
    };
    let report = RunMetrics {
        version: String::new(),
        weights: String::new(),
        device: String::new(),
        seed: 1,
        correction: Some(correction),
        validation: part.clone(),
        test: part.clone(),
        cells: vec![CellMetrics {
            name: "K562".to_string(),
            validation: None,
            test: Some(part),
        }],
        ablation: None,
        partner_share: Sides::new(None, None),
        activity: vec![activity],
    };
    let text = report.to_string();
    let names = text.lines().filter_map(|line| line.get(..22));
    let names: Vec<&str> = names.map(str::trim_end).collect();
    let rows = ["Brier score", CALIBRATED, PREVALENCE];
    let errors = ["Calibration error", CALIBRATED, PREVALENCE];
    let wanted = [rows, errors].concat();
    assert!(names.windows(6).any(|six| six == wanted), "{text}");
    assert!(text.contains("  prevalence alone    0.222 ("), "{text}");
    assert!(text.contains("from 20 + 40 validation pairs"), "{text}");
    let wanted = "\nactivity, test part: dnase: correlation 0.500 (G+C 0.250)\n";
    assert!(text.contains(wanted), "{text}");
    for row in [
        "\nK562                  20 + 40                   one class only\n",
        "\n  AUROC               ",
        "\n  AUPRC               ",
    ] {
        assert!(text.contains(row), "{text}");
    }
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<RunMetrics>(&json).unwrap(), report);
}

#[test]
fn the_order_of_the_pairs_changes_nothing_that_is_measured() {
    let scores = [0.9, 0.2, 0.4, 0.4, 0.7, 0.1, 0.8, 0.3, 0.6, 0.5, 0.35, 0.15];
    let pair = |place: usize| Scored {
        score: scores[place],
        positive: place.is_multiple_of(2),
    };
    let of = |places: Vec<usize>| {
        let set: Vec<Scored> = places.iter().map(|&place| pair(place)).collect();
        let clusters = Clusters::new(places.iter().map(|&place| (place, place / 2)));
        Metrics::new(&set, &clusters, 0.4, 1).unwrap()
    };
    let (forwards, backwards) = (of((0..12).collect()), of((0..12).rev().collect()));
    assert_eq!(forwards.auroc.value, backwards.auroc.value);
    assert_eq!(forwards.support, backwards.support);
}
