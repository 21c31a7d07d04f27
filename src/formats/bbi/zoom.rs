//! Zoom levels: sums over longer and longer stretches (tables 18 and 19 of the supplement).

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::counted::Counted;
use super::header::ZOOMS;
use super::index::{self, Extent};
use super::section::Item;

/// Items that a record of the finest level sums up where they lie side by side, and how much coarser
/// each further level is, as in UCSC's tools.
const FINEST: f64 = 10.0;
const COARSER: u32 = 4;
/// Records that are compressed together, and the bytes of each.
const BLOCK: usize = 512;
const RECORD: usize = 32;
/// Bytes of the largest block, not compressed.
pub const LARGEST_BLOCK: u32 = (BLOCK * RECORD) as u32;
/// Bytes of the summary of all values (table 7).
pub const SUMMARY: usize = 40;

/// Sums over some bases.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sums {
    bases: u64,
    min: f32,
    max: f32,
    sum: f64,
    squares: f64,
}

impl Sums {
    const NONE: Self = Self {
        bases: 0,
        min: f32::INFINITY,
        max: f32::NEG_INFINITY,
        sum: 0.0,
        squares: 0.0,
    };

    fn add(&mut self, bases: u32, value: f32) {
        let (weight, wide) = (f64::from(bases), f64::from(value));
        self.bases += u64::from(bases);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sum += weight * wide;
        self.squares += weight * wide * wide;
    }

    fn summary(&self) -> [u8; SUMMARY] {
        let mut bytes = [0; SUMMARY];
        let numbers = [
            self.bases.to_le_bytes(),
            f64::from(self.min).to_le_bytes(),
            f64::from(self.max).to_le_bytes(),
            self.sum.to_le_bytes(),
            self.squares.to_le_bytes(),
        ];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number);
        }
        bytes
    }
}

/// All levels of a file while its values come in.
#[derive(Debug)]
pub struct Zooms {
    all: Sums,
    levels: Vec<ZoomLevel>,
}

impl Zooms {
    /// Nothing yet; the items to come have so many bases on average.
    pub fn new(mean_length: f64) -> io::Result<Self> {
        // A float that is too large, or no number, ends up at the bounds.
        let finest = (FINEST * mean_length) as u32;
        let coarser = |&finer: &u32| finer.checked_mul(COARSER);
        let reductions = std::iter::successors(Some(finest.max(1)), coarser).take(ZOOMS);
        Ok(Self {
            all: Sums::NONE,
            levels: reductions.map(ZoomLevel::new).collect::<io::Result<_>>()?,
        })
    }

    /// Adds values of a chromosome, from left to right.
    pub fn add(&mut self, chrom: u32, item: &Item) -> io::Result<()> {
        self.all.add(item.end - item.start, item.value);
        self.levels
            .iter_mut()
            .try_for_each(|level| level.add(chrom, item))
    }

    /// The summary of all values, and the levels that have at most half of the records of the one
    /// before; the first, of the items.
    pub fn finish(self, items: u64) -> io::Result<([u8; SUMMARY], Vec<ZoomLevel>)> {
        let (mut finer, mut kept) = (items, Vec::new());
        for mut level in self.levels {
            level.end_record()?;
            level.end_block()?;
            if level.records * 2 <= finer {
                finer = level.records;
                kept.push(level);
            }
        }
        Ok((self.all.summary(), kept))
    }
}

/// A level: a record for each stretch of `reduction` bases that has a value, over the bases from
/// its first to its last one with a value.
#[derive(Debug)]
pub struct ZoomLevel {
    /// Bases of a stretch.
    pub reduction: u32,
    records: u64,
    record: Option<ZoomRecord>,
    block: Vec<u8>,
    /// What the block spans.
    extent: Option<Extent>,
    /// Compressed blocks, in a file without a name.
    blocks: BufWriter<File>,
    extents: Vec<Extent>,
}

#[derive(Debug)]
struct ZoomRecord {
    chrom: u32,
    stretch: u32,
    start: u32,
    end: u32,
    sums: Sums,
}

impl ZoomLevel {
    fn new(reduction: u32) -> io::Result<Self> {
        Ok(Self {
            reduction,
            records: 0,
            record: None,
            block: Vec::with_capacity(BLOCK * RECORD),
            extent: None,
            blocks: BufWriter::new(tempfile::tempfile()?),
            extents: Vec::new(),
        })
    }

    fn add(&mut self, chrom: u32, item: &Item) -> io::Result<()> {
        let mut start = item.start;
        while start < item.end {
            let stretch = start / self.reduction;
            let stretch_end = (u64::from(stretch) + 1) * u64::from(self.reduction);
            let end = u64::from(item.end).min(stretch_end) as u32;
            let same = |record: &ZoomRecord| (record.chrom, record.stretch) == (chrom, stretch);
            if !self.record.as_ref().is_some_and(same) {
                self.end_record()?;
            }
            let record = self.record.get_or_insert(ZoomRecord {
                chrom,
                stretch,
                start,
                end,
                sums: Sums::NONE,
            });
            record.end = end;
            record.sums.add(end - start, item.value);
            start = end;
        }
        Ok(())
    }

    /// Puts the record into the block.
    fn end_record(&mut self) -> io::Result<()> {
        let Some(record) = self.record.take() else {
            return Ok(());
        };
        self.records += 1;
        let Sums {
            bases,
            min,
            max,
            sum,
            squares,
        } = record.sums;
        let ZoomRecord {
            chrom, start, end, ..
        } = record;
        for number in [chrom, start, end, bases as u32] {
            self.block.extend(number.to_le_bytes());
        }
        for number in [min, max, sum as f32, squares as f32] {
            self.block.extend(number.to_le_bytes());
        }
        let extent = self.extent.get_or_insert(Extent {
            chrom,
            start,
            end_chrom: chrom,
            end,
            offset: 0,
            size: 0,
        });
        (extent.end_chrom, extent.end) = (chrom, end);
        if self.block.len() == BLOCK * RECORD {
            self.end_block()?;
        }
        Ok(())
    }

    /// Compresses the block.
    fn end_block(&mut self) -> io::Result<()> {
        let Some(extent) = self.extent.take() else {
            return Ok(());
        };
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&self.block)?;
        let compressed = encoder.finish()?;
        self.blocks.write_all(&compressed)?;
        self.extents.push(Extent {
            size: compressed.len() as u64,
            ..extent
        });
        self.block.clear();
        Ok(())
    }

    /// Writes the level; the place of its index.
    pub fn write(self, out: &mut Counted) -> io::Result<u64> {
        out.write_all(&(self.records as u32).to_le_bytes())?;
        let mut offset = out.written;
        let mut extents = self.extents;
        for extent in &mut extents {
            extent.offset = offset;
            offset += extent.size;
        }
        let mut blocks = self
            .blocks
            .into_inner()
            .map_err(|error| error.into_error())?;
        blocks.rewind()?;
        io::copy(&mut blocks, out)?;
        let index = out.written;
        index::write(out, &extents)?;
        Ok(index)
    }
}
