//! Killed at any moment and started again, a run ends with the same bytes.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use epitrack::network::model::Weights;

use super::activity_tracks;
use super::support::{Workplace, arg, epitrack, fail, succeed};

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
    let activity = |run: &str| std::fs::read(place.path(&format!("{run}/activity.csv"))).ok();
    assert!(activity(one) == activity(other), "activity.csv differs");
}

/// A place whose networks learn activities for three epochs before the pairs, and the options for it.
fn with_activities() -> (Workplace, [String; 4]) {
    let place = activity_tracks::place();
    let settings = place.text("small.toml");
    let more = settings.replace("[activity]\nepochs = 1\n", "[activity]\nepochs = 3\n");
    assert_ne!(more, settings);
    std::fs::write(place.path("small.toml"), more).unwrap();
    let options = activity_tracks::activities(&place);
    (place, options)
}

/// Where a checkpoint stands: complete epochs before the pairs, complete ones of the pairs, and batches of the one
/// that was begun.
fn reached(checkpoint: &Path) -> [i64; 3] {
    let (_, header) = Weights::read(checkpoint).unwrap();
    let header: toml::Table = header.unwrap().parse().unwrap();
    let of = |name: &str| header["state"].get(name).and_then(toml::Value::as_integer);
    ["before", "epoch", "batch"].map(|name| of(name).unwrap_or(0))
}

#[test]
fn a_killed_run_ends_with_the_same_bytes() {
    let reached = killed(&Workplace::new(), &[], &[0, 20, 45, 5, 70]);
    assert!(reached.len() >= 2, "the run was too fast to be killed");
}

#[test]
fn a_run_that_is_killed_while_it_learns_activity_ends_with_the_same_bytes() {
    let (place, options) = with_activities();
    let options = options.each_ref().map(String::as_str);
    let reached = killed(&place, &options, &[0, 5, 0, 0, 0, 5, 0, 0]);
    let was_before = |[before, ..]: &[i64; 3]| (1..3).contains(before);
    let was_beside = |[before, _, batch]: &[i64; 3]| *before == 3 && *batch > 0;
    assert!(reached.iter().any(was_before), "{reached:?}");
    assert!(reached.iter().any(was_beside), "{reached:?}");
    let lines = place.text("killed/activity.csv");
    // A line an activity and epoch, of three before the pairs and three beside them.
    assert_eq!(lines.lines().count(), 1 + 2 * (3 + 3));
}

/// Kills a training so long after its first checkpoint of each start; ended, it is what it is at once. How far it
/// was at each kill.
fn killed(place: &Workplace, options: &[&str], waits: &[u64]) -> Vec<[i64; 3]> {
    let options = [options, &["--checkpoint-batches", "1"]].concat();
    place.trained("whole", &options);

    let checkpoint = place.path("killed/checkpoint.safetensors");
    let mut kills = Vec::new();
    for &wait in waits {
        let mut child = epitrack()
            .args(place.train("killed"))
            .args(&options)
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
        kills.extend(killed.then(|| reached(&checkpoint)));
    }
    place.trained("killed", &options);
    same_run(place, "whole", "killed");
    // The state stays where all epochs were used up, and is the same.
    let state = std::fs::read(place.path("whole/checkpoint.safetensors")).unwrap();
    assert!(state == std::fs::read(checkpoint).unwrap());
    kills
}

/// What a command that trains into a folder with these options says, which must be an error.
fn refused(place: &Workplace, run: &str, more: &[&str]) -> String {
    let mut arguments = place.train(run);
    arguments.extend(more.iter().map(|more| more.to_string()));
    fail(&arguments)
}

