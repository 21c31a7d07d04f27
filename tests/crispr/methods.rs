//! Methods beside each other, genes of an annotation, and probabilities of a run.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Simulated, json, measures, simulated, table, value};
use crate::support::{Workplace, arg, fail, succeed};

/// Judges a table by its text, in a folder, into `out`; what it printed, and `crispr.json`.
fn judged(dir: &Path, text: &str, more: &[&str]) -> (String, Value) {
    let said = succeed(&judge(dir, text, more));
    (said, json(&dir.join("out/crispr.json")))
}

fn judge(dir: &Path, text: &str, more: &[&str]) -> Vec<String> {
    let (table, out) = (dir.join("table.tsv"), dir.join("out"));
    std::fs::write(&table, text).unwrap();
    let arguments = ["crispr", "--table", arg(&table), "--out", arg(&out)];
    let all = arguments.iter().chain(more);
    all.map(|text| text.to_string()).collect()
}

/// A difference in `crispr.json`: of the whole table or of a set, at a distance, of a method less another.
fn difference<'a>(found: &'a Value, of: [&str; 4]) -> &'a Value {
    let all = found["differences"].as_array().unwrap();
    let columns = ["set", "distance", "method", "less"];
    let is_it = |row: &&Value| columns.map(|name| &row[name]) == of;
    all.iter().find(is_it).unwrap_or_else(|| panic!("{of:?}"))
}

#[test]
fn methods_are_compared_on_the_same_draws() {
    let place = tempfile::tempdir().unwrap();
    let (said, found) = judged(place.path(), &table(), &[]);
    let [activity, nearest, distance] = ["activity-by-distance", "nearest-gene", "distance"];
    for method in [activity, nearest] {
        let of = difference(&found, ["all", "any", method, distance]);
        assert!(of["positives"] == 16 && of["negatives"] == 8, "{of}");
        assert!(of["elements"] == 24 && of["genes"] == 12, "{of}");
        for measure in ["auroc", "auprc"] {
            let [one, other] =
                [method, distance].map(|name| value(&found, ["all", "any", name], measure));
            let number = |name: &str| of[measure][name].as_f64().unwrap();
            let [low, value, high] = ["low", "value", "high"].map(number);
            assert!((value - (one - other)).abs() < 1e-12, "{method}: {of}");
            // Activity puts both classes into the order of distance.
            let is_same = method == activity;
            assert_eq!(is_same, low.abs() + high.abs() < 1e-9, "{of}");
            assert!(low <= value && value <= high, "{of}");
        }
    }
    // Distance is not compared with itself, and two baselines not with each other.
    let rows = found["differences"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * 4);
    // All that lies near acts; of what lies far four do, too few for an interval.
    let near = difference(&found, ["all", "10-100 kb", nearest, distance]);
    assert!(near["positives"] == 12 && near["negatives"] == 0, "{near}");
    assert!(near["auroc"].is_null() && near["auprc"].is_null(), "{near}");
    let far = difference(&found, ["all", "100 kb and more", nearest, distance]);
    assert!(
        far["auprc"]["value"].is_number() && far["auprc"]["low"].is_null(),
        "{far}"
    );

    let line = said
        .lines()
        .find(|line| line.starts_with("nearest-gene less distance"));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains(" to ") && line.contains('('), "{line}");
    assert!(
        said.contains("at 10-100 kb (12 + 0, prevalence 1.000)\n"),
        "{said}"
    );
    let text = std::fs::read_to_string(place.path().join("out/differences.tsv")).unwrap();
    let mut lines = text.lines();
    let head = "set\tdistance\tmethod\tless\tpositives\tnegatives\tpositive_elements\tpositive_genes\telements\t\
                genes\tauroc\tauroc_low\tauroc_high\tauprc\tauprc_low\tauprc_high";
    assert_eq!(lines.next(), Some(head));
    assert_eq!(lines.clone().count(), rows.len());
    assert!(lines.all(|line| line.split('\t').count() == head.split('\t').count()));
    assert!(text.contains(
        "all\t10-100 kb\tnearest-gene\tdistance\t12\t0\t12\t12\t12\t12\t.\t.\t.\t.\t.\t.\n"
    ));

    // A method that says the same is no better, in every draw.
    let links = place.path().join("out/links/distance.tsv.gz");
    let copy = place.path().join("same.tsv.gz");
    std::fs::copy(links, &copy).unwrap();
    let (_, found) = judged(place.path(), &table(), &["--scores", arg(&copy)]);
    let same = difference(&found, ["all", "any", "same", distance]);
    for (measure, end) in [
        ("auroc", "low"),
        ("auroc", "high"),
        ("auprc", "low"),
        ("auprc", "high"),
    ] {
        assert_eq!(same[measure][end], 0.0, "{same}");
    }
}

