//! References as UCSC's 2bit (<https://genome.ucsc.edu/FAQ/FAQformat.html#format7>).
//!
//! The crate `twobit` panics on blocks that a damaged file puts out of order, and reads the blocks
//! of all sequences when it opens a file. Here nothing of a file is believed, and a sequence's
//! blocks are read when its bases are asked for.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::path::Path;

use super::binary::{Binary, broken};
use crate::error::{Error, IoContext, Result};

/// The first four bytes, as a number.
pub const SIGNATURE: u32 = 0x1a41_2743;
/// The bases by 2bit's numbers.
const LETTERS: [u8; 4] = *b"TCAG";

/// A 2bit file that is read by region.
pub struct TwoBit {
    file: Binary,
    sequences: Vec<Sequence>,
    places: HashMap<String, usize>,
}

struct Sequence {
    name: String,
    length: u32,
    /// Where its record is.
    offset: u64,
    layout: Option<Layout>,
}

/// What stands before the bases of a sequence.
struct Layout {
    /// Bases that are not known.
    unknown: Vec<Range<u32>>,
    /// Where the bases are.
    bases: u64,
}

impl TwoBit {
    /// Opens a file and reads its index.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is not 2bit.
    pub fn open(path: &Path) -> Result<Self> {
        let (file, _) = Binary::open(path, &[SIGNATURE])
            .at(path)?
            .ok_or_else(|| Error::format(path, "is not a 2bit file"))?;
        Self::read(file)
            .map_err(|error| Error::format(path, format!("its index is broken: {error}")))
    }

    fn read(mut file: Binary) -> io::Result<Self> {
        // Version 1 has room for more than 4 GiB.
        let version = file.u32()?;
        if version > 1 {
            return Err(broken(format!("version {version} is not known")));
        }
        let count = file.u32()?;
        let _reserved = file.u32()?;
        let mut sequences = Vec::new();
        for _ in 0..count {
            let length = file.u8()?;
            sequences.push(Sequence {
                name: file.text(length.into())?,
                length: 0,
                offset: match version {
                    0 => file.u32()?.into(),
                    _ => file.u64()?,
                },
                layout: None,
            });
        }
        for sequence in &mut sequences {
            file.seek(sequence.offset)?;
            sequence.length = file.u32()?;
        }
        let names = sequences.iter().map(|of| of.name.clone());
        let places = names.zip(0..).collect();
        Ok(Self {
            file,
            sequences,
            places,
        })
    }

    /// The sequences: names and lengths, in the file's order.
    pub fn chroms(&self) -> impl Iterator<Item = (&str, u32)> {
        let sequences = self.sequences.iter();
        sequences.map(|sequence| (sequence.name.as_str(), sequence.length))
    }

    /// The letters of a sequence from `start` to `end`, in upper case; fewer where it ends before.
    ///
    /// # Errors
    ///
    /// A sequence that the file does not have, a file that cannot be read.
    pub fn letters(&mut self, name: &str, start: u32, end: u32) -> io::Result<Vec<u8>> {
        let file = &mut self.file;
        let place = self.places.get(name);
        let place = *place.ok_or_else(|| broken(format!("there is no {name}")))?;
        let sequence = &mut self.sequences[place];
        let end = end.min(sequence.length);
        if start >= end {
            return Ok(Vec::new());
        }
        let layout = match &mut sequence.layout {
            Some(layout) => layout,
            none => none.insert(Layout::read(file, sequence.offset)?),
        };
        let first = start / 4;
        file.seek(layout.bases + u64::from(first))?;
        let packed = file.bytes(u64::from(end.div_ceil(4) - first))?;
        let letter = |base: u32| {
            let byte = packed[(base / 4 - first) as usize];
            LETTERS[usize::from((byte >> (6 - base % 4 * 2)) & 3)]
        };
        let mut letters: Vec<u8> = (start..end).map(letter).collect();
        for unknown in &layout.unknown {
            let (from, to) = (unknown.start.max(start), unknown.end.min(end));
            if from < to {
                letters[(from - start) as usize..(to - start) as usize].fill(b'N');
            }
        }
        Ok(letters)
    }
}

