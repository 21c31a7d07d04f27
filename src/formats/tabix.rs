//! Sorted BED files: plain, or in bgzip's blocks with the tabix index by which browsers read a part of
//! them.
//!
//! SAM specification, section 4.1, and <https://samtools.github.io/hts-specs/tabix.pdf>.

use std::fs::File;
use std::io::{self, BufRead, BufWriter, Read, Write};
use std::path::Path;

use noodles_bgzf::{self as bgzf, VirtualPosition};
use noodles_core::Position;
use noodles_csi::binning_index::index::header;
use noodles_csi::binning_index::index::reference_sequence::bin::Chunk;
use noodles_tabix as tabix;

use crate::error::{Error, IoContext, Result};
use crate::genome::{Binary, ChromId, Chroms, Region};
use crate::output::Partial;

/// Where tabix's bins end: fourteen bits and five times three.
const LONGEST: u32 = 1 << 29;

/// Lines as they stand in a file.
pub struct Block {
    bytes: Vec<u8>,
    /// Where each line begins and ends, if the index is to know it.
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

    /// Lines that are not compressed.
    pub fn plain(text: String) -> Self {
        Self {
            bytes: text.into_bytes(),
            lines: Vec::new(),
        }
    }

    /// The lines of compressed ones.
    ///
    /// # Errors
    ///
    /// Damaged bytes.
    pub fn decompressed(&self) -> io::Result<Self> {
        let mut text = String::new();
        bgzf::io::Reader::new(self.bytes.as_slice()).read_to_string(&mut text)?;
        Ok(Self::plain(text))
    }

    /// Writes the block for [`read`](Self::read): the numbers of bytes and of lines, the bytes, and of
    /// each line chromosome, start and end, and both of its places.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for count in [self.bytes.len(), self.lines.len()] {
            out.write_all(&(count as u64).to_le_bytes())?;
        }
        out.write_all(&self.bytes)?;
        for &(region, begin, end) in &self.lines {
            for number in [region.chrom.0, region.start, region.end] {
                out.write_all(&number.to_le_bytes())?;
            }
            for place in [begin, end] {
                out.write_all(&u64::from(place).to_le_bytes())?;
            }
        }
        Ok(())
    }

    /// Reads what [`write`](Self::write) wrote.
    ///
    /// # Errors
    ///
    /// Bytes that end within the block.
    pub fn read(file: &mut impl BufRead) -> io::Result<Self> {
        let mut file = Binary::little_endian(file);
        let (bytes, lines) = (file.u64()?, file.u64()?);
        let bytes = file.bytes(bytes)?;
        let mut line = || -> io::Result<_> {
            let (chrom, start, end) = (ChromId(file.u32()?), file.u32()?, file.u32()?);
            let region = Region { chrom, start, end };
            Ok((region, file.u64()?.into(), file.u64()?.into()))
        };
        Ok(Self {
            bytes,
            lines: (0..lines).map(|_| line()).collect::<io::Result<_>>()?,
        })
    }
}

/// A BED file that grows by blocks, sorted by chromosome and start: plain, or compressed and with its
/// index.
pub struct SortedBed {
    file: Partial,
    writer: BufWriter<File>,
    written: u64,
    index: Option<(Partial, tabix::index::Indexer)>,
}

impl SortedBed {
    /// Begins a file, of compressed blocks or of plain ones; the index is called like it, and `.tbi`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to; a chromosome of more than 2²⁹ bases, for which tabix has
    /// no place.
    pub fn new(path: &Path, compressed: bool, chroms: &Chroms) -> Result<Self> {
        let index = compressed.then(|| index(path, chroms)).transpose()?;
        let file = Partial::new(path);
        let writer = file.create()?;
        Ok(Self {
            file,
            writer,
            written: 0,
            index,
        })
    }

    /// Adds a block.
    ///
    /// # Errors
    ///
    /// A full disk; lines that are out of order.
    pub fn add(&mut self, block: &Block, chroms: &Chroms) -> Result<()> {
        let path = self.file.target();
        self.writer.write_all(&block.bytes).at(path)?;
        if let Some((_, indexer)) = &mut self.index {
            // A place of the block as a place of the file.
            let moved = |place: VirtualPosition| {
                let moved = (place.compressed() + self.written, place.uncompressed());
                VirtualPosition::try_from(moved).map_err(|error| Error::format(path, error))
            };
            let position = |base: u32| {
                Position::try_from(base as usize).map_err(|error| Error::format(path, error))
            };
            for &(region, begin, end) in &block.lines {
                let chunk = Chunk::new(moved(begin)?, moved(end)?);
                let (start, last) = (position(region.start + 1)?, position(region.end)?);
                let added = indexer.add_record(chroms.name(region.chrom), start, last, chunk);
                added.at(path)?;
            }
        }
        self.written += block.bytes.len() as u64;
        Ok(())
    }

    /// The complete file and its index, if it has one, to which the caller gives their names.
    ///
    /// # Errors
    ///
    /// A full disk.
    pub fn finish(mut self) -> Result<Vec<Partial>> {
        let path = self.file.target();
        if self.index.is_some() {
            let end_marker = bgzf::io::Writer::new(Vec::new()).finish().at(path)?;
            self.writer.write_all(&end_marker).at(path)?;
        }
        self.writer.flush().at(path)?;
        let mut files = vec![self.file];
        if let Some((file, indexer)) = self.index {
            let mut writer = tabix::io::Writer::new(file.create()?);
            let written = writer.write_index(&indexer.build());
            let written = written.and_then(|()| writer.into_inner().finish()?.flush());
            written.at(file.target())?;
            files.push(file);
        }
        Ok(files)
    }
}

