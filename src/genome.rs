//! The genome: chromosomes, regions and the reference sequence.
//!
//! Coordinates are 0-based and half-open everywhere in this crate. One-based coordinates exist
//! only inside the readers of formats that use them.

mod base;
mod bed;
mod binary;
mod chrom_sizes;
mod chroms;
mod index;
mod reference;
mod rows;
mod segment;
mod sequences;
mod two_bit;
mod two_bit_writer;

pub use base::{N, code as base_code};
pub(crate) use bed::{is_header as is_bed_header, region as bed_region};
pub use bed::{read_bed, read_bed_rows};
pub(crate) use binary::{Binary, broken};
pub use chrom_sizes::read as read_chrom_sizes;
pub use chroms::{ChromId, Chroms, Naming};
pub use reference::{Reference, SequenceFormat};
pub(crate) use rows::{Places, Rows, field, fields, position, read_rows};
pub use segment::Segment;
pub use sequences::{Sequences, merge};
pub(crate) use two_bit::TwoBit;
pub use two_bit_writer::write as write_two_bit;

/// A stretch of one chromosome, 0-based and half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region {
    /// The chromosome.
    pub chrom: ChromId,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
}

impl Region {
    /// The number of bases.
    pub fn len(&self) -> u32 {
        self.end - self.start
    }

    /// Whether the region holds no base.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// The number of bases that two regions share.
    pub fn overlap(&self, other: &Region) -> u32 {
        if self.chrom != other.chrom {
            return 0;
        }
        self.end
            .min(other.end)
            .saturating_sub(self.start.max(other.start))
    }
}
