//! Runs, scores and baselines by what CRISPR interference says.

mod links;
mod methods;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::support::{Workplace, arg, fail, files, skipped, succeed};

/// The measures of a method in `crispr.json`: of a set, at a distance.
fn measures<'a>(found: &'a Value, of: [&str; 3]) -> &'a Value {
    let all = found["measures"].as_array().unwrap();
    let is_it = |row: &&Value| ["set", "distance", "method"].map(|name| &row[name]) == of;
    all.iter().find(is_it).unwrap_or_else(|| panic!("{of:?}"))
}

fn value(found: &Value, of: [&str; 3], measure: &str) -> f64 {
    measures(found, of)[measure]["value"].as_f64().unwrap()
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

/// A table of the Engreitz laboratory's columns: of each of twelve genes an element near by that acts, one
/// further away, which acts on every third gene, and one of which nobody takes account.
fn table() -> String {
    let mut text = "chrom\tchromStart\tchromEnd\tmeasuredGeneSymbol\tmeasuredGeneEnsemblId\tchrTSS\tstartTSS\t\
                    endTSS\tRegulated\tValidConnection\tCellType\tDHS.RPM\tH3K27ac.RPM\n"
        .to_string();
    for gene in 0..12u32 {
        let tss = 1_000_000 * (gene + 1);
        for (away, regulated, valid, dhs) in [
            (20_000 + 100 * gene, true, "TRUE", 4 + gene),
            (150_000 + 1_000 * gene, gene % 3 == 0, "TRUE", 9),
            (3_000, true, "overlaps potential promoter", 50),
        ] {
            let start = tss - away;
            let regulated = if regulated { "TRUE" } else { "FALSE" };
            text += &format!(
                "chr1\t{start}\t{}\tGENE{gene}\tENSG{gene}\tchr1\t{tss}\t{}\t{regulated}\t{valid}\tK562\t{dhs}\t1\n",
                start + 500,
                tss + 1
            );
        }
    }
    text
}

#[test]
fn baselines_are_judged_and_their_links_can_be_read_back() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    std::fs::write(path("table.tsv"), table()).unwrap();
    let judge = |out: &str, more: &[&str]| {
        let (table, out) = (path("table.tsv"), path(out));
        let arguments = ["crispr", "--table", arg(&table), "--out", arg(&out)];
        [&arguments[..], more]
            .concat()
            .into_iter()
            .map(str::to_string)
            .collect::<Vec<_>>()
    };
    let said = succeed(&judge("one", &["--threads", "1"]));
    for wanted in [
        "table.tsv, the Engreitz laboratory's CRISPRi table, hg38: 16 pairs regulated, 8 not",
        "left out: 12 rows that are no valid pair",
        "all 24 pairs: 16 regulated, prevalence 0.667",
        "95 % intervals over elements and genes",
        "24 elements, 12 genes",
        "of a difference both methods are measured on the same draws",
        "nearest-gene: 1 for the nearest start site of the table's genes, else 0",
    ] {
        assert!(said.contains(wanted), "{said}");
    }
    let one = json(&path("one/crispr.json"));
    // Everything near acts, and of what is far the nearest (gene 0), the fourth, the seventh and the tenth.
    let of = ["all", "any", "distance"];
    let wanted = (12.0 * 8.0 + (8.0 + 6.0 + 4.0 + 2.0)) / (16.0 * 8.0);
    assert!((value(&one, of, "auroc") - wanted).abs() < 1e-12);
    // 12 of 16 are more than 70 %.
    assert_eq!(value(&one, of, "precision_at_recall"), 1.0);
    assert!(measures(&one, of)["auprc"]["low"].is_number());
    let far = measures(&one, ["all", "100 kb and more", "nearest-gene"]);
    assert!(far["positives"] == 4 && far["negatives"] == 8, "{far}");
    let near = measures(&one, ["all", "0-10 kb", "distance"]);
    assert!(near["auroc"].is_null() && near["positives"] == 0, "{near}");

    // The links: all in order, and those of the threshold.
    let all = unpacked(&path("one/links/distance.tsv.gz"));
    let chosen = unpacked(&path("one/links/distance.thresholded.tsv.gz"));
    assert!(
        all.starts_with("#chr\tstart\tend\tname\tclass\tTargetGene\t"),
        "{all}"
    );
    assert_eq!((all.lines().count(), chosen.lines().count()), (25, 13));
    assert!(chosen.contains(
        "chr1\t980000\t980500\tchr1:980000-980500\t.\tGENE0\tENSG0\t1000000\tFalse\tK562\t19750\t"
    ));
    let bedpe = std::fs::read_to_string(path("one/links/distance.bedpe")).unwrap();
    assert_eq!(bedpe.lines().count(), 13);

    // Links are scores of the same pairs, and the number of threads changes nothing.
    let links = path("one/links/activity-by-distance.tsv.gz");
    let again = format!("again={}", arg(&links));
    succeed(&judge("two", &["--scores", &again, "--threads", "2"]));
    let two = json(&path("two/crispr.json"));
    for measure in ["auroc", "auprc", "precision_at_recall"] {
        let [links, own] = ["again", "activity-by-distance"]
            .map(|name| &measures(&two, ["all", "any", name])[measure]);
        assert_eq!(links, own);
    }
    assert_eq!(
        measures(&one, ["all", "any", "activity-by-distance"]),
        measures(&two, ["all", "any", "activity-by-distance"])
    );
    succeed(&judge("three", &["--threads", "2"]));
    assert!(files(&path("one")) == files(&path("three")));

    // Scores of some pairs: all are judged on these, and those that know all on all.
    let scores = std::fs::read_to_string(path("one/scores.tsv")).unwrap();
    let some: Vec<&str> = scores.lines().take(11).collect();
    let some = some.join("\n").replacen("\tdistance\t", "\tscore\t", 1);
    std::fs::write(path("some.tsv"), some).unwrap();
    let some = path("some.tsv");
    let said = succeed(&judge("four", &["--scores", arg(&some)]));
    assert!(said.contains("some does not score 14 pairs"), "{said}");
    let four = json(&path("four/crispr.json"));
    for (set, pairs) in [("common", 10), ("all", 24)] {
        let of = measures(&four, [set, "any", "distance"]);
        let count = of["positives"].as_u64().unwrap() + of["negatives"].as_u64().unwrap();
        assert_eq!(count, pairs, "{set}");
    }

    // What is read is not written over.
    let said = fail(&judge("one", &["--scores", &again]));
    assert!(said.contains("is an input and would be replaced"), "{said}");
    let said = fail(&judge("five", &["--threshold", "nan"]));
    assert!(said.contains("not a finite number"), "{said}");
    assert!(
        fail(&judge("five", &["--cell-type", "HeLa"])).contains("has no pair of HeLa, but of K562")
    );
    std::fs::write(path("table.tsv"), "chr1\t10\t20\tpeak\n").unwrap();
    assert!(fail(&judge("five", &[])).contains("is neither TransEPI's CRISPRi table"));
    assert!(!path("five").exists());
}

