//! The files of a simulation, as a user gets them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use epitrack::element::Element;
use epitrack::motifs;
use epitrack::output::provenance::Input;
use epitrack::pairs::Part;
use epitrack::simulate::recall_of_tracks;

use super::support::{Workplace, arg, fail, succeed};

const SMALL: [&str; 6] = [
    "--positives",
    "20",
    "--negatives",
    "30",
    "--chromosome-length",
    "400000",
];

/// What makes two cell lines, each with both classes on every chromosome.
const TWO: [&str; 12] = [
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
];

/// The files of a cell line, without `.A` and the like; of the only one these are their names.
const OWN: [[&str; 2]; 8] = [
    ["pairs", "csv"],
    ["truth", "bed"],
    ["truth", "tsv"],
    ["dnase", "bam"],
    ["dnase", "bam.bai"],
    ["peaks", "bed"],
    ["accessibility", "bw"],
    ["accessibility", "narrowPeak"],
];

/// The rows of a table of a simulation, field by field.
fn rows(dir: &Path, name: &str, separator: char) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(dir.join(name)).unwrap();
    let fields =
        |line: &str| -> Vec<String> { line.split(separator).map(str::to_string).collect() };
    text.lines().map(fields).collect()
}

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
        "accessibility.bw",
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
        ("--cell-lines", "0", "cell lines: 0, couples: 1;"),
        ("--cell-lines", "2", "each has couples of its own"),
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
        ("--cell-lines", "1"),
        ("--chromosome-length", "4000000"),
        ("--occupied", "0.7"),
    ] {
        let (_, about) = own.split_once(&format!("\n      {option} ")).unwrap();
        let (_, told) = about.split_once("[default: ").unwrap();
        assert!(told.starts_with(&format!("{default}]")), "{option}: {told}");
    }
}

/// Several cell lines came later: a simulation of one has the bytes that it had before.
#[test]
fn the_only_cell_line_is_what_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let two_couples = &TWO[..10];
    let [one, other] = ["one", "other"].map(|name| dir.path().join(name));
    simulate(&one, &[]);
    succeed(&[&["simulate", "--out", arg(&other)][..], two_couples].concat());
    for (dir, name, sha256) in [
        (
            &one,
            "genome.fa",
            "36a56cc415718935a9aa725152b1417820fdb08a10050548e85828bb97b6febc",
        ),
        (
            &one,
            "pairs.csv",
            "c4222bd6a0a97663665bacda12c0e850716b90dc2e7eaef4c7fae9df392d2484",
        ),
        (
            &one,
            "peaks.bed",
            "e908bdcc642a69ef6cee70314e8c9e207c1314e20d90dd1fe71be972902d6a7b",
        ),
        (
            &one,
            "simulation.json",
            "08ae24bbead0cd9824f8dfdc60b7650df8f37936112cf31515852598b3f47ad8",
        ),
        (
            &other,
            "genome.fa",
            "89f7534adf534ea25385630ab45945177b25bf3521febee4275de5ee9d852568",
        ),
        (
            &other,
            "truth.bed",
            "bbead59bb991ca3bc4f1a6f98113b99c103ee9b3980ecacfa67c417deac59f16",
        ),
        (
            &other,
            "truth.tsv",
            "822bfb43e1e7cbafc139fc2a4c10ef8093657d6b5d4d74b51537e9d3c39b38f8",
        ),
    ] {
        let found = Input::new(&dir.join(name)).unwrap().sha256;
        assert_eq!(found, sha256, "{name}");
    }
}

#[test]
fn cell_lines_share_pairs_and_sites_and_differ_in_labels_and_occupied_sites() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let printed = succeed(&[&["simulate", "--out", arg(dir)][..], &TWO].concat());
    for cell in ["A", "B"] {
        for [stem, ending] in OWN {
            let name = format!("{stem}.{cell}.{ending}");
            assert!(dir.join(&name).metadata().unwrap().len() > 0, "{name}");
            assert!(printed.contains(&name) || ending == "bam.bai" || ending == "narrowPeak");
        }
    }
    assert!(!dir.join("pairs.csv").exists());
    // The same pairs; each positive is one of one cell line.
    let [a, b] = ["A", "B"].map(|cell| rows(dir, &format!("pairs.{cell}.csv"), ','));
    assert_eq!(a.len(), 1 + 150);
    let mut classes = BTreeSet::new();
    let mut positives = [0, 0];
    for (a, b) in a.iter().zip(&b).skip(1) {
        assert_eq!(a[..6], b[..6]);
        assert!(a[6] == "0" || b[6] == "0");
        for (cell, row) in [a, b].into_iter().enumerate() {
            classes.insert((cell, row[0].clone(), row[6].clone()));
            positives[cell] += usize::from(row[6] == "1");
        }
    }
    assert_eq!(positives[0] + positives[1], 60);
    // Both classes of both cell lines on each of eight chromosomes.
    assert_eq!(classes.len(), 2 * 8 * 2);
    for (cell, couple) in [("A", ["CTCF", "NRF1"]), ("B", ["USF1", "REST"])] {
        for row in &rows(dir, &format!("truth.{cell}.tsv"), '\t')[1..] {
            let motifs = [row[2].as_str(), row[3].as_str()];
            assert_eq!(row[1] == "1", motifs == couple, "{row:?}");
        }
    }
    // The same sites; a factor occupies some in its own cell line and none in the other.
    let [a, b] = ["A", "B"].map(|cell| rows(dir, &format!("truth.{cell}.bed"), '\t'));
    assert_eq!(a.len(), b.len());
    let mut occupied: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for (a, b) in a.iter().zip(&b) {
        assert_eq!(a[..8], b[..8]);
        let counts = occupied.entry(a[3].clone()).or_default();
        counts[0] += 1;
        for (count, row) in counts[1..].iter_mut().zip([a, b]) {
            *count += usize::from(row[8] == "1");
        }
    }
    assert_eq!(occupied.len(), 4);
    for (factor, [all, in_a, in_b]) in occupied {
        let is_a = ["CTCF", "NRF1"].contains(&factor.as_str());
        let [own, other] = if is_a { [in_a, in_b] } else { [in_b, in_a] };
        let part = own as f64 / all as f64;
        assert!(other == 0 && (part - 0.7).abs() < 0.2, "{factor} {part}");
    }
}

