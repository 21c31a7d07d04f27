//! Sections of data, not compressed.

use std::io;

use super::{Kind, invalid, u32_at};

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

/// Bytes before the items of a bigWig's section (table 13), and of each item.
const WIG_HEADER: usize = 24;
const WIG_ITEM: usize = 12;
/// The type of section in which each item has a start, an end and a value of its own.
const BED_GRAPH: u8 = 1;
/// Bytes of a bigBed's item before its text (table 12).
const BED_ITEM: usize = 12;

impl Section {
    /// Reads a section.
    pub fn decode(bytes: &[u8], kind: Kind) -> io::Result<Self> {
        let section = match kind {
            Kind::BigWig => Self::of_big_wig(bytes),
            Kind::BigBed { .. } => Self::of_big_bed(bytes),
        };
        section
            .filter(|section| !section.items.is_empty())
            .ok_or_else(|| invalid("a section is damaged"))
    }

    fn of_big_wig(bytes: &[u8]) -> Option<Self> {
        let (header, items) = bytes.split_at_checked(WIG_HEADER)?;
        if header[20] != BED_GRAPH {
            return None;
        }
        let items = items.chunks_exact(WIG_ITEM).map(|item| Item {
            start: u32_at(item, 0),
            end: u32_at(item, 4),
            value: f32::from_bits(u32_at(item, 8)),
        });
        Some(Self {
            chrom: u32_at(header, 0),
            items: items.collect(),
        })
    }

    fn of_big_bed(mut bytes: &[u8]) -> Option<Self> {
        let (mut chrom, mut items) = (0, Vec::new());
        while !bytes.is_empty() {
            let (item, rest) = bytes.split_at_checked(BED_ITEM)?;
            let text = rest.iter().position(|&byte| byte == 0)?;
            bytes = &rest[text + 1..];
            chrom = u32_at(item, 0);
            items.push(Item {
                start: u32_at(item, 4),
                end: u32_at(item, 8),
                value: 1.0,
            });
        }
        Some(Self { chrom, items })
    }

    /// The first base of any item.
    pub fn start(&self) -> u32 {
        self.items.iter().map(|item| item.start).min().unwrap_or(0)
    }

    /// One past the last base of any item, whichever that is.
    pub fn end(&self) -> u32 {
        self.items.iter().map(|item| item.end).max().unwrap_or(0)
    }
}
