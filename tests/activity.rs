//! What `train` does with activities: what it refuses before anything is lost, and what it starts from.

use std::collections::BTreeSet;

use epitrack::network::model::Weights;
use epitrack::output::provenance::Input;
use epitrack::run::Run;

use super::activity_tracks::{activities, json, learn, place, train_plain};
use super::support::{Workplace, arg, fail, files, succeed};

/// What is said of a training that must be refused.
fn refused(place: &Workplace, out: &str, more: &[&str]) -> String {
    let mut arguments = place.train(out);
    arguments.extend(more.iter().map(|more| more.to_string()));
    fail(&arguments)
}

#[test]
fn a_run_stays_where_the_activity_that_is_to_replace_it_cannot_be_learnt() {
    let place = place();
    train_plain(&place, "run");
    let before = files(&place.path("run"));
    let peaks = place.text("sim/peaks.bed");
    // Of one chromosome only: no part but one has a peak.
    std::fs::write(place.path("one.bed"), peaks.lines().next().unwrap()).unwrap();
    let one = format!("one={}", arg(&place.path("one.bed")));
    let said = refused(&place, "run", &["--fresh", "--activity-peaks", &one]);
    assert!(said.contains("no peak of activity"), "{said}");
    assert!(files(&place.path("run")) == before);

    let activities = activities(&place);
    let activities = activities.each_ref().map(String::as_str);
    let random = [&activities[..], &["--split", "random", "--fresh"]].concat();
    let said = refused(&place, "run", &random);
    assert!(
        said.contains("whole chromosomes") && said.contains("(--split chromosome)"),
        "{said}"
    );
    let taken = format!("contribution={}", arg(&place.path("dnase.bw")));
    let taken = [&activities[2..], &["--activity", &taken, "--fresh"]].concat();
    let said = refused(&place, "run", &taken);
    assert!(said.contains("would have the names"), "{said}");
    // Settings that would do nothing.
    let said = refused(&place, "run", &["--fresh"]);
    assert!(
        said.contains("[activity] of the file is of no use"),
        "{said}"
    );
    assert!(files(&place.path("run")) == before);
}

#[test]
fn a_run_that_is_replaced_leaves_nothing_of_its_activities() {
    let place = place();
    learn(&place, "run", &["--ensemble", "2", "--epochs", "1"]);
    assert!(place.path("run/members/2/activity.csv").exists());
    learn(&place, "run", &["--epochs", "1", "--fresh"]);
    assert!(place.path("run/activity.csv").exists());
    assert!(!place.path("run/members").exists());
}

#[test]
fn a_run_starts_from_weights_with_or_without_the_task() {
    let place = place();
    train_plain(&place, "plain");
    let read = |run: &str| {
        let path = place.path(&format!("{run}/model.safetensors"));
        Weights::read(&path).unwrap().0
    };
    let names = |weights: &Weights| -> Vec<String> {
        let all = weights.iter().map(|(name, ..)| name.to_string());
        all.collect()
    };
    // Steps so small that weights stay as they were.
    let from = |run: &str| place.path(&format!("{run}/model.safetensors"));
    let still = ["--learning-rate", "1e-12", "--epochs", "1", "--init"];
    let plain = from("plain");
    learn(&place, "with", &[&still[..], &[arg(&plain)]].concat());
    let (plain, with) = (read("plain"), read("with"));
    for (name, _, values) in plain.iter() {
        let learnt = with.values(name);
        assert_eq!(learnt.len(), values.len(), "{name}");
        for (a, b) in values.iter().zip(learnt) {
            assert!((a - b).abs() < 1e-6, "{name}");
        }
    }
    let layers = with.under("activity");
    assert!(layers.iter().count() > 0);
    let first = layers.values("projection.weight");
    assert!(first.iter().any(|of| of.abs() > 1e-3), "{first:?}");

    // And back: what the pairs do not need goes.
    std::fs::copy(from("with"), place.path("with.safetensors")).unwrap();
    let settings = place.text("small.toml");
    let (settings, _) = settings.split_once("[activity]").unwrap();
    std::fs::write(place.path("small.toml"), settings).unwrap();
    let with = place.path("with.safetensors");
    place.trained("back", &[&still[..], &[arg(&with)]].concat());
    assert_eq!(names(&read("back")), names(&plain));
}

#[test]
fn a_chromosome_that_is_named_for_the_test_is_held_out_without_pairs_too() {
    let place = place();
    // Nothing is paired on the last two of eight chromosomes.
    let table = place.text("sim/pairs.csv");
    let is_kept = |line: &&str| !line.starts_with("chr7,") && !line.starts_with("chr8,");
    let kept: Vec<&str> = table.lines().filter(is_kept).collect();
    assert!(kept.len() < table.lines().count());
    std::fs::write(place.path("sim/pairs.csv"), kept.join("\n") + "\n").unwrap();
    let found = |out: &str, test: &str| {
        learn(&place, out, &["--epochs", "1", "--test-chromosomes", test]);
        let dir = place.path(out);
        succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
        let metrics = json(&place.text(&format!("{out}/metrics.json")));
        let windows = metrics["activity"][0]["windows"].as_u64().unwrap();
        let run = Run::open(&dir).unwrap();
        let (reference, _) = run.open_reference(None).unwrap();
        let chroms = reference.chroms().clone();
        let table = run.read_tables(&[], &chroms).unwrap();
        let split = run.split(&table, &chroms).unwrap();
        let trained = run.trained_chroms(&table, &split, &chroms).unwrap();
        let names = trained.into_iter().map(|chrom| chroms.name(chrom));
        let trained: BTreeSet<String> = names.map(str::to_string).collect();
        (windows, trained)
    };
    let (more, without) = found("named", "chr1,chr8");
    let (fewer, with) = found("unnamed", "chr1");
    // Windows on a chromosome more are tested.
    assert!(more > fewer, "{more} {fewer}");
    assert!(
        without.contains("chr7") && !without.contains("chr8"),
        "{without:?}"
    );
    assert!(with.contains("chr7") && with.contains("chr8"), "{with:?}");
    assert!(!with.contains("chr1") && !without.contains("chr1"));
}

#[test]
fn a_description_names_the_files_of_activities() {
    let place = place();
    learn(&place, "run", &["--epochs", "1"]);
    succeed(&["provenance", arg(&place.path("run"))]);
    let described = json(&place.text("run/ro-crate-metadata.json"));
    let graph = described["@graph"].as_array().unwrap();
    let entity = |end: &str| {
        let mut all = graph.iter();
        all.find(|of| of["@id"].as_str().is_some_and(|id| id.ends_with(end)))
    };
    for file in ["dnase.bw", "sim/peaks.bed", "run/activity.csv"] {
        let name = file.strip_prefix("run/").unwrap_or(file);
        let sum = Input::new(&place.path(file)).unwrap().sha256;
        assert_eq!(entity(name).unwrap()["sha256"], sum.as_str(), "{file}");
    }
}
