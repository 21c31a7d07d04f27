//! Sections of data, not compressed.

use std::io;

use super::index::Extent;
use super::kind::Kind;
use crate::genome::{Binary, broken};

/// Bases and their value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// First base, 0-based.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
    /// The bases' value; 1 for an item of a bigBed.
    pub value: f32,
}

/// Neighbouring items of a chromosome.
#[derive(Debug)]
pub struct Section {
    /// The chromosome's number in the file.
    pub chrom: u32,
    /// At least one, in the order of their starts.
    pub items: Vec<Item>,
}

/// The types of a bigWig's sections (table 13): in the first, each item has a start, an end and a
/// value; in the second, a start and a value; in the third, a value alone.
const BED_GRAPH: u8 = 1;
const VARIABLE_STEP: u8 = 2;
const FIXED_STEP: u8 = 3;

impl Section {
    /// Reads a section.
    pub fn decode(bytes: Binary<&[u8]>, kind: Kind) -> io::Result<Self> {
        let section = match kind {
            Kind::BigWig => Self::of_big_wig(bytes),
            Kind::BigBed { .. } => Self::of_big_bed(bytes),
        };
        section
            .ok()
            .filter(|section| !section.items.is_empty())
            .ok_or_else(|| broken("a section is damaged"))
    }

    fn of_big_wig(mut bytes: Binary<&[u8]>) -> io::Result<Self> {
        let chrom = bytes.u32()?;
        let (mut next, _end) = (bytes.u32()?, bytes.u32()?);
        let (step, span) = (bytes.u32()?, bytes.u32()?);
        let kind = bytes.u8()?;
        let _reserved = bytes.u8()?;
        let mut items = Vec::new();
        for _ in 0..bytes.u16()? {
            let (start, end) = match kind {
                BED_GRAPH => (bytes.u32()?, bytes.u32()?),
                VARIABLE_STEP => {
                    let start = bytes.u32()?;
                    (start, start.saturating_add(span))
                }
                FIXED_STEP => (next, next.saturating_add(span)),
                _ => return Err(broken("a section of a type that is not known")),
            };
            next = next.saturating_add(step);
            items.push(Item {
                start,
                end,
                value: bytes.f32()?,
            });
        }
        Ok(Self { chrom, items })
    }

    /// Table 12.
    fn of_big_bed(mut bytes: Binary<&[u8]>) -> io::Result<Self> {
        let (mut chrom, mut items) = (0, Vec::new());
        while !bytes.is_empty() {
            chrom = bytes.u32()?;
            items.push(Item {
                start: bytes.u32()?,
                end: bytes.u32()?,
                value: 1.0,
            });
            let _text = bytes.up_to_zero(u64::MAX)?;
        }
        Ok(Self { chrom, items })
    }

    /// What it spans, up to the last base of any item, whichever that is.
    pub fn extent(&self, offset: u64, size: u64) -> Extent {
        let start = self.items.iter().map(|item| item.start).min();
        let end = self.items.iter().map(|item| item.end).max();
        Extent {
            first: (self.chrom, start.unwrap_or(0)),
            last: (self.chrom, end.unwrap_or(0)),
            offset,
            size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A section of chromosome 7 that begins at base 100.
    fn items(kind: u8, numbers: &[u32]) -> io::Result<Vec<(u32, u32, f32)>> {
        let (step, span) = (10, 4);
        let mut bytes: Vec<u8> = [7, 100, 200, step, span]
            .iter()
            .flat_map(|number: &u32| number.to_le_bytes())
            .collect();
        bytes.extend([kind, 0, 2, 0]);
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        let section = Section::decode(Binary::little_endian(&bytes), Kind::BigWig)?;
        assert_eq!(section.chrom, 7);
        let items = section.items.iter();
        Ok(items
            .map(|item| (item.start, item.end, item.value))
            .collect())
    }

    #[test]
    fn each_type_of_section_has_its_items() {
        let (one, two) = (1f32.to_bits(), 2f32.to_bits());
        let read = items(BED_GRAPH, &[100, 103, one, 150, 160, two]).unwrap();
        assert_eq!(read, [(100, 103, 1.0), (150, 160, 2.0)]);
        let read = items(VARIABLE_STEP, &[100, one, 150, two]).unwrap();
        assert_eq!(read, [(100, 104, 1.0), (150, 154, 2.0)]);
        let read = items(FIXED_STEP, &[one, two]).unwrap();
        assert_eq!(read, [(100, 104, 1.0), (110, 114, 2.0)]);
        assert!(items(4, &[one, two]).is_err());
        assert!(items(FIXED_STEP, &[one]).is_err());
    }
}