/// GTF of genes of one base each on chr1 that code for a protein, or not.
fn gtf(genes: &[(String, u32, bool)]) -> String {
    let gene = |(name, start, codes): &(String, u32, bool)| {
        let kind = if *codes { "protein_coding" } else { "lncRNA" };
        let first = start + 1;
        format!(
            "chr1\tx\ttranscript\t{first}\t{first}\t.\t+\t.\tgene_id \"{name}\"; transcript_id \"T{start}\"; \
             gene_type \"{kind}\";\n"
        )
    };
    genes.iter().map(gene).collect()
}

#[test]
fn an_annotation_has_nearer_genes() {
    let place = tempfile::tempdir().unwrap();
    let dir = place.path();
    let of = ["all", "any", "nearest-gene"];
    let (said, alone) = judged(dir, &table(), &[]);
    // Elements 150 kb away lie nearest to their genes too: these are 1 Mb apart.
    assert_eq!(value(&alone, of, "auroc"), 0.5);
    assert!(
        said.contains("nearest start site of the table's genes"),
        "{said}"
    );

    // One between each far element and its gene; what does not code is passed over.
    let genes = |shift: u32| -> Vec<(String, u32, bool)> {
        let own = (0..12).map(|gene| (format!("GENE{gene}"), 1_000_000 * (gene + 1) + shift, true));
        let between = (0..12).map(|gene| {
            (
                format!("NEAR{gene}"),
                1_000_000 * (gene + 1) - 140_000,
                true,
            )
        });
        let near =
            (0..12).map(|gene| (format!("LNC{gene}"), 1_000_000 * (gene + 1) - 20_000, false));
        own.chain(between).chain(near).collect()
    };
    let path = dir.join("genes.gtf");
    std::fs::write(&path, gtf(&genes(0))).unwrap();
    let (said, with) = judged(dir, &table(), &["--genes", arg(&path)]);
    let wanted = "nearest-gene: 1 for the nearest start site of the 24 protein-coding genes in genes.gtf, else 0; 0 \
                  of the table's 12 genes are not named there";
    assert!(said.contains(wanted), "{said}");
    // All near ones act, and of twelve that are told apart no more four.
    assert_eq!(value(&with, of, "auroc"), (12.0 + 4.0 / 2.0) / 16.0);
    let methods = with["methods"].as_array().unwrap();
    let method = methods
        .iter()
        .find(|of| of["name"] == "nearest-gene")
        .unwrap();
    let input = method["inputs"][0]["path"].as_str().unwrap();
    assert!(input.ends_with("genes.gtf"), "{method}");
    // Other methods are as they were.
    let distance = ["all", "any", "distance"];
    assert_eq!(measures(&with, distance), measures(&alone, distance));

    // Of another assembly: elsewhere, past the end, or on other chromosomes.
    let refused = |text: &str| {
        std::fs::write(&path, text).unwrap();
        fail(&judge(dir, &table(), &["--genes", arg(&path)]))
    };
    let said = refused(&gtf(&genes(83_000)));
    assert!(
        said.contains("genes.gtf: is of another assembly than the CRISPRi table: of 12"),
        "{said}"
    );
    let end = [genes(0), vec![("FAR".to_string(), 248_956_422, true)]].concat();
    let said = refused(&gtf(&end));
    assert!(
        said.contains("genes.gtf:37: ") && said.contains("past the end of chr1"),
        "{said}"
    );
    let said = refused(&gtf(&genes(0)).replace("chr1\t", "chrZ\t"));
    assert!(said.contains("is of another assembly"), "{said}");
    let said = refused(&gtf(&genes(0)).replace("\"GENE", "\"Gene"));
    assert!(
        said.contains("names none of the CRISPRi table's genes"),
        "{said}"
    );
    assert!(refused("chr1\t10\t20\tpeak\n").contains("neither GTF nor"));
    let said = fail(&judge(
        dir,
        &table(),
        &["--genes", arg(&dir.join("gone.gtf"))],
    ));
    assert!(said.contains("gone.gtf"), "{said}");
}

#[test]
fn pairs_on_two_chromosomes_and_tables_without_start_sites_are_told() {
    let place = tempfile::tempdir().unwrap();
    // The last gene lies on chr2 now, and its elements do not.
    let text = table().replace("\tENSG11\tchr1\t", "\tENSG11\tchr2\t");
    let (said, found) = judged(place.path(), &text, &[]);
    assert!(
        said.contains("pairs on two chromosomes: 2, further apart"),
        "{said}"
    );
    assert_eq!(found["on_two_chromosomes"], 2);
    let of = measures(&found, ["all", "any", "distance"]);
    assert!(of["positives"] == 16 && of["negatives"] == 8, "{of}");
    let in_bins: u64 = ["0-10 kb", "10-100 kb", "100 kb and more"]
        .iter()
        .map(|bin| {
            let of = measures(&found, ["all", *bin, "distance"]);
            of["positives"].as_u64().unwrap() + of["negatives"].as_u64().unwrap()
        })
        .sum();
    assert_eq!(in_bins, 22);
    let scores = std::fs::read_to_string(place.path().join("out/scores.tsv")).unwrap();
    let apart = scores.lines().filter(|line| line.contains("~chr2:"));
    for line in apart {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(
            (fields[4], &fields[6..]),
            (".", &["0", "0", "0"][..]),
            "{line}"
        );
    }

    let text = table().replace("\tstartTSS\t", "\tstart\t");
    let said = fail(&judge(place.path(), &text, &[]));
    assert!(said.contains("table.tsv: has no column startTSS"), "{said}");
}

