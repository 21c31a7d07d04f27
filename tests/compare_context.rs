//! What is known of pairs beside their sequence, as a method.

use super::support::{Workplace, arg, fail, files, succeed};

/// The arguments of a comparison by context alone on held-out chromosomes.
fn by_context(place: &Workplace, out: &str, more: &[&str]) -> Vec<String> {
    let path = |name: &str| arg(&place.path(name)).to_string();
    let pairs = format!("SIM={}", path("sim/pairs.csv"));
    let (reference, out) = (path("sim/genome.fa"), path(out));
    let fixed = [
        "compare",
        "--pairs",
        &pairs,
        "--reference",
        &reference,
        "--out",
        &out,
        "--methods",
        "context",
        "--splits",
        "chromosome",
        "--folds",
        "2",
        "--device",
        "cpu",
    ];
    let all = fixed.iter().chain(more);
    all.map(|text| text.to_string()).collect()
}

/// The scores of a fold's test pairs by their context.
fn context_scores(place: &Workplace, out: &str) -> Vec<(bool, f64)> {
    let text = place.text(&format!("{out}/SIM/chromosome/fold-1/context_only.tsv"));
    let rows = text.lines().skip(2).map(|row| {
        let fields: Vec<&str> = row.split('\t').collect();
        (fields[1] == "1", fields[2].parse().unwrap())
    });
    rows.collect()
}

/// The simulated pairs, each with a number for positives and one for negatives, as a table of features.
fn hints(place: &Workplace, [positive, negative]: [&str; 2]) -> String {
    let table = place.text("sim/pairs.csv");
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let rows = lines.map(|line| {
        let fields: Vec<&str> = line.split(',').collect();
        let place = |side: &str| {
            let field = |part: &str| fields[at(&format!("{side}_{part}"))];
            format!("{}:{}-{}", field("chrom"), field("start"), field("end"))
        };
        let hint = if fields[at("label")] == "1" {
            positive
        } else {
            negative
        };
        format!("{},{},{hint}\n", place("enhancer"), place("promoter"))
    });
    let rows: String = rows.collect();
    format!("enh_name,prom_name,hint (enhancer)\n{rows}")
}

#[test]
fn what_is_known_beside_the_sequence_is_a_method_of_its_own() {
    let place = Workplace::new();
    let features = place.path("features.csv");
    let given = format!("SIM={}", arg(&features));
    let of = |out: &str, more: &[&str]| by_context(&place, out, more);
    // Without a file: distances and counts, whatever the threads.
    succeed(&of("one", &["--threads", "1"]));
    let alone = context_scores(&place, "one");
    assert!(alone.iter().all(|(_, score)| (0.0..=1.0).contains(score)));
    succeed(&of("two", &["--threads", "3"]));
    assert!(files(&place.path("one")) == files(&place.path("two")));
    // What tells the labels is found, on other chromosomes too.
    std::fs::write(&features, hints(&place, ["2", "0.5"])).unwrap();
    succeed(&of("told", &["--context-features", &given]));
    let found = context_scores(&place, "told");
    let of_label = |label: bool| found.iter().filter(move |(is, _)| *is == label);
    let (mut right, mut all) = (0, 0);
    for (_, positive) in of_label(true) {
        for (_, negative) in of_label(false) {
            right += usize::from(positive > negative);
            all += 1;
        }
    }
    assert!(all > 100 && right * 20 > all * 19, "{right} of {all}");
    let peaks = place.path("peaks.bed");
    std::fs::write(&peaks, "chr1\t1000\t200000\tp\t3\n").unwrap();
    let assay = format!("SIM:DNase={}", arg(&peaks));
    succeed(&of("peaks", &["--context-assays", &assay]));
    assert!(place.text("peaks/benchmark.json").contains("\"DNase\""));

    for (text, why) in [
        (
            hints(&place, ["NaN", "1"]),
            "hint (enhancer) is not a finite number: \"NaN\"",
        ),
        (
            hints(&place, ["1", "many"]),
            "hint (enhancer) is not a finite number: \"many\"",
        ),
        (
            "enh_name,prom_name,hint\nchr1:1-2,chr1:5-6,1\n".to_string(),
            "has no row for this pair",
        ),
        (
            "enh_name,prom_name,label\n".to_string(),
            "has no column of features",
        ),
    ] {
        std::fs::write(&features, text).unwrap();
        let said = fail(&of("bad", &["--context-features", &given]));
        assert!(said.contains(why), "{said}");
        assert!(!place.path("bad").exists());
    }
    let unnamed = format!("SIM:={}", arg(&peaks));
    let said = fail(&of("bad", &["--context-assays", &unnamed]));
    assert!(
        said.contains("--context-assays takes NAME:ASSAY=FILE"),
        "{said}"
    );
    let said = fail(&of("bad", &["--context-assays", &given]));
    assert!(
        said.contains("--context-assays takes NAME:ASSAY=FILE"),
        "{said}"
    );
}

