//! Calibrated probabilities, from training to every file that has them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::support::{Workplace, arg, fail, succeed};

/// A line of `predictions.tsv`.
struct Row {
    pair: String,
    part: String,
    positive: bool,
    logit: f64,
    calibrated: String,
}

impl Row {
    fn calibrated(&self) -> f64 {
        self.calibrated.parse().unwrap()
    }

    fn log_odds(&self) -> f64 {
        (self.calibrated() / (1.0 - self.calibrated())).ln()
    }
}

fn rows(place: &Workplace, file: &str) -> Vec<Row> {
    let text = place.text(file);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert_eq!(header.last(), Some(&"calibrated"));
    let row = |line: &str| {
        let fields = header.iter().copied().zip(line.split('\t'));
        let fields: BTreeMap<&str, &str> = fields.collect();
        Row {
            pair: fields["pair"].to_string(),
            part: fields["part"].to_string(),
            positive: fields["label"] == "1",
            logit: fields["logit"].parse().unwrap(),
            calibrated: fields["calibrated"].to_string(),
        }
    };
    lines.map(row).collect()
}

fn json(place: &Workplace, file: &str) -> Value {
    serde_json::from_str(&place.text(file)).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn evaluated(place: &Workplace, run: &str) -> String {
    succeed(&["evaluate", arg(&place.path(run)), "--device", "cpu"])
}

/// The mean squared difference from the labels.
fn brier(rows: &[&Row], probability: impl Fn(&Row) -> f64) -> f64 {
    let square = |&row: &&Row| (probability(row) - f64::from(u8::from(row.positive))).powi(2);
    mean(rows.iter().map(square))
}

/// That a run's correction is what its files say, and what its tracks have.
fn agrees(place: &Workplace, run: &str) {
    let printed = evaluated(place, run);
    for word in [
        "Calibration error",
        "\n  calibrated ",
        "\n  prevalence alone ",
        "\ncalibrated: log-odds ",
    ] {
        assert!(printed.contains(word), "{printed}");
    }
    let record = json(place, &format!("{run}/run.json"));
    let correction = &record["outcome"]["correction"];
    let rows_of_run = rows(place, &format!("{run}/predictions.tsv"));
    let of =
        |part: &str| -> Vec<&Row> { rows_of_run.iter().filter(|of| of.part == part).collect() };
    let (validation, test) = (of("validation"), of("test"));
    let positives = validation.iter().filter(|of| of.positive).count();
    assert_eq!(correction["positives"], positives);
    assert_eq!(correction["negatives"], validation.len() - positives);
    // In the mean as many as there are.
    let prevalence = positives as f64 / validation.len() as f64;
    let said = mean(validation.iter().map(|of| of.calibrated()));
    assert!((said - prevalence).abs() < 1e-5, "{said} {prevalence}");
    let [slope, offset] = ["slope", "offset"].map(|name| number(&correction[name]));
    for of in &rows_of_run {
        assert!((of.log_odds() - slope * of.logit - offset).abs() < 1e-3);
    }
    let metrics = json(place, &format!("{run}/metrics.json"));
    assert_eq!(metrics["correction"], *correction);
    let measured = |of: &str| number(&metrics["test"][of]["brier"]["value"]);
    let calibrated = brier(&test, Row::calibrated);
    assert!((measured("calibrated") - calibrated).abs() < 1e-6);
    let baseline = brier(&test, |_| prevalence);
    assert!((measured("prevalence") - baseline).abs() < 1e-9);
    let error = |of: &str| number(&metrics["validation"][of]["calibration"]["expected_error"]);
    assert!(error("prevalence") < 1e-9);

    let tracks = format!("{run}-tracks");
    succeed(&place.tracks(run, &tracks, &[]));
    let summary = json(place, &format!("{tracks}/tracks.json"));
    assert_eq!(summary["correction"], *correction);
    let of_tracks = rows(place, &format!("{tracks}/predictions.tsv"));
    let of_tracks: BTreeMap<&str, &Row> =
        of_tracks.iter().map(|of| (of.pair.as_str(), of)).collect();
    for of in &rows_of_run {
        let there = of_tracks[of.pair.as_str()];
        assert!((there.calibrated() - of.calibrated()).abs() < 1e-5);
    }
}

#[test]
fn a_run_is_calibrated_to_its_table() {
    let place = Workplace::new();
    place.trained("run", &[]);
    agrees(&place, "run");
    let svg = place.path("calibration.svg");
    let run = place.path("run");
    succeed(&["plot", "calibration", arg(&run), "--out", arg(&svg)]);
    let drawn = place.text("calibration.svg");
    assert!(drawn.contains("test, calibrated: Brier score"), "{drawn}");
}

#[test]
fn an_ensemble_is_calibrated_as_a_whole() {
    let place = Workplace::new();
    place.trained("run", &["--ensemble", "2", "--epochs", "2"]);
    agrees(&place, "run");
}

#[test]
fn a_prior_changes_what_is_stated_and_nothing_else() {
    let place = Workplace::new();
    place.trained("run", &[]);
    evaluated(&place, "run");
    let read = |file: &str| std::fs::read(place.path(file)).unwrap();
    let first = read("run/run.json");
    let kept = ["run/model.safetensors", "run/history.csv", "run/split.tsv"];
    let before = kept.map(read);
    let rows_before = rows(&place, "run/predictions.tsv");
    let metrics_before = json(&place, "run/metrics.json");

    // The same run for another world, without training.
    place.trained("run", &["--prior", "0.05"]);
    assert!(kept.map(read) == before);
    for gone in ["metrics.json", "predictions.tsv", "metrics_mqc.json"] {
        assert!(!place.path("run").join(gone).exists(), "{gone}");
    }
    let record = json(&place, "run/run.json");
    assert_eq!(record["settings"]["training"]["prior"], 0.05);
    let correction = &record["outcome"]["correction"];
    assert_eq!(*correction, metrics_before["correction"]);
    let printed = evaluated(&place, "run");
    assert!(
        printed.contains("; for a prevalence of 0.05\n"),
        "{printed}"
    );
    let [positives, negatives] = ["positives", "negatives"].map(|of| number(&correction[of]));
    let shift = (0.05f64 / 0.95).ln() - (positives / negatives).ln();
    let rows_after = rows(&place, "run/predictions.tsv");
    assert_eq!(rows_before.len(), rows_after.len());
    for (before, after) in rows_before.iter().zip(&rows_after) {
        assert_eq!((&before.pair, before.logit), (&after.pair, after.logit));
        assert!((after.log_odds() - before.log_odds() - shift).abs() < 1e-3);
    }
    // What comes true among the table's labels is measured at the table's prevalence.
    let metrics_after = json(&place, "run/metrics.json");
    assert_eq!(metrics_after["test"], metrics_before["test"]);
    assert_eq!(metrics_after["correction"]["prior"], 0.05);
    succeed(&place.tracks("run", "tracks", &[]));
    let summary = json(&place, "tracks/tracks.json");
    assert_eq!(summary["correction"], metrics_after["correction"]);

    // From the beginning it is the same, and without a prior the run is what it was.
    place.trained("other", &["--prior", "0.05"]);
    assert!(read("other/run.json") == read("run/run.json"));
    place.trained("run", &[]);
    assert!(read("run/run.json") == first);

    for bad in ["0", "1", "-0.1", "nan"] {
        let mut arguments = place.train("bad");
        arguments.push(format!("--prior={bad}"));
        let said = fail(&arguments);
        assert!(said.contains("prior must lie between 0 and 1"), "{said}");
    }
}

#[test]
fn a_run_of_before_there_was_a_correction_is_read_as_uncorrected() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let mut record = json(&place, "run/run.json");
    let outcome = record["outcome"].as_object_mut().unwrap();
    assert!(outcome.remove("correction").is_some());
    std::fs::write(place.path("run/run.json"), record.to_string()).unwrap();
    let printed = evaluated(&place, "run");
    assert!(printed.contains("not calibrated: "), "{printed}");
    assert!(!printed.contains("\n  calibrated "), "{printed}");
    assert!(printed.contains("\n  prevalence alone "), "{printed}");
    succeed(&place.tracks("run", "tracks", &[]));
    for file in ["run/predictions.tsv", "tracks/predictions.tsv"] {
        let rows = rows(&place, file);
        assert!(!rows.is_empty() && rows.iter().all(|of| of.calibrated == "."));
    }
    let metrics = json(&place, "run/metrics.json");
    assert!(metrics.get("correction").is_none());
    assert!(metrics["test"].get("calibrated").is_none());
}
