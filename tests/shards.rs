//! Work in shards: what they make together is, byte for byte, what one run makes.

use std::path::PathBuf;

use super::contribution_activity_tracks::ACTIVITY;
use super::support::{Workplace, arg, fail, files, run, succeed};

/// More pairs than three blocks hold.
fn place() -> Workplace {
    let place = Workplace::new();
    let sizes = ["--positives", "400", "--negatives", "1000"];
    let out = place.path("many");
    let mut arguments = vec![
        "simulate",
        "--out",
        arg(&out),
        "--chromosome-length",
        "2500000",
    ];
    arguments.extend(sizes);
    succeed(&arguments);
    place
}

/// Trains a small network on many pairs.
fn trained(place: &Workplace, more: &[&str]) {
    let mut arguments = place.train("run");
    for argument in &mut arguments {
        *argument = argument.replace("/sim/", "/many/");
    }
    arguments.extend(more.iter().map(|text| text.to_string()));
    succeed(&arguments);
}

/// Runs a command whole into `one` and in shards, and merges these in another order; both are the same.
/// The shards' folders, in order.
fn check(place: &Workplace, command: &[String], count: usize) -> Vec<PathBuf> {
    let with = |out: &str, more: &[&str]| {
        let mut arguments = command.to_vec();
        arguments.extend(["--out", arg(&place.path(out))].map(str::to_string));
        arguments.extend(more.iter().map(|text| text.to_string()));
        arguments
    };
    for folder in ["one", "merged", "shards"] {
        let _ = std::fs::remove_dir_all(place.path(folder));
        std::fs::create_dir(place.path(folder)).unwrap();
    }
    succeed(&with("one/out", &[]));
    let shards: Vec<String> = (1..=count)
        .map(|number| format!("shards/{number}"))
        .collect();
    for (number, shard) in (1..).zip(&shards) {
        succeed(&with(shard, &["--shard", &format!("{number}/{count}")]));
    }
    let dirs: Vec<PathBuf> = shards.iter().map(|shard| place.path(shard)).collect();
    succeed(&merge(
        place,
        &dirs.iter().rev().cloned().collect::<Vec<_>>(),
        "merged/out",
    ));
    let [one, merged] = ["one", "merged"].map(|folder| files(&place.path(folder)));
    assert!(!one.is_empty());
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        merged.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &one {
        assert!(merged[name] == *bytes, "{command:?}: {name}");
    }
    dirs
}

fn merge(place: &Workplace, shards: &[PathBuf], out: &str) -> Vec<String> {
    let mut arguments = vec!["merge".to_string()];
    arguments.extend(shards.iter().map(|shard| arg(shard).to_string()));
    arguments.extend(["--out", arg(&place.path(out))].map(str::to_string));
    arguments
}

fn command(place: &Workplace, name: &[&str], paths: &[(&str, &str)], more: &[&str]) -> Vec<String> {
    let mut arguments: Vec<String> = name.iter().map(|text| text.to_string()).collect();
    for (option, path) in paths {
        arguments.extend([option.to_string(), arg(&place.path(path)).to_string()]);
    }
    arguments.extend(more.iter().map(|text| text.to_string()));
    arguments
}

fn tracks(place: &Workplace, name: &str, more: &[&str]) -> Vec<String> {
    let run = place.path("run");
    let mut arguments = vec![name, arg(&run), "--device", "cpu"];
    arguments.extend(more);
    arguments.into_iter().map(str::to_string).collect()
}

/// The name of the first pair of the table, as predictions have it.
fn first_pair(place: &Workplace) -> String {
    let predictions = place.text("one/out/predictions.tsv");
    let row = predictions.lines().nth(1).unwrap();
    row.split('\t').next().unwrap().to_string()
}

#[test]
fn tracks_of_shards_are_those_of_one_run() {
    let place = place();
    trained(&place, &[]);
    for (aggregate, count) in [("max", 3), ("mean", 2), ("weighted", 5)] {
        check(
            &place,
            &tracks(&place, "tracks", &["--aggregate", aggregate]),
            count,
        );
    }
    let pair = first_pair(&place);
    let motifs = place.path("many/motifs.jaspar");
    let more = [
        "--pairs",
        "positive",
        "--matrix",
        &pair,
        "--motifs",
        arg(&motifs),
        "--top-regions",
        "3",
    ];
    let shards = check(&place, &tracks(&place, "tracks", &more), 2);
    assert!(place.path("merged/out/matrix").exists());

    // A hub of what was merged.
    let mut arguments = merge(&place, &shards, "merged/out");
    arguments.extend(["--hub", arg(&place.path("hub"))].map(str::to_string));
    succeed(&arguments);
    assert!(place.path("hub/hub.txt").exists());
}

