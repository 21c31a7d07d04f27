//! VCF as it is read and written again: each record with the line that it stands in, so that what is
//! added to it leaves the rest as it was.
//!
//! The format is that of <https://samtools.github.io/hts-specs/VCFv4.5.pdf>; records are taken apart by
//! noodles. The header stays text: many that other programs read would not pass a strict parser.

mod allele;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use noodles_vcf as vcf;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

pub use allele::Allele;

use crate::error::{BadRow, Error, IoContext, Result, RowProblem};
use crate::text;

/// The longest line that is read, in bytes: that of a million genotypes.
const LONGEST: u64 = 1 << 26;

/// How every VCF begins (VCFv4.5, 1.4.1).
const FIRST: &str = "##fileformat=VCF";
/// The names of the columns that every record has.
const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
/// The place of INFO among them.
const INFO: usize = 7;

/// The empty block that every bgzip file ends with (SAMv1, 4.1.2:
/// <https://samtools.github.io/hts-specs/SAMv1.pdf>).
const BGZIP_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0,
    0, 0,
];

/// What a value of INFO cannot hold (VCFv4.5, 1.2), and what parts the values that we write.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'%')
    .add(b'&')
    .add(b',')
    .add(b';')
    .add(b'=')
    .add(b'|');

/// A part of a value of INFO, with what it cannot hold percent-encoded.
pub fn info_text(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A VCF file, plain, gzip or bgzip, told apart by its first bytes.
pub struct VcfReader<'a> {
    lines: text::Lines<'a>,
    header: Vec<String>,
}

/// A record and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VcfRecord {
    /// 1-based line of the file.
    pub line: u64,
    /// The chromosome, as the file names it.
    pub chrom: String,
    /// The first base of REF, 0-based; none for position 0, which lies before the first base.
    pub start: Option<u32>,
    /// The reference's bases, as the file has them.
    pub reference: String,
    /// The alternate alleles, as the file has them; a single `.` where there is none.
    pub alternates: Vec<String>,
    text: String,
}

impl<'a> VcfReader<'a> {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, that does not begin as VCF, that has no line with the columns'
    /// names, or bgzip without its end.
    pub fn open(path: &'a Path) -> Result<Self> {
        if is_cut(path).at(path)? {
            let problem = "is bgzip without the empty block at its end: it was cut";
            return Err(Error::format(path, problem));
        }
        let mut lines = text::Lines::with_longest(path, LONGEST)?;
        let mut header: Vec<String> = Vec::new();
        loop {
            let (line, text) = lines.next_line()?.unwrap_or_default();
            if header.is_empty() && !text.starts_with(FIRST) {
                let problem = "line 1: is no VCF, or has lost its header: the first line is not \
                               ##fileformat=VCFv4.x";
                return Err(Error::format(path, problem));
            }
            let names = text.starts_with(COLUMNS);
            if !names && !text.starts_with("##") {
                let problem = format!(
                    "line {}: the header has no line with the columns' names, which begins with \
                     #CHROM, POS, ID, REF, ALT, QUAL, FILTER and INFO between tabs",
                    line.max(header.len() as u64)
                );
                return Err(Error::format(path, problem));
            }
            header.push(text);
            if names {
                return Ok(Self { lines, header });
            }
        }
    }

    /// The header of a file to which an entry of INFO is added: its lines, without those of this entry
    /// and this key that are there already, and with `added` before the columns' names.
    pub fn header_with(&self, entry: &str, key: &str, added: &[String]) -> Vec<String> {
        let [entry, key] = [format!("##INFO=<ID={entry},"), format!("##{key}=")];
        let earlier = |line: &&String| line.starts_with(&entry) || line.starts_with(&key);
        let (names, others) = self.header.split_last().unzip();
        let others: &[String] = others.unwrap_or_default();
        let others = others.iter().filter(|line| !earlier(line));
        others.chain(added).chain(names).cloned().collect()
    }

    /// The next record, or why its line is none.
    ///
    /// # Errors
    ///
    /// A file that cannot be read to its end, such as gzip that was cut.
    pub fn next_record(&mut self) -> Result<Option<Result<VcfRecord, BadRow>>> {
        let next = self.lines.next_line()?;
        Ok(next.map(|(line, text)| {
            VcfRecord::new(line, text).map_err(|problem| BadRow { line, problem })
        }))
    }
}

/// Whether a file is bgzip that has lost its end. Cut between two blocks it would read as if it were
/// whole.
fn is_cut(path: &Path) -> io::Result<bool> {
    // What a pipe has told is gone.
    if !std::fs::metadata(path)?.is_file() {
        return Ok(false);
    }
    let mut file = File::open(path)?;
    let mut head = [0; 16];
    let is_short = file.read_exact(&mut head).is_err();
    if is_short || head[..4] != BGZIP_END[..4] || head[12..] != BGZIP_END[12..16] {
        return Ok(false);
    }
    let mut end = [0; BGZIP_END.len()];
    let found = file.seek(SeekFrom::End(-(BGZIP_END.len() as i64)));
    let read = found.and_then(|_| file.read_exact(&mut end));
    Ok(read.is_err() || end != BGZIP_END)
}

impl VcfRecord {
    fn new(line: u64, text: String) -> Result<Self, RowProblem> {
        let unreadable = |error: std::io::Error| RowProblem::Unreadable(error.to_string());
        if text.split('\t').count() <= INFO {
            return Err(RowProblem::Missing("INFO".to_string()));
        }
        let record = vcf::Record::try_from(text.as_bytes()).map_err(unreadable)?;
        let not = || RowProblem::not_a_position("POS", text.split('\t').nth(1).unwrap_or_default());
        let position = record.variant_start().transpose().map_err(|_| not())?;
        let start = position.map(|position| u32::try_from(usize::from(position) - 1));
        let start = start.transpose().map_err(|_| not())?;
        let alternates = record.alternate_bases();
        let alternates = match alternates.as_ref() {
            "" => vec![".".to_string()],
            bases => bases.split(',').map(str::to_string).collect(),
        };
        Ok(Self {
            line,
            chrom: record.reference_sequence_name().to_string(),
            start,
            reference: record.reference_bases().to_string(),
            alternates,
            text,
        })
    }

    /// The bytes of its line.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// The fields of the line that say which variant this is: CHROM, POS, ID and REF.
    pub fn place(&self) -> impl Iterator<Item = &str> {
        self.text.split('\t').take(4)
    }

    /// The line with these values of an entry of INFO, in the place of those that it may have; without
    /// any, without the entry.
    pub fn with_info(&self, entry: &str, values: &[String]) -> String {
        let fields: Vec<&str> = self.text.split('\t').collect();
        let others = fields[INFO].split(';');
        let others = others.filter(|other| *other != "." && other.split('=').next() != Some(entry));
        let mut entries: Vec<String> = others.map(str::to_string).collect();
        if !values.is_empty() {
            entries.push(format!("{entry}={}", values.join(",")));
        }
        let info = match entries.is_empty() {
            true => ".".to_string(),
            false => entries.join(";"),
        };
        let (before, after) = (&fields[..INFO], &fields[INFO + 1..]);
        [before, &[info.as_str()], after].concat().join("\t")
    }
}

#[cfg(test)]
mod tests;