/// The index of a file that is still empty.
fn index(path: &Path, chroms: &Chroms) -> Result<(Partial, tabix::index::Indexer)> {
    if let Some((name, _)) = chroms.iter().find(|&(_, length)| length > LONGEST) {
        let message = format!("a tabix index has no room for {name}, of more than {LONGEST} bases");
        return Err(Error::format(path, message));
    }
    let mut indexer = tabix::index::Indexer::default();
    indexer.set_header(header::Builder::bed().build());
    Ok((Partial::new(path.with_added_extension("tbi")), indexer))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::genome::ChromId;

    /// What an index says of a chromosome: the stretches of text that belong to each bin, and where
    /// each window begins.
    type Places = (BTreeMap<usize, Vec<[u64; 2]>>, Vec<u64>);

    fn places(path: &Path, index: &tabix::Index) -> Vec<Places> {
        let references = index.reference_sequences().iter();
        let of = |reference: &Reference| -> Places {
            let mut bins = BTreeMap::new();
            for (&bin, chunks) in reference.bins() {
                let mut joined: Vec<[u64; 2]> = Vec::new();
                for chunk in chunks.chunks() {
                    let [begin, end] = [chunk.start(), chunk.end()].map(|at| behind(path, at));
                    match joined.last_mut() {
                        Some(last) if last[1] == begin => last[1] = end,
                        _ => joined.push([begin, end]),
                    }
                }
                bins.insert(bin, joined);
            }
            let windows = reference.index().iter();
            (bins, windows.map(|&at| behind(path, at)).collect())
        };
        references.map(of).collect()
    }

    type Reference = noodles_csi::binning_index::index::ReferenceSequence<Vec<VirtualPosition>>;

    /// The bytes of text behind a place, by which the end of a block and the beginning of the next
    /// are the same: where a line ends with its block, we write the one and noodles the other.
    fn behind(path: &Path, place: VirtualPosition) -> u64 {
        let mut reader = bgzf::io::Reader::new(File::open(path).unwrap());
        reader.seek(place).unwrap();
        io::copy(&mut reader, &mut io::sink()).unwrap()
    }

    /// Whether some stretches are others, joined where those that end in one block begin again in it:
    /// which block it is depends on what the place at its end is called.
    fn are_joined(stretches: &[[u64; 2]], joined: &[[u64; 2]]) -> bool {
        let mut rest = stretches.iter().peekable();
        let whole = joined.iter().all(|&[begin, end]| {
            // Text behind becomes less from left to right.
            let mut inside = Vec::new();
            while let Some(stretch) = rest.next_if(|stretch| stretch[1] >= end) {
                inside.push(stretch);
            }
            let ends = inside.first().zip(inside.last());
            ends.is_some_and(|(first, last)| first[0] == begin && last[1] == end)
        });
        whole && rest.peek().is_none()
    }

    /// Our index of some rows (chromosome, start, length), so many of them in a block, against that of
    /// noodles.
    fn compare(rows: Vec<(u32, u32, u32)>, together: usize) -> Result<(), TestCaseError> {
        let names = ["chr1", "chr2"].map(|name| (name.to_string(), 500_000));
        let chroms = Chroms::new(names).unwrap();
        let mut lines: Vec<(Region, String)> = rows
            .into_iter()
            .map(|(chrom, start, length)| {
                let region = Region::new(ChromId(chrom), start, start + length).unwrap();
                let name = chroms.name(region.chrom);
                (region, format!("{name}\t{start}\t{}\n", region.end))
            })
            .collect();
        lines.sort();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed.gz");
        let mut file = SortedBed::new(&path, true, &chroms).unwrap();
        for lines in lines.chunks(together) {
            let lines = lines.iter().map(|(region, line)| (*region, line.as_str()));
            file.add(&Block::new(lines).unwrap(), &chroms).unwrap();
        }
        for part in file.finish().unwrap() {
            part.complete().unwrap();
        }
        let ours = tabix::fs::read(path.with_added_extension("tbi")).unwrap();
        let noodles = noodles_bed::fs::index(&path).unwrap();
        let [ours, noodles] = [&ours, &noodles].map(|index| places(&path, index));
        prop_assert_eq!(ours.len(), noodles.len());
        for ((bins, windows), (their_bins, their_windows)) in ours.iter().zip(&noodles) {
            prop_assert_eq!(windows, their_windows);
            prop_assert!(bins.keys().eq(their_bins.keys()));
            for (stretches, theirs) in bins.values().zip(their_bins.values()) {
                prop_assert!(are_joined(stretches, theirs), "{stretches:?} {theirs:?}");
            }
        }
        Ok(())
    }

    #[test]
    fn what_noodles_joins_over_the_end_of_a_block_is_the_same() {
        let rows = [
            (1, 131_072, 1),
            (0, 0, 1),
            (0, 0, 1),
            (0, 353, 33_636),
            (1, 23_993, 20_078),
            (1, 107_022, 11_981),
            (0, 356_966, 15_261),
            (1, 243_231, 28_845),
        ];
        compare(rows.to_vec(), 6).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn the_index_is_that_of_noodles(
            rows in prop::collection::vec((0u32..2, 0u32..400_000, 1u32..40_000), 1..60),
            together in 1usize..20,
        ) {
            compare(rows, together)?;
        }
    }
}
