//! `epitrack pairs make` and `epitrack pairs leakage`, and the making of pairs against a way that
//! looks at every pair.

mod oracle;

use std::io::Read;
use std::path::{Path, PathBuf};

use epitrack::element::Sides;
use epitrack::genome::Chroms;
use epitrack::pairs::{Labels, TableSource};

use super::support::{arg, fail, run, succeed};

/// A folder with three enhancers, two promoters, a loop list and chromosome sizes.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        place.write("sizes", "chr1\t3000000\nchr2\t1000000\n");
        place.write(
            "enhancers.bed",
            "chr1\t100000\t100400\nchr1\t250000\t251000\tE2\nchr1\t400000\t400200\nchr2\t5000\t5400\n",
        );
        place.write(
            "promoters.bed",
            "track name=p\nchr1\t150000\t151000\nchr1\t300000\t301500\nchr2\t90000\t91000\n",
        );
        place.write(
            "loops.bedpe",
            "chr1\tx1\tx2\tchr2\ty1\ty2\tcolor\n\
             1\t300000\t305000\t1\t100000\t105000\t0,255,255\n\
             1\t300000\t305000\t2\t100000\t105000\t0,255,255\n",
        );
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The arguments that make pairs with all negatives, into `out`.
    fn make(&self, out: &str, more: &[&str]) -> Vec<String> {
        let mut arguments = vec!["pairs".to_string(), "make".to_string()];
        for (option, file) in [
            ("--enhancers", "enhancers.bed"),
            ("--promoters", "promoters.bed"),
            ("--loops", "loops.bedpe"),
            ("--chrom-sizes", "sizes"),
            ("--out", out),
        ] {
            arguments.extend([option.to_string(), arg(&self.path(file)).to_string()]);
        }
        arguments.extend(more.iter().map(|more| more.to_string()));
        arguments
    }
}

fn read(path: &Path) -> Vec<(String, Option<bool>)> {
    let chroms = ["chr1", "chr2"].into_iter().zip([3_000_000, 1_000_000]);
    let chroms = Chroms::new(chroms.map(|(name, length)| (name.to_string(), length))).unwrap();
    let table = TableSource::plain(path).unwrap();
    let table = table.read(&chroms, Sides::new(3000, 2000), Labels::BothClasses);
    let table = table.unwrap();
    let named = |pair: &epitrack::pairs::Pair| (pair.id(&chroms).to_string(), pair.label);
    table.pairs.iter().map(named).collect()
}

#[test]
fn a_made_table_is_read_again() {
    let place = Place::new();
    let said = succeed(&place.make("pairs.csv", &["--negatives", "all", "--cell", "K562"]));
    assert!(said.contains("between chromosomes"), "{said}");
    let wanted = [
        ("chr1:100000-100400~chr1:150000-151000", false),
        ("chr1:100000-100400~chr1:300000-301500", true),
        ("chr1:250000-251000~chr1:150000-151000", false),
        ("chr1:250000-251000~chr1:300000-301500", false),
        ("chr1:400000-400200~chr1:150000-151000", false),
        ("chr1:400000-400200~chr1:300000-301500", false),
        ("chr2:5000-5400~chr2:90000-91000", false),
    ]
    .map(|(name, label)| (name.to_string(), Some(label)));
    assert_eq!(read(&place.path("pairs.csv")), wanted);
    let second = "chr1,199600,100400,K562|chr1:100000-100400,100000,1,\
                  chr1,301500,K562|chr1:300000-301500,300000";
    let text = place.text("pairs.csv");
    assert_eq!(text.lines().nth(2), Some(second));
    // The same rows, packed.
    succeed(&place.make("pairs.csv.gz", &["--negatives", "all"]));
    assert_eq!(read(&place.path("pairs.csv.gz")), wanted);
    let mut start = [0; 2];
    let mut file = std::fs::File::open(place.path("pairs.csv.gz")).unwrap();
    file.read_exact(&mut start).unwrap();
    assert_eq!(start, [0x1f, 0x8b]);
}

