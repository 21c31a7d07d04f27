//! Networks that are trained beside what is known of pairs without their sequence.

mod everywhere;

use std::collections::BTreeMap;

use epitrack::network::device::ComputeDevice;
use epitrack::run::Run;
use serde_json::Value;

use super::support::{Workplace, arg, fail, succeed};

fn json(place: &Workplace, file: &str) -> Value {
    serde_json::from_str(&place.text(file)).unwrap()
}

/// The lines of a table by their pairs, field by field, and what its header ends with.
fn rows(place: &Workplace, file: &str, pair: usize) -> (BTreeMap<String, Vec<String>>, String) {
    let text = place.text(file);
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let last = header.rsplit('\t').next().unwrap().to_string();
    let row = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_string).collect();
        (fields[pair].clone(), fields)
    };
    (lines.map(row).collect(), last)
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

/// Peaks with scores, from those of the simulation.
fn write_peaks(place: &Workplace, file: &str, score: impl Fn(usize) -> usize) {
    let peaks = place.text("sim/peaks.bed");
    let line = |(number, line): (usize, &str)| {
        let place: Vec<&str> = line.split('\t').take(3).collect();
        format!("{}\t.\t{}\n", place.join("\t"), score(number))
    };
    let peaks = peaks.lines().filter(|line| line.starts_with("chr"));
    let text: String = peaks.enumerate().map(line).collect();
    assert!(!text.is_empty());
    std::fs::write(place.path(file), text).unwrap();
}

/// The run's table with a column that goes with the label.
fn write_hints(place: &Workplace, file: &str) {
    let table = place.text("sim/pairs.csv");
    let hint = |(number, line): (usize, &str)| match (number, line.ends_with(",1")) {
        (0, _) => format!("{line},hint\n"),
        (_, positive) => format!("{line},{}\n", number % 7 + if positive { 4 } else { 0 }),
    };
    let table: String = table.lines().enumerate().map(hint).collect();
    std::fs::write(place.path(file), table).unwrap();
}

/// The run's table without some of its lines.
fn write_other_table(place: &Workplace, file: &str) {
    let table = place.text("sim/pairs.csv");
    let kept = table.lines().enumerate();
    let kept = kept.filter(|(number, _)| *number == 0 || number % 3 > 0);
    let kept: Vec<&str> = kept.map(|(_, line)| line).collect();
    std::fs::write(place.path(file), kept.join("\n") + "\n").unwrap();
}

/// Has a run's log-odds take half of the network's and a little more, whatever its validation part says: so that what
/// takes all of them, or none, is seen.
fn with_half_of_the_sequence(place: &Workplace) {
    let mut record = json(place, "run/run.json");
    let sum = &mut record["outcome"]["sum"];
    sum["sequence"] = serde_json::json!(0.5);
    sum["offset"] = serde_json::json!(0.25);
    std::fs::write(place.path("run/run.json"), record.to_string()).unwrap();
}

