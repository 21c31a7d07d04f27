//! Zoom levels: sums over longer and longer stretches (tables 18 and 19 of the supplement).

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use super::counted::Counted;
use super::header::ZOOMS;
use super::index::{self, Extent};
use super::packer::Packer;
use super::section::Item;
use super::totals::Totals;

/// Items that a record of the finest level sums up where they lie side by side, and how much coarser
/// each further level is, as in UCSC's tools (bwgCreate.c and bbiWrite.c of
/// <https://github.com/ucscGenomeBrowser/kent>).
const FINEST: f64 = 10.0;
const COARSER: u32 = 4;
/// A record goes on over gaps of at most this part of its stretch, and of at most a stretch of the
/// finest level. A reader takes of a record the part of its span that lies in a bin, but its extremes
/// whole: a record of two windows far apart would show each where the other one is, and bases with a
/// value between them. No stretch has more records than this.
const GAP: u32 = 16;
/// Records that are compressed together, and the bytes of each.
const BLOCK: usize = 512;
const RECORD: usize = 32;
/// A level of at most so many records is the last: a reader has all of it at once, and a coarser one
/// would only tell it less. UCSC's tools go on to one record a chromosome.
const COARSEST: u64 = 4 * BLOCK as u64;
/// Bytes of the largest block, not compressed.
pub const LARGEST_BLOCK: u32 = (BLOCK * RECORD) as u32;

/// All levels of a file while its values come in.
#[derive(Debug)]
pub struct Zooms {
    all: Totals,
    levels: Vec<ZoomLevel>,
}

impl Zooms {
    /// Nothing yet; the items to come have so many bases on average.
    pub fn new(mean_length: f64) -> io::Result<Self> {
        // A float that is too large, or no number, ends up at the bounds.
        let finest = ((FINEST * mean_length) as u32).max(1);
        let coarser = |&finer: &u32| finer.checked_mul(COARSER);
        let reductions = std::iter::successors(Some(finest), coarser).take(ZOOMS);
        let level = |reduction: u32| ZoomLevel::new(reduction, finest.max(reduction / GAP));
        Ok(Self {
            all: Totals::NONE,
            levels: reductions.map(level).collect::<io::Result<_>>()?,
        })
    }

    /// Adds values of a chromosome, from left to right.
    pub fn add(&mut self, chrom: u32, item: &Item) -> io::Result<()> {
        self.all.add(item.end - item.start, item.value);
        let Some(finest) = self.levels.first() else {
            return Ok(());
        };
        let reduction = finest.reduction;
        let mut start = item.start;
        while start < item.end {
            let end = stretch_end(start, reduction).min(u64::from(item.end)) as u32;
            let mut totals = Totals::NONE;
            totals.add(end - start, item.value);
            let record = ZoomRecord {
                chrom,
                start,
                end,
                totals,
            };
            sum_up(&mut self.levels, record)?;
            start = end;
        }
        Ok(())
    }

    /// The sums over all values, and the levels: the first has at most half as many records as there
    /// are items, each further one fewer than the one before, and only the last few enough for one
    /// reading. A level that is left out between two says just what the finer one of them says.
    pub fn finish(mut self, items: u64) -> io::Result<(Totals, Vec<ZoomLevel>)> {
        let mut levels = self.levels.as_mut_slice();
        while let Some((level, coarser)) = levels.split_first_mut() {
            if let Some(last) = level.record.take() {
                level.end(&last)?;
                sum_up(coarser, last)?;
            }
            level.end_block()?;
            levels = coarser;
        }
        let mut kept: Vec<ZoomLevel> = Vec::new();
        for level in self.levels {
            let shrinks = match kept.last() {
                None => level.records * 2 <= items,
                Some(finer) => level.records < finer.records,
            };
            if shrinks {
                kept.push(level);
            }
            if kept.last().is_some_and(|last| last.records <= COARSEST) {
                break;
            }
        }
        Ok((self.all, kept))
    }
}