#[test]
fn the_json_file_says_what_the_pairs_were_made_from() {
    let place = Place::new();
    succeed(&place.make(
        "pairs.csv",
        &["--negatives", "all", "--min-distance", "49000"],
    ));
    let json: serde_json::Value = serde_json::from_str(&place.text("pairs.json")).unwrap();
    assert_eq!(json["config"]["negatives"]["rule"], "all");
    assert_eq!(json["loops"]["between_chromosomes"], 1);
    assert_eq!(json["counts"]["positives"], 1);
    // The second enhancer lies 49,000 bases from the second promoter and stays.
    assert_eq!(json["counts"]["negatives"], 6);
    let summed = json["inputs"]["loops"][0]["sha256"].as_str().unwrap();
    assert_eq!(summed.len(), 64);
}

#[test]
fn threads_and_the_order_of_rows_change_nothing_and_the_seed_does() {
    let place = Place::new();
    let rows = |from: u32, step: u32, length: u32| -> Vec<String> {
        let starts = (0..40).map(|i| from + i * step);
        starts
            .map(|start| format!("chr1\t{start}\t{}\n", start + length))
            .collect()
    };
    let enhancers = rows(10_000, 70_000, 400);
    place.write("enhancers.bed", &enhancers.concat());
    place.write("promoters.bed", &rows(40_000, 65_000, 1500).concat());
    let loops = (0..12).map(|i| {
        let (a, b) = (10_000 + i * 70_000, 40_000 + (i + 2 + i % 5) * 65_000);
        format!("chr1\t{a}\t{}\tchr1\t{b}\t{}\n", a + 5000, b + 5000)
    });
    place.write("loops.bedpe", &loops.collect::<String>());
    let make = |out: &str, more: &[&str]| {
        let ratio = ["--ratio", "3", "--bins", "2"];
        succeed(&place.make(out, &[&ratio[..], more].concat()));
        place.text(out)
    };
    let one = make("one.csv", &["--threads", "1"]);
    let turned: Vec<String> = enhancers.into_iter().rev().collect();
    place.write("enhancers.bed", &turned.concat());
    let two = make("two.csv", &["--threads", "3"]);
    assert_eq!(one, two);
    let other = make("other.csv", &["--seed", "2"]);
    assert_eq!(one.lines().count(), other.lines().count());
    assert_ne!(one, other);
}

#[test]
fn promoters_may_come_from_gtf() {
    let place = Place::new();
    place.write(
        "genes.gtf",
        "chr1\tx\ttranscript\t300751\t309000\t.\t+\t.\tgene_id \"A\"; transcript_id \"TA\";\n\
         chr1\tx\ttranscript\t120001\t150500\t.\t-\t.\tgene_id \"B\";\n",
    );
    let mut arguments = place.make(
        "pairs.csv",
        &["--negatives", "all", "--promoter-flank", "750,250"],
    );
    let at = arguments.iter().position(|a| a == "--promoters").unwrap();
    arguments[at] = "--tss".to_string();
    arguments[at + 1] = arg(&place.path("genes.gtf")).to_string();
    succeed(&arguments);
    let got = read(&place.path("pairs.csv"));
    let positive = "chr1:100000-100400~chr1:300000-301000".to_string();
    assert!(got.contains(&(positive, Some(true))), "{got:?}");
    let negative = "chr1:100000-100400~chr1:150250-151250".to_string();
    assert!(got.contains(&(negative, Some(false))), "{got:?}");
    // The genes stay with the pairs, and so do strands and transcripts.
    let text = std::fs::read_to_string(place.path("pairs.csv")).unwrap();
    let header = text.lines().next().unwrap();
    let last = "promoter_start,promoter_gene,promoter_strand,promoter_transcript";
    assert!(header.ends_with(last), "{header}");
    let rows = text.lines().skip(1);
    for row in rows {
        let ends = match row.contains(",300000,") {
            true => ",300000,A,+,TA",
            false => ",150250,B,-,",
        };
        assert!(row.ends_with(ends), "{row}");
    }
}

