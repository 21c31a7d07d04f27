//! What is wrong with the files that bigtools writes, and with how it reads. Each test fails once
//! bigtools mends the defect that it is about: then what we do instead can go.

use std::fs;
use std::path::Path;

use bigtools::{BigBedRead, BigWigRead};

use super::testing::{CHROM, LENGTH, bigbed, bigwig, raw_bigbed, raw_bigwig};

/// A long item, and a short one in it that comes after it.
const NESTED: [(u32, u32); 2] = [(100, 9_000), (200, 210)];

fn hits(path: &Path) -> usize {
    let mut reader = BigBedRead::open_file(path).unwrap();
    let hits = reader.get_interval(CHROM, 5_000, 5_010).unwrap();
    hits.count()
}

#[test]
fn the_index_takes_a_nodes_end_from_its_last_item() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bb");
    raw_bigbed(&path, &NESTED);
    let mended = "bigtools mended the ends in its index (not reported): remove our rewriting of it";
    assert_eq!(hits(&path), 0, "{mended}");
    bigbed(&path, &NESTED);
    assert_eq!(hits(&path), 1);
}

#[test]
fn all_fields_are_declared_as_beds_own() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bb");
    let fields = || {
        let header = BigBedRead::open_file(&path).unwrap().info().header;
        (header.field_count, header.defined_field_count)
    };
    raw_bigbed(&path, &NESTED);
    let mended = "bigtools mended definedFieldCount (not reported; #48 is near by): remove our \
                  rewriting of the header";
    assert_eq!(fields(), (4, 4), "{mended}");
    bigbed(&path, &NESTED);
    assert_eq!(fields(), (4, 3));
}

#[test]
fn zoom_levels_fill_the_gaps_between_values() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    let values = [(0, 10, 1.0), (9_000, 9_010, 5.0)];
    let covered = |level: u32| {
        let mut reader = BigWigRead::open_file(&path).unwrap();
        let records = reader.get_zoom_interval(CHROM, 0, LENGTH, level).unwrap();
        let bases = records.map(|record| record.unwrap().summary.bases_covered);
        bases.sum::<u64>()
    };
    raw_bigwig(&path, &values, |options| {
        options.manual_zoom_sizes = Some(vec![100]);
    });
    let mended = "bigtools mended its zoom levels (#85 shows such a file): remove ours";
    assert!(covered(100) > 20, "{mended}");
    // Values of which a level of ours has at most half as many records.
    let value = |n: u32| {
        let start = n / 50 * 9_000 + n % 50;
        (start, start + 1, n as f32)
    };
    let values: Vec<_> = (0..100).map(value).collect();
    bigwig(&path, &values);
    let reader = BigWigRead::open_file(&path).unwrap();
    let levels = &reader.info().zoom_headers;
    assert!(!levels.is_empty());
    for level in levels {
        assert_eq!(covered(level.reduction_level), 100);
    }
}

#[test]
fn the_chromosomes_come_after_the_data() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    let values = [(0, 10, 1.0)];
    // Whether the chromosome tree, by the header, is before the data.
    let before = || {
        let bytes = fs::read(&path).unwrap();
        let offset = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        offset(8) < offset(16)
    };
    raw_bigwig(&path, &values, |_| {});
    let mended = "bigtools mended the place of the chromosomes (#83): remove our rewriting";
    assert!(!before(), "{mended}");
    bigwig(&path, &values);
    assert!(before());
}

#[test]
fn its_reader_panics_on_a_damaged_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.bw");
    bigwig(&path, &[(0, 10, 1.0)]);
    let mut bytes = fs::read(&path).unwrap();
    let tree = u64::from_le_bytes(bytes[8..16].try_into().unwrap()) as usize;
    // The bytes that the tree keeps of each chromosome.
    bytes[tree + 12] = 9;
    fs::write(&path, bytes).unwrap();
    let panicked = std::panic::catch_unwind(|| BigWigRead::open_file(&path).is_ok());
    let mended = "bigtools mended its reader (not reported): fuzz it, and remove ours";
    assert!(panicked.is_err(), "{mended}");
}
