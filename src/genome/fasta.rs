//! Where the records of a FASTA file stand, for its `.fai` index (<http://www.htslib.org/doc/faidx.html>).
//!
//! As samtools and unlike noodles' indexer this takes blank lines behind a record, which
//! 1000 Genomes' reference has, and names record and line of what it refuses.

use std::io::{self, BufRead};
use std::num::NonZero;

use noodles_fasta::fai;
use tracing::warn;

/// The longest line of a name that is read, in bytes.
const LONGEST_NAME: usize = 1 << 16;

/// The records of a FASTA file.
///
/// # Errors
///
/// A file that cannot be read, and what is no FASTA that can be read by region, in words.
pub fn records(reader: impl BufRead) -> Result<Vec<fai::Record>, String> {
    let mut lines = Lines {
        reader,
        offset: 0,
        number: 0,
    };
    let mut records = Vec::new();
    let mut record: Option<Record> = None;
    while let Some(line) = lines.next().map_err(|error| error.to_string())? {
        if line.joined {
            return Err(format!(
                "line {} holds a > behind sequence: two files were joined where the first had no line end",
                lines.number
            ));
        }
        if line.blank {
            return Err(format!(
                "line {} holds blanks or other bytes that are no bases: `sed 's/[[:space:]]*$//'` takes \
                 them from the ends of lines",
                lines.number
            ));
        }
        match (line.name, &mut record) {
            (Some(name), _) => {
                let ended = record.replace(Record::new(name, lines.offset));
                records.extend(ended.and_then(Record::end));
            }
            (None, Some(record)) => record.line(lines.number, line.bases, line.width)?,
            (None, None) if line.bases == 0 => {}
            (None, None) => return Err(format!("line {}: no > before sequence", lines.number)),
        }
    }
    records.extend(record.and_then(Record::end));
    Ok(records)
}

/// A record of which some lines have been read.
struct Record {
    name: String,
    offset: u64,
    bases: u64,
    /// Bases and bytes of the first line, and so of all but the last.
    first: Option<(u64, u64)>,
    /// The line that was unlike the first, and its bases: the last one.
    last: Option<(u64, u64)>,
}

impl Record {
    fn new(name: String, offset: u64) -> Self {
        Self {
            name,
            offset,
            bases: 0,
            first: None,
            last: None,
        }
    }

    fn line(&mut self, number: u64, bases: u64, width: u64) -> Result<(), String> {
        if bases == 0 && self.first.is_none() {
            // A blank line before any base: those behind it do not begin where they should.
            self.last = Some((number, 0));
            return Ok(());
        }
        let (wanted, full) = *self.first.get_or_insert((bases, width));
        match self.last {
            Some(_) if bases == 0 => {}
            Some((line, last)) => {
                return Err(format!(
                    "line {line} has {last} bases, but the lines of {} have {wanted}: make them alike, \
                     as `seqkit seq -w 60` does",
                    self.name
                ));
            }
            None if bases > wanted => {
                return Err(format!(
                    "line {number} has {bases} bases, but the lines of {} have {wanted}: make them alike, \
                     as `seqkit seq -w 60` does",
                    self.name
                ));
            }
            None if (bases, width) != (wanted, full) => self.last = Some((number, bases)),
            None => {}
        }
        self.bases += bases;
        Ok(())
    }

    /// The record; none where it has no base, as samtools leaves it out.
    fn end(self) -> Option<fai::Record> {
        let (bases, width) = self.first.unwrap_or_default();
        let (Some(line), Some(width)) = (NonZero::new(bases), NonZero::new(width)) else {
            warn!("{} holds no base and is left out", self.name);
            return None;
        };
        let name = self.name.as_str();
        Some(fai::Record::new(name, self.bases, self.offset, line, width))
    }
}

struct Line {
    /// That behind a `>`.
    name: Option<String>,
    bases: u64,
    /// With what ends the line.
    width: u64,
    /// Whether a `>` stands inside.
    joined: bool,
    /// Whether a blank, or another byte that is no letter, does.
    blank: bool,
}

