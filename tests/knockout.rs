//! Factors whose sites are taken out of a run's pairs.

use std::collections::BTreeMap;

use epitrack::analysis::knockout::Knockout;

use crate::support::{Workplace, arg, fail, succeed};

fn knockout(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let paths = ["run", out, "sim/motifs.jaspar"].map(|name| place.path(name));
    let [run, out, motifs] = paths.each_ref().map(|path| arg(path));
    let arguments = ["knockout", run, "--out", out, "--motifs", motifs];
    let arguments = arguments.iter().chain(&["--device", "cpu"]).chain(more);
    arguments.map(|text| text.to_string()).collect()
}

/// The rows of a table by the names of its columns.
fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = table.lines().map(|line| line.split('\t'));
    let header: Vec<&str> = lines.next().unwrap().collect();
    let row = |fields: std::str::Split<'_, char>| -> BTreeMap<String, String> {
        let fields: Vec<&str> = fields.collect();
        assert_eq!(fields.len(), header.len(), "{fields:?}");
        let named = header.iter().zip(fields);
        named
            .map(|(name, field)| (name.to_string(), field.to_string()))
            .collect()
    };
    lines.map(row).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

/// All pairs, with sites that every matrix has some of in these small windows; how many draws follows.
const ALL: [&str; 6] = [
    "--all-parts",
    "--pairs",
    "all",
    "--p-value",
    "0.003",
    "--draws",
];

#[test]
fn factors_are_knocked_out_and_the_threads_change_nothing() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let more =
        |threads: &'static str| [&ALL[..], &["2", "--top", "3", "--threads", threads]].concat();
    succeed(&knockout(&place, "one", &more("1")));
    succeed(&knockout(&place, "two", &more("2")));
    for file in [
        "knockout.json",
        "knockout.tsv",
        "knockout_pairs.tsv",
        "knockout.svg",
        "knockout.pdf",
        "knockout.png",
        "knockout_pairs.svg",
        "knockout_pairs.pdf",
        "knockout_pairs.png",
    ] {
        let [one, two] =
            ["one", "two"].map(|dir| std::fs::read(place.path(dir).join(file)).unwrap());
        assert!(one == two, "{file}");
    }
    let found = Knockout::read(&place.path("one")).unwrap();
    let summary = &found.summary;
    assert_eq!((summary.pairs_selected, summary.made.draws), (150, 2));
    let table = rows(&place.text("one/knockout.tsv"));
    assert_eq!(table.len(), found.factors.len());
    for row in &table {
        let [sites, pairs] = ["sites", "pairs"].map(|column| number(row, column));
        assert!(
            pairs >= 1.0 && pairs <= number(row, "pairs_with_sites"),
            "{row:?}"
        );
        assert!(
            sites >= pairs * if row["side"] == "both" { 2.0 } else { 1.0 },
            "{row:?}"
        );
        assert!((0.0..0.5).contains(&number(row, "not_removed")), "{row:?}");
        assert!((0.0..=1.0).contains(&number(row, "crowded")), "{row:?}");
        let beyond = number(row, "mean_delta") - number(row, "control");
        assert!((beyond - number(row, "difference")).abs() < 1e-6, "{row:?}");
        let tested = number(row, "components") >= 6.0;
        assert_eq!(
            [&row["p"], &row["q"]].map(|text| !text.is_empty()),
            [tested; 2]
        );
    }
    // Each side and both of each factor.
    assert_eq!(table.len(), 3 * summary.factors_searched);
    assert!(table.iter().any(|row| number(row, "mean_delta") != 0.0));
    let together = rows(&place.text("one/knockout_pairs.tsv"));
    assert_eq!(together.len() + summary.pairs_too_few, 9);
    for row in &together {
        let [both, enhancer, promoter] =
            ["delta_both", "delta_enhancer", "delta_promoter"].map(|column| number(row, column));
        let interaction = number(row, "interaction");
        assert!(
            (both - enhancer - promoter - interaction).abs() < 1e-6,
            "{row:?}"
        );
    }
}

#[test]
fn sites_that_leave_no_room_are_not_said_to_be_none() {
    let place = Workplace::new();
    place.trained("run", &[]);
    // Nearly every base of a window is in a site of every factor.
    let more = ["--all-parts", "--draws", "1", "--p-value", "0.2"];
    succeed(&knockout(&place, "out", &more));
    let found = Knockout::read(&place.path("out")).unwrap();
    let summary = &found.summary;
    assert_eq!(summary.factors_without_sites, 0);
    assert!(summary.without_room > 0);
    let all = 3 * summary.factors_searched;
    assert_eq!(found.factors.len() + summary.without_room, all);
}