#[test]
fn a_judgement_tells_of_its_own_methods_and_of_cell_types() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    // A second cell type, where everything is marked otherwise and acts as it does in the first.
    let first = table();
    let second: String = first.split_inclusive('\n').skip(1).collect();
    let second = second.replace("\tK562\t", "\tJurkat\t7");
    std::fs::write(path("table.tsv"), first + &second).unwrap();
    let (table, out) = (path("table.tsv"), path("out"));
    let judge = ["crispr", "--table", arg(&table), "--out", arg(&out)];
    let with = |more: &[&str]| {
        let all = [&judge[..], more].concat().into_iter();
        all.map(str::to_string).collect::<Vec<_>>()
    };
    succeed(&with(&[]));

    // Its own links and scores are those of the same pairs, cell type by cell type.
    let scores = std::fs::read_to_string(path("out/scores.tsv")).unwrap();
    assert!(scores.starts_with("pair\tline\tgene\tlabel\tbases\tcell\t"));
    let own = scores.replacen("\tactivity-by-distance", "\tscore", 1);
    std::fs::write(path("own.tsv"), own).unwrap();
    let links = path("out/links/activity-by-distance.tsv.gz");
    std::fs::copy(links, path("links.tsv.gz")).unwrap();
    let [own, links] = ["own.tsv", "links.tsv.gz"].map(path);
    succeed(&with(&["--scores", arg(&own), arg(&links)]));
    let found = json(&path("out/crispr.json"));
    let of = |name| measures(&found, ["all", "any", name])["auroc"].clone();
    let wanted = of("activity-by-distance");
    assert!(of("own") == wanted && of("links") == wanted, "{wanted}");

    // Links of what is judged no longer go, unless they are read; other files stay.
    let judged = path("out/links/own.bedpe");
    assert!(judged.exists());
    std::fs::write(path("out/links/mine.bedpe"), "").unwrap();
    let read = format!("again={}", arg(&path("out/links/own.tsv.gz")));
    let said = fail(&with(&["--scores", &read]));
    assert!(said.contains("is an input and would be replaced"), "{said}");
    assert!(judged.exists());

    // Where no pair is scored by all there is nothing to tell of such pairs.
    let lines: Vec<&str> = scores.lines().collect();
    let head = lines[0].replacen("\tdistance", "\tscore", 1);
    for (name, lines) in [("a.tsv", &lines[1..11]), ("b.tsv", &lines[11..21])] {
        std::fs::write(path(name), format!("{head}\n{}", lines.join("\n"))).unwrap();
    }
    let [a, b] = ["a.tsv", "b.tsv"].map(path);
    let said = succeed(&with(&["--scores", arg(&a), arg(&b)]));
    assert!(said.contains("no pair is scored by every method"), "{said}");
    assert!(
        !said.contains("the 0 pairs") && !said.contains("(0 + 0"),
        "{said}"
    );
    assert!(!judged.exists() && path("out/links/mine.bedpe").exists());

    let pair = format!("pair={}", arg(&a));
    let said = fail(&with(&["--scores", &pair]));
    assert!(said.contains("is a column of the scores already"), "{said}");
    let said = fail(&with(&["--threshold", "0.5"]));
    assert!(said.contains("and there is neither"), "{said}");
}