#[test]
fn a_simulation_of_other_cell_lines_leaves_none_of_the_earlier_ones() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    // In a folder that is no simulation, a file of such a name is none of ours.
    std::fs::write(dir.join("pairs.C.csv"), "mine").unwrap();
    let two = [&["simulate", "--out", arg(dir)][..], &TWO].concat();
    let here =
        |cell: &str| OWN.map(|[stem, ending]| dir.join(format!("{stem}{cell}.{ending}")).exists());
    succeed(&two);
    assert_eq!(
        [".A", ".B", ""].map(here),
        [[true; 8], [true; 8], [false; 8]]
    );
    assert!(dir.join("pairs.C.csv").exists());
    simulate(dir, &[]);
    assert_eq!(
        [".A", ".B", ".C", ""].map(here),
        [[false; 8], [false; 8], [false; 8], [true; 8]]
    );
    succeed(&two);
    assert_eq!(
        [".A", ".B", ""].map(here),
        [[true; 8], [true; 8], [false; 8]]
    );
}

#[test]
fn recall_of_tracks_counts_the_sites_in_top_regions() {
    let place = Workplace::with_tracks();
    let [tracks, truth] = ["tracks", "sim/truth.bed"].map(|name| place.path(name));
    let region = |row: &[String]| -> (String, u32, u32) {
        (
            row[0].clone(),
            row[1].parse().unwrap(),
            row[2].parse().unwrap(),
        )
    };
    let mut top: BTreeMap<[String; 2], Vec<(String, u32, u32)>> = BTreeMap::new();
    for row in rows(&tracks, "top_regions.bed", '\t') {
        let regions = top.entry([row[12].clone(), row[9].clone()]).or_default();
        regions.push(region(&row));
    }
    // Sites and those found, by element and occupancy.
    let mut wanted: BTreeMap<[String; 2], [usize; 2]> = BTreeMap::new();
    for row in rows(&place.path("sim"), "truth.bed", '\t') {
        let (chrom, start, end) = region(&row);
        let is_found = top[&[row[6].clone(), row[7].clone()]]
            .iter()
            .any(|(on, from, to)| *on == chrom && *from <= start && end <= *to);
        let counts = wanted.entry([row[7].clone(), row[8].clone()]).or_default();
        counts[0] += 1;
        counts[1] += usize::from(is_found);
    }
    let recall = recall_of_tracks(&tracks, &truth, None).unwrap();
    let test = recall_of_tracks(&tracks, &truth, Some(Part::Test)).unwrap();
    for element in Element::BOTH {
        let (all, test) = (recall.get(element), test.get(element));
        for (kind, all, test) in [
            ("1", all.occupied, test.occupied),
            ("0", all.unoccupied, test.unoccupied),
        ] {
            let wanted = wanted[&[element.name().to_string(), kind.to_string()]];
            assert_eq!([all.sites, all.found], wanted, "{} {kind}", element.name());
            assert!(all.by_chance() > 0.0 && all.by_chance() < 1.0);
            assert!(0 < test.sites && test.sites < all.sites && test.found <= all.found);
        }
    }
}

#[test]
fn a_truth_of_another_simulation_is_refused() {
    let place = Workplace::with_tracks();
    let tracks = place.path("tracks");
    let refused = |truth: &str| {
        let path = place.path("other.bed");
        std::fs::write(&path, truth).unwrap();
        let said = recall_of_tracks(&tracks, &path, None).unwrap_err();
        said.to_string()
    };
    let site = "chr1\t20000\t20011\tNRF1\t.\t+\tchr1:1-2~chr1:3-4\tpromoter\t";
    for (truth, says) in [
        (format!("{site}1\n"), "holds no planted site"),
        (format!("{site}x\n"), "occupied is not 0 or 1"),
        (site.replace("promoter", "peak") + "1\n", "no element"),
        ("chr1\t20000\t20011\n".to_string(), "no field for pair"),
    ] {
        let said = refused(&truth);
        assert!(said.contains(says) && said.contains("other.bed"), "{said}");
    }
}
