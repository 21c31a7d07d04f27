//! Sections of data, not compressed.

use std::io::{self, BufRead};

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

impl Item {
    /// Whether it is one base.
    fn is_base(&self) -> bool {
        self.start.checked_add(1) == Some(self.end)
    }

    /// Whether both are single bases, the next one side by side with this one.
    fn is_before(&self, next: &Self) -> bool {
        self.is_base() && next.is_base() && self.end == next.start
    }
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
/// Bytes of a bigWig's section before its items, and the most bytes of an item.
const HEAD: usize = 24;
const ITEM: usize = 12;
/// So many bases side by side, at 4 bytes each, are worth a section of their own.
const OWN_SECTION: usize = 64;

impl Section {
    /// Reads a section.
    pub fn decode(mut bytes: Binary<&[u8]>, kind: Kind) -> io::Result<Self> {
        let section = match kind {
            Kind::BigWig => Self::of_big_wig(&mut bytes),
            Kind::BigBed { .. } => Self::of_big_bed(bytes),
        };
        section
            .ok()
            .filter(|section| !section.items.is_empty())
            .ok_or_else(|| broken("a section is damaged"))
    }

    /// Reads the next section of a bigWig (table 13), which says itself where it ends.
    pub fn of_big_wig<R: BufRead>(bytes: &mut Binary<R>) -> io::Result<Self> {
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
    pub fn extent(&self) -> Extent {
        let start = self.items.iter().map(|item| item.start).min();
        let end = self.items.iter().map(|item| item.end).max();
        Extent {
            first: (self.chrom, start.unwrap_or(0)),
            last: (self.chrom, end.unwrap_or(0)),
            ..Extent::default()
        }
    }

    /// The same items, in sections of their own where many bases lie side by side.
    pub fn pieces(&self) -> Vec<Self> {
        let mut pieces: Vec<(bool, Vec<Item>)> = Vec::new();
        for run in self.items.chunk_by(Item::is_before) {
            let own = run.len() >= OWN_SECTION;
            match pieces.last_mut() {
                Some((false, piece)) if !own => piece.extend(run),
                _ => pieces.push((own, run.to_vec())),
            }
        }
        let chrom = self.chrom;
        let section = |(_, items)| Self { chrom, items };
        pieces.into_iter().map(section).collect()
    }

    /// Its bytes in a bigWig, not compressed: values alone where it is bases side by side.
    pub fn encode(&self) -> Vec<u8> {
        let mut pairs = self.items.windows(2);
        let bases =
            self.items.iter().all(Item::is_base) && pairs.all(|pair| pair[0].is_before(&pair[1]));
        let (kind, step) = if bases {
            (FIXED_STEP, 1)
        } else {
            (BED_GRAPH, 0)
        };
        let Extent { first, last, .. } = self.extent();
        let mut bytes = Vec::with_capacity(HEAD + self.items.len() * ITEM);
        for number in [self.chrom, first.1, last.1, step, step] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend([kind, 0]);
        bytes.extend((self.items.len() as u16).to_le_bytes());
        for item in &self.items {
            if !bases {
                bytes.extend(item.start.to_le_bytes());
                bytes.extend(item.end.to_le_bytes());
            }
            bytes.extend(item.value.to_le_bytes());
        }
        bytes
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

    /// A section of items of one length each, which begin at `starts`.
    fn section(starts: impl Iterator<Item = u32>, length: u32) -> Section {
        let item = |start| Item {
            start,
            end: start + length,
            value: start as f32 / -8.0,
        };
        let items = starts.map(item).collect();
        Section { chrom: 7, items }
    }

    /// The types and the items' numbers of the sections that one becomes, which read back as they were.
    fn kinds(section: &Section) -> Vec<(u8, usize)> {
        let pieces: Vec<Vec<u8>> = section.pieces().iter().map(Section::encode).collect();
        let read = |bytes: &Vec<u8>| {
            let read = Section::decode(Binary::little_endian(bytes), Kind::BigWig).unwrap();
            assert_eq!(read.chrom, section.chrom);
            read.items
        };
        let items: Vec<Vec<Item>> = pieces.iter().map(read).collect();
        assert_eq!(items.concat(), section.items);
        let kinds = pieces.iter().zip(&items).map(|(bytes, items)| {
            let size = if bytes[20] == FIXED_STEP { 4 } else { 12 };
            assert_eq!(bytes.len(), HEAD + size * items.len());
            (bytes[20], items.len())
        });
        kinds.collect()
    }

    #[test]
    fn bases_side_by_side_are_steps() {
        assert_eq!(kinds(&section(0..1024, 1)), [(FIXED_STEP, 1024)]);
        // As few as they are, no other item is with them.
        assert_eq!(kinds(&section(9..12, 1)), [(FIXED_STEP, 3)]);
        assert_eq!(kinds(&section((0..900).step_by(3), 3)), [(BED_GRAPH, 300)]);
        assert_eq!(kinds(&section((0..900).step_by(3), 1)), [(BED_GRAPH, 300)]);
    }

    #[test]
    fn a_section_is_divided_where_long_runs_of_bases_end() {
        let gap = section((0..100).chain(200..210).chain(300..305), 1);
        assert_eq!(kinds(&gap), [(FIXED_STEP, 100), (BED_GRAPH, 15)]);
        let mut joined = section(0..200, 1);
        joined.items.remove(101);
        joined.items[100].end += 1;
        let steps = (FIXED_STEP, 100);
        assert_eq!(kinds(&joined), [steps, (BED_GRAPH, 1), (FIXED_STEP, 98)]);
        // Short runs are not worth sections.
        assert_eq!(kinds(&section((0..20).chain(30..50), 1)), [(BED_GRAPH, 40)]);
    }
}
