//! References written as UCSC's 2bit.

use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use super::two_bit::SIGNATURE;
use super::{N, Reference, Region};
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
    /// Bases that are not known.
    unknown: Vec<Range<u32>>,
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
    writer.write_all(&head).at(file.target())?;
    let mut offset = head.len() as u64;
    let mut offsets = Vec::new();
    for chrom in chroms.regions() {
        let too_long = |_| Error::format(path, "2bit has no room for more than 4 GiB");
        offsets.push(u32::try_from(offset).map_err(too_long)?);
        let record = SequenceRecord::read(reference, chrom)?;
        offset += record.write(chrom.len(), &mut writer).at(file.target())?;
    }
    for (place, offset) in index.into_iter().zip(offsets) {
        writer.seek(SeekFrom::Start(place)).at(file.target())?;
        writer.write_all(&offset.to_le_bytes()).at(file.target())?;
    }
    writer.flush().at(file.target())?;
    file.complete()
}

impl SequenceRecord {
    fn read(reference: &mut Reference, chrom: Region) -> Result<Self> {
        let mut record = Self::default();
        for piece in chrom.pieces(PIECE) {
            let codes = reference.codes(piece)?;
            for four in codes.chunks(4) {
                let bases = four.iter().zip([6, 4, 2, 0]);
                let byte = bases.fold(0, |byte, (&code, shift)| {
                    byte | LETTERS[usize::from(code)] << shift
                });
                record.packed.push(byte);
            }
            for (place, _) in (piece.start..).zip(&codes).filter(|&(_, &code)| code == N) {
                match record.unknown.last_mut() {
                    Some(last) if last.end == place => last.end += 1,
                    _ => record.unknown.push(place..place + 1),
                }
            }
        }
        Ok(record)
    }

    /// The bytes that were written.
    fn write(&self, length: u32, writer: &mut impl Write) -> io::Result<u64> {
        let counts = [length, self.unknown.len() as u32].into_iter();
        let starts = self.unknown.iter().map(|bases| bases.start);
        let lengths = self.unknown.iter().map(|bases| bases.end - bases.start);
        let mut bytes = 0;
        // No soft mask, and a number that is reserved.
        for number in counts.chain(starts).chain(lengths).chain([0, 0]) {
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
            let known = reference.chroms().clone();
            for ((name, _), all) in known.iter().zip(known.regions()) {
                prop_assert_eq!(back.codes(all).unwrap(), reference.codes(all).unwrap());
                let place: usize = name.strip_prefix("chr").unwrap().parse().unwrap();
                prop_assert_eq!(&others.read_sequence(name, ..).unwrap(), &chroms[place - 1]);
            }
        }
    }
}
