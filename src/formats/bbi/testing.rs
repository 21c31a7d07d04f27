//! Small files of one chromosome, for tests.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use bigtools::beddata::BedParserStreamingIterator;
use bigtools::{BBIWriteOptions, BedEntry, BigBedWrite, BigWigWrite, Value};

use super::kind::Kind;
use super::rewrite;

/// The name of the chromosome.
pub const CHROM: &str = "chr1";
/// Its length.
pub const LENGTH: u32 = 10_000;
/// The schema of the bigBeds, of which three fields are BED's.
const SCHEMA: &str = "table items\n\"Items\"\n(\nstring chrom; \"\"\nuint chromStart; \"\"\n\
    uint chromEnd; \"\"\nstring why; \"\"\n)\n";

fn sizes() -> HashMap<String, u32> {
    HashMap::from([(CHROM.to_string(), LENGTH)])
}

fn create(path: &Path) -> BufWriter<File> {
    BufWriter::new(File::create(path).unwrap())
}

/// A bigWig of starts, ends and values, as bigtools writes it.
pub fn raw_bigwig(
    path: &Path,
    values: &[(u32, u32, f32)],
    options: impl FnOnce(&mut BBIWriteOptions),
) {
    encode_bigwig(create(path), values, options);
}

fn encode_bigwig(
    out: BufWriter<File>,
    values: &[(u32, u32, f32)],
    options: impl FnOnce(&mut BBIWriteOptions),
) {
    let value = |&(start, end, value)| (CHROM, Value { start, end, value });
    let values: Vec<_> = values.iter().map(value).collect();
    let mut writer = BigWigWrite::new(out, sizes());
    options(&mut writer.options);
    let values = BedParserStreamingIterator::wrap_infallible_iter(values.into_iter(), false);
    writer.write(values, rewrite::runtime().unwrap()).unwrap();
}

/// A bigBed of starts and ends, as bigtools writes it.
pub fn raw_bigbed(path: &Path, items: &[(u32, u32)]) {
    encode_bigbed(create(path), items);
}

fn encode_bigbed(out: BufWriter<File>, items: &[(u32, u32)]) {
    let item = |&(start, end)| {
        let rest = "because".to_string();
        (CHROM, BedEntry { start, end, rest })
    };
    let items: Vec<_> = items.iter().map(item).collect();
    let mut writer = BigBedWrite::new(out, sizes());
    writer.autosql = Some(SCHEMA.to_string());
    writer.options.max_zooms = 0;
    let items = BedParserStreamingIterator::wrap_infallible_iter(items.into_iter(), false);
    writer.write(items, rewrite::runtime().unwrap()).unwrap();
}

/// A bigWig as epitrack writes it.
pub fn bigwig(path: &Path, values: &[(u32, u32, f32)]) {
    let encode = |raw| {
        encode_bigwig(raw, values, rewrite::raw_signal);
        Ok(())
    };
    let (file, _) = rewrite::write(path, Kind::BigWig, None, encode).unwrap();
    file.complete().unwrap();
}

/// A bigBed as epitrack writes it.
pub fn bigbed(path: &Path, items: &[(u32, u32)]) {
    let kind = Kind::BigBed { standard_fields: 3 };
    let encode = |raw| {
        encode_bigbed(raw, items);
        Ok(())
    };
    let (file, _) = rewrite::write(path, kind, Some(3), encode).unwrap();
    file.complete().unwrap();
}
