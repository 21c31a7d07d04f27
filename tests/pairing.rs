//! Pairs that only the pairing of motifs tells apart.

use super::support::{Workplace, arg, fail, succeed};

/// A network of half the demo's size.
const NETWORK: &str = "
[model]
enhancer_length = 1000
promoter_length = 800
filters = 96
attention_dim = 16
top_k = 16
classifier_hidden = 16
coordinate_hidden = [16, 8]
dropout = 0.1

[training]
epochs = 8
epoch_batches = 40
learning_rate = 0.002

[augmentation]
windows = 4
";

/// The arguments of a training whose filters start as motifs.
fn train([pairs, reference, motifs, config, run]: [&str; 5]) -> [&str; 13] {
    [
        "train",
        "--pairs",
        pairs,
        "--reference",
        reference,
        "--config",
        config,
        "--out",
        run,
        "--device",
        "cpu",
        "--init-motifs",
        motifs,
    ]
}

#[test]
fn filters_that_start_as_motifs_learn_which_belong_together() {
    let place = Workplace::new();
    std::fs::write(place.path("network.toml"), NETWORK).unwrap();
    let paths = ["swapped", "network.toml", "run", "run/metrics.json"].map(|name| place.path(name));
    let [simulation, config, run, metrics] = paths.each_ref().map(|path| arg(path));
    // In every negative pair the enhancer has the motif of one couple and the promoter that of the
    // other, so that no element alone tells anything.
    succeed(&[
        "simulate",
        "--out",
        simulation,
        "--positives",
        "800",
        "--negatives",
        "800",
        "--swapped",
        "1",
        "--couple",
        "CTCF:NRF1",
        "--couple",
        "USF1:REST",
        "--chromosome-length",
        "2500000",
        "--depth",
        "0.01",
    ]);
    let inside = |name: &str| place.path("swapped").join(name);
    let files = ["pairs.csv", "genome.fa", "motifs.jaspar"].map(inside);
    let [pairs, reference, motifs] = files.each_ref().map(|path| arg(path));
    succeed(&train([pairs, reference, motifs, config, run]));
    succeed(&["evaluate", run, "--device", "cpu"]);
    let text = std::fs::read_to_string(metrics).unwrap();
    let metrics: serde_json::Value = serde_json::from_str(&text).unwrap();
    let auroc = metrics["test"]["auroc"]["value"].as_f64().unwrap();
    assert!(
        auroc >= 0.9,
        "AUROC {auroc} on chromosomes that were never seen"
    );
}

#[test]
fn more_motifs_than_filters_are_refused() {
    let place = Workplace::new();
    let paths = [
        "sim/pairs.csv",
        "sim/genome.fa",
        "sim/motifs.jaspar",
        "small.toml",
        "run",
    ];
    let paths = paths.map(|name| place.path(name));
    let [pairs, reference, motifs, config, run] = paths.each_ref().map(|path| arg(path));
    let said = fail(&train([pairs, reference, motifs, config, run]));
    assert!(said.contains("40 matrices take 80 filters"), "{said}");
    assert!(!place.path("run/run.json").exists());
}