#[test]
fn what_is_chosen_is_taken() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let some = ["1", "--factors", "ctcf", "--max-pairs", "7", "--top", "0"];
    succeed(&knockout(&place, "some", &[&ALL[..], &some].concat()));
    let table = rows(&place.text("some/knockout.tsv"));
    assert_eq!(table.len(), 3);
    for row in &table {
        assert_eq!(row["factor"], "CTCF");
        assert!(number(row, "pairs") <= 7.0, "{row:?}");
    }
    assert_eq!(rows(&place.text("some/knockout_pairs.tsv")).len(), 0);
    assert!(!place.path("some/knockout_pairs.svg").exists());
    // Fewer sites in top regions than in windows, and of the test part's predicted pairs.
    let regions = ["1", "--factors", "CTCF", "--where", "regions"];
    succeed(&knockout(&place, "regions", &[&ALL[..], &regions].concat()));
    let windows = ["1", "--factors", "CTCF"];
    succeed(&knockout(&place, "windows", &[&ALL[..], &windows].concat()));
    let sites = |dir: &str| -> f64 {
        let table = rows(&place.text(&format!("{dir}/knockout.tsv")));
        table.iter().map(|row| number(row, "sites")).sum()
    };
    assert!(sites("regions") < sites("windows"));
    succeed(&knockout(&place, "test", &["--draws", "1"]));
    let found = Knockout::read(&place.path("test")).unwrap();
    assert!(found.summary.pairs_selected < 60);
}

#[test]
fn the_report_tells_it() {
    let place = Workplace::new();
    place.trained("run", &[]);
    place.trained("other", &["--seed", "2"]);
    succeed(&knockout(
        &place,
        "out",
        &[&ALL[..], &["1", "--top", "2"]].concat(),
    ));
    let enrich = |run: &str, out: &str, more: &[&str]| -> Vec<String> {
        let paths = [run, out, "sim/motifs.jaspar", "out"].map(|name| place.path(name));
        let [run, out, motifs, knockout] = paths.each_ref().map(|path| arg(path));
        let fast = [
            "--device",
            "cpu",
            "--draws",
            "100",
            "--permutations",
            "100",
            "--controls",
            "0",
        ];
        let arguments = ["enrich", run, "--out", out, "--motifs", motifs];
        let given = if more.is_empty() {
            vec!["--knockout", knockout]
        } else {
            Vec::new()
        };
        let arguments = arguments.iter().chain(&fast).chain(&given);
        arguments.map(|text| text.to_string()).collect()
    };
    succeed(&enrich("run", "with", &[]));
    let report = place.text("with/report.html");
    assert!(report.contains("knock-outs change the logit otherwise than moved places do"));
    assert!(report.contains("pairs of factors change the logit by something other"));
    succeed(&enrich("run", "without", &["none"]));
    assert!(
        place
            .text("without/report.html")
            .contains("no knock-out was given")
    );
    let said = fail(&enrich("other", "wrong", &[]));
    assert!(said.contains("is a knock-out of another network"), "{said}");
}

#[test]
fn what_cannot_be_knocked_out_is_said() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let said = fail(&knockout(&place, "out", &["--factors", "NOBODY"]));
    assert!(
        said.contains("no matrix stands for the factor \"NOBODY\""),
        "{said}"
    );
    let said = fail(&knockout(&place, "out", &["--max-pairs", "0"]));
    assert!(said.contains("at least one pair"), "{said}");
    // A matrix that no window matches: said, and nothing lost.
    let rare = place.path("rare.jaspar");
    let columns = |base: usize| {
        let of = |place: usize| if place % 4 == base { "100" } else { "0" };
        (0..24).map(of).collect::<Vec<_>>().join(" ")
    };
    let letters = ["A", "C", "G", "T"].iter().enumerate();
    let lines = letters.map(|(base, letter)| format!("{letter} [ {} ]\n", columns(base)));
    let text = format!(">MA9999.1\tRARE\n{}", lines.collect::<String>());
    std::fs::write(&rare, text).unwrap();
    let arguments = ["knockout", "--device", "cpu", "--out"];
    let paths = ["empty", "run"].map(|name| place.path(name));
    let [out, run] = paths.each_ref().map(|path| arg(path));
    let more = [out, run, "--motifs", arg(&rare), "--p-value", "1e-14"];
    succeed(&[&arguments[..], &more].concat());
    let found = Knockout::read(&place.path("empty")).unwrap();
    assert_eq!(found.summary.factors_without_sites, 1);
    assert!(found.factors.is_empty() && found.pairs.is_empty());
    let forms = ["svg", "pdf", "png"].map(|form| place.path(&format!("empty/knockout.{form}")));
    assert!(forms.iter().all(|file| !file.exists()));
}
