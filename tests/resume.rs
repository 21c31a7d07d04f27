//! Killed at any moment and started again, a run ends with the same bytes.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::support::{Workplace, epitrack, fail, succeed};

/// `history.csv` without its last column, the speed.
fn history(place: &Workplace, run: &str) -> Vec<String> {
    let text = place.text(&format!("{run}/history.csv"));
    let cut = |line: &str| line.rsplit_once(',').unwrap().0.to_string();
    text.lines().map(cut).collect()
}

fn same_run(place: &Workplace, one: &str, other: &str) {
    for file in ["model.safetensors", "split.tsv", "run.json"] {
        let bytes = |run: &str| std::fs::read(place.path(&format!("{run}/{file}"))).unwrap();
        assert!(bytes(one) == bytes(other), "{file} differs");
    }
    assert_eq!(history(place, one), history(place, other));
}

#[test]
fn a_killed_run_ends_with_the_same_bytes() {
    let place = Workplace::new();
    place.trained("whole", &["--checkpoint-batches", "1"]);

    let checkpoint = place.path("killed/checkpoint.safetensors");
    let mut kills = 0;
    for wait in [0, 20, 45, 5, 70] {
        let mut child = epitrack()
            .args(place.train("killed"))
            .args(["--checkpoint-batches", "1"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let written = checkpoint.metadata().and_then(|m| m.modified()).ok();
        let begun = Instant::now();
        // Kill it some time after it has written a checkpoint of its own.
        let killed = loop {
            if child.try_wait().unwrap().is_some() {
                break false;
            }
            let now = checkpoint.metadata().and_then(|m| m.modified()).ok();
            if now.is_some() && now != written {
                std::thread::sleep(Duration::from_millis(wait));
                child.kill().unwrap();
                break true;
            }
            assert!(begun.elapsed() < Duration::from_secs(120));
            std::thread::sleep(Duration::from_millis(1));
        };
        child.wait().unwrap();
        kills += usize::from(killed);
    }
    assert!(kills >= 2, "the run was too fast to be killed");
    place.trained("killed", &["--checkpoint-batches", "1"]);
    same_run(&place, "whole", "killed");
    assert!(!checkpoint.exists());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let place = Workplace::new();
    place.trained("one", &["--threads", "1"]);
    place.trained("three", &["--threads", "3"]);
    same_run(&place, "one", "three");
    for (run, threads) in [("one", "3"), ("three", "1")] {
        succeed(&place.tracks(run, &format!("{run}-tracks"), &["--threads", threads]));
    }
    for file in [
        "enhancer_attention.bw",
        "promoter_attention.bw",
        "top_regions.bed",
        "merged_regions.bb",
        "pairs.bedpe",
        "predictions.tsv",
    ] {
        let bytes = |run: &str| std::fs::read(place.path(&format!("{run}-tracks/{file}"))).unwrap();
        assert!(bytes("one") == bytes("three"), "{file} differs");
    }
}

#[test]
fn a_folder_keeps_its_run() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let before = std::fs::read(place.path("run/model.safetensors")).unwrap();
    // The same command again: nothing to do.
    place.trained("run", &[]);
    assert!(std::fs::read(place.path("run/model.safetensors")).unwrap() == before);
    // Another seed: refused, unless told to replace.
    let mut arguments = place.train("run");
    arguments.extend(["--seed", "9"].map(str::to_string));
    let said = fail(&arguments);
    assert!(
        said.contains("other settings") && said.contains("--fresh"),
        "{said}"
    );
    place.trained("run", &["--seed", "9", "--fresh"]);
    assert!(std::fs::read(place.path("run/model.safetensors")).unwrap() != before);
}

#[test]
fn a_run_starts_from_given_weights() {
    let place = Workplace::new();
    place.trained("first", &[]);
    let weights = place.path("first/model.safetensors");
    let weights = weights.to_str().unwrap();
    place.trained(
        "second",
        &[
            "--init",
            weights,
            "--learning-rate",
            "1e-12",
            "--epochs",
            "1",
        ],
    );
    let read = |name: &str| {
        epitrack::network::model::Weights::read(&place.path(name))
            .unwrap()
            .0
    };
    let (first, second) = (
        read("first/model.safetensors"),
        read("second/model.safetensors"),
    );
    for ((name, _, one), (_, _, other)) in first.iter().zip(second.iter()) {
        for (a, b) in one.iter().zip(other) {
            assert!((a - b).abs() < 1e-6, "{name}");
        }
    }
}

#[test]
fn a_fraction_of_many_digits_is_the_same_when_read_back() {
    let place = Workplace::new();
    // serde_json reads 1/11 back as its neighbour.
    let fraction = (1.0f64 / 11.0).to_string();
    for _ in 0..2 {
        place.trained("run", &["--split", "random", "--test-fraction", &fraction]);
    }
}