/// A simulated pair: chromosome, enhancer, and the middle of the promoter.
struct Simulated {
    chrom: String,
    enhancer: (usize, usize),
    tss: usize,
    label: String,
}

fn simulated(place: &Workplace) -> Vec<Simulated> {
    let table = place.text("sim/pairs.csv");
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|of| *of == name).unwrap();
    let pair = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |name: &str| fields[at(name)].parse::<usize>().unwrap();
        assert_eq!(fields[at("enhancer_chrom")], fields[at("promoter_chrom")]);
        Simulated {
            chrom: fields[at("enhancer_chrom")].to_string(),
            enhancer: (number("enhancer_start"), number("enhancer_end")),
            tss: (number("promoter_start") + number("promoter_end")) / 2,
            label: fields[at("label")].to_string(),
        }
    };
    lines.map(pair).collect()
}

/// The bases of each chromosome.
fn genome(text: &str) -> BTreeMap<String, String> {
    let records = text.split('>').skip(1).map(|record| {
        let (name, sequence) = record.split_once('\n').unwrap();
        let name = name.split_whitespace().next().unwrap();
        (name.to_string(), sequence.replace('\n', ""))
    });
    records.collect()
}

#[test]
fn a_run_is_judged_on_the_pairs_with_sequence() {
    let place = Workplace::new();
    place.trained("run", &[]);
    let run = place.path("run");
    succeed(&["evaluate", arg(&run), "--device", "cpu"]);
    let pairs = simulated(&place);
    let line = |of: &Simulated| {
        let (chrom, (start, end), tss) = (&of.chrom, of.enhancer, of.tss);
        let (label, after) = (&of.label, tss + 1);
        let distance = (start + end).abs_diff(2 * tss) as f64 / 2.0;
        format!(
            "{label}\t{distance}\t{chrom}\t{start}\t{end}\t{chrom}:{start}-{end}|K562|.\t{chrom}\t{tss}\t{after}\t\
             {chrom}:{tss}-{after}|K562|ENST|G{tss}|TPM=1|.\n"
        )
    };
    let mut text: String = pairs.iter().map(line).collect();
    let first = line(&pairs[0]);
    text += &first.replace(&format!("\t{}\t", pairs[0].chrom), "\tchrUn\t");
    std::fs::write(place.path("crispr.tsv"), text).unwrap();

    // The same genome, unknown around the first enhancer.
    let mut bases = genome(&place.text("sim/genome.fa"));
    let masked = bases.get_mut(&pairs[0].chrom).unwrap();
    let middle = (pairs[0].enhancer.0 + pairs[0].enhancer.1) / 2;
    masked.replace_range(middle - 60..middle + 60, &"N".repeat(120));
    let fasta = bases
        .iter()
        .map(|(name, bases)| format!(">{name}\n{bases}\n"));
    std::fs::write(place.path("masked.fa"), fasta.collect::<String>()).unwrap();
    let has_sequence = |chrom: &str, middle: usize, length: usize| {
        let window = &bases[chrom][middle - length / 2..middle + length / 2];
        10 * window.matches('N').count() <= length
    };
    let scored = |of: &&Simulated| {
        let middle = (of.enhancer.0 + of.enhancer.1) / 2;
        has_sequence(&of.chrom, middle, 200) && has_sequence(&of.chrom, of.tss, 150)
    };
    let wanted = pairs.iter().filter(scored).count();
    assert!(wanted < pairs.len() && wanted > pairs.len() / 2, "{wanted}");

    let [table, out, reference] = ["crispr.tsv", "out", "masked.fa"].map(|of| place.path(of));
    let arguments = [
        "crispr",
        arg(&run),
        "--table",
        arg(&table),
        "--out",
        arg(&out),
    ];
    let more = ["--reference", arg(&reference), "--device", "cpu"];
    let said = succeed(&[&arguments[..], &more[..]].concat());
    let all = pairs.len() + 1;
    assert!(
        said.contains(&format!("scores {wanted} of {all} pairs")),
        "{said}"
    );
    let found = json(&out.join("crispr.json"));
    assert_eq!(found["run"]["scored"], wanted);
    assert_eq!(found["run"]["without_sequence"], pairs.len() - wanted);
    assert_eq!(found["run"]["without_chromosome"], 1);
    let trained = found["run"]["on_trained_chromosomes"].as_u64().unwrap();
    assert!(trained > 0 && trained < wanted as u64, "{trained}");
    let name = found["run"]["name"].as_str().unwrap();
    for method in [name, "distance", "nearest-gene"] {
        let of = measures(&found, ["common", "any", method]);
        let count = of["positives"].as_u64().unwrap() + of["negatives"].as_u64().unwrap();
        assert_eq!(count, wanted as u64, "{method}");
    }
    let of_all = found["measures"].as_array().unwrap().iter();
    let of_all = of_all.filter(|row| row["set"] == "all");
    assert!(of_all.clone().count() > 0 && of_all.clone().all(|row| row["method"] != name));
    assert_eq!(
        found["methods"][0]["threshold"]["from"],
        "the run's validation part"
    );

    // What the run says of a pair is what it says of the same windows elsewhere.
    let scores = place.text("out/scores.tsv");
    let by_line: BTreeMap<u32, &str> = scores
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (fields[1].parse().unwrap(), fields[6])
        })
        .collect();
    let mut compared = 0;
    for line in place.text("run/predictions.tsv").lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        // The table of the training has a header.
        let score = by_line[&(fields[1].parse::<u32>().unwrap() - 1)];
        if score != "." {
            let [here, there] = [score, fields[4]].map(|text| text.parse::<f32>().unwrap());
            assert!((here - there).abs() < 1e-5, "{line}: {here}");
            compared += 1;
        }
    }
    assert!(compared > 5, "{compared}");

    // What the run is not needed for is refused before it is read.
    let some = scores.replacen("\tdistance", "\tscore", 1);
    std::fs::write(place.path("some.tsv"), some).unwrap();
    let some = format!("distance={}", arg(&place.path("some.tsv")));
    let gone = [
        "--reference",
        "gone.fa",
        "--device",
        "cpu",
        "--scores",
        &some,
    ];
    let said = fail(&[&arguments[..], &gone[..]].concat());
    assert!(said.contains("would have the same files"), "{said}");

    // The run's table of pairs is read too, and not written over.
    let held = place.path("held");
    std::fs::create_dir(&held).unwrap();
    for (name, from, option) in [
        ("scores.tsv", "sim/pairs.csv", "--pairs"),
        ("measures.tsv", "masked.fa", "--reference"),
    ] {
        let (input, out) = (held.join(name), arg(&held));
        std::fs::copy(place.path(from), &input).unwrap();
        let (run, table) = (arg(&run), arg(&table));
        let start = ["crispr", run, "--table", table, "--out", out];
        let said = fail(&[&start[..], &[option, arg(&input), "--device", "cpu"]].concat());
        let wanted = format!("{name} is an input and would be replaced");
        assert!(said.contains(&wanted), "{said}");
        let bytes = |path: PathBuf| std::fs::read(path).unwrap();
        assert!(bytes(input.clone()) == bytes(place.path(from)));
        std::fs::remove_file(&input).unwrap();
    }

    // A table of another assembly lies past chromosomes' ends.
    let text = place.text("crispr.tsv");
    let (end, past) = (format!("\t{}\t", pairs[0].enhancer.1), "\t900000000\t");
    std::fs::write(&table, text.replacen(&end, past, 1)).unwrap();
    let said = fail(&[&arguments[..], &["--device", "cpu"]].concat());
    assert!(
        said.contains("crispr.tsv:1: enhancer ends at 900000000, past the end of"),
        "{said}"
    );
}

