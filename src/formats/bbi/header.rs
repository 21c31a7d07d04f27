//! The header, and what it points to.

use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;

use bigtools::DEFAULT_ITEMS_PER_SLOT;

use super::{Kind, invalid, u32_at, u64_at};

/// The first four bytes of a bigWig file, as a number (table 5).
pub const BIGWIG: u32 = 0x888F_FC26;
/// Those of a bigBed file.
pub const BIGBED: u32 = 0x8789_F2EB;
/// The most zoom levels that a header has room for.
pub const ZOOMS: usize = 10;
/// Bytes of a header with room for all zoom levels.
pub const SIZE: usize = 64 + ZOOMS * 24;

/// Table 5 of the supplement. Offsets count from the file's first byte.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// What kind of file it is.
    pub magic: u32,
    /// Where the chromosome tree is.
    pub chromosomes: u64,
    /// Where the number of sections or items is, and after it the sections.
    pub data: u64,
    /// Where the sections' index is.
    pub index: u64,
    /// Fields of a bigBed's items.
    pub fields: u16,
    /// Those of them that are BED's own.
    pub standard_fields: u16,
    /// Where a bigBed's schema is.
    pub auto_sql: u64,
    /// Where the summary of all values is.
    pub summary: u64,
    /// Bytes of the largest section, not compressed.
    pub largest_section: u32,
}

/// Table 6: a zoom level.
#[derive(Debug, Clone, Copy)]
pub struct ZoomHeader {
    /// The most bases that a record sums up.
    pub reduction: u32,
    /// Where its records are.
    pub data: u64,
    /// Where their index is.
    pub index: u64,
}

/// Version 4 came with zoom levels that all readers know.
const VERSION: u16 = 4;
/// Bytes of a chromosome tree before its only node (tables 8 and 9).
const TREE_HEADER: usize = 32 + 4;

impl Header {
    /// The header of a file of this kind.
    pub fn read(file: &mut (impl Read + Seek), kind: Kind) -> io::Result<Self> {
        let mut bytes = [0; 64];
        file.rewind()?;
        file.read_exact(&mut bytes)?;
        let magic = match kind {
            Kind::BigWig => BIGWIG,
            Kind::BigBed { .. } => BIGBED,
        };
        if u32_at(&bytes, 0) != magic {
            return Err(invalid("not a file of this kind"));
        }
        let u16_at = |place: usize| u16::from_le_bytes([bytes[place], bytes[place + 1]]);
        Ok(Self {
            magic,
            chromosomes: u64_at(&bytes, 8),
            data: u64_at(&bytes, 16),
            index: u64_at(&bytes, 24),
            fields: u16_at(32),
            standard_fields: u16_at(34),
            auto_sql: u64_at(&bytes, 36),
            summary: u64_at(&bytes, 44),
            largest_section: u32_at(&bytes, 52),
        })
    }

    /// The header's bytes, with room for more zoom levels.
    pub fn bytes(&self, zooms: &[ZoomHeader]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend(self.magic.to_le_bytes());
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((zooms.len() as u16).to_le_bytes());
        bytes.extend(self.chromosomes.to_le_bytes());
        bytes.extend(self.data.to_le_bytes());
        bytes.extend(self.index.to_le_bytes());
        bytes.extend(self.fields.to_le_bytes());
        bytes.extend(self.standard_fields.to_le_bytes());
        bytes.extend(self.auto_sql.to_le_bytes());
        bytes.extend(self.summary.to_le_bytes());
        bytes.extend(self.largest_section.to_le_bytes());
        bytes.extend([0; 8]);
        for zoom in zooms {
            bytes.extend(zoom.reduction.to_le_bytes());
            bytes.extend([0; 4]);
            bytes.extend(zoom.data.to_le_bytes());
            bytes.extend(zoom.index.to_le_bytes());
        }
        bytes.resize(SIZE, 0);
        bytes
    }

    /// The number of sections (bigWig) or items (bigBed).
    pub fn count(&self, file: &mut (impl Read + Seek)) -> io::Result<u64> {
        file.seek(SeekFrom::Start(self.data))?;
        let mut bytes = [0; 8];
        file.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// The mean length of the items, which chooses the zoom levels.
    pub fn mean_length(&self, file: &mut (impl Read + Seek), kind: Kind) -> io::Result<f64> {
        let count = self.count(file)? as f64;
        file.seek(SeekFrom::Start(self.summary))?;
        let mut summary = [0; 40];
        file.read_exact(&mut summary)?;
        Ok(match kind {
            // Bases with a value, and full sections.
            Kind::BigWig => {
                u64_at(&summary, 0) as f64 / (count * f64::from(DEFAULT_ITEMS_PER_SLOT))
            }
            // The sum of the depths.
            Kind::BigBed { .. } => f64::from_bits(u64_at(&summary, 24)) / count,
        })
    }

    /// Where the sections lie, one behind the other: bigtools puts the chromosomes after them.
    pub fn sections(&self) -> Range<u64> {
        self.data + 8..self.chromosomes
    }

    /// The chromosome tree, which bigtools writes as one leaf.
    pub fn chromosomes(&self, file: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
        file.seek(SeekFrom::Start(self.chromosomes))?;
        let mut bytes = vec![0; TREE_HEADER];
        file.read_exact(&mut bytes)?;
        let (key, value) = (u32_at(&bytes, 8) as usize, u32_at(&bytes, 12) as usize);
        let count = u64_at(&bytes, 16) as usize;
        if count > usize::from(u16::MAX) {
            // The leaf says in two bytes how many it holds.
            return Err(invalid("more than 65,535 chromosomes"));
        }
        bytes.resize(TREE_HEADER + count * (key + value), 0);
        file.read_exact(&mut bytes[TREE_HEADER..])?;
        Ok(bytes)
    }

    /// The schema with the zero that ends it; nothing in a bigWig.
    pub fn auto_sql(&self, file: &mut (impl BufRead + Seek)) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.auto_sql != 0 {
            file.seek(SeekFrom::Start(self.auto_sql))?;
            file.read_until(0, &mut bytes)?;
        }
        Ok(bytes)
    }
}
