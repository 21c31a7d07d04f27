//! Tables of pairs: what is read, and what is refused how.

use std::io::Write;
use std::path::{Path, PathBuf};

use epitrack::element::Sides;
use epitrack::error::{Error, Result};
use epitrack::genome::Chroms;
use epitrack::output::provenance::Input;
use epitrack::pairs::{BengiFiles, Labels, PairTable, TableSource};

const HEADER: &str =
    "enhancer_chrom,enhancer_start,enhancer_end,promoter_chrom,promoter_start,promoter_end,label";

fn chroms() -> Chroms {
    let chrom = |name: &str, length| (name.to_string(), length);
    Chroms::new([
        chrom("chr1", 100_000),
        chrom("chr2", 100_000),
        chrom("chrTiny", 500),
    ])
    .unwrap()
}

/// How a table is read.
struct Options {
    labels: Labels,
    bengi: Option<BengiFiles>,
    skip_bad: bool,
}

fn options() -> Options {
    Options {
        labels: Labels::BothClasses,
        bengi: None,
        skip_bad: false,
    }
}

struct File {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> File {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    File { _dir: dir, path }
}

fn read(text: &str, options: &Options) -> Result<PairTable> {
    read_file(&file("table", text).path, options)
}

fn read_file(path: &Path, options: &Options) -> Result<PairTable> {
    let source = TableSource {
        bengi: options.bengi.clone(),
        skip_bad: options.skip_bad,
        ..TableSource::plain(path)?
    };
    source.read(&chroms(), Sides::new(3000, 2000), options.labels)
}

fn ids(table: &PairTable) -> Vec<(String, Option<bool>)> {
    let chroms = chroms();
    table
        .pairs
        .iter()
        .map(|pair| (pair.id(&chroms).to_string(), pair.label))
        .collect()
}

#[test]
fn all_formats_say_the_same() {
    let wanted = vec![
        ("chr1:1000-1200~chr1:50000-51000".to_string(), Some(true)),
        ("chr2:7000-7300~chr2:29500-30500".to_string(), Some(false)),
    ];
    let csv =
        format!("{HEADER}\nchr1,1000,1200,chr1,50000,51000,1\nchr2,7000,7300,chr2,29500,30500,0\n");
    let names = "x,promoter_name,label,enhancer_name\n\
                 \"a,b\",GM12878|chr1:50000-51000,1,GM12878|chr1:1000-1200\n\
                 ,K|chr2:29500-30500,0,K|chr2:7000-7300\n";
    let bedpe =
        "chr1\t1000\t1200\tchr1\t50000\t51000\t1\nchr2\t7000\t7300\tchr2\t29500\t30500\t0\n";
    for text in [csv.as_str(), names, bedpe] {
        assert_eq!(ids(&read(text, &options()).unwrap()), wanted, "{text}");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        let gzip = file("table.gz", gzip.finish().unwrap());
        assert_eq!(ids(&read_file(&gzip.path, &options()).unwrap()), wanted);
        // Windows line ends.
        assert_eq!(
            ids(&read(&text.replace('\n', "\r\n"), &options()).unwrap()),
            wanted
        );
    }

    let ccres = file(
        "ccres.bed",
        "chr1\t1000\t1200\tEH37D1\tEH37E1\tpromoter\nchr2\t7000\t7300\tEH37D2\tEH37E2\tx\n",
    );
    let tss = file(
        "tss.bed",
        "chr1\t50500\t50500\tT1\t.\t+\tENSG1.1\nchr2\t30000\t30000\tT2\t.\t-\tENSG2.1\n",
    );
    let bengi = "EH37E1\tENSG1.1\t1 \tcv-0\nEH37E2\tENSG2.1\t0 \tcv-1\n";
    let mut with = options();
    let input = |file: &File| Input::new(&file.path).unwrap();
    with.bengi = Some(BengiFiles {
        ccres: input(&ccres),
        tss: input(&tss),
    });
    let table = read(bengi, &with).unwrap();
    assert_eq!(ids(&table)[0].0, "chr1:1000-1200~chr1:50000-51000");
    assert_eq!(ids(&table)[1], wanted[1]);
    assert!(
        read(bengi, &options())
            .unwrap_err()
            .to_string()
            .contains("names elements by accession")
    );
}

#[test]
fn every_bad_row_is_told_with_its_line() {
    let rows = [
        "chr1,1000,1200,chr1,50000,51000,1",  // 2: good
        "chr1,1200,1000,chr1,50000,51000,1",  // 3: reversed
        "chr1,-5,1000,chr1,50000,51000,1",    // 4: negative
        "chr1,1000,1300,chr1,50000,51000,2",  // 5: label
        "chr9,1000,1200,chr1,50000,51000,1",  // 6: unknown chromosome
        "chr1,1000,1200,chr1,50000,51000,1",  // 7: duplicate
        "chr1,1000,1200,chr1,50000,51000,0",  // 8: duplicate that contradicts
        "chr1,1000,1200,chr1,50000,200000,0", // 9: past the end
        "chrTiny,100,200,chr1,50000,51000,0", // 10: no room for the window
        "chr1,1000,1200,chr1,50000",          // 11: fields missing
        "chr1,x,1200,chr1,50000,51000,0",     // 12: not a number
        "chr1,7000,7000,chr1,50000,51000,0",  // 13: empty element
        "chr1,1000,1200,chr1,50000,51000.5,", // 14: not a number
        "chr2,7000,7300,chr2,29500,30500,0",  // 15: good
    ];
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    let error = read(&text, &options()).unwrap_err();
    let Error::BadRows { rows, .. } = &error else {
        panic!("{error}");
    };
    let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, (3..=14).collect::<Vec<u64>>());
    let said = error.to_string();
    for words in [
        "table:3: enhancer starts at 1200 and ends at 1000",
        "table:4: enhancer_start is not a position: \"-5\"",
        "table:5: label is not 0 or 1: \"2\"",
        "table:6: the reference has no chromosome \"chr9\"",
        "table:7: the same pair as line 2\n",
        "table:8: the same pair as line 2, with the other label",
        "table:9: promoter ends at 200000, past the end of chr1 (100000)",
        "table:10: chrTiny (500 bases) is shorter than the enhancer window (3000 bases)",
        "table:11: no field for promoter_end",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }

