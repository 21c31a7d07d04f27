//! References written as UCSC's 2bit.

use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::two_bit::SIGNATURE;
use super::{ChromId, N, Reference, Region};
use crate::error::{Error, IoContext, Result};
use crate::output::Partial;

/// 2bit's numbers for A, C, G, T, and for N, whose places are listed besides.
const LETTERS: [u8; 5] = [2, 1, 3, 0, 0];
/// Bases that are read at once; whole bytes of four.
const PIECE: u32 = 1 << 20;

/// A chromosome, four bases a byte.
#[derive(Default)]
struct SequenceRecord {
    packed: Vec<u8>,
    n_starts: Vec<u32>,
    n_lengths: Vec<u32>,
}

/// Writes a reference as 2bit. One chromosome at a time is in memory, in a quarter of its bases.
///
/// # Errors
///
/// A reference that cannot be read; one that the format has no room for: names of more than 255
/// bytes, or more than 4 GiB.
pub fn write(reference: &mut Reference, path: &Path) -> Result<()> {
    let chroms = reference.chroms().clone();
    let file = Partial::new(path);
    let mut writer = file.create()?;
    let mut head = Vec::new();
    let mut index = Vec::new();
    for number in [SIGNATURE, 0, chroms.iter().count() as u32, 0] {
        head.extend(number.to_le_bytes());
    }
    for (name, _) in chroms.iter() {
        let length = u8::try_from(name.len())
            .map_err(|_| Error::format(path, format!("{name:?} is too long a name for 2bit")))?;
        head.push(length);
        head.extend(name.bytes());
        index.push(head.len() as u64);
        head.extend([0; 4]);
    }
    writer.write_all(&head).at(file.path())?;
    let mut offset = head.len() as u64;
    let mut offsets = Vec::new();
    for ((_, length), chrom) in chroms.iter().zip((0..).map(ChromId)) {
        let too_long = |_| Error::format(path, "2bit has no room for more than 4 GiB");
        offsets.push(u32::try_from(offset).map_err(too_long)?);
        let record = SequenceRecord::read(reference, chrom, length)?;
        offset += record.write(length, &mut writer).at(file.path())?;
    }
    for (place, offset) in index.into_iter().zip(offsets) {
        writer.seek(SeekFrom::Start(place)).at(file.path())?;
        writer.write_all(&offset.to_le_bytes()).at(file.path())?;
    }
    writer.flush().at(file.path())?;
    file.complete()
}

impl SequenceRecord {
    fn read(reference: &mut Reference, chrom: ChromId, length: u32) -> Result<Self> {
        let mut record = Self::default();
        for start in (0..length).step_by(PIECE as usize) {
            let end = length.min(start.saturating_add(PIECE));
            let codes = reference.codes(Region { chrom, start, end })?;
            for four in codes.chunks(4) {
                let bases = four.iter().zip([6, 4, 2, 0]);
                let byte = bases.fold(0, |byte, (&code, shift)| {
                    byte | LETTERS[usize::from(code)] << shift
                });
                record.packed.push(byte);
            }
            for (place, _) in (start..).zip(&codes).filter(|&(_, &code)| code == N) {
                record.add_n(place);
            }
        }
        Ok(record)
    }

    fn add_n(&mut self, place: u32) {
        match (self.n_starts.last(), self.n_lengths.last_mut()) {
            (Some(start), Some(length)) if start + *length == place => *length += 1,
            _ => {
                self.n_starts.push(place);
                self.n_lengths.push(1);
            }
        }
    }

    /// The bytes that were written.
    fn write(&self, length: u32, writer: &mut impl Write) -> io::Result<u64> {
        let counts = [length, self.n_starts.len() as u32];
        // No soft mask, and a number that is reserved.
        let numbers = counts.iter().chain(&self.n_starts).chain(&self.n_lengths);
        let mut bytes = 0;
        for number in numbers.chain(&[0, 0]) {
            writer.write_all(&number.to_le_bytes())?;
            bytes += 4;
        }
        writer.write_all(&self.packed)?;
        Ok(bytes + self.packed.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_2bit_has_the_bases_of_its_reference(
            chroms in prop::collection::vec("[ACGTN]{0,3}[ACGT]{1,20}N{0,9}[ACGTN]{0,30}", 1..4)
        ) {
            let dir = tempfile::tempdir().unwrap();
            let fasta = dir.path().join("genome.fa");
            let text: String =
                chroms.iter().zip(1..).map(|(bases, n)| format!(">chr{n}\n{bases}\n")).collect();
            std::fs::write(&fasta, text).unwrap();
            let mut reference = Reference::open(&fasta).unwrap();
            let path = dir.path().join("genome.2bit");
            write(&mut reference, &path).unwrap();
            let mut back = Reference::open(&path).unwrap();
            prop_assert_eq!(back.chroms(), reference.chroms());
            let mut others = twobit::TwoBitFile::open(&path).unwrap();
            for ((name, end), chrom) in reference.chroms().clone().iter().zip((0..).map(ChromId)) {
                let all = Region { chrom, start: 0, end };
                prop_assert_eq!(back.codes(all).unwrap(), reference.codes(all).unwrap());
                let place: usize = name.strip_prefix("chr").unwrap().parse().unwrap();
                prop_assert_eq!(&others.read_sequence(name, ..).unwrap(), &chroms[place - 1]);
            }
        }
    }
}
