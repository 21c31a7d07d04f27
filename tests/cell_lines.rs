//! One network for several cell lines, and cell lines that a network has not seen.

mod held_out;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::support::{Workplace, arg, fail, succeed};

const A: &str = "A=two/pairs.A.csv";
const B: &str = "B=two/pairs.B.csv";

type Row = BTreeMap<String, String>;

/// With two cell lines in `two`: one genome and the same pairs on each of eight chromosomes, none positive
/// in both.
fn place() -> Workplace {
    let place = Workplace::new();
    let out = place.path("two");
    succeed(&[
        "simulate",
        "--out",
        arg(&out),
        "--positives",
        "60",
        "--negatives",
        "90",
        "--chromosome-length",
        "400000",
        "--couple",
        "CTCF:NRF1",
        "--couple",
        "USF1:REST",
        "--cell-lines",
        "2",
    ]);
    place
}

/// `NAME=FILE` or `FILE` with the file's whole path.
fn table(place: &Workplace, given: &str) -> String {
    match given.split_once('=') {
        Some((name, file)) => format!("{name}={}", arg(&place.path(file))),
        None => arg(&place.path(given)).to_string(),
    }
}

/// The arguments that train the small network on these tables.
fn train(place: &Workplace, out: &str, pairs: &[&str], more: &[&str]) -> Vec<String> {
    let mut arguments = vec!["train".to_string(), "--pairs".to_string()];
    arguments.extend(pairs.iter().map(|given| table(place, given)));
    for (option, file) in [
        ("--reference", "two/genome.fa"),
        ("--config", "small.toml"),
        ("--out", out),
    ] {
        arguments.extend([option.to_string(), arg(&place.path(file)).to_string()]);
    }
    let more = ["--device", "cpu"].iter().chain(more);
    arguments.extend(more.map(|text| text.to_string()));
    arguments
}

fn evaluate(place: &Workplace, run: &str, more: &[&str]) -> Vec<String> {
    let run = place.path(run);
    let arguments = ["evaluate", arg(&run), "--device", "cpu"];
    let arguments = arguments.iter().chain(more);
    arguments.map(|text| text.to_string()).collect()
}

fn json(place: &Workplace, file: &str) -> Value {
    serde_json::from_str(&place.text(file)).unwrap()
}

/// The rows of a table with a header, by the names of its columns.
fn rows(place: &Workplace, file: &str, separator: char) -> Vec<Row> {
    let text = place.text(file);
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(separator).collect();
    let row = |line: &str| -> Row {
        let fields = header.iter().zip(line.split(separator));
        fields
            .map(|(name, field)| (name.to_string(), field.to_string()))
            .collect()
    };
    lines.map(row).collect()
}

/// Writes those lines of a table that are wanted, below its header.
fn some(place: &Workplace, from: &str, to: &str, wanted: impl Fn(&[&str]) -> bool) {
    let text = place.text(from);
    let is_wanted = |(at, line): &(usize, &str)| {
        let fields: Vec<&str> = line.split(',').collect();
        *at == 0 || wanted(&fields)
    };
    let lines = text.lines().enumerate().filter(is_wanted);
    let lines = lines.map(|(_, line)| format!("{line}\n"));
    std::fs::write(place.path(to), lines.collect::<String>()).unwrap();
}

/// Positives and negatives.
fn classes<'a>(rows: impl Iterator<Item = &'a Row>) -> [usize; 2] {
    let mut counts = [0, 0];
    rows.for_each(|row| counts[usize::from(row["label"] == "0")] += 1);
    counts
}

fn probability(row: &Row) -> f64 {
    row["probability"].parse().unwrap()
}