    let mut skip = options();
    skip.skip_bad = true;
    let table = read(&text, &skip).unwrap();
    assert_eq!((table.pairs.len(), table.skipped), (2, 12));
    assert_eq!(
        table.pairs.iter().map(|pair| pair.line).collect::<Vec<_>>(),
        [2, 15]
    );
}

#[test]
fn other_names_of_chromosomes_are_recognised() {
    let text = format!("{HEADER}\n1,1000,1200,1,50000,51000,1\n2,7000,7300,2,29500,30500,0\n");
    let table = read(&text, &options()).unwrap();
    assert!(table.translated);
    assert_eq!(ids(&table)[0].0, "chr1:1000-1200~chr1:50000-51000");
    // The two names of one chromosome are one.
    let twice = format!("{text}chr1,1000,1200,chr1,50000,51000,1\n");
    assert!(read(&twice, &options()).is_err());
}

#[test]
fn a_table_without_both_classes_is_refused() {
    let one = format!("{HEADER}\nchr1,1000,1200,chr1,50000,51000,1\n");
    assert!(
        read(&one, &options())
            .unwrap_err()
            .to_string()
            .contains("no negative")
    );
    let zero = one.replace(",1\n", ",0\n");
    assert!(
        read(&zero, &options())
            .unwrap_err()
            .to_string()
            .contains("no positive")
    );
    let mut any = options();
    any.labels = Labels::Optional;
    assert_eq!(read(&one, &any).unwrap().pairs.len(), 1);
    let unlabelled = "chr1\t1000\t1200\tchr1\t50000\t51000\n";
    assert_eq!(ids(&read(unlabelled, &any).unwrap())[0].1, None);
    assert!(
        read(unlabelled, &options())
            .unwrap_err()
            .to_string()
            .contains("label")
    );
}

#[test]
fn what_is_no_table_is_refused() {
    let said = |text: &str| read(text, &options()).unwrap_err().to_string();
    assert!(said("").contains("is empty"));
    assert!(said("\n\n").contains("is empty"));
    assert!(said(HEADER).contains("no usable pair"));
    assert!(said("a,b,c\n1,2,3\n").contains("none of"));
    assert!(said("\u{0}\u{1}\u{2}").contains("line 1 has bytes of zero: this is no text"));
    assert!(said("enhancer_chrom,label\nchr1,1\n").contains("enhancer_name"));
    let missing = read_file(Path::new("/nowhere"), &options());
    assert!(missing.unwrap_err().to_string().contains("/nowhere"));
}

#[test]
fn a_cut_file_is_an_error_and_no_end_of_bad_rows() {
    let mut text = format!("{HEADER}\n");
    for start in 0..4000 {
        let label = start % 2;
        text += &format!(
            "chr1,{},{},chr1,50000,51000,{label}\n",
            start + 1,
            start + 900
        );
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let whole = gzip.finish().unwrap();
    let cut = file("cut.csv.gz", &whole[..whole.len() / 2]);
    let mut skip = options();
    skip.skip_bad = true;
    for options in [options(), skip] {
        let error = read_file(&cut.path, &options).unwrap_err().to_string();
        assert!(
            error.contains("cut.csv.gz") && error.contains("line "),
            "{error}"
        );
    }
}

#[test]
fn a_long_header_and_a_blank_line_before_it_are_no_obstacle() {
    let columns: Vec<String> = (0..2000).map(|i| format!("feature_{i}")).collect();
    let zeros = vec!["0"; 2000].join(",");
    let text = format!(
        "\n{},{HEADER}\n{zeros},chr1,1000,1200,chr1,50000,51000,1\n\n{zeros},chr2,7000,7300,chr2,29500,30500,0\n",
        columns.join(",")
    );
    let table = read(&text, &options()).unwrap();
    assert_eq!(
        table.pairs.iter().map(|pair| pair.line).collect::<Vec<_>>(),
        [3, 5]
    );
}

#[test]
fn an_unlabelled_bedpe_keeps_its_score() {
    let mut any = options();
    any.labels = Labels::Optional;
    let text = "chr1\t1000\t1200\tchr1\t50000\t51000\tloop\t37\n";
    assert_eq!(read(text, &any).unwrap().pairs[0].label, None);
}