#[test]
fn the_sum_of_both_stands_everywhere_with_the_context_beside_it() {
    let place = Workplace::new();
    write_hints(&place, "hints.csv");
    let hints = place.path("hints.csv");
    place.trained("run", &["--context", "--context-features", arg(&hints)]);
    let dir = place.path("run");
    let fitted = json(&place, "run/run.json");
    let sum = &fitted["outcome"]["sum"];
    let weight = sum["sequence"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&weight), "{sum}");
    with_half_of_the_sequence(&place);
    let record = json(&place, "run/run.json");
    assert!(record["settings"]["context"].is_object());
    assert!(record["outcome"]["files"]["context.json"].is_string());
    let printed = succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
    for wanted in [
        "\n  context alone",
        "\n  both − context",
        "and 1.000 × the others",
    ] {
        assert!(printed.contains(wanted), "{printed}");
    }
    let metrics = json(&place, "run/metrics.json");
    let ablation = &metrics["ablation"];
    assert_eq!(ablation["known"], "context");
    // What the validation part decided is held in the record, and is what is measured.
    let sum = &record["outcome"]["sum"];
    assert_eq!(ablation["sum"], *sum);
    assert_eq!(sum["context"], 1.0);
    let weight = sum["sequence"].as_f64().unwrap();
    assert!(weight >= 0.0, "{sum}");
    let difference = &ablation["difference"]["auprc"]["value"];
    let of = |which: &str| ablation[which]["auprc"]["value"].as_f64().unwrap();
    let wanted = of("both") - of("context");
    assert!((difference.as_f64().unwrap() - wanted).abs() < 1e-12);
    let test = &metrics["test"]["auroc"];
    assert_eq!(ablation["both"]["auroc"]["value"], test["value"]);

    succeed(&place.tracks("run", "tracks", &[]));
    let (of_run, last) = rows(&place, "run/predictions.tsv", 0);
    assert_eq!(last, "context");
    let (of_tracks, last) = rows(&place, "tracks/predictions.tsv", 0);
    assert_eq!(last, "context");
    let (bedpe, last) = rows(&place, "tracks/pairs.bedpe", 6);
    assert_eq!(last, "context");
    let run = Run::open(&dir).unwrap();
    let (mut reference, _) = run.open_reference(None).unwrap();
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms).unwrap();
    let context = run
        .context((table.pairs.as_slice(), true), None, &chroms)
        .unwrap();
    let context = context.unwrap();
    let predictor = run.predictor(&ComputeDevice::cpu()).unwrap();
    let mut offsets = Vec::new();
    predictor
        .for_each(&mut reference, &table.windows, |at, by_sequence| {
            let id = table.pairs[at].id(&chroms).to_string();
            let row = &of_tracks[&id];
            let beside = context.of(at);
            let logit = f64::from(beside.log_odds(by_sequence.logit));
            assert!((number(&row[5]) - logit).abs() < 1e-4, "{id}");
            let both = 1.0 / (1.0 + (-logit).exp());
            assert!((number(&row[4]) - both).abs() < 1e-4, "{id}");
            assert_eq!(row[8], context.probability(at).to_string(), "{id}");
            assert_eq!(bedpe[&id].last(), row.last());
            assert_eq!(bedpe[&id][11], row[4]);
            if let Some(of_run) = of_run.get(&id) {
                assert!((number(&of_run[5]) - logit).abs() < 1e-4, "{id}");
                assert_eq!(of_run.last(), row.last());
            }
            offsets.push(beside.offset);
            assert_eq!(f64::from(beside.weight), weight as f32 as f64);
            Ok(())
        })
        .unwrap();
    assert!(offsets.iter().any(|offset| *offset != offsets[0]));
    // Behind all other fields, in what browsers show too.
    let regions = place.text("tracks/top_regions.bed");
    for line in regions.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 21);
        assert_eq!(fields[20], of_tracks[fields[12]][8]);
    }
    let merged = place.text("tracks/merged_regions.bed");
    assert!(merged.lines().all(|line| line.split('\t').count() == 17));
    assert!(json(&place, "tracks/tracks.json")["context"]["fitted"].is_object());
}