struct Lines<R> {
    reader: R,
    /// Behind the last line.
    offset: u64,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The next line; memory does not grow with its length.
    fn next(&mut self) -> io::Result<Option<Line>> {
        let Some(&first) = self.reader.fill_buf()?.first() else {
            return Ok(None);
        };
        self.number += 1;
        let mut head = Vec::new();
        let (mut width, mut ends, mut joined, mut blank) = (0, 0, false, false);
        let mut last = first;
        loop {
            let buffer = self.reader.fill_buf()?;
            let line_end = buffer.iter().position(|byte| *byte == b'\n');
            let part = &buffer[..line_end.unwrap_or(buffer.len())];
            if first == b'>' {
                let room = LONGEST_NAME - head.len();
                head.extend_from_slice(&part[..part.len().min(room)]);
            } else {
                joined |= part.contains(&b'>');
                let letters = part.strip_suffix(b"\r").unwrap_or(part);
                blank |= !letters.iter().all(u8::is_ascii_graphic);
            }
            last = part.last().copied().unwrap_or(last);
            width += part.len() as u64;
            let read = part.len() + usize::from(line_end.is_some());
            let is_end = line_end.is_some() || read == 0;
            self.reader.consume(read);
            if is_end {
                ends += u64::from(line_end.is_some());
                break;
            }
        }
        let bases = width - u64::from(width > 0 && last == b'\r');
        width += ends;
        self.offset += width;
        let name = (first == b'>').then(|| {
            let head = String::from_utf8_lossy(&head[1..]).into_owned();
            head.split_whitespace()
                .next()
                .unwrap_or_default()
                .to_string()
        });
        Ok(Some(Line {
            name,
            bases,
            width,
            joined,
            blank,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use noodles_fasta as fasta;
    use proptest::prelude::*;
    use std::io::BufReader;

    fn read(text: &str) -> Result<Vec<fai::Record>, String> {
        records(BufReader::with_capacity(3, text.as_bytes()))
    }

    #[test]
    fn blank_lines_behind_a_record_are_none_of_it() {
        let got = read("\n>a x\nACGT\nAC\n\n>b\nAC\n\n\n").unwrap();
        let told: Vec<_> = got
            .iter()
            .map(|record| {
                (
                    record.name().to_string(),
                    record.length(),
                    record.position(),
                )
            })
            .collect();
        assert_eq!(told, [("a".to_string(), 6, 6), ("b".to_string(), 2, 18)]);
    }

    #[test]
    fn what_cannot_be_read_by_region_is_refused_with_its_line() {
        for (text, wanted) in [
            (
                ">a\nACGT\nAC\nACGT\n",
                "line 3 has 2 bases, but the lines of a have 4",
            ),
            (">a\nACGT\n\nACGT\n", "line 3 has 0 bases"),
            (">a\nAC\nACGT\n", "line 3 has 4 bases"),
            (">a\nACGT\nA>b\nACGT\n", "line 3 holds a > behind sequence"),
            (
                ">a\n\nAC\n",
                "line 2 has 0 bases, but the lines of a have 2",
            ),
            (">a\nAC \nAC\n", "line 2 holds blanks"),
            (">a\nA\tC\n", "line 2 holds blanks"),
            ("ACGT\n", "line 1: no > before sequence"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(wanted), "{text:?}: {said}");
        }
    }

    proptest! {
        #[test]
        fn records_are_those_of_noodles(
            records in prop::collection::vec((1..40usize, any::<bool>()), 1..5),
            width in 1..9usize,
            carriage in any::<bool>(),
            ended in any::<bool>(),
        ) {
            let line_end = if carriage { "\r\n" } else { "\n" };
            let mut text = String::new();
            for (number, (length, described)) in records.iter().enumerate() {
                text += &format!(">r{number}{}{line_end}", if *described { " d" } else { "" });
                let bases = "ACGTN".repeat(8);
                for start in (0..*length).step_by(width) {
                    text += &bases[start..(*length).min(start + width)];
                    text += line_end;
                }
            }
            if !ended {
                text.truncate(text.len() - line_end.len());
            }
            let mut theirs = Vec::new();
            let mut indexer = fasta::io::Indexer::new(text.as_bytes());
            while let Some(record) = indexer.index_record().unwrap() {
                theirs.push(record);
            }
            prop_assert_eq!(read(&text).unwrap(), theirs);
        }
    }
}
