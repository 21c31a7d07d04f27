//! Where a run comes from, and what other programs gather about it.

use std::path::Path;
use std::process::Command;

use epitrack::genome::SequenceCollection;
use epitrack::output::provenance::Input;
use serde_json::Value;

use super::support::{Workplace, arg, skipped, succeed};

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn a_run_describes_its_files_inputs_and_settings() {
    let place = Workplace::new();
    place.trained("run", &["--ensemble", "2", "--epochs", "1"]);
    let run = place.path("run");
    succeed(&["evaluate", arg(&run), "--device", "cpu"]);
    let said = succeed(&["provenance", arg(&run)]);
    let sequences = SequenceCollection::read(&place.path("sim/genome.fa")).unwrap();
    assert!(said.contains(&sequences.digest()), "{said}");

    let described = read(&run.join("ro-crate-metadata.json"));
    let graph = described["@graph"].as_array().unwrap();
    let entity = |id: &str| graph.iter().find(|of| of["@id"] == id).unwrap();
    let ids = |of: &Value| -> Vec<String> {
        let all = of.as_array().unwrap().iter();
        all.map(|of| of["@id"].as_str().unwrap().to_string())
            .collect()
    };
    let action = entity("#training");
    let files = ids(&action["result"]);
    for file in [
        "model.safetensors",
        "members/2/model.safetensors",
        "metrics.json",
        "split.tsv",
    ] {
        assert!(files.iter().any(|name| name == file), "{file} in {files:?}");
    }
    for file in &files {
        let found = Input::new(&run.join(file)).unwrap();
        assert_eq!(entity(file)["sha256"], found.sha256.as_str());
    }
    assert_eq!(action["instrument"]["@id"], "#epitrack");
    let objects = ids(&action["object"]);
    let pairs = objects
        .iter()
        .find(|id| id.ends_with("/sim/pairs.csv"))
        .unwrap();
    let input = Input::new(&place.path("sim/pairs.csv")).unwrap();
    assert_eq!(entity(pairs)["sha256"], input.sha256.as_str());
    // Every name that is used is told, and every file, wherever it lies, is a part of the crate: what
    // rocrate-validator refuses otherwise.
    let parts = ids(&entity("./")["hasPart"]);
    for of in objects.iter().chain(&files) {
        assert!(entity(of)["@type"] != "File" || parts.contains(of), "{of}");
    }
    let terms = "https://w3id.org/ro/terms/workflow-run/context";
    assert_eq!(described["@context"][1], terms, "sha256 is a term of it");
    assert_eq!(entity("#seqcol")["value"], sequences.digest().as_str());
    // It is no file of its own.
    let first = read(&run.join("ro-crate-metadata.json"));
    succeed(&["provenance", arg(&run)]);
    assert_eq!(first, read(&run.join("ro-crate-metadata.json")));
}

#[test]
fn multiqc_gathers_what_runs_tracks_and_splits_say() {
    let place = Workplace::new();
    for (name, seed) in [("one", "1"), ("two", "2")] {
        let run = format!("{name}/run");
        place.trained(&run, &["--seed", seed]);
        succeed(&["evaluate", arg(&place.path(&run)), "--device", "cpu"]);
        succeed(&place.tracks(&run, &format!("{name}/tracks"), &[]));
    }
    let [pairs, reference, out] =
        ["sim/pairs.csv", "sim/genome.fa", "one/leakage"].map(|of| place.path(of));
    let paths = [
        "--pairs",
        arg(&pairs),
        "--reference",
        arg(&reference),
        "--out",
        arg(&out),
    ];
    succeed(&[&["pairs", "leakage", "--split", "random"][..], &paths].concat());
    let metrics = read(&place.path("one/run/metrics_mqc.json"));
    let auroc = read(&place.path("one/run/metrics.json"))["test"]["auroc"]["value"].clone();
    assert_eq!(metrics["data"]["one"]["auroc"], auroc);
    let history = read(&place.path("two/run/history_mqc.json"));
    assert_eq!(history["data"]["two"].as_object().unwrap().len(), 3);
    let tracks = read(&place.path("two/tracks/tracks_mqc.json"));
    assert_eq!(tracks["data"]["two"]["pairs_run"], 150);
    let leakage = read(&place.path("one/leakage/leakage_mqc.json"));
    let same = leakage["data"]["one"]["same_element"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&same));

    let Some(programs) = std::env::var_os("EPITRACK_INTEROP") else {
        return skipped("multiqc", "EPITRACK_INTEROP is not set");
    };
    let report = place.path("report");
    let multiqc = Path::new(&programs).join("multiqc");
    let status = Command::new(multiqc)
        .args([
            "-q",
            "-o",
            arg(&report),
            arg(&place.path("one")),
            arg(&place.path("two")),
        ])
        .status();
    assert!(status.unwrap().success());
    let general =
        std::fs::read_to_string(report.join("multiqc_data/multiqc_general_stats.txt")).unwrap();
    assert!(
        general.contains("auroc") && general.contains("\none\t") && general.contains("\ntwo\t")
    );
    for section in ["epitrack_history", "epitrack_tracks", "epitrack_leakage"] {
        let file = report.join(format!("multiqc_data/multiqc_{section}_plot.txt"));
        assert!(file.exists(), "{section}");
    }
}