#[test]
fn a_run_without_a_context_is_measured_beside_distance() {
    let place = Workplace::with_tracks();
    let dir = place.path("run");
    assert!(!place.text("run/run.json").contains("context"));
    assert!(!place.path("run/context.json").exists());
    let printed = succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
    let metrics = json(&place, "run/metrics.json");
    let ablation = &metrics["ablation"];
    assert_eq!(ablation["known"], "distance");
    assert!(ablation["sum"]["sequence"].is_number());
    let says = [
        "adds to distance",
        "adds nothing that can be told over distance",
    ];
    assert!(says.iter().any(|says| printed.contains(says)), "{printed}");
    assert!(printed.contains("\n  distance alone"), "{printed}");
    for file in ["run/predictions.tsv", "tracks/predictions.tsv"] {
        let header = place.text(file);
        assert!(header.lines().next().unwrap().ends_with("\tcalibrated"));
    }
    let bedpe = place.text("tracks/pairs.bedpe");
    assert!(bedpe.lines().all(|line| line.split('\t').count() == 15));
    // What is said of the sequence stands on the hub's pages.
    let hub = place.path("hub");
    let tracks = place.path("tracks");
    let cell = format!("test={}", arg(&tracks));
    let email = ["--email", "me@example.org"];
    let mut arguments = vec!["hub", "--out", arg(&hub), &cell];
    arguments.extend(email);
    succeed(&arguments);
    let pages: Vec<_> = std::fs::read_dir(&hub).unwrap().collect();
    assert!(!pages.is_empty());
    let folder = pages.into_iter().map(|entry| entry.unwrap().path());
    let page = folder.filter(|path| path.is_dir()).find_map(|path| {
        let page = path.join("attention.html");
        std::fs::read_to_string(page).ok()
    });
    let page = page.expect("a page of attention");
    assert!(page.contains("What the sequence adds, test part"), "{page}");
    let is_doubted = printed.contains("hypotheses about this cell line");
    assert_eq!(
        page.matches("<b>").count(),
        usize::from(is_doubted),
        "{page}"
    );
    // A context is for runs that were trained with one.
    let said = fail(&place.tracks("run", "more", &["--context-assays", "DNase=small.toml"]));
    assert!(said.contains("small.toml"), "{said}");
    write_peaks(&place, "dnase.bed", |_| 1);
    let assay = format!("DNase={}", arg(&place.path("dnase.bed")));
    let said = fail(&place.tracks("run", "more", &["--context-assays", &assay]));
    assert!(said.contains("was trained without a context"), "{said}");
}

#[test]
fn a_training_beside_a_context_goes_on_as_if_at_once() {
    let place = Workplace::new();
    place.trained("at-once", &["--context", "--epochs", "4"]);
    place.trained("further", &["--context", "--epochs", "2"]);
    place.trained("further", &["--context", "--epochs", "4"]);
    for file in ["model.safetensors", "context.json", "run.json"] {
        let bytes = |run: &str| std::fs::read(place.path(&format!("{run}/{file}"))).unwrap();
        assert!(bytes("at-once") == bytes("further"), "{file} differs");
    }
    // The network learns something else than without.
    place.trained("without", &["--epochs", "4"]);
    let weights =
        |run: &str| std::fs::read(place.path(&format!("{run}/model.safetensors"))).unwrap();
    assert!(weights("at-once") != weights("without"));
    let mut without = place.train("at-once");
    without.extend(["--epochs", "4"].map(str::to_string));
    let said = fail(&without);
    assert!(said.contains("context"), "{said}");
    // Two networks share what is held.
    place.trained("two", &["--context", "--epochs", "2", "--ensemble", "2"]);
    let bytes = |file: &str| std::fs::read(place.path(file)).unwrap();
    assert!(bytes("two/context.json") == bytes("at-once/context.json"));
    let dir = place.path("two");
    succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
    // What was fitted is what the results rest on.
    let path = place.path("further/context.json");
    std::fs::write(&path, place.text("further/context.json") + " ").unwrap();
    let dir = place.path("further");
    let said = fail(&["evaluate", arg(&dir), "--device", "cpu"]);
    assert!(said.contains("is not what the training wrote"), "{said}");
}

