//! From matrices and a genome to motif sites, as a user finds them.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use epitrack::genome::{Reference, Region};
use epitrack::motifs::{self, Background, Scanner, Threshold};

use super::support::{arg, fail, run, skipped, succeed};

const MATRICES: &str = ">MA1 FOS::JUN\n\
    A [ 1 1 18 1 1 1 18 ]\nC [ 1 1 0 10 0 18 1 ]\nG [ 1 17 1 9 1 0 1 ]\nT [ 17 1 1 0 18 1 0 ]\n\
    >MA2 Arnt(var.2)\n\
    A [ 0 20 0 0 0 0 ]\nC [ 20 0 20 0 0 0 ]\nG [ 0 0 0 20 0 20 ]\nT [ 0 0 0 0 20 0 ]\n\
    >MA3 short\nA [ 9 ]\nC [ 1 ]\nG [ 1 ]\nT [ 1 ]\n";

/// A folder with a genome, `genome.fa`, and matrices, `motifs.jaspar`.
struct Workplace {
    dir: tempfile::TempDir,
}

impl Workplace {
    fn new() -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let mut state = 7u32;
        let mut letters = |count: usize| -> String {
            let letter = |_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ['A', 'C', 'G', 'T'][(state >> 30) as usize]
            };
            (0..count).map(letter).collect()
        };
        let (one, two) = (letters(150_000), letters(3_000));
        let genome = format!(
            ">chr2\n{two}TGACTCA{two}\n>chr1\n{one}{}{one}CACGTG\n",
            "N".repeat(70_000)
        );
        place.write("genome.fa", &genome);
        place.write("motifs.jaspar", MATRICES);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn scan(&self, out: &str, more: &[&str]) -> Vec<String> {
        let paths = [
            self.path("motifs.jaspar"),
            self.path("genome.fa"),
            self.path(out),
        ];
        let [motifs, genome, out] = paths.each_ref().map(|path| arg(path));
        let common = [
            "motifs",
            "scan",
            "--motifs",
            motifs,
            "--reference",
            genome,
            "--out",
            out,
        ];
        common
            .iter()
            .chain(more)
            .map(|text| text.to_string())
            .collect()
    }

    /// The lines that a scan of these regions, each by itself, must have.
    fn wanted(&self, regions: &[Region], threshold: Threshold) -> Vec<String> {
        let matrices = motifs::read(&self.path("motifs.jaspar")).unwrap();
        let mut reference = Reference::open(self.path("genome.fa")).unwrap();
        let chroms = reference.chroms().clone();
        let scanner = Scanner::new(&matrices, &Background::uniform(), threshold).unwrap();
        let mut lines = Vec::new();
        for &region in regions {
            for hit in scanner.scan(&reference.codes(region).unwrap()) {
                let matrix = &matrices[hit.matrix as usize];
                let start = region.start + hit.start;
                let (chrom, end) = (chroms.name(region.chrom), start + matrix.len() as u32);
                let strand = if hit.forward { '+' } else { '-' };
                lines.push(format!(
                    "{chrom}\t{start}\t{end}\t{}\t{strand}",
                    matrix.name
                ));
            }
        }
        lines
    }

    fn chromosomes(&self) -> Vec<Region> {
        let reference = Reference::open(self.path("genome.fa")).unwrap();
        let chroms = reference.chroms();
        let whole = |(name, end)| Region {
            chrom: chroms.find(name).unwrap().0,
            start: 0,
            end,
        };
        chroms.iter().map(whole).collect()
    }
}

/// Place, name and strand of the lines of a BED file.
fn places(bed: &str) -> Vec<String> {
    let place = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        format!("{}\t{}", fields[..4].join("\t"), fields[5])
    };
    bed.lines().map(place).collect()
}