#[test]
fn all_bad_rows_are_told_or_left_out() {
    let place = Place::new();
    let good = place.text("enhancers.bed");
    place.write(
        "enhancers.bed",
        &format!("{good}chr9\t1\t2\nchr1\t7\t7\nchr1\t-1\t2\nchr1\t2999999\t3000001\nchr1\t5\n"),
    );
    let said = fail(&place.make("pairs.csv", &["--negatives", "all"]));
    for line in 5..=9 {
        assert!(said.contains(&format!("enhancers.bed:{line}: ")), "{said}");
    }
    assert!(!place.path("pairs.csv").exists() && !place.path("pairs.json").exists());
    let (_, _, said) = run(&place.make("pairs.csv", &["--negatives", "all", "--skip-bad"]));
    assert!(said.contains("5 bad rows left out"), "{said}");
    assert_eq!(read(&place.path("pairs.csv")).len(), 7);
}

#[test]
fn what_makes_no_pairs_is_told() {
    let place = Place::new();
    let said = fail(&place.make("pairs.csv", &["--min-distance", "300000"]));
    assert!(
        said.contains("all 1 pairs that a loop joins lie nearer"),
        "{said}"
    );
    let said = fail(&place.make("pairs.csv", &["--min-distance", "9", "--max-distance", "8"]));
    assert!(said.contains("larger than the largest"), "{said}");
    // One positive, and no candidate just as far apart.
    let said = fail(&place.make("pairs.csv", &[]));
    assert!(said.contains("make no negative pair"), "{said}");
    for more in [&["--ratio", "0"][..], &["--bins", "0"], &["--cell", "a,b"]] {
        assert!(!fail(&place.make("pairs.csv", more)).is_empty());
    }
    let said = fail(&place.make("pairs.csv", &["--negatives", "all", "--ratio", "3"]));
    assert!(said.contains("without --ratio"), "{said}");
    place.write("loops.bedpe", "chr1\t1\t50\tchr1\t200\t300\n");
    let said = fail(&place.make("pairs.csv", &[]));
    assert!(said.contains("none of 1 loops joins"), "{said}");
    place.write("loops.bedpe", "chr1\t1\t50\tchr2\t200\t300\n");
    let said = fail(&place.make("pairs.csv", &[]));
    assert!(said.contains("none of 0 loops joins"), "{said}");
    place.write("loops.bedpe", "#chr1\tx1\tx2\tchr2\ty1\ty2\n");
    let said = fail(&place.make("pairs.csv", &[]));
    assert!(said.contains("no usable row"), "{said}");
    assert!(!place.path("pairs.csv").exists());
}