/// A pair in TransEPI's layout.
fn line(of: &Simulated) -> String {
    let (chrom, (start, end), tss) = (&of.chrom, of.enhancer, of.tss);
    let (label, after) = (&of.label, tss + 1);
    let distance = (start + end).abs_diff(2 * tss) as f64 / 2.0;
    format!(
        "{label}\t{distance}\t{chrom}\t{start}\t{end}\t{chrom}:{start}-{end}|K562|.\t{chrom}\t{tss}\t{after}\t\
         {chrom}:{tss}-{after}|K562|ENST|G{tss}|TPM=1|.\n"
    )
}

#[test]
fn a_run_is_beside_all_others_and_its_probabilities_beside_the_prevalence() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let pairs = simulated(&place);
    let [table, out, run]: [PathBuf; 3] = ["crispr.tsv", "out", "run"].map(|name| place.path(name));
    let judge = |text: &str| {
        std::fs::write(&table, text).unwrap();
        let start = [
            "crispr",
            arg(&run),
            "--table",
            arg(&table),
            "--out",
            arg(&out),
        ];
        [&start[..], &["--device", "cpu"]]
            .concat()
            .into_iter()
            .map(str::to_string)
            .collect::<Vec<_>>()
    };
    let said = succeed(&judge(&pairs.iter().map(line).collect::<String>()));
    let found = json(&out.join("crispr.json"));
    let name = found["run"]["name"].as_str().unwrap();
    for less in ["distance", "nearest-gene"] {
        let of = difference(&found, ["all", "any", name, less]);
        assert!(
            of["auroc"]["low"].is_number() && of["auprc"]["high"].is_number(),
            "{of}"
        );
        assert!(said.contains(&format!("\n{name} less {less} ")), "{said}");
    }
    assert_eq!(found["methods"][0]["role"], "run");
    assert_eq!(found["run"]["scored"], pairs.len());
    // The chromosomes are those of the run's reference.
    assert_eq!(found["lengths"]["from"], "the run's reference");
    assert!(out.join(format!("links/{name}.bb")).exists());

    // By hand, from the scores and the correction.
    let of = &found["run"]["calibrated"]["measured"];
    let number = |of: &Value| of.as_f64().unwrap_or_else(|| panic!("{of}"));
    let [slope, offset] = ["slope", "offset"].map(|name| number(&of["correction"][name]));
    let scores = std::fs::read_to_string(out.join("scores.tsv")).unwrap();
    let rows = scores.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let probability: f64 = fields[6].parse().unwrap();
        let log_odds = slope * (probability / (1.0 - probability)).ln() + offset;
        (1.0 / (1.0 + (-log_odds).exp()), f64::from(fields[3] == "1"))
    });
    let rows: Vec<(f64, f64)> = rows.collect();
    let count = rows.len() as f64;
    let brier = rows
        .iter()
        .map(|(said, truth)| (said - truth).powi(2))
        .sum::<f64>()
        / count;
    let got = number(&of["calibrated"]["brier"]["value"]);
    assert!((got - brier).abs() < 1e-4, "{got} {brier}");
    let part = rows.iter().map(|(_, truth)| truth).sum::<f64>() / count;
    let got = number(&of["prevalence"]["brier"]["value"]);
    assert!((got - part * (1.0 - part)).abs() < 1e-9, "{got} {part}");
    assert!(said.contains("\n  prevalence alone "), "{said}");

    // With 19 regulated pairs nothing is told of probabilities.
    let mut regulated = 0;
    let few = pairs.iter().filter(|of| {
        regulated += usize::from(of.label == "1");
        of.label == "0" || regulated < 20
    });
    let said = succeed(&judge(&few.map(line).collect::<String>()));
    let found = json(&out.join("crispr.json"));
    let why = found["run"]["calibrated"]["not_measured"].as_str().unwrap();
    assert!(
        why.contains("19 are regulated") && said.contains(why),
        "{said}"
    );

    // A run that can score no pair is told why.
    let elsewhere = pairs
        .iter()
        .map(line)
        .map(|line| line.replace("\tchr", "\tchrUn_"));
    let said = fail(&judge(&elsewhere.collect::<String>()));
    let wanted = format!(
        "0 have too little sequence under a window, {} no place in its reference",
        pairs.len()
    );
    assert!(said.contains(&wanted), "{said}");
}
