//! Ensembles and the difference of two, from the command line.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use bigtools::BigWigRead;
use epitrack::element::Sides;
use epitrack::network::device::ComputeDevice;
use epitrack::run::Run;

use super::support::{Workplace, arg, epitrack, fail, succeed};

/// Two epochs, and a number of networks.
fn members(number: &'static str) -> [&'static str; 4] {
    ["--epochs", "2", "--ensemble", number]
}

fn bytes(place: &Workplace, file: &str) -> Vec<u8> {
    std::fs::read(place.path(file)).unwrap()
}

fn compare(place: &Workplace, a: &str, b: &str, out: &str) -> Vec<String> {
    let [a, b, out] = [a, b, out].map(|name| arg(&place.path(name)).to_string());
    let [a, b, out] = [a.as_str(), b.as_str(), out.as_str()];
    let arguments = ["compare-tracks", a, b, "--out", out, "--device", "cpu"];
    arguments.map(str::to_string).to_vec()
}

#[test]
fn the_first_member_is_the_single_run_and_the_others_are_not() {
    let place = Workplace::new();
    place.trained("single", &["--epochs", "2"]);
    place.trained("one", &members("1"));
    place.trained("three", &members("3"));
    for file in ["model.safetensors", "run.json", "split.tsv"] {
        assert!(bytes(&place, &format!("single/{file}")) == bytes(&place, &format!("one/{file}")));
    }
    assert!(!place.text("single/run.json").contains("ensemble"));
    assert!(!place.path("single/members").exists());
    let weights = ["", "members/2/", "members/3/"]
        .map(|member| bytes(&place, &format!("three/{member}model.safetensors")));
    assert!(weights[0] == bytes(&place, "single/model.safetensors"));
    assert!(weights[0] != weights[1] && weights[1] != weights[2]);
    assert!(bytes(&place, "single/split.tsv") == bytes(&place, "three/split.tsv"));
    for member in ["", "members/2/", "members/3/"] {
        // All epochs were used up: each may go on to more.
        let checkpoint = format!("three/{member}checkpoint.safetensors");
        assert!(place.path(&checkpoint).exists());
    }

    // Another number of networks is another run.
    let mut arguments = place.train("three");
    arguments.extend(members("2").map(str::to_string));
    assert!(fail(&arguments).contains("other settings"));
    arguments.push("--fresh".to_string());
    succeed(&arguments);
    assert!(!place.path("three/members/3").exists());
    let run = Run::open(&place.path("three")).unwrap();
    assert_eq!(run.predictors(&ComputeDevice::cpu()).unwrap().len(), 2);
    let members = &run.record.outcome.members;
    assert_eq!((members.len(), members[0].seed), (2, 1));
}

