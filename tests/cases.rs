//! Inputs as users have them, after public bug reports of neighbouring tools: read as they are meant, or
//! refused in words that say what to do.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use super::support::{arg, epitrack, fail, run, succeed};

/// A folder with two elements, a loop between them and what `pairs make` takes.
struct Place(tempfile::TempDir);

const ENHANCERS: &str = "chr1\t1000\t2000\nchr1\t50000\t51000\n";
const PROMOTERS: &str = "chr1\t90000\t91000\nchr1\t20000\t21000\n";
const MOTIF: &str = ">M1 ONE\nA [ 9 0 0 0 ]\nC [ 0 9 0 0 ]\nG [ 0 0 9 0 ]\nT [ 0 0 0 9 ]\n";

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("enh.bed", ENHANCERS);
        place.write("pro.bed", PROMOTERS);
        place.write("g.sizes", "chr1\t100000\n");
        place.write("lp.bedpe", "chr1\t900\t2100\tchr1\t89000\t92000\n");
        place.write("m.jaspar", MOTIF);
        place
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        arg(&self.0.path().join(name)).to_string()
    }

    /// `pairs make` with other files for some options.
    fn make(&self, others: &[(&str, &str)]) -> Vec<String> {
        let usual = [
            ("--enhancers", "enh.bed"),
            ("--promoters", "pro.bed"),
            ("--chrom-sizes", "g.sizes"),
            ("--loops", "lp.bedpe"),
        ];
        let mut arguments = vec!["pairs".to_string(), "make".to_string()];
        for (option, file) in usual {
            let other = others.iter().find(|(of, _)| *of == option);
            let file = other.map_or(file, |(_, file)| file);
            let file = if file.starts_with(['-', '/']) {
                file.to_string()
            } else {
                self.path(file)
            };
            arguments.extend([option.to_string(), file]);
        }
        arguments.extend(["--negatives", "all", "--out"].map(str::to_string));
        arguments.push(self.path("x.csv"));
        arguments
    }

    fn made(&self, others: &[(&str, &str)]) -> String {
        succeed(&self.make(others));
        fs::read_to_string(self.path("x.csv")).unwrap()
    }

    /// `motifs scan`; the sites.
    fn scan(&self, motifs: &str, reference: &str) -> Vec<String> {
        let files = [self.path(motifs), self.path(reference), self.path("x.bed")];
        let [motifs, reference, out] = files;
        [
            "motifs",
            "scan",
            "--motifs",
            &motifs,
            "--reference",
            &reference,
            "--score",
            "5",
            "--out",
            &out,
        ]
        .map(str::to_string)
        .to_vec()
    }

    fn sites(&self, motifs: &str, reference: &str) -> String {
        succeed(&self.scan(motifs, reference));
        fs::read_to_string(self.path("x.bed")).unwrap()
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Default::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

/// A FASTA file with `ACGT` in it, its lines of some length.
fn fasta(line: usize) -> String {
    let bases = "TTTTACGTTTCCAACGTAAAGGTTTTTTACGTCC".repeat(4);
    let lines = bases.as_bytes().chunks(line);
    let lines: Vec<&str> = lines
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(">chr1 first\n{}\n", lines.join("\n"))
}

#[test]
fn gzip_is_read_as_gzip_reads_it_and_other_archives_are_named() {
    let place = Place::new();
    let wanted = place.made(&[]);
    for tail in [&[0; 512][..], b"\n", b"\r\n"] {
        place.write("e.gz", [&gzip(ENHANCERS)[..], tail].concat());
        assert_eq!(place.made(&[("--enhancers", "e.gz")]), wanted);
    }
    for (start, said) in [
        (&b"PK\x03\x04rest"[..], "is a zip archive"),
        (b"BZh91AY&SYrest", "bunzip2 unpacks it"),
        (b"\xfd7zXZ\0rest", "unxz unpacks it"),
        (b"\x28\xb5\x2f\xfdrest", "unzstd unpacks it"),
        (b"\xff\xfec\0h\0r\0", "is UTF-16 text"),
        (b"<!DOCTYPE html>\n", "is a web page"),
        (b"c\0h\0r\x001\0", "bytes of zero: this is no text"),
        (b"chr1\t1\t2\rchr1\t5\t6\r", "carriage returns"),
    ] {
        place.write("e.bed", start);
        let error = fail(&place.make(&[("--enhancers", "e.bed")]));
        assert!(error.contains("e.bed: ") && error.contains(said), "{error}");
    }
    let whole = gzip(ENHANCERS);
    place.write("e.gz", &whole[..whole.len() - 9]);
    let error = fail(&place.make(&[("--enhancers", "e.gz")]));
    assert!(error.contains("the file is truncated"), "{error}");
    // Neither a line without end nor a file without lines takes the machine.
    place.write("e.gz", gzip(&"x".repeat(3 << 20)));
    let error = fail(&place.make(&[("--enhancers", "e.gz")]));
    assert!(error.contains("line 1 is longer than any"), "{error}");
    place.write("e.gz", gzip(&("\n".repeat(1 << 20) + ENHANCERS)));
    assert_eq!(place.made(&[("--enhancers", "e.gz")]), wanted);
}

#[test]
fn a_first_line_of_words_is_a_header() {
    let place = Place::new();
    let wanted = place.made(&[]);
    place.write(
        "e.bed",
        format!("#made\nchrom\tchromStart\tchromEnd\n{ENHANCERS}"),
    );
    assert_eq!(place.made(&[("--enhancers", "e.bed")]), wanted);
    let row = "chr1\t900\t2100\tchr1\t89000\t92000\t0.01\n";
    for header in [
        "BIN1_CHR\tBIN1_START\tBIN1_END\tBIN2_CHROMOSOME\tBIN2_START\tBIN2_END\tFDR",
        "chromosome1\tx1\tx2\tchromosome2\ty1\ty2\tcolor",
        "left\tfrom\tto\tright\tfrom\tto\tscore",
    ] {
        place.write("l.txt", format!("{header}\n{row}"));
        assert_eq!(place.made(&[("--loops", "l.txt")]), wanted);
    }
    // A number that is written wrongly is no name of a column.
    place.write("e.bed", format!("chr1\t1,0\t1,9\n{ENHANCERS}"));
    let error = fail(&place.make(&[("--enhancers", "e.bed")]));
    assert!(
        error.contains("e.bed:1: start is not a position"),
        "{error}"
    );
    // A word where a number should be is a bad row anywhere else.
    place.write("e.bed", format!("{ENHANCERS}chr1\tfrom\tto\n"));
    let error = fail(&place.make(&[("--enhancers", "e.bed")]));
    assert!(
        error.contains("e.bed:3: start is not a position"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn what_comes_through_a_pipe_is_read_like_a_file() {
    let place = Place::new();
    let wanted = place.made(&[]);
    for name in ["-", "/dev/stdin"] {
        let mut child = epitrack()
            .args(place.make(&[("--enhancers", name)]))
            .env("EPITRACK_CACHE", place.path("cache"))
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(ENHANCERS.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(fs::read_to_string(place.path("x.csv")).unwrap(), wanted);
    }
}

#[test]
fn fasta_with_blank_lines_is_read_and_ragged_fasta_refused_by_line() {
    let place = Place::new();
    place.write("clean.fa", fasta(20));
    let wanted = place.sites("m.jaspar", "clean.fa");
    assert!(wanted.lines().count() > 4);
    for (name, text) in [
        ("end.fa", fasta(20) + "\n\n"),
        ("between.fa", fasta(20) + "\n>chr2\nTT\n"),
        ("before.fa", format!("\r\n{}", fasta(20))),
        ("empty.fa", format!(">nothing\n{}", fasta(20))),
    ] {
        place.write(name, text);
        let sites = place.sites("m.jaspar", name);
        assert_eq!(sites, wanted, "{name}");
    }
    for (text, said) in [
        (">chr1\nACGTA \nACGTA\n", "line 2 holds blanks"),
        (
            ">chr1\nACGTA\nACG\nACGTA\n",
            "line 3 has 3 bases, but the lines of chr1 have 5: make them alike",
        ),
        (
            ">chr1\nACGTA\nAC>chr2\nACGTA\n",
            "line 3 holds a > behind sequence: two files were joined",
        ),
    ] {
        place.write("bad.fa", text);
        let error = fail(&place.scan("m.jaspar", "bad.fa"));
        assert!(
            error.contains("bad.fa: ") && error.contains(said),
            "{error}"
        );
    }
    // bgzip that was cut in the middle of a block, and gzip that is none of bgzip's.
    let mut bgzip = noodles_bgzf::io::Writer::new(Vec::new());
    bgzip.write_all(fasta(20).as_bytes()).unwrap();
    let whole = bgzip.finish().unwrap();
    place.write("cut.fa.gz", &whole[..whole.len() / 2]);
    let error = fail(&place.scan("m.jaspar", "cut.fa.gz"));
    assert!(
        error.contains("is truncated: its last block, at byte 0"),
        "{error}"
    );
    place.write("plain.fa.gz", gzip(&fasta(20)));
    let error = fail(&place.scan("m.jaspar", "plain.fa.gz"));
    assert!(error.contains("not in bgzip's blocks"), "{error}");
}

#[test]
fn a_thousand_bad_rows_are_a_few_lines() {
    let place = Place::new();
    let rows: String = (0..1000)
        .map(|row| format!("NC_00001.11\t{row}\t{}\n", row + 9))
        .collect();
    place.write("e.bed", rows);
    let error = fail(&place.make(&[("--enhancers", "e.bed")]));
    assert!(error.contains("1000 rows are bad"), "{error}");
    assert!(
        error.contains("and 997 more like that of line 1"),
        "{error}"
    );
    assert!(error.contains("is it another assembly?"), "{error}");
    assert!(error.lines().count() < 10, "{error}");
}

#[test]
fn a_gtf_that_was_cut_inside_a_row_is_refused() {
    let place = Place::new();
    let row = "chr1\tx\ttranscript\t90001\t91000\t.\t+\t.\tgene_id \"A\"; transcript_id \"B\";\n";
    let make = || {
        let mut arguments = place.make(&[("--promoters", "p.gtf")]);
        arguments[4] = "--tss".to_string();
        arguments
    };
    place.write("p.gtf", format!("{row}{}", row.replace("90001", "20001")));
    succeed(&make());
    for cut in 1..row.len() - 2 {
        let whole = row[..cut].ends_with(';') || row[..cut].ends_with("; ");
        if !whole {
            place.write("p.gtf", format!("{row}{}", &row[..cut]));
            let error = fail(&make());
            assert!(error.contains("p.gtf:2: "), "{cut}: {error}");
        }
    }
    // A GTF where BED is wanted is no header with rows.
    place.write("p.gtf", row);
    let error = fail(&place.make(&[("--promoters", "p.gtf")]));
    assert!(
        error.contains("p.gtf:1: start is not a position"),
        "{error}"
    );
}

#[test]
fn many_contigs_are_looked_up_by_their_names() {
    let place = Place::new();
    let contigs: String = (0..50_000)
        .map(|contig| format!(">c{contig}\nTTACGTTT\n"))
        .collect();
    place.write("contigs.fa", contigs);
    let sites = place.sites("m.jaspar", "contigs.fa");
    assert!(
        sites.lines().any(|line| line.starts_with("c49999\t2\t6\t")),
        "the last contig"
    );
}

/// One bit more or less in the weights is no other network.
#[test]
fn weights_that_have_changed_are_refused() {
    let place = super::support::Workplace::new();
    place.trained("run", &["--epochs", "1"]);
    for file in ["run/model.safetensors", "run/split.tsv"] {
        let path = place.path(file);
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        let last = bytes.len() - 3;
        bytes[last] ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = fail(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
        assert!(
            error.contains("is not what the training wrote"),
            "{file}: {error}"
        );
        fs::write(&path, whole).unwrap();
    }
    succeed(&["evaluate", arg(&place.path("run")), "--device", "cpu"]);
}

/// The files themselves, where they are at hand.
#[test]
fn every_file_that_failed_once_is_read_or_refused() {
    let Some(dir) = std::env::var_os("EPITRACK_CASES").map(std::path::PathBuf::from) else {
        return super::support::skipped(
            "every_file_that_failed_once",
            "EPITRACK_CASES names no folder of them",
        );
    };
    let place = Place::new();
    for (case, motifs, said) in [
        ("transfac-without-slashes", "noslash.mat", "3 matrices"),
        ("meme-old-text", "meme.txt", "2 matrices"),
        ("pfm-one-position-a-line", "gimme.pfm", "matrices"),
        (
            "pfm-one-position-a-line",
            "four.pfm",
            "read as four positions",
        ),
    ] {
        place.write("g.fa", fasta(20));
        let file = dir.join(case).join(motifs);
        let mut arguments = place.scan("m.jaspar", "g.fa");
        arguments[3] = arg(&file).to_string();
        let (output, _, stderr) = run(&arguments);
        assert!(
            output.status.success() && stderr.contains(said),
            "{case}: {stderr}"
        );
    }
    for hub in [
        "hub-form-of-ucsc-scripts",
        "hub-heights-and-limits",
        "hub-dots-in-names",
    ] {
        succeed(&["hub", "check", arg(&dir.join(hub))]);
    }
    let signals = dir.join("bigwig-with-nan");
    let file = |name: &str| arg(&signals.join(name)).to_string();
    let out = place.path("called");
    let [forward, reverse, regions] = ["nan.bw", "ok.bw", "r.bed"].map(file);
    succeed(&[
        "footprints",
        "call",
        "--cuts-forward",
        &forward,
        "--cuts-reverse",
        &reverse,
        "--regions",
        &regions,
        "--out",
        &out,
    ]);
    for damaged in ["bw_ix_loop.bw", "bw_ct_count.bw", "bw_uncomp_big.bw"] {
        let forward = arg(&dir.join("hostile").join(damaged)).to_string();
        let arguments = [
            "footprints",
            "call",
            "--cuts-forward",
            &forward,
            "--cuts-reverse",
            &forward,
            "--regions",
            &regions,
            "--out",
            &out,
        ];
        let (output, _, stderr) = run(&arguments);
        // Sizes that are too large ask for no room: the values are there.
        let code = i32::from(damaged != "bw_uncomp_big.bw");
        assert_eq!(output.status.code(), Some(code), "{damaged}: {stderr}");
        assert!(!stderr.contains("panicked"), "{damaged}: {stderr}");
    }
}
