//! The header, and what it points to.

use std::io;

use bigtools::DEFAULT_ITEMS_PER_SLOT;

use super::kind::Kind;
use super::totals::Totals;
use crate::genome::{Binary, broken};

/// The most zoom levels that a header has room for.
pub const ZOOMS: usize = 10;
/// Bytes of a header with room for all zoom levels.
pub const SIZE: usize = 64 + ZOOMS * 24;

/// Table 5 of the supplement. Offsets count from the file's first byte.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// What kind of file it is.
    pub kind: Kind,
    /// Where the chromosome tree is.
    pub chromosomes: u64,
    /// Where the number of sections or items is, and after it the sections.
    pub data: u64,
    /// Where the sections' index is.
    pub index: u64,
    /// Fields of a bigBed's items.
    pub fields: u16,
    /// Where a bigBed's schema is.
    pub auto_sql: u64,
    /// Where the summary of all values is.
    pub summary: u64,
    /// Bytes of the largest section, not compressed.
    pub largest_section: u32,
    /// Where the extension is that names further indexes; 0 where there is none.
    pub extension: u64,
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
/// Bytes of a chromosome tree before the entries of its only node (tables 8 and 9).
const TREE_HEADER: u64 = 32 + 4;
/// Bytes of the longest schema: a longer one is taken for damage.
const LONGEST_SCHEMA: u64 = 1 << 20;

impl Header {
    /// The header of a file whose magic number has been read.
    pub fn read(file: &mut Binary, magic: u32) -> io::Result<Self> {
        let _version = file.u16()?;
        let _zoom_levels = file.u16()?;
        Ok(Self {
            chromosomes: file.u64()?,
            data: file.u64()?,
            index: file.u64()?,
            fields: file.u16()?,
            kind: Kind::of(magic, file.u16()?),
            auto_sql: file.u64()?,
            summary: file.u64()?,
            largest_section: file.u32()?,
            extension: file.u64()?,
        })
    }

    /// The header's bytes, with room for more zoom levels.
    pub fn bytes(&self, zooms: &[ZoomHeader]) -> Vec<u8> {
        let (magic, standard_fields) = self.kind.numbers();
        let mut bytes = Vec::with_capacity(SIZE);
        bytes.extend(magic.to_le_bytes());
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((zooms.len() as u16).to_le_bytes());
        bytes.extend(self.chromosomes.to_le_bytes());
        bytes.extend(self.data.to_le_bytes());
        bytes.extend(self.index.to_le_bytes());
        bytes.extend(self.fields.to_le_bytes());
        bytes.extend(standard_fields.to_le_bytes());
        bytes.extend(self.auto_sql.to_le_bytes());
        bytes.extend(self.summary.to_le_bytes());
        bytes.extend(self.largest_section.to_le_bytes());
        bytes.extend(self.extension.to_le_bytes());
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
    pub fn count(&self, file: &mut Binary) -> io::Result<u64> {
        file.seek(self.data)?;
        file.u64()
    }

    /// The summary of all values, which the first versions of the format do not have.
    pub fn totals(&self, file: &mut Binary) -> io::Result<Option<Totals>> {
        if self.summary == 0 {
            return Ok(None);
        }
        file.seek(self.summary)?;
        Totals::read(file).map(Some)
    }

    /// The mean length of the items, which chooses the zoom levels.
    pub fn mean_length(&self, file: &mut Binary) -> io::Result<f64> {
        let count = self.count(file)? as f64;
        let totals = self.totals(file)?;
        let totals = totals.ok_or_else(|| broken("there is no summary"))?;
        Ok(match self.kind {
            // Bases with a value, and full sections.
            Kind::BigWig => totals.bases as f64 / (count * f64::from(DEFAULT_ITEMS_PER_SLOT)),
            // The sum of the depths.
            Kind::BigBed { .. } => totals.sum / count,
        })
    }

    /// The chromosome tree, which bigtools writes as one leaf.
    pub fn chromosomes(&self, file: &mut Binary) -> io::Result<Vec<u8>> {
        file.seek(self.chromosomes + 8)?;
        let entry = u64::from(file.u32()?) + u64::from(file.u32()?);
        let count = file.u64()?;
        if count > u64::from(u16::MAX) {
            // The leaf says in two bytes how many it holds.
            return Err(broken("more than 65,535 chromosomes"));
        }
        file.seek(self.chromosomes)?;
        file.bytes(TREE_HEADER + count * entry)
    }

    /// The schema with the zero that ends it; nothing in a bigWig.
    pub fn auto_sql(&self, file: &mut Binary) -> io::Result<Vec<u8>> {
        if self.auto_sql == 0 {
            return Ok(Vec::new());
        }
        file.seek(self.auto_sql)?;
        file.up_to_zero(LONGEST_SCHEMA)
    }
}