/// Each probability is the mean of the members', and so is attention, bin by bin.
#[test]
fn an_ensemble_is_the_mean_of_its_members() {
    let place = Workplace::new();
    place.trained("run", &members("2"));
    let run = Run::open(&place.path("run")).unwrap();
    let device = ComputeDevice::cpu();
    let (mut reference, _) = run.open_reference(None).unwrap();
    let table = run.read_table(None, &reference.chroms().clone()).unwrap();
    let windows = &table.windows[..20];
    let mut alone = Vec::new();
    for predictor in run.predictors(&device).unwrap() {
        let mut said = Vec::new();
        predictor
            .for_each(&mut reference, windows, |_, found| {
                said.push(found);
                Ok(())
            })
            .unwrap();
        alone.push(said);
    }
    let ensemble = run.ensemble(&device).unwrap();
    let mut seen = 0;
    ensemble
        .for_each(&mut reference, windows, |place, found| {
            let (one, other) = (&alone[0][place], &alone[1][place]);
            let mean = (one.probability + other.probability) / 2.0;
            assert!((found.mean.probability - mean).abs() < 1e-6);
            let sd = found.sd.unwrap();
            for (element, marginal) in found.mean.marginal.iter() {
                let values = one.marginal.get(element).iter();
                let values = values.zip(other.marginal.get(element));
                for ((a, b), (mean, sd)) in values.zip(marginal.iter().zip(sd.get(element))) {
                    assert!((mean - (a + b) / 2.0).abs() < 1e-6);
                    assert!((sd - (a - b).abs() / 2f32.sqrt()).abs() < 1e-6);
                }
            }
            seen += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, 20);
}

#[test]
fn evaluate_tracks_and_hub_take_an_ensemble() {
    let place = Workplace::new();
    place.trained("run", &members("2"));
    let run = place.path("run");
    let printed = succeed(&["evaluate", arg(&run), "--device", "cpu"]);
    assert!(printed.contains("AUROC"), "{printed}");
    succeed(&place.tracks("run", "tracks", &[]));
    let summary: serde_json::Value =
        serde_json::from_str(&place.text("tracks/tracks.json")).unwrap();
    assert_eq!(summary["ensemble"], 2);
    for element in ["enhancer", "promoter"] {
        let file = format!("{element}_attention_sd.bw");
        assert_eq!(summary["spread"][element]["file"], file.as_str());
        assert!(summary["spread"][element]["max"].as_f64().unwrap() > 0.0);
        BigWigRead::open_file(arg(&place.path("tracks").join(file))).unwrap();
    }
    // Both commands say the same of the pairs that neither learnt from.
    let probabilities = |file: &str| -> BTreeMap<String, f64> {
        let text = place.text(file);
        let rows = text.lines().skip(1).map(|line| line.split('\t').collect());
        rows.map(|row: Vec<&str>| (row[0].to_string(), row[4].parse().unwrap()))
            .collect()
    };
    let of_tracks = probabilities("tracks/predictions.tsv");
    let of_run = probabilities("run/predictions.tsv");
    assert!(of_run.len() > 10);
    for (pair, probability) in of_run {
        assert!((of_tracks[&pair] - probability).abs() < 1e-5, "{pair}");
    }
    assert!(
        place
            .text("tracks/igv_session.json")
            .contains("attention_sd.bw")
    );
    let [tracks, hub] = ["tracks", "hub"].map(|name| place.path(name));
    succeed(&["hub", arg(&tracks), "--out", arg(&hub)]);
    succeed(&["hub", "check", arg(&hub)]);
    let shown = std::fs::read_to_string(hub.join("files.txt")).unwrap();
    assert_eq!(shown.matches("er_sd.bw").count(), 2, "{shown}");
    // A record that no training has written is refused.
    let record = place
        .text("run/run.json")
        .replacen("\"ensemble\": 2", "\"ensemble\": 0", 1);
    std::fs::write(place.path("run/run.json"), record).unwrap();
    let said = fail(&["evaluate", arg(&run), "--device", "cpu"]);
    assert!(
        said.contains("run.json") && said.contains("an ensemble has 1 to"),
        "{said}"
    );
}

#[test]
fn a_killed_ensemble_ends_with_the_same_bytes() {
    let place = Workplace::new();
    place.trained("whole", &members("3"));
    let mut kills = 0;
    // Some time after the first and after the second network have begun.
    for file in ["checkpoint.safetensors", "members/2/checkpoint.safetensors"] {
        let checkpoint = place.path("killed").join(file);
        let mut child = epitrack()
            .args(place.train("killed"))
            .args(members("3"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if checkpoint.exists() {
                child.kill().unwrap();
                kills += 1;
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(120));
            std::thread::sleep(Duration::from_millis(1));
        }
        child.wait().unwrap();
    }
    assert!(kills >= 1, "the run was too fast to be killed");
    place.trained("killed", &members("3"));
    for file in [
        "model.safetensors",
        "members/2/model.safetensors",
        "members/3/model.safetensors",
        "run.json",
        "split.tsv",
    ] {
        let same =
            bytes(&place, &format!("whole/{file}")) == bytes(&place, &format!("killed/{file}"));
        assert!(same, "{file} differs");
    }
}

#[test]
fn two_ensembles_are_compared() {
    let place = Workplace::new();
    place.trained("a", &members("3"));
    let other: Vec<&str> = members("3").into_iter().chain(["--seed", "2"]).collect();
    place.trained("b", &other);
    succeed(&compare(&place, "a", "b", "differences"));
    let summary: serde_json::Value =
        serde_json::from_str(&place.text("differences/compare-tracks.json")).unwrap();
    assert_eq!(summary["a"]["members"], 3);
    let tested = &summary["tested"];
    assert_eq!(tested["labellings"], 20);
    assert_eq!(tested["all"], true);
    assert_eq!(tested["smallest_p"], 0.1);
    let table = place.text("differences/differences.tsv");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(1)
        .map(|row| row.split('\t').collect())
        .collect();
    let windows = Sides::new("enhancer", "promoter").map(|side| summary["windows"][side].as_u64());
    assert_eq!(
        rows.len() as u64,
        windows.enhancer.unwrap() + windows.promoter.unwrap()
    );
    for row in &rows {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        assert!((number(9) - (number(8) - number(7))).abs() < 1e-9);
        // Twentieths, and at least two of them.
        assert!(number(11) >= 0.1 && number(12) >= number(11));
        assert!((number(11) * 20.0 - (number(11) * 20.0).round()).abs() < 1e-9);
    }
    for element in ["enhancer", "promoter"] {
        let path = place.path(&format!("differences/{element}_difference.bw"));
        BigWigRead::open_file(arg(&path)).unwrap();
    }
    // What answers rest on.
    let mut arguments = compare(&place, "a", "b", "contributions");
    arguments.extend(["--measure", "contribution"].map(str::to_string));
    succeed(&arguments);
    let contributions = place.text("contributions/differences.tsv");
    assert!(contributions.contains("\tcontribution_a\tcontribution_b\t"));
    assert_eq!(contributions.lines().count(), rows.len() + 1);
    assert_ne!(contributions.lines().nth(1), table.lines().nth(1));
    let summary = place.text("contributions/compare-tracks.json");
    assert!(
        summary.contains("\"measure\": \"contribution\""),
        "{summary}"
    );
    // A run differs from itself nowhere.
    succeed(&compare(&place, "a", "a", "none"));
    let none = place.text("none/differences.tsv");
    assert!(none.lines().skip(1).all(|row| {
        let fields: Vec<&str> = row.split('\t').collect();
        fields[9].parse::<f64>().unwrap().abs() < 1e-9 && fields[11] == "1.0"
    }));
}

#[test]
fn what_cannot_be_compared_is_refused_or_has_no_p_value() {
    let place = Workplace::new();
    place.trained("a", &["--epochs", "1"]);
    place.trained("b", &["--epochs", "1", "--seed", "2"]);
    succeed(&compare(&place, "a", "b", "differences"));
    let table = place.text("differences/differences.tsv");
    assert!(
        table.lines().skip(1).all(|row| row.ends_with("\t\t\t")),
        "{table}"
    );
    let summary = place.text("differences/compare-tracks.json");
    assert!(summary.contains("\"tested\": null"), "{summary}");

    // Another reference: the same bases in other bytes.
    let other = place.path("other.fa");
    std::fs::write(&other, place.text("sim/genome.fa").to_lowercase()).unwrap();
    let mut arguments = place.train("c");
    let fasta = arguments.iter().position(|of| of.ends_with("genome.fa"));
    arguments[fasta.unwrap()] = arg(&other).to_string();
    arguments.extend(["--epochs", "1"].map(str::to_string));
    succeed(&arguments);
    let said = fail(&compare(&place, "a", "c", "refused"));
    assert!(said.contains("different references"), "{said}");
}