#[test]
fn another_table_needs_a_context_of_the_same_columns() {
    let place = Workplace::new();
    write_peaks(&place, "dnase.bed", |number| 1 + number % 7);
    let [dnase, other] =
        ["DNase", "ATAC"].map(|name| format!("{name}={}", arg(&place.path("dnase.bed"))));
    place.trained("run", &["--context-assays", &dnase]);
    write_other_table(&place, "other.csv");
    let table = place.path("other.csv");
    let other_table = ["--table", arg(&table)];
    let said = fail(&place.tracks("run", "tracks", &other_table));
    assert!(
        said.contains("trained with a context") && said.contains("give --context-features or"),
        "{said}"
    );
    let with = |assay: &str| {
        let more = [&other_table[..], &["--context-assays", assay]].concat();
        place.tracks("run", "tracks", &more)
    };
    let said = fail(&with(&other));
    for wanted in [
        "\"DNase (enhancer)\"",
        "missing",
        "\"ATAC (enhancer)\"",
        "not among",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    succeed(&with(&dnase));
    // The run's own table has the context of the training, wherever that lies now.
    let dir = place.path("run");
    let evaluate = |assay: &str| {
        let more = ["--context-assays", assay, "--device", "cpu"];
        let arguments = [&["evaluate", arg(&dir)][..], &more].concat();
        arguments
            .iter()
            .map(|of| of.to_string())
            .collect::<Vec<_>>()
    };
    write_peaks(&place, "changed.bed", |_| 3);
    let changed = format!("DNase={}", arg(&place.path("changed.bed")));
    let said = fail(&evaluate(&changed));
    assert!(said.contains("other files of context"), "{said}");
    std::fs::rename(place.path("dnase.bed"), place.path("moved.bed")).unwrap();
    let said = fail(&["evaluate", arg(&dir), "--device", "cpu"]);
    assert!(said.contains("dnase.bed"), "{said}");
    succeed(&evaluate(&format!(
        "DNase={}",
        arg(&place.path("moved.bed"))
    )));
    // Without files a context is of the pairs alone, and any table has one.
    place.trained("places", &["--context"]);
    succeed(&place.tracks("places", "of-places", &other_table));
    // What is no assay is told before anything is trained.
    for bad in ["dnase.bed", "DNase=nowhere.bed"] {
        let mut arguments = place.train("bad");
        arguments.extend(["--context-assays", bad].map(str::to_string));
        let said = fail(&arguments);
        assert!(
            said.contains("NAME=FILE") || said.contains("nowhere.bed"),
            "{said}"
        );
    }
    assert!(!place.path("bad").exists());
}

#[test]
fn what_a_table_of_features_tells_is_known_before_the_network_learns() {
    let place = Workplace::new();
    // The label itself, but for its sign.
    let table = place.text("sim/pairs.csv");
    let rows = table.lines().enumerate().map(|(number, line)| {
        let hint = match (number, line.ends_with(",1")) {
            (0, _) => "hint (enhancer)",
            (_, true) => "-2.5",
            (_, false) => "1.5",
        };
        format!("{line},{hint}\n")
    });
    let rows: String = rows.collect();
    std::fs::write(place.path("hints.csv"), rows).unwrap();
    let hints = place.path("hints.csv");
    place.trained("run", &["--context-features", arg(&hints)]);
    let dir = place.path("run");
    let printed = succeed(&["evaluate", arg(&dir), "--device", "cpu"]);
    let metrics = json(&place, "run/metrics.json");
    let ablation = &metrics["ablation"];
    assert_eq!(ablation["context"]["auroc"]["value"], 1.0, "{printed}");
    // The sum has it in it: whatever a network that learns beside it says of the sequence moves few pairs.
    let both = ablation["both"]["auroc"]["value"].as_f64().unwrap();
    assert!(both > 0.9, "{printed}");
    // A table that leaves pairs out is refused by their lines.
    let short: Vec<&str> = table.lines().take(20).collect();
    std::fs::write(place.path("short.csv"), short.join("\n") + "\n").unwrap();
    let short = place.path("short.csv");
    let mut arguments = place.train("other");
    arguments.extend(["--context-features", arg(&short)].map(str::to_string));
    let said = fail(&arguments);
    assert!(said.contains("short.csv"), "{said}");
    assert!(!place.path("other/run.json").exists());
}
