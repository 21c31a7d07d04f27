//! BED files in bgzip's blocks, with the tabix index by which browsers read a part of them.
//!
//! SAM specification, section 4.1, and <https://samtools.github.io/hts-specs/tabix.pdf>.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use noodles_bgzf::{self as bgzf, VirtualPosition};
use noodles_core::Position;
use noodles_csi::binning_index::index::header;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_tabix as tabix;

use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output::Partial;

/// Where tabix's bins end: fourteen bits and five times three.
const LONGEST: u32 = 1 << 29;

/// Lines that are compressed, with where each begins and ends.
pub struct Block {
    bytes: Vec<u8>,
    lines: Vec<(Region, VirtualPosition, VirtualPosition)>,
}

impl Block {
    /// Compresses lines, each of which ends in a line break. Any number of threads may do so beside
    /// each other.
    ///
    /// # Errors
    ///
    /// No memory.
    pub fn new<'a>(lines: impl IntoIterator<Item = (Region, &'a str)>) -> io::Result<Self> {
        let mut writer = bgzf::io::Writer::new(Vec::new());
        let mut places = Vec::new();
        for (region, line) in lines {
            let begin = writer.virtual_position();
            writer.write_all(line.as_bytes())?;
            places.push((region, begin, writer.virtual_position()));
        }
        writer.flush()?;
        // Not finished: a file has one end marker.
        Ok(Self {
            bytes: writer.into_inner(),
            lines: places,
        })
    }
}

/// A compressed BED file that grows by blocks, sorted by chromosome and start, and its index.
pub struct Bgzip {
    file: Partial,
    index: Partial,
    writer: BufWriter<File>,
    written: u64,
    indexer: tabix::index::Indexer,
}

impl Bgzip {
    /// Begins a file; the index is called like it, and `.tbi`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to; a chromosome of more than 2²⁹ bases, for which tabix has
    /// no place.
    pub fn new(path: &Path, chroms: &Chroms) -> Result<Self> {
        if let Some((name, _)) = chroms.iter().find(|&(_, length)| length > LONGEST) {
            let message =
                format!("a tabix index has no room for {name}, of more than {LONGEST} bases");
            return Err(Error::format(path, message));
        }
        let mut indexer = tabix::index::Indexer::default();
        indexer.set_header(header::Builder::bed().build());
        let file = Partial::new(path);
        let writer = file.create()?;
        Ok(Self {
            index: Partial::new(path.with_added_extension("tbi")),
            file,
            writer,
            written: 0,
            indexer,
        })
    }

    /// Adds a block.
    ///
    /// # Errors
    ///
    /// A full disk; lines that are out of order.
    pub fn add(&mut self, block: &Block, chroms: &Chroms) -> Result<()> {
        self.writer.write_all(&block.bytes).at(self.file.path())?;
        for (region, begin, end) in &block.lines {
            let chunk = Chunk::new(self.moved(*begin)?, self.moved(*end)?);
            let name = chroms.name(region.chrom);
            let start = self.position(region.start + 1)?;
            let last = self.position(region.end)?;
            let added = self.indexer.add_record(name, start, last, chunk);
            added.at(self.file.path())?;
        }
        self.written += block.bytes.len() as u64;
        Ok(())
    }

    /// The complete file and its index, to which the caller gives their names.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<[Partial; 2]> {
        let end_marker = bgzf::io::Writer::new(Vec::new())
            .finish()
            .at(self.file.path())?;
        self.writer.write_all(&end_marker).at(self.file.path())?;
        self.writer.flush().at(self.file.path())?;
        let index = self.indexer.build();
        tabix::fs::write(self.index.path(), &index).at(self.index.path())?;
        Ok([self.file, self.index])
    }

    /// A place of a block as a place of the file.
    fn moved(&self, place: VirtualPosition) -> Result<VirtualPosition> {
        let compressed = place.compressed() + self.written;
        let moved = VirtualPosition::try_from((compressed, place.uncompressed()));
        moved.map_err(|error| Error::format(self.file.path(), error))
    }

    fn position(&self, position: u32) -> Result<Position> {
        let position = Position::try_from(position as usize);
        position.map_err(|error| Error::format(self.file.path(), error))
    }
}