#[test]
fn what_the_context_cannot_learn_from_or_nobody_asks_for_is_told_before_the_work() {
    let place = Workplace::new();
    let peaks = place.path("peaks.bed");
    std::fs::write(&peaks, "chr1\t1000\t200000\tp\t3\n").unwrap();
    let assay = format!("SIM:DNase={}", arg(&peaks));
    let with = |more: &[&str], words: [&str; 2]| -> Vec<String> {
        let all = by_context(&place, "bad", more).into_iter();
        all.map(|word| match word == words[0] {
            true => words[1].to_string(),
            false => word,
        })
        .collect()
    };
    let said = fail(&with(
        &["--context-assays", &assay],
        ["context", "distance"],
    ));
    assert!(
        said.contains("SIM has files of context, which no method but context"),
        "{said}"
    );
    // Random folds of one chromosome, on which nothing can be tried that was learnt on others.
    let table = place.text("sim/pairs.csv");
    let header = table.lines().next().unwrap();
    let at = |name: &str| header.split(',').position(|column| column == name);
    let chrom = at("enhancer_chrom").unwrap();
    let on_one = |line: &&str| line.split(',').nth(chrom) == Some("chr1");
    let kept: Vec<&str> = table.lines().filter(on_one).collect();
    std::fs::write(
        place.path("sim/pairs.csv"),
        format!("{header}\n{}\n", kept.join("\n")),
    )
    .unwrap();
    let said = fail(&with(&[], ["chromosome", "random"]));
    assert!(
        said.contains("SIM, random fold 1 of 2: the training pairs lie on one chromosome"),
        "{said}"
    );
    assert!(!place.path("bad").exists());
}

#[test]
fn what_a_network_adds_to_the_context_is_told() {
    let place = Workplace::new();
    let settings = place.path("small.toml");
    let more = ["--methods", "epiann-context", "--config", arg(&settings)];
    let said = succeed(&by_context(&place, "out", &more));
    let added = place.text("out/added.tsv");
    let folds = place.text("out/folds.tsv");
    let column = |header: &str, name: &str| header.split('\t').position(|of| of == name).unwrap();
    let header = folds.lines().next().unwrap();
    let (method, auprc) = (column(header, "method"), column(header, "auprc"));
    let of = |name: &str| -> Vec<f64> {
        let rows = folds
            .lines()
            .skip(1)
            .map(|row| row.split('\t').collect::<Vec<_>>());
        let rows = rows.filter(|row| row[method] == name);
        rows.map(|row| row[auprc].parse().unwrap()).collect()
    };
    let (both, alone) = (of("EPIANN and context"), of("context only"));
    assert_eq!((both.len(), alone.len()), (2, 2));
    assert_ne!(both, alone);
    let wanted = (both[0] + both[1] - alone[0] - alone[1]) / 2.0;
    let row = added.lines().find(|row| row.contains("\tauprc\t")).unwrap();
    let found: f64 = row.split('\t').nth(6).unwrap().parse().unwrap();
    assert!((found - wanted).abs() < 1e-12, "{row}");
    assert!(
        said.contains("EPIANN and context less context only: auprc"),
        "{said}"
    );
    // Without the network nothing is said of what it adds, and an older file goes.
    succeed(&by_context(&place, "out", &[]));
    assert!(!place.path("out/added.tsv").exists());
}
