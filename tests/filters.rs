//! The motifs that a network made.

use std::path::Path;

use epitrack::motifs;

use crate::support::{Workplace, arg, fail, succeed};

fn filters(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let paths = ["run", out].map(|name| place.path(name));
    let [run, out] = paths.each_ref().map(|path| arg(path));
    let arguments = ["filters", run, "--out", out, "--device", "cpu"];
    let arguments = arguments.iter().chain(more);
    arguments.map(|text| text.to_string()).collect()
}

/// The fields of a table's rows, by its header.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let rows = table.lines().map(|line| line.split('\t').collect());
    let rows: Vec<Vec<&str>> = rows.collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{table}");
    rows
}

fn names(dir: &Path) -> Vec<String> {
    let files = std::fs::read_dir(dir).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn filters_are_written_and_the_threads_change_nothing() {
    let place = Workplace::new();
    place.trained("run", &["--split", "random"]);
    let known = place.path("sim/motifs.jaspar");
    let more = ["--motifs", arg(&known), "--sample", "10"];
    for (out, threads) in [("one", "1"), ("two", "2")] {
        let more = [&more[..], &["--threads", threads]].concat();
        succeed(&filters(&place, out, &more));
    }
    assert_eq!(names(&place.path("one")), names(&place.path("two")));
    for file in names(&place.path("one")) {
        let [one, two] = ["one", "two"].map(|dir| std::fs::read(place.path(dir).join(&file)));
        assert!(one.unwrap() == two.unwrap(), "{file}");
    }

    let table = place.text("one/filters.tsv");
    let table = rows(&table);
    assert_eq!(table.len(), 1 + 6);
    let with_matrix = table.iter().filter(|row| row[1] == "matrix").count();
    assert!(with_matrix > 0);
    let known = motifs::read(&known).unwrap();
    for row in table[1..].iter().filter(|row| row[1] == "matrix") {
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        assert!(number(2) > 0.0 && number(3) >= 20.0, "{row:?}");
        assert_eq!(row[5].len(), 9);
        assert!(known.iter().any(|matrix| matrix.id == row[6]), "{row:?}");
        assert!(number(11) <= number(12) && number(12) <= 1.0, "{row:?}");
        assert!(number(13) >= 0.0, "{row:?}");
    }
    assert!(
        table[1..].iter().any(|row| row[13] != "0.0000"),
        "{table:?}"
    );
    for file in ["filters.meme", "filters.jaspar"] {
        let matrices = motifs::read(&place.path("one").join(file)).unwrap();
        assert_eq!(matrices.len(), with_matrix);
        assert!(matrices.iter().all(|matrix| matrix.len() == 9));
    }
    assert_eq!(place.text("one/known.tsv").lines().count(), 1 + known.len());
    let svg = place.text("one/filters.svg");
    assert!(svg.contains("filter_"));
    let pdf = std::fs::read(place.path("one/filters.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7\n"));
    assert!(place.path("one/filters.png").exists());
    // No name of a known matrix that chance explains.
    assert!(!svg.contains(", q 1.0e0"), "{svg}");
    let json: serde_json::Value = serde_json::from_str(&place.text("one/filters.json")).unwrap();
    assert_eq!(json["filters"], 6);
    assert_eq!(json["filters_with_matrix"], with_matrix);
    // The test part of 60 and 90 pairs has 6 and 9.
    assert_eq!(json["silenced_for"], serde_json::json!([5, 5]));
}

#[test]
fn without_known_motifs_nothing_is_compared() {
    let place = Workplace::new();
    place.trained("run", &[]);
    succeed(&filters(&place, "out", &["--sample", "0"]));
    let table = place.text("out/filters.tsv");
    let all = rows(&table);
    assert!(
        all[1..]
            .iter()
            .all(|row| row[6..].iter().all(|field| field.is_empty()))
    );
    for file in ["known.tsv", "seqlets.tsv"] {
        assert!(!place.path("out").join(file).exists(), "{file}");
    }
    let empty = place.path("empty.meme");
    std::fs::write(&empty, "MEME version 4\n").unwrap();
    let said = fail(&filters(&place, "out", &["--motifs", arg(&empty)]));
    assert!(said.contains("holds no matrix"), "{said}");
    // What was there is still there.
    assert_eq!(place.text("out/filters.tsv"), table);
}