fn gunzip(path: &Path) -> String {
    let file = std::fs::File::open(path).unwrap();
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn a_genome_is_scanned_as_if_at_once() {
    let place = Workplace::new();
    let p = ["--p-value", "0.001"];
    let said = succeed(&place.scan("sites.bed", &p));
    let bed = place.text("sites.bed");
    let wanted = place.wanted(&place.chromosomes(), Threshold::PValue(0.001));
    assert!(wanted.len() > 100, "{}", wanted.len());
    assert_eq!(places(&bed), wanted);
    assert!(said.contains(&format!("{} sites", wanted.len())), "{said}");
    let planted = "chr2\t3000\t3007\tFOS::JUN\t";
    let line = bed.lines().find(|line| line.starts_with(planted)).unwrap();
    let fields: Vec<&str> = line.split('\t').collect();
    assert_eq!(fields[6..8], ["MA1", "FOS,JUN"]);
    let p: f64 = fields[9].parse().unwrap();
    assert_eq!(fields[4], format!("{:.0}", -100.0 * p.log10()));
    let last = bed
        .lines()
        .rfind(|line| line.starts_with("chr1\t"))
        .unwrap();
    assert!(
        last.starts_with("chr1\t370000\t370006\tArnt(var.2)\t"),
        "{last}"
    );
    assert!(last.contains("\tMA2\tARNT\t"), "{last}");
    // The same bytes whatever the threads.
    for threads in ["1", "3"] {
        let more = ["--p-value", "0.001", "--threads", threads];
        succeed(&place.scan("again.bed", &more));
        assert!(place.text("again.bed") == bed);
    }
}

#[test]
fn regions_are_merged_and_hold_whole_sites() {
    let place = Workplace::new();
    let text = "chr2\t3001\t3010\nchr1\t5000\t9000\nchr1\t8000\t20000\nchr1\t20000\t20003\n\
        chr1\t30000\t30001\nchr1\t149990\t225000\n";
    let regions = place.write("regions.bed", text);
    let more = ["--regions", arg(&regions), "--score", "6"];
    succeed(&place.scan("sites.bed", &more));
    let one = place.chromosomes()[0].chrom;
    let merged = [(5000, 20003), (30000, 30001), (149_990, 225_000)].map(|(start, end)| Region {
        chrom: one,
        start,
        end,
    });
    let wanted = place.wanted(&merged, Threshold::Score(6.0));
    let bed = place.text("sites.bed");
    let got: Vec<String> = places(&bed)
        .into_iter()
        .filter(|line| line.starts_with("chr1\t"))
        .collect();
    assert!(!wanted.is_empty());
    assert_eq!(got, wanted);
    // The planted site is not whole in its region.
    assert!(!bed.contains("chr2\t3000\t"));
    let json: serde_json::Value = serde_json::from_str(&place.text("sites.json")).unwrap();
    assert_eq!(json["bases"], 15_003 + 1 + 75_010 + 9);
    assert_eq!(json["motifs"]["threshold"]["score"], 6.0);
    assert_eq!(json["regions"][0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn a_motif_longer_than_its_region_is_no_error() {
    let place = Workplace::new();
    let regions = place.write("regions.bed", "chr2\t3000\t3003\n");
    let more = ["--regions", arg(&regions), "--bigbed"];
    let (output, stdout, stderr) = run(&place.scan("sites.bed", &more));
    assert!(
        output.status.success() && stdout.contains("0 sites"),
        "{stderr}"
    );
    assert!(stderr.contains("no site, and so no"), "{stderr}");
    assert_eq!(place.text("sites.bed"), "");
    assert!(!place.path("sites.bb").exists());
}

#[test]
fn only_the_matrices_of_some_names_are_looked_for() {
    let place = Workplace::new();
    let p = ["--p-value", "0.001"];
    succeed(&place.scan("all.bed", &p));
    let all = place.text("all.bed");
    let of = |id: &str| -> Vec<&str> {
        let has = |line: &&str| line.split('\t').nth(6) == Some(id);
        all.lines().filter(has).collect()
    };
    // By name or by accession.
    for (motif, id) in [("arnt(VAR.2)", "MA2"), ("MA1", "MA1")] {
        succeed(&place.scan("some.bed", &[&p[..], &["--motif", motif]].concat()));
        let some = place.text("some.bed");
        assert!(!of(id).is_empty() && of(id).len() < all.lines().count());
        assert_eq!(some.lines().collect::<Vec<_>>(), of(id));
        let json: serde_json::Value = serde_json::from_str(&place.text("some.json")).unwrap();
        assert_eq!(json["matrices"], 1);
        assert_eq!(json["motifs"]["only"][0], motif);
    }
    let said = fail(&place.scan("none.bed", &["--motif", "MA1", "Arn"]));
    let wanted = "none of the 3 matrices is called \"Arn\"; there are Arnt(var.2)";
    assert!(said.contains(wanted), "{said}");
    assert!(!place.path("none.bed").exists());
}

#[test]
fn compressed_sites_are_the_same() {
    let place = Workplace::new();
    let p = ["--p-value", "0.001"];
    succeed(&place.scan("plain.bed", &p));
    succeed(&place.scan("sites", &[&p[..], &["--bigbed"]].concat()));
    let bed = place.text("plain.bed");
    assert!(gunzip(&place.path("sites.bed.gz")) == bed);
    assert!(place.path("sites.bed.gz.tbi").exists() && place.path("sites.bb").exists());
    assert!(place.path("sites.json").exists());
}

#[test]
fn the_index_finds_what_tabix_looks_for() {
    let found = Command::new("tabix").arg("--version").output();
    if found.is_err() {
        return skipped(
            "the_index_finds_what_tabix_looks_for",
            "tabix is not installed",
        );
    }
    let place = Workplace::new();
    succeed(&place.scan("sites.bed.gz", &["--p-value", "0.001"]));
    let bed = gunzip(&place.path("sites.bed.gz"));
    for (chrom, start, end) in [
        ("chr1", 0, 370_006),
        ("chr1", 100_003, 262_144),
        ("chr2", 2990, 3005),
    ] {
        let region = format!("{chrom}:{}-{end}", start + 1);
        let path = place.path("sites.bed.gz");
        let output = Command::new("tabix")
            .args([arg(&path), &region])
            .output()
            .unwrap();
        let got = String::from_utf8(output.stdout).unwrap();
        let overlaps = |line: &&str| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [first, last] = [1, 2].map(|at| fields[at].parse::<u32>().unwrap());
            fields[0] == chrom && first < end && last > start
        };
        let wanted: Vec<&str> = bed.lines().filter(overlaps).collect();
        assert!(!wanted.is_empty());
        assert_eq!(got.lines().collect::<Vec<_>>(), wanted);
    }
}

#[test]
fn thresholds_backgrounds_and_symbols_are_taken() {
    let place = Workplace::new();
    let homer = place.write(
        "known.motif",
        ">TGACTCA\tAP-1(bZIP)/Cells/Homer\t7.5\n.01 .01 .01 .97\n.01 .01 .97 .01\n.97 .01 .01 .01\n\
         .01 .49 .49 .01\n.01 .01 .01 .97\n.01 .97 .01 .01\n.97 .01 .01 .01\n",
    );
    let table = place.write("symbols.tsv", "MA2\tclock,ARNTL\nnobody\tX\n");
    let more = [
        "--symbols",
        arg(&table),
        "--background",
        "reference",
        "--p-value",
        "0.001",
    ];
    let (output, _, stderr) = run(&place.scan("sites.bed", &more));
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("no matrix is called nobody"), "{stderr}");
    assert!(
        stderr.contains("no site can reach the threshold with 1 of 3 matrices"),
        "{stderr}"
    );
    assert!(place.text("sites.bed").contains("\tMA2\tCLOCK,ARNTL\t"));
    let json: serde_json::Value = serde_json::from_str(&place.text("sites.json")).unwrap();
    let background = json["background"].as_array().unwrap();
    assert_eq!(
        (&background[0], &background[1]),
        (&background[3], &background[2])
    );
    assert_ne!(background[0], 0.25);
    assert_eq!(json["never"], serde_json::json!(["MA3"]));

    assert!(fail(&place.scan("sites.bed", &["--homer"])).contains("MA1 first"));
    let genome = place.path("genome.fa");
    let out = place.path("homer.bed");
    let common = [
        "motifs",
        "scan",
        "--reference",
        arg(&genome),
        "--out",
        arg(&out),
    ];
    succeed(&[&common[..], &["--motifs", arg(&homer), "--homer"]].concat());
    let bed = place.text("homer.bed");
    let line = bed
        .lines()
        .find(|line| line.starts_with("chr2\t3000\t3007\t"))
        .unwrap();
    assert!(line.contains("\tAP-1\t"), "{line}");
    // 6 ln(0.97 / 0.25) + ln(0.49 / 0.25) = 8.81 reaches 7.5; one 0.01 less does not.
    for line in bed.lines() {
        let bits: f64 = line.split('\t').nth(8).unwrap().parse().unwrap();
        assert!(bits * std::f64::consts::LN_2 > 7.49, "{line}");
    }
}

#[test]
fn bad_input_is_told() {
    let place = Workplace::new();
    let said = |more: &[&str]| fail(&place.scan("sites.bed", more));
    assert!(said(&["--p-value", "0"]).contains("not a p-value"));
    assert!(said(&["--background", "0,0.5,0.5,0"]).contains("cannot be the background"));
    let regions = place.write("regions.bed", "chr1\t1\t2\nchr3\t1\t2\nchr2\t1\t99999\n");
    let message = said(&["--regions", arg(&regions)]);
    assert!(message.contains("2 rows are bad"), "{message}");
    assert!(
        message.contains("regions.bed:2") && message.contains("regions.bed:3"),
        "{message}"
    );
    let bad = place.write(
        "bad.jaspar",
        ">M1\nA 0\nC 0\nG 0\nT 0\n>M2\nA 1\nC -1\nG 1\nT 1\n",
    );
    let message = said(&["--motifs", arg(&bad)]);
    assert!(
        message.contains("bad.jaspar:1: M1 position 1 has no weight"),
        "{message}"
    );
    assert!(
        message.contains("bad.jaspar:8: not a count or a probability: \"-1\""),
        "{message}"
    );
    let twice = place.path("motifs.jaspar");
    assert!(said(&["--motifs", arg(&twice)]).contains("MA1 stands in"));
    assert!(!place.path("sites.bed").exists());
    assert!(fail(&place.scan("sites.bb", &[])).contains(".bed or .bed.gz"));
    let mut file = std::fs::File::create(place.path("cut.gz")).unwrap();
    file.write_all(&[0x1f, 0x8b, 8, 0, 0]).unwrap();
    assert!(said(&["--motifs", arg(&place.path("cut.gz"))]).contains("cut.gz"));
}