impl Layout {
    /// Of the record at `offset`, whose first number is the sequence's length.
    fn read(file: &mut Binary, offset: u64) -> io::Result<Self> {
        file.seek(offset)?;
        let _length = file.u32()?;
        let count = file.u32()?;
        let mut starts = Vec::new();
        for _ in 0..count {
            starts.push(file.u32()?);
        }
        let mut unknown = Vec::new();
        for start in starts {
            unknown.push(start..start.saturating_add(file.u32()?));
        }
        let soft_masked = file.u32()?;
        // The length, both counts and a reserved number, and the starts and lengths of the blocks.
        let numbers = 4 + 2 * (u64::from(count) + u64::from(soft_masked));
        Ok(Self {
            unknown,
            bases: offset + 4 * numbers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(numbers: &[u32]) -> impl Iterator<Item = u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes())
    }

    /// `chr1` of 9 bases, TCAGNNTCA, the first three in lower case, and `c2`, GG.
    fn good() -> Vec<u8> {
        let mut bytes: Vec<u8> = numbers(&[SIGNATURE, 0, 2, 0]).collect();
        bytes.extend(b"\x04chr1\x20\0\0\0\x02c2\x43\0\0\0");
        bytes.extend(numbers(&[9, 1, 4, 2, 1, 0, 3, 0]));
        bytes.extend([0b0001_1011, 0b0000_0001, 0b1000_0000]);
        bytes.extend(numbers(&[2, 0, 0, 0]));
        bytes.push(0b1111_0000);
        bytes
    }

    fn open(path: &Path, bytes: &[u8]) -> Result<TwoBit> {
        std::fs::write(path, bytes).unwrap();
        TwoBit::open(path)
    }

    #[test]
    fn letters_are_those_of_the_region() {
        let dir = tempfile::tempdir().unwrap();
        let mut file = open(&dir.path().join("a.2bit"), &good()).unwrap();
        let chroms: Vec<_> = file.chroms().map(|(name, len)| (name.len(), len)).collect();
        assert_eq!(chroms, [(4, 9), (2, 2)]);
        let all = b"TCAGNNTCA";
        for start in 0..9 {
            for end in start..12 {
                let wanted = &all[start as usize..end.min(9) as usize];
                assert_eq!(file.letters("chr1", start, end).unwrap(), wanted);
            }
        }
        assert_eq!(file.letters("c2", 0, 2).unwrap(), b"GG");
        assert!(file.letters("chr3", 0, 2).is_err());
    }

    #[test]
    fn a_cut_index_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.2bit");
        for length in 0..36 {
            assert!(open(&path, &good()[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn either_byte_order_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = Vec::new();
        for number in [SIGNATURE, 0, 1, 0] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(b"\x04chr1\0\0\0\x19\0\0\x03\xe8");
        let file = open(&dir.path().join("a.2bit"), &bytes).unwrap();
        assert_eq!(file.chroms().collect::<Vec<_>>(), [("chr1", 1000)]);
    }

    #[test]
    fn no_damaged_file_makes_it_panic() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.2bit");
        let good = good();
        let changes = prop::collection::vec((0..good.len(), any::<u8>()), 1..6);
        let strategy = (changes, 0..=good.len());
        proptest!(ProptestConfig::with_cases(300), |((changes, length) in strategy)| {
            let mut bytes = good.clone();
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            if length % 3 == 0 {
                bytes.truncate(length);
            }
            if let Ok(mut file) = open(&path, &bytes) {
                let chroms = file.chroms().map(|(name, length)| (name.to_string(), length));
                for (name, length) in chroms.collect::<Vec<_>>() {
                    for (start, end) in [(0, length.min(1000)), (3, 9), (u32::MAX - 1, u32::MAX)] {
                        let _ = file.letters(&name, start, end);
                    }
                }
            }
        });
    }

    #[test]
    fn the_crate_twobit_panics_on_blocks_out_of_order() {
        let mut bytes: Vec<u8> = numbers(&[SIGNATURE, 0, 1, 0]).collect();
        bytes.extend(b"\x01a\x16\0\0\0");
        bytes.extend(numbers(&[20, 2, 10, 0, 5, 2, 0, 0]));
        bytes.extend([0; 5]);
        let panicked = std::panic::catch_unwind(|| {
            let mut file = twobit::TwoBitFile::from_buf(bytes).unwrap();
            file.read_sequence("a", 8..20).is_ok()
        });
        let mended = "twobit mended its reader (not reported): fuzz it, and remove ours";
        assert!(panicked.is_err(), "{mended}");
    }
}
