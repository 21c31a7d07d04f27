//! The genome: chromosomes, regions and the reference sequence.
//!
//! Coordinates are 0-based and half-open everywhere in this crate. One-based coordinates exist
//! only inside the readers of formats that use them.

mod assembly;
mod base;
mod bed;
mod binary;
mod chrom_sizes;
mod chroms;
mod fasta;
mod genes;
mod gtf;
mod index;
mod overlaps;
mod reference;
mod refget;
mod region;
mod rows;
mod segment;
mod sequences;
mod strand;
mod two_bit;
mod two_bit_writer;
mod typed;

pub use assembly::{known_assembly, known_length};
pub use base::{N, code as base_code, letters};
#[cfg(test)]
pub(crate) use bed::rewritten as rewritten_bed;
pub(crate) use bed::{BedReader, Empty, is_header as is_bed_header};
pub use bed::{BedRow, read_bed, read_bed_rows};
pub(crate) use binary::{Binary, broken};
pub use chrom_sizes::read as read_chrom_sizes;
pub use chroms::{ChromId, Chroms, Naming};
pub use genes::{Genes, Transcript};
pub(crate) use gtf::{GtfReader, GtfRow, is_gtf};
pub use overlaps::Overlaps;
pub use reference::{Reference, SequenceFormat};
pub use refget::SequenceCollection;
pub use region::Region;
pub(crate) use rows::{
    Places, Rows, field, fields, is_one_place, is_passed_over, names_columns, position, read_rows,
    tell,
};
pub use segment::Segment;
pub use sequences::{Sequences, merge};
pub use strand::Strand;
pub(crate) use two_bit::TwoBit;
pub use two_bit_writer::write as write_two_bit;
pub use typed::{TypedPlace, typed_region};