#[test]
fn bins_with_too_few_candidates_are_told() {
    let place = Place::new();
    place.write(
        "loops.bedpe",
        "chr1\t300000\t305000\tchr1\t100000\t105000\nchr1\t150000\t151000\tchr1\t400000\t405000\n\
         chr1\t250000\t250001\tchr1\t300000\t300001\n",
    );
    let (output, _, said) = run(&place.make("pairs.csv", &["--bins", "1"]));
    assert!(output.status.success(), "{said}");
    // 49,000 to 249,000 bases: two other pairs of the first chromosome and the one of the second.
    assert!(
        said.contains("only 4 negatives for 3 positives (60 wanted)"),
        "{said}"
    );
    let got = read(&place.path("pairs.csv"));
    assert_eq!(got.iter().filter(|pair| pair.1 == Some(false)).count(), 4);
}
#[test]
fn leakage_is_counted_and_written() {
    let place = Place::new();
    let letters = |seed: u32, count: u32| -> String {
        let mut state = seed;
        (0..count)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ["A", "C", "G", "T"][(state >> 30) as usize]
            })
            .collect()
    };
    // The third chromosome repeats the start of the first.
    let first = letters(1, 60_000);
    let fasta = format!(
        ">chr1\n{first}\n>chr2\n{}\n>chr3\n{}{}\n",
        letters(2, 60_000),
        &first[..10_000],
        letters(3, 50_000)
    );
    place.write("genome.fa", &fasta);
    let mut table = "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,\
                     promoter_end,label\n"
        .to_string();
    for chrom in 1..=3 {
        for (label, promoter) in [(1, 30_000), (0, 40_000)] {
            table += &format!(
                "chr{chrom},4000,4400,chr{chrom},{promoter},{},{label}\n",
                promoter + 500
            );
        }
    }
    place.write("table.csv", &table);
    let (pairs, genome, out) = (
        place.path("table.csv"),
        place.path("genome.fa"),
        place.path("out"),
    );
    let split = ["--test-chromosomes", "chr3", "--validation-fraction", "0.5"];
    let mut arguments = vec![
        "pairs",
        "leakage",
        "--pairs",
        arg(&pairs),
        "--reference",
        arg(&genome),
    ];
    arguments.extend(["--out", arg(&out)]);
    arguments.extend(split);
    let said = succeed(&arguments);
    assert!(said.contains("test 1 + 1"), "{said}");
    let tsv = place.text("out/leakage.tsv");
    let row = |start: &str| {
        let found = tsv.lines().find(|line| line.starts_with(start));
        found.unwrap_or_default().to_string()
    };
    assert_eq!(
        row(".\tsame_element\teither"),
        ".\tsame_element\teither\t0\t0\t1\t1"
    );
    assert_eq!(
        row(".\tsimilar_elsewhere\tenhancer"),
        ".\tsimilar_elsewhere\tenhancer\t1\t1\t1\t1"
    );
    assert_eq!(
        row(".\tsimilar_elsewhere\tpromoter"),
        ".\tsimilar_elsewhere\tpromoter\t0\t0\t1\t1"
    );
    let similar = place.text("out/similar_windows.tsv");
    let wanted = ".\tchr3:2700-5700\tchr1:2700-5700\t1.0000\t1.0000\t2980\t2980\t2980";
    assert_eq!(similar.lines().nth(1), Some(wanted));
    let json: serde_json::Value = serde_json::from_str(&place.text("out/leakage.json")).unwrap();
    assert_eq!(json["parts"][0]["similarity"]["test_windows"], 3);
    // The split that was used can be used again; without sequence only places are compared.
    let (sizes, split) = (place.path("genome.fa.fai"), place.path("out/split.tsv"));
    let again = [
        "pairs",
        "leakage",
        "--pairs",
        arg(&pairs),
        "--chrom-sizes",
        arg(&sizes),
        "--split-file",
        arg(&split),
        "--out",
        arg(&out),
    ];
    let said = succeed(&again);
    assert!(
        said.contains("test 1 + 1") && !said.contains("similar"),
        "{said}"
    );
    assert!(!place.path("out/similar_windows.tsv").exists());
    assert!(fail(&[&arguments[..], &["--kmer", "40"]].concat()).contains("11 to 31"));
    // Folds of whole chromosomes; those that were used can be used again.
    let of_folds = [&again[..6], &["--out", arg(&out)]].concat();
    let said = succeed(&[&of_folds[..], &["--folds", "3"]].concat());
    assert!(said.contains("3 folds, test 3 + 3"), "{said}");
    let (tsv, folds) = (place.text("out/leakage.tsv"), place.path("out/folds.tsv"));
    assert!(
        tsv.contains("\n3\tsame_element\teither\t0\t0\t1\t1\n"),
        "{tsv}"
    );
    assert!(!split.exists(), "a stale split");
    succeed(&[&of_folds[..], &["--fold-file", arg(&folds)]].concat());
    assert_eq!(place.text("out/leakage.tsv"), tsv);
    let said = fail(&[&of_folds[..], &["--folds", "4"]].concat());
    assert!(said.contains("would hold no positive pair"), "{said}");
}

#[test]
fn both_sources_of_promoters_are_named_where_none_is_given() {
    let given = [
        "--enhancers",
        "e.bed",
        "--loops",
        "l.bedpe",
        "--chrom-sizes",
        "s",
        "--out",
        "q",
    ];
    let (output, _, said) = run(&[&["pairs", "make"][..], &given].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("--promoters <BED>") && said.contains("--tss <BED|GTF>"),
        "{said}"
    );
}