/// The part of the pairs of a positive and a negative in which the positive is the more probable.
fn auroc<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> f64 {
    let of = |label: &'static str| {
        let own = rows.clone().filter(move |row| row["label"] == label);
        own.map(probability)
    };
    let mut wins = 0.0;
    let mut all = 0.0;
    for positive in of("1") {
        for negative in of("0") {
            all += 1.0;
            wins += match positive.total_cmp(&negative) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    wins / all
}

fn is_auroc(measured: &Value, wanted: f64) {
    let found = measured["auroc"]["value"].as_f64().unwrap();
    assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
}

#[test]
fn two_tables_make_one_network_that_is_measured_by_cell_line() {
    let place = place();
    succeed(&train(&place, "run", &[A, B], &[]));
    let record = json(&place, "run/run.json");
    let settings = &record["settings"];
    assert_eq!(settings["table"]["file"]["path"], "../two/pairs.A.csv");
    assert_eq!(settings["cells"]["first"], "A");
    let others = settings["cells"]["others"].as_array().unwrap();
    assert_eq!(others.len(), 1);
    assert_eq!(others[0]["name"], "B");
    assert_eq!(others[0]["file"]["path"], "../two/pairs.B.csv");

    // Every pair of both, each on one side.
    let split = rows(&place, "run/split.tsv", '\t');
    assert_eq!((split.len(), classes(split.iter())), (300, [60, 240]));
    let mut parts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &split {
        parts.entry(&row["pair"]).or_default().insert(&row["part"]);
    }
    assert!(parts.len() == 150 && parts.values().all(|of| of.len() == 1));

    let printed = succeed(&evaluate(&place, "run", &[]));
    let metrics = json(&place, "run/metrics.json");
    let predictions = rows(&place, "run/predictions.tsv", '\t');
    let cells = metrics["cells"].as_array().unwrap();
    assert_eq!(cells.len(), 2);
    for part in ["validation", "test"] {
        let of_part = || predictions.iter().filter(move |row| row["part"] == part);
        is_auroc(&metrics[part], auroc(of_part()));
        for (cell, name) in cells.iter().zip(["A", "B"]) {
            assert_eq!(cell["name"], name);
            let own = || of_part().filter(move |row| row["cell"] == name);
            let [positives, negatives] = classes(own());
            assert_eq!(cell[part]["positives"], positives);
            assert_eq!(cell[part]["negatives"], negatives);
            is_auroc(&cell[part], auroc(own()));
            if part == "test" {
                let row = format!("\n{name:<21} {positives} + {negatives} ");
                assert!(printed.contains(&row), "{printed}");
            }
        }
    }

    // Tables are known by their content, wherever they lie.
    let before = place.text("run/predictions.tsv");
    let [b, moved] = ["two/pairs.B.csv", "moved.csv"].map(|file| place.path(file));
    std::fs::rename(b, &moved).unwrap();
    let said = fail(&evaluate(&place, "run", &[]));
    assert!(said.contains("pairs.B.csv"), "{said}");
    succeed(&evaluate(&place, "run", &["--pairs", arg(&moved)]));
    assert_eq!(place.text("run/predictions.tsv"), before);
    some(&place, "moved.csv", "other.csv", |fields| {
        fields[0] != "chr1"
    });
    let other = place.path("other.csv");
    let said = fail(&evaluate(&place, "run", &["--pairs", arg(&other)]));
    assert!(
        said.contains("is none of the tables of the training"),
        "{said}"
    );
}

#[test]
fn one_table_is_what_it_was() {
    let place = place();
    succeed(&train(&place, "named", &[A], &[]));
    succeed(&train(&place, "plain", &["two/pairs.A.csv"], &[]));
    for run in ["named", "plain"] {
        succeed(&evaluate(&place, run, &[]));
    }
    for file in ["run.json", "split.tsv", "metrics.json", "predictions.tsv"] {
        let [named, plain] = ["named", "plain"].map(|run| place.text(&format!("{run}/{file}")));
        assert!(named == plain, "{file}");
        let tells = ["\"cells\"", "\tcell\n"].map(|text| named.contains(text));
        assert_eq!(tells, [false; 2], "{file}: {named}");
    }
    // What is there as a whole is a file.
    let signs = place.path("B=b.csv");
    std::fs::copy(place.path("two/pairs.B.csv"), &signs).unwrap();
    let mut arguments = train(&place, "signs", &[A], &["--epochs", "1"]);
    arguments[2] = arg(&signs).to_string();
    succeed(&arguments);
    let record = json(&place, "signs/run.json");
    assert_eq!(record["settings"]["table"]["file"]["path"], "../B=b.csv");
}

#[test]
fn it_goes_on_and_is_told_from_others() {
    let place = place();
    let epochs = |epochs: &'static str| ["--epochs", epochs];
    succeed(&train(&place, "at-once", &[A, B], &epochs("4")));
    succeed(&train(&place, "further", &[A, B], &epochs("2")));
    // The same table in another place.
    std::fs::copy(place.path("two/pairs.B.csv"), place.path("b.csv")).unwrap();
    succeed(&train(&place, "further", &[A, "B=b.csv"], &epochs("2")));
    succeed(&train(&place, "further", &[A, B], &epochs("4")));
    for file in ["model.safetensors", "split.tsv", "run.json"] {
        let bytes = |run: &str| std::fs::read(place.path(&format!("{run}/{file}"))).unwrap();
        assert!(bytes("at-once") == bytes("further"), "{file}");
    }
    // Other weights than those of one of the tables.
    succeed(&train(&place, "alone", &[A], &epochs("4")));
    let bytes = |run: &str| std::fs::read(place.path(&format!("{run}/model.safetensors"))).unwrap();
    assert!(bytes("at-once") != bytes("alone"));

    for other in [&[A][..], &[B, A], &[A, "C=two/pairs.B.csv"]] {
        let said = fail(&train(&place, "further", other, &epochs("4")));
        assert!(said.contains("holds a run of other settings"), "{said}");
    }
    let said = fail(&train(&place, "alone", &[A, B], &epochs("4")));
    assert!(said.contains("holds a run of other settings"), "{said}");
}

#[test]
fn tables_that_make_no_network_are_refused_with_what_to_do() {
    let place = place();
    let refused = |pairs: &[&str], more: &[&str], wanted: &str| {
        let said = fail(&train(&place, "bad", pairs, more));
        assert!(said.contains(wanted), "{said}");
        said
    };
    let said = refused(&[A, B], &["--split", "random"], "whole chromosomes");
    assert!(said.contains(": train with --split chromosome"), "{said}");
    let same = ["two/pairs.A.csv", "two/pairs.B.csv"];
    refused(&same, &[], "two cell lines are called pairs");
    refused(&[A, "B=two/pairs.A.csv"], &[], "A and B have one table");
    refused(&[A, B], &["--context"], "a context is of one cell line");
    refused(&[A, "x/y=two/pairs.B.csv"], &[], "cannot be called \"x/y\"");
    let said = refused(&[A, "B=two/none.csv"], &[], "none.csv");
    assert!(!said.contains("pairs.A.csv"), "{said}");

    // Bad rows of both are told at once.
    for cell in ["A", "B"] {
        let text = place.text(&format!("two/pairs.{cell}.csv"));
        let lines: Vec<&str> = text.lines().collect();
        let bad = lines[2].rsplit_once(',').unwrap().0;
        let text = text.replace(lines[2], &format!("{bad},maybe"));
        std::fs::write(place.path(&format!("bad.{cell}.csv")), text).unwrap();
    }
    let said = refused(&["A=bad.A.csv", "B=bad.B.csv"], &[], "bad.A.csv:3: label");
    assert!(said.contains("bad.B.csv:3: label"), "{said}");

    // A division that another run has written is good if it is one of whole chromosomes.
    succeed(&train(&place, "run", &[A, B], &[]));
    let own = place.path("run/split.tsv");
    succeed(&train(
        &place,
        "again",
        &[A, B],
        &["--split-file", arg(&own)],
    ));
    assert_eq!(place.text("again/split.tsv"), place.text("run/split.tsv"));
    let text = place.text("run/split.tsv");
    let first = text
        .lines()
        .find(|line| line.contains("\ttrain\t"))
        .unwrap();
    let pair = first.split('\t').next().unwrap();
    let changed = text.lines().map(|line| match line.starts_with(pair) {
        true => line.replace("\ttrain\t", "\ttest\t") + "\n",
        false => format!("{line}\n"),
    });
    let other = place.path("other.tsv");
    std::fs::write(&other, changed.collect::<String>()).unwrap();
    refused(&[A, B], &["--split-file", arg(&other)], "whole chromosomes");

    let mut search = train(
        &place,
        "search",
        &[A, B],
        &["--trials", "2", "--folds", "2"],
    );
    search[0] = "tune".to_string();
    let said = fail(&search);
    assert!(said.contains("a search takes one table of pairs"), "{said}");
}

#[test]
fn what_looks_at_pairs_is_told_the_cell_line() {
    let place = place();
    succeed(&train(&place, "run", &[A, B], &["--epochs", "1"]));
    let [run, b, motifs, out] = ["run", "two/pairs.B.csv", "two/motifs.jaspar", "out"]
        .map(|file| arg(&place.path(file)).to_string());
    let sites = place.path("sites.bed");
    let wanted = "was trained on the cell lines A, B: choose one with --cell NAME, or by its table";
    let motifs = ["--motifs", motifs.as_str(), "--device", "cpu"];
    for command in ["knockout", "enrich"] {
        let said = fail(&[&[command, &run, "--out", &out][..], &motifs].concat());
        assert!(said.contains(wanted), "{command}: {said}");
    }
    let said = fail(&place.tracks("run", "tracks", &[]));
    assert!(said.contains(wanted), "{said}");
    let said = fail(&place.tracks("run", "tracks", &["--cell", "C"]));
    assert!(said.contains("A, B, and not on C"), "{said}");

    succeed(&place.tracks("run", "tracks", &["--cell", "B"]));
    succeed(&place.tracks("run", "by-table", &["--table", &b]));
    for file in ["predictions.tsv", "pairs.bedpe"] {
        let [cell, table] = ["tracks", "by-table"].map(|of| place.text(&format!("{of}/{file}")));
        assert!(cell == table, "{file}");
    }
    let made = json(&place, "tracks/tracks.json");
    assert_eq!(made["pairs"]["path"], "../two/pairs.B.csv");
    let labels = rows(&place, "two/pairs.B.csv", ',');
    let predictions = rows(&place, "tracks/predictions.tsv", '\t');
    assert_eq!(predictions.len(), labels.len());
    for row in &predictions {
        let line: usize = row["line"].parse().unwrap();
        assert_eq!(row["label"], labels[line - 2]["label"]);
        assert!(["train", "validation", "test"].contains(&row["part"].as_str()));
    }

    // Windows of all its pairs are looked through without one.
    let scan = [
        "motifs",
        "scan",
        "--run",
        &run,
        "--out",
        arg(&sites),
        "--score",
        "9",
    ];
    succeed(&[&scan[..], &motifs[..2]].concat());
    // A run of one table has no names.
    succeed(&train(&place, "one", &[A], &["--epochs", "1"]));
    let said = fail(&place.tracks("one", "tracks", &["--cell", "A"]));
    assert!(said.contains("knows no cell line by name"), "{said}");
}