#[test]
fn contributions_to_an_activity_in_shards_are_those_of_one_run() {
    let place = place();
    let settings = place.text("small.toml") + ACTIVITY;
    std::fs::write(place.path("small.toml"), settings).unwrap();
    let signal = place.path("many/accessibility.bw");
    trained(&place, &["--epochs", "2", "--activity", arg(&signal)]);
    let more = ["--of", "activity", "--aggregate", "mean"];
    check(&place, &tracks(&place, "contributions", &more), 3);
}

#[test]
fn contributions_of_an_ensemble_in_shards_are_those_of_one_run() {
    let place = place();
    trained(&place, &["--ensemble", "2", "--epochs", "2"]);
    check(
        &place,
        &tracks(&place, "contributions", &["--aggregate", "weighted"]),
        3,
    );
    // The most probable are found before they are divided.
    let more = ["--method", "ism", "--top", "40", "--rank", "attention"];
    check(&place, &tracks(&place, "contributions", &more), 2);
    let (output, _, said) = run(&tracks(&place, "tracks", &["--out", "x", "--shard", "3/2"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("a shard is I/N"), "{said}");
}

#[test]
fn shards_that_do_not_belong_together_are_refused_by_name() {
    let place = place();
    trained(&place, &["--epochs", "1"]);
    let shards = check(&place, &tracks(&place, "tracks", &[]), 3);
    let [one, two, three] = [0, 1, 2].map(|place| shards[place].clone());
    let refused = |place: &Workplace, shards: &[PathBuf]| fail(&merge(place, shards, "out"));
    let said = refused(&place, &[three.clone(), one.clone()]);
    assert!(said.contains("missing of the shards: 2/3"), "{said}");
    let said = refused(
        &place,
        &[three.clone(), one.clone(), two.clone(), two.clone()],
    );
    assert!(said.contains("is shard 2/3, as"), "{said}");

    for (option, value, name) in [
        ("--aggregate", "mean", "aggregate"),
        ("--top-regions", "3", "top_regions"),
    ] {
        let foreign = tracks(&place, "tracks", &[option, value, "--shard", "2/3"]);
        let out = place.path("foreign");
        succeed(&[foreign, vec!["--out".to_string(), arg(&out).to_string()]].concat());
        let said = refused(&place, &[one.clone(), out, three.clone()]);
        assert!(
            said.contains("foreign: is of other work") && said.contains(name),
            "{said}"
        );
    }

    // One that was killed has no record, and one that was damaged another checksum.
    let record = two.join("shard.json");
    let text = std::fs::read_to_string(&record).unwrap();
    std::fs::remove_file(&record).unwrap();
    let said = refused(&place, &shards);
    assert!(
        said.contains("2: holds no complete shard: give its command again"),
        "{said}"
    );
    let elsewhere = text.replace("\"machine\": \"", "\"machine\": \"another ");
    std::fs::write(&record, elsewhere).unwrap();
    let said = refused(&place, &shards);
    assert!(said.contains("--allow-mixed"), "{said}");
    let mut mixed = merge(&place, &shards, "out");
    mixed.push("--allow-mixed".to_string());
    succeed(&mixed);
    std::fs::write(&record, &text).unwrap();
    let body = two.join("shard.bin");
    let mut bytes = std::fs::read(&body).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&body, &bytes).unwrap();
    let said = refused(&place, &shards);
    assert!(said.contains("2/shard.bin: was damaged"), "{said}");
    bytes[100] ^= 1;
    std::fs::write(&body, &bytes).unwrap();
    succeed(&merge(&place, &shards, "out"));

    // Of other weights than the run has now.
    trained(&place, &["--epochs", "2", "--fresh"]);
    let said = refused(&place, &shards);
    assert!(
        said.contains("changed since the shards were written: ") && said.contains("weights"),
        "{said}"
    );
    std::fs::remove_dir_all(place.path("run")).unwrap();
    refused(&place, &shards);
}

#[test]
fn an_analysis_of_shards_is_that_of_one_run() {
    let place = place();
    trained(&place, &["--ensemble", "2", "--epochs", "2"]);
    let run = place.path("run");
    let reads = [
        ("--bam", "many/dnase.bam"),
        ("--regions", "many/peaks.bed"),
        ("--out", "prints"),
    ];
    succeed(&command(&place, &["footprints", "call"], &reads, &[]));
    let inputs = [
        ("--motifs", "many/motifs.jaspar"),
        ("--footprints", "prints.bw"),
        ("--interactome", "many/interactome.tab3.txt"),
    ];
    let more = [
        "--controls",
        "2",
        "--shuffled-labels",
        "1",
        "--permutations",
        "200",
        "--device",
        "cpu",
    ];
    let name = ["enrich", arg(&run)];
    check(&place, &command(&place, &name, &inputs, &more), 3);
    let more = [&more[..], &["--rank", "contribution"]].concat();
    check(&place, &command(&place, &name, &inputs[..1], &more), 2);
}

#[test]
fn sites_of_shards_are_those_of_one_scan() {
    let place = place();
    let inputs = [
        ("--motifs", "many/motifs.jaspar"),
        ("--reference", "many/genome.fa"),
    ];
    let scan = command(
        &place,
        &["motifs", "scan"],
        &inputs,
        &["--bigbed", "--p-value", "1e-3"],
    );
    for count in [1, 2, 7] {
        check(&place, &scan, count);
    }
    let inputs = [inputs.as_slice(), &[("--regions", "many/peaks.bed")]].concat();
    let shards = check(
        &place,
        &command(&place, &["motifs", "scan"], &inputs, &[]),
        3,
    );
    // Plain, though each shard compresses.
    succeed(&merge(&place, &shards, "plain.bed"));
    let mut one = command(&place, &["motifs", "scan"], &inputs, &[]);
    one.extend(["--out", arg(&place.path("whole.bed"))].map(str::to_string));
    succeed(&one);
    assert!(place.text("plain.bed").lines().count() > 10);
    assert_eq!(place.text("plain.bed"), place.text("whole.bed"));
}

#[test]
fn footprints_of_shards_are_those_of_one_call() {
    let place = place();
    let inputs = [
        ("--bam", "many/dnase.bam"),
        ("--regions", "many/peaks.bed"),
        ("--reference", "many/genome.fa"),
    ];
    let call = command(&place, &["footprints", "call"], &inputs, &[]);
    let shards = check(&place, &call, 3);
    assert!(place.text("merged/out.bed").lines().count() > 10);
    let mut with_hub = merge(&place, &shards, "merged/out");
    with_hub.extend(["--hub", arg(&place.path("hub"))].map(str::to_string));
    assert!(fail(&with_hub).contains("a hub is made of tracks"));
}

#[test]
fn a_comparison_and_a_search_in_shards_are_those_of_one_run() {
    let place = Workplace::new();
    let pairs = format!("SIM={}", arg(&place.path("sim/pairs.csv")));
    let inputs = [("--reference", "sim/genome.fa"), ("--config", "small.toml")];
    let more = [
        "--pairs",
        &pairs,
        "--folds",
        "2",
        "--device",
        "cpu",
        "--methods",
    ];
    let methods = "epiann,epiann-ensemble,pep-word,distance";
    let more = [more.as_slice(), &[methods, "--ensemble", "2"]].concat();
    check(&place, &command(&place, &["compare"], &inputs, &more), 3);

    let inputs = [inputs.as_slice(), &[("--pairs", "sim/pairs.csv")]].concat();
    let more = [
        "--trials", "3", "--folds", "2", "--search", "random", "--device", "cpu",
    ];
    let shards = check(&place, &command(&place, &["tune"], &inputs, &more), 2);
    let halving = [&more[..4], &["--device", "cpu", "--shard", "1/2"]].concat();
    let mut halving = command(&place, &["tune"], &inputs, &halving);
    halving.extend(["--out", arg(&place.path("halving"))].map(str::to_string));
    assert!(fail(&halving).contains("only a random one has shards"));
    // What was not tried by any is not made up.
    std::fs::write(
        shards[0].join("measures.tsv"),
        "epochs\ttrial\tfold\tauprc\tauroc\n",
    )
    .unwrap();
    let said = fail(&merge(&place, &shards, "again"));
    assert!(
        said.contains("no shard has measured trial 1, fold 1"),
        "{said}"
    );
}