#[test]
fn a_finished_run_goes_on_to_more_epochs_as_if_trained_at_once() {
    let place = Workplace::new();
    place.trained("at-once", &["--epochs", "6"]);
    place.trained("further", &["--epochs", "2"]);
    let dir = place.path("further");
    succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
    place.trained("further", &["--epochs", "6"]);
    same_run(&place, "at-once", "further");
    let read = |file: &str| std::fs::read(place.path(file)).unwrap();
    let checkpoint = "further/checkpoint.safetensors";
    assert!(read(checkpoint) == read("at-once/checkpoint.safetensors"));
    // What was measured with the weights of before is gone.
    for file in ["metrics.json", "predictions.tsv", "metrics_mqc.json"] {
        assert!(!dir.join(file).exists(), "{file}");
    }

    // Of fewer epochs the best is not known any more, and other settings are told by their names.
    let said = refused(&place, "further", &["--epochs", "4"]);
    assert!(
        said.contains("has reached epoch 6") && said.contains("--epochs 6 or more"),
        "{said}"
    );
    let said = refused(
        &place,
        "further",
        &["--epochs", "8", "--learning-rate", "0.1"],
    );
    let both =
        "\n  training.epochs: 6 before, 8 now\n  training.learning_rate: 0.001 before, 0.1 now\n";
    assert!(said.contains(both), "{said}");
    // Without its state there is nothing to go on from, and the run is what it was.
    std::fs::remove_file(place.path(checkpoint)).unwrap();
    let said = refused(&place, "further", &["--epochs", "8"]);
    assert!(
        said.contains("after 6 epochs") && said.contains("--fresh to train all epochs anew"),
        "{said}"
    );
    place.trained("further", &["--epochs", "6"]);
    same_run(&place, "at-once", "further");
}

#[test]
fn activities_are_learnt_on_with_more_epochs_as_if_at_once() {
    let (place, options) = with_activities();
    let options = options.each_ref().map(String::as_str);
    let train = |out: &str, epochs: &str| {
        place.trained(out, &[&options[..], &["--epochs", epochs]].concat());
    };
    train("at-once", "4");
    train("further", "2");
    train("further", "4");
    same_run(&place, "at-once", "further");
    let read = |run: &str| std::fs::read(place.path(&format!("{run}/checkpoint.safetensors")));
    assert!(read("at-once").unwrap() == read("further").unwrap());
}

#[test]
fn more_epochs_change_nothing_where_training_stopped_by_itself() {
    fn options(epochs: &str) -> [&str; 4] {
        ["--patience", "1", "--epochs", epochs]
    }
    let place = Workplace::new();
    place.trained("run", &options("200"));
    place.trained("at-once", &options("300"));
    let epochs = place.text("run/history.csv").lines().count() - 1;
    assert!(epochs < 200, "did not stop");
    assert!(!place.path("run/checkpoint.safetensors").exists());
    place.trained("run", &options("300"));
    same_run(&place, "at-once", "run");
    assert!(place.text("run/run.json").contains("\"epochs\": 300"));
    let fewer = (epochs - 1).to_string();
    let said = refused(&place, "run", &options(&fewer));
    assert!(
        said.contains(&format!("has reached epoch {epochs}")),
        "{said}"
    );
}

#[test]
fn an_ensemble_goes_on_with_all_its_members() {
    fn options(epochs: &str) -> [&str; 4] {
        ["--ensemble", "2", "--epochs", epochs]
    }
    let place = Workplace::new();
    place.trained("at-once", &options("4"));
    place.trained("further", &options("2"));
    place.trained("further", &options("4"));
    same_run(&place, "at-once", "further");
    for file in ["model.safetensors", "checkpoint.safetensors"] {
        let bytes =
            |run: &str| std::fs::read(place.path(&format!("{run}/members/2/{file}"))).unwrap();
        assert!(bytes("at-once") == bytes("further"), "{file}");
    }
}

#[test]
fn an_interrupted_run_may_end_with_other_epochs() {
    let place = Workplace::new();
    place.trained("at-once", &["--epochs", "4"]);
    place.trained("interrupted", &["--epochs", "3"]);
    // As a process leaves it that is killed before the run is complete.
    std::fs::remove_file(place.path("interrupted/run.json")).unwrap();
    let said = refused(&place, "interrupted", &["--epochs", "2"]);
    assert!(said.contains("has reached epoch 3"), "{said}");
    place.trained("interrupted", &["--epochs", "4"]);
    same_run(&place, "at-once", "interrupted");
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