/// A level: in each stretch of `reduction` bases a record for all bases with a value between which
/// no gap is longer than `gap`, from the first to the last of them.
#[derive(Debug)]
pub struct ZoomLevel {
    /// Bases of a stretch.
    pub reduction: u32,
    gap: u32,
    records: u64,
    /// What is known of the last record, and where its stretch ends.
    record: Option<ZoomRecord>,
    stretch_end: u64,
    block: Vec<u8>,
    /// What the block spans.
    extent: Option<Extent>,
    /// Compressed blocks, in a file without a name.
    blocks: BufWriter<File>,
    packer: Packer,
}

/// Bases of a stretch that have a value.
#[derive(Debug, Clone, Copy)]
struct ZoomRecord {
    chrom: u32,
    start: u32,
    end: u32,
    totals: Totals,
}

/// Adds what lies in one stretch of the first of some levels, from the finest on. The stretches of each
/// lie within those of the next, which also goes on over all of its gaps, so that a record, once it is
/// whole, is all that the next has to see.
fn sum_up(levels: &mut [ZoomLevel], record: ZoomRecord) -> io::Result<()> {
    let mut added = record;
    for level in levels {
        match level.add(added)? {
            Some(whole) => added = whole,
            None => break,
        }
    }
    Ok(())
}

/// Where the stretch of a base ends.
fn stretch_end(base: u32, reduction: u32) -> u64 {
    (u64::from(base / reduction) + 1) * u64::from(reduction)
}

impl ZoomLevel {
    fn new(reduction: u32, gap: u32) -> io::Result<Self> {
        Ok(Self {
            reduction,
            gap,
            records: 0,
            record: None,
            stretch_end: 0,
            block: Vec::with_capacity(BLOCK * RECORD),
            extent: None,
            blocks: BufWriter::new(tempfile::tempfile()?),
            packer: Packer::default(),
        })
    }

    /// Adds what lies in one stretch; the record before it, where that is whole now.
    fn add(&mut self, added: ZoomRecord) -> io::Result<Option<ZoomRecord>> {
        match &mut self.record {
            Some(record)
                if record.chrom == added.chrom
                    && u64::from(added.start) < self.stretch_end
                    && added.start <= record.end.saturating_add(self.gap) =>
            {
                record.end = added.end;
                record.totals.join(&added.totals);
                Ok(None)
            }
            record => {
                self.stretch_end = stretch_end(added.start, self.reduction);
                let whole = record.replace(added);
                if let Some(whole) = &whole {
                    self.end(whole)?;
                }
                Ok(whole)
            }
        }
    }

    /// Puts a whole record into the block.
    fn end(&mut self, record: &ZoomRecord) -> io::Result<()> {
        self.records += 1;
        let (first, last) = ((record.chrom, record.start), (record.chrom, record.end));
        let totals = record.totals;
        for number in [record.chrom, record.start, record.end, totals.bases as u32] {
            self.block.extend(number.to_le_bytes());
        }
        for number in [totals.min, totals.max, totals.sum, totals.squares] {
            self.block.extend((number as f32).to_le_bytes());
        }
        let extent = self.extent.get_or_insert(Extent {
            first,
            ..Extent::default()
        });
        extent.last = last;
        if self.block.len() == BLOCK * RECORD {
            self.end_block()?;
        }
        Ok(())
    }

    /// Has the block compressed.
    fn end_block(&mut self) -> io::Result<()> {
        let Some(extent) = self.extent.take() else {
            return Ok(());
        };
        let next = Vec::with_capacity(BLOCK * RECORD);
        let block = std::mem::replace(&mut self.block, next);
        self.packer.add(extent, block, &mut self.blocks)
    }

    /// Writes the level; the place of its index.
    pub fn write(self, out: &mut Counted) -> io::Result<u64> {
        out.write_all(&(self.records as u32).to_le_bytes())?;
        let mut blocks = self.blocks;
        let extents = self.packer.finish(&mut blocks, out.written)?;
        let mut blocks = blocks.into_inner().map_err(|error| error.into_error())?;
        blocks.rewind()?;
        io::copy(&mut blocks, out)?;
        let index = out.written;
        index::write(out, &extents)?;
        Ok(index)
    }
}
