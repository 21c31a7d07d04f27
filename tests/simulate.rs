//! The files of a simulation, as a user gets them.

use std::path::Path;

use epitrack::motifs;

use super::support::{arg, fail, succeed};

const SMALL: [&str; 6] = [
    "--positives",
    "20",
    "--negatives",
    "30",
    "--chromosome-length",
    "400000",
];

fn simulate(out: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["simulate", "--out", arg(out)];
    arguments.extend(SMALL);
    arguments.extend(more);
    succeed(&arguments)
}

#[test]
fn the_new_files_are_written_and_named() {
    let dir = tempfile::tempdir().unwrap();
    let printed = simulate(dir.path(), &[]);
    for name in [
        "dnase.bam",
        "peaks.bed",
        "motifs.jaspar",
        "interactome.tab3.txt",
    ] {
        assert!(printed.contains(name), "{printed}");
        assert!(
            dir.path().join(name).metadata().unwrap().len() > 0,
            "{name}"
        );
    }
    assert!(dir.path().join("dnase.bam.bai").exists());
    let names: Vec<String> = motifs::read(&dir.path().join("motifs.jaspar"))
        .unwrap()
        .into_iter()
        .map(|m| m.name)
        .collect();
    for name in ["CTCF", "NRF1", "SP1", "DECOY01", "DECOY30"] {
        assert!(names.iter().any(|other| other == name), "{name}");
    }
}

#[test]
fn options_change_the_reads_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    simulate(&one, &[]);
    simulate(
        &other,
        &["--occupied", "0.2", "--depth", "3", "--interactions", "5"],
    );
    let read = |dir: &Path, name: &str| std::fs::read(dir.join(name)).unwrap();
    for name in [
        "genome.fa",
        "pairs.csv",
        "truth.tsv",
        "peaks.bed",
        "motifs.jaspar",
    ] {
        assert!(read(&one, name) == read(&other, name), "{name}");
    }
    let occupied = |dir: &Path| {
        let text = String::from_utf8(read(dir, "truth.bed")).unwrap();
        let column = |line: &str| line.split('\t').nth(8).unwrap().to_string();
        let sites: Vec<String> = text.lines().map(column).collect();
        assert!(sites.iter().all(|site| site == "0" || site == "1"));
        sites.iter().filter(|site| *site == "1").count() as f64 / sites.len() as f64
    };
    assert!((occupied(&one) - 0.7).abs() < 0.15, "{}", occupied(&one));
    assert!(
        (occupied(&other) - 0.2).abs() < 0.15,
        "{}",
        occupied(&other)
    );
    let size = |dir: &Path| read(dir, "dnase.bam").len();
    assert!(size(&other) > size(&one));
    let rows = |dir: &Path| {
        read(dir, "interactome.tab3.txt")
            .split(|&b| b == b'\n')
            .count()
    };
    assert_eq!(rows(&one) - rows(&other), 35);
}

#[test]
fn what_makes_no_sense_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    for (option, value, says) in [
        ("--occupied", "1.5", "occupied must lie between 0 and 1"),
        ("--occupied", "NaN", "occupied must lie between 0 and 1"),
        ("--depth=-1", "", "depth must lie between"),
        ("--depth", "inf", "depth must lie between"),
        ("--interactions", "100000", "interactions"),
    ] {
        let mut arguments = vec!["simulate", "--out", arg(dir.path()), option];
        arguments.extend(Some(value).filter(|value| !value.is_empty()));
        let said = fail(&arguments);
        assert!(said.contains(says), "{said}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn the_help_tells_the_default_of_every_option() {
    let help = succeed(&["simulate", "--help"]);
    let (own, _) = help.split_once("-v, --verbose").unwrap();
    // The folder has none.
    let options = own.matches("\n      --").count() - 1;
    assert_eq!(own.matches("[default: ").count(), options, "{help}");
    for (option, default) in [
        ("--positives", "1000"),
        ("--couple", "CTCF:NRF1"),
        ("--chromosome-length", "4000000"),
        ("--occupied", "0.7"),
    ] {
        let (_, about) = own.split_once(&format!("\n      {option} ")).unwrap();
        let (_, told) = about.split_once("[default: ").unwrap();
        assert!(told.starts_with(&format!("{default}]")), "{option}: {told}");
    }
}