/// The data folder; none, and a word about it, where the variable is unset.
fn data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("EPITRACK_DATA").map(PathBuf::from);
    if folder.is_none() {
        skipped(test, "EPITRACK_DATA is unset");
    }
    folder
}

#[test]
fn published_tables_give_the_numbers_that_are_known() {
    let Some(data) = data("crispr::published_tables_give_the_numbers_that_are_known") else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let judge = |table: &str, more: &[&str]| {
        let (table, out) = (data.join("crispr").join(table), place.path().join(table));
        let arguments = ["crispr", "--table", arg(&table), "--out", arg(&out)];
        succeed(&[&arguments[..], more].concat());
        json(&out.join("crispr.json"))
    };
    let holds = |found: &Value, method: &str, wanted: [f64; 3]| {
        let measures = ["auroc", "auprc", "precision_at_recall"];
        for (measure, wanted) in measures.into_iter().zip(wanted) {
            let got = value(found, ["all", "any", method], measure);
            assert!((got - wanted).abs() < 1e-6, "{method}: {measure} {got}");
        }
    };
    // Counted in Python from the tables' own columns.
    let peaks = |name: &str| data.join("peaks/whole-genome/K562").join(name);
    let dnase = peaks("wgEncodeAwgDnaseUwdukeK562UniPk.narrowPeak.gz");
    let h3k27ac = peaks("wgEncodeBroadHistoneK562H3k27acStdPk.broadPeak.gz");
    let activity = ["--activity", arg(&dnase), arg(&h3k27ac)];
    let found = judge("K562.transepi.hg19.tsv", &activity);
    assert!(found["positives"] == 218 && found["negatives"] == 1022);
    holds(&found, "distance", [0.525_719, 0.179_432, 0.176_471]);
    holds(&found, "nearest-gene", [0.501_149, 0.176_142, 0.175_806]);
    holds(
        &found,
        "activity-by-distance",
        [0.513_196, 0.170_964, 0.184_116],
    );
    let auprc = |at: &str| value(&found, ["all", at, "distance"], "auprc");
    assert!((auprc("10-100 kb") - 0.176_876).abs() < 1e-6);
    assert!((auprc("100 kb and more") - 0.165_382).abs() < 1e-6);

    let found = judge("K562.engreitz.hg38.tsv.gz", &[]);
    assert!(found["positives"] == 471 && found["negatives"] == 9885);
    holds(&found, "distance", [0.897_282, 0.437_696, 0.315_789]);
    holds(
        &found,
        "activity-by-distance",
        [0.928_215, 0.517_326, 0.421_456],
    );
    holds(&found, "nearest-gene", [0.791_128, 0.150_258, 0.188_525]);
}
