//! What is read is written again, with more.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

const TEXT: &str = "##fileformat=VCFv4.3\n##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">\n\
    ##INFO=<ID=EPI,Number=.,Type=String,Description=\"Old\">\n##epitrack=0.0.1\n\
    #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\n\
    chr1\t10\trs1\tA\tC,<DEL>\t9\tPASS\tDP=3;EPI=x,y;DB\tGT\t0/1\n\
    1\t0\t.\tN\t.\t.\t.\t.\tGT\t./.\n";

fn file(dir: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn records(path: &Path) -> Vec<Result<VcfRecord, BadRow>> {
    let mut reader = VcfReader::open(path).unwrap();
    let next = || reader.next_record().unwrap();
    std::iter::from_fn(next).collect()
}

#[test]
fn records_are_read_plain_and_compressed() {
    let dir = tempfile::tempdir().unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(TEXT.as_bytes()).unwrap();
    let mut bgzip = noodles_bgzf::io::Writer::new(Vec::new());
    bgzip.write_all(TEXT.as_bytes()).unwrap();
    let files = [
        file(&dir, "a.vcf", TEXT.as_bytes()),
        file(&dir, "windows.vcf", TEXT.replace('\n', "\r\n").as_bytes()),
        file(&dir, "gzip", &gzip.finish().unwrap()),
        file(&dir, "bgzip", &bgzip.finish().unwrap()),
    ];
    for path in files {
        let records: Vec<VcfRecord> = records(&path)
            .into_iter()
            .map(|record| record.unwrap())
            .collect();
        assert_eq!(records.len(), 2);
        let [first, second] = [&records[0], &records[1]];
        assert_eq!((first.line, first.chrom.as_str()), (6, "chr1"));
        assert_eq!((first.start, first.reference.as_str()), (Some(9), "A"));
        assert_eq!(first.alternates, ["C", "<DEL>"]);
        assert_eq!(
            first.place().collect::<Vec<_>>(),
            ["chr1", "10", "rs1", "A"]
        );
        assert_eq!(second.start, None);
        assert_eq!(second.alternates, ["."]);
    }
}

#[test]
fn bgzip_without_its_last_block_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut bgzip = noodles_bgzf::io::Writer::new(Vec::new());
    bgzip.write_all(TEXT.as_bytes()).unwrap();
    let bytes = bgzip.finish().unwrap();
    let path = file(&dir, "cut.vcf.gz", &bytes[..bytes.len() - BGZIP_END.len()]);
    let said = VcfReader::open(&path).err().unwrap().to_string();
    assert!(
        said.contains("without the empty block at its end"),
        "{said}"
    );
}

#[test]
fn what_is_added_leaves_the_rest_and_replaces_what_was_added_before() {
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, "a.vcf", TEXT.as_bytes());
    let reader = VcfReader::open(&path).unwrap();
    let header = reader.header_with("EPI", "epitrack", &["##new=1".to_string()]);
    let starts: Vec<&str> = header.iter().map(|line| &line[..6]).collect();
    assert_eq!(starts, ["##file", "##INFO", "##new=", "#CHROM"]);
    let records = records(&path);
    let line = |at: usize, values: &[&str]| {
        let values: Vec<String> = values.iter().map(|value| value.to_string()).collect();
        records[at].as_ref().unwrap().with_info("EPI", &values)
    };
    let begin = "chr1\t10\trs1\tA\tC,<DEL>\t9\tPASS\t";
    assert_eq!(
        line(0, &["a", "b"]),
        format!("{begin}DP=3;DB;EPI=a,b\tGT\t0/1")
    );
    assert_eq!(line(0, &[]), format!("{begin}DP=3;DB\tGT\t0/1"));
    assert_eq!(line(1, &[]), "1\t0\t.\tN\t.\t.\t.\t.\tGT\t./.");
    assert_eq!(line(1, &["a"]), "1\t0\t.\tN\t.\t.\t.\tEPI=a\tGT\t./.");
}

#[test]
fn lines_that_are_no_records_are_told_with_their_number() {
    let dir = tempfile::tempdir().unwrap();
    let bad =
        "chr1\tten\t.\tA\tC\t.\t.\t.\nchr1\t5000000000\t.\tA\tC\t.\t.\t.\nchr1\t7\t.\tA\tC\t.\t.\n";
    let begin = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let path = file(&dir, "a.vcf", format!("{begin}{bad}").as_bytes());
    let said: Vec<String> = records(&path)
        .into_iter()
        .map(|record| record.unwrap_err().to_string())
        .collect();
    assert_eq!(said[0], "line 3: POS is not a position: \"ten\"");
    assert_eq!(said[1], "line 4: POS is not a position: \"5000000000\"");
    assert_eq!(said[2], "line 5: no field for INFO");
}

#[test]
fn a_file_without_its_header_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |text: &str| {
        let path = file(&dir, "a.vcf", text.as_bytes());
        VcfReader::open(&path).err().unwrap().to_string()
    };
    for text in ["", "chr1\t10\t.\tA\tC\t.\t.\t.\n", "#CHROM\tPOS\n"] {
        assert!(refused(text).contains("line 1: is no VCF"), "{text}");
    }
    for text in [
        "##fileformat=VCFv4.2\nchr1\t1\t.\tA\tC\t.\t.\t.\n",
        "##fileformat=VCFv4.2\n##a=b\n",
    ] {
        assert!(
            refused(text).contains("line 2: the header has no line"),
            "{text}"
        );
    }
}

#[test]
fn text_of_info_cannot_leave_its_field() {
    assert_eq!(
        info_text("HLA-A*01:01;a=b,c|d e&f%"),
        "HLA-A*01:01%3Ba%3Db%2Cc%7Cd%20e%26f%25"
    );
}
