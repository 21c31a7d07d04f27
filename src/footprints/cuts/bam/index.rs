//! The index of a BAM file: which of several, whether it can be believed, and whether it is of that file.
//!
//! noodles reads and asks it. Before that it is gone through here, because noodles allocates what counts
//! claim and takes any number of a bin for a place in a list.
//! Formats: SAM specification, section 5.2 (BAI), and <https://samtools.github.io/hts-specs/CSIv1.pdf>.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use noodles_bam as bam;
use noodles_bgzf as bgzf;
use noodles_csi as csi;
use tracing::warn;

use super::bounded::Bounded;
use super::header;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Binary, broken};

/// The levels of bins below the first that BAI has, and the bits of a position inside its smallest.
const DEPTH: u32 = 5;
const SHIFT: u32 = 14;
/// More levels than any genome asks for; the number of bins is eight to this power.
const DEEPEST: u32 = 8;
/// The most that an index is unpacked to, in bytes, far above any use.
const LARGEST: u64 = 1 << 28;
/// Bytes of a place in a file.
const OFFSET: usize = 8;
/// The most bytes of a block.
const BLOCK: u64 = 1 << 16;

/// An index, and the place in the BAM file behind the last read that it knows.
pub struct Indexed {
    pub index: bam::Index,
    pub end: bgzf::VirtualPosition,
}

/// The index beside a BAM file of reference sequences of these names and lengths.
///
/// As htslib does, `.csi` goes before `.bai`, and one that is older than its file is told; unlike htslib,
/// one that is not goes before one that is.
pub fn open(path: &Path, sequences: &[(String, u32)]) -> Result<Indexed> {
    let beside = ["csi", "bai"].into_iter().flat_map(|end| {
        let names = [path.with_added_extension(end), path.with_extension(end)];
        names.into_iter().filter(|name| name.exists())
    });
    let found: Vec<PathBuf> = beside.collect();
    let current = found.iter().find(|index| !is_older(index, path));
    let again = format!("samtools index {}", path.display());
    let Some(chosen) = current.or(found.first()) else {
        return Err(Error::format(path, format!("has no index: {again}")));
    };
    if current.is_none() {
        let index = chosen.display();
        warn!(
            "{index} is older than {}; if reads came since: {again}",
            path.display()
        );
    }
    let size = std::fs::metadata(path).at(path)?.len();
    let refuse = |problem: io::Error| {
        let problem = format!("is no index of {}: {problem}; {again}", path.display());
        Error::format(chosen, problem)
    };
    read(chosen, sequences, size).map_err(refuse)
}

fn is_older(index: &Path, path: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|of| of.modified()).ok();
    modified(index) < modified(path)
}

fn read(path: &Path, sequences: &[(String, u32)], size: u64) -> io::Result<Indexed> {
    let mut bytes = std::fs::read(path)?;
    let kind = match path.extension().is_some_and(|end| end == "csi") {
        true => Kind::Csi,
        false => Kind::Bai,
    };
    if kind == Kind::Csi {
        let packed = std::mem::take(&mut bytes);
        let unpacked = bgzf::io::Reader::new(&packed[..]);
        unpacked.take(LARGEST).read_to_end(&mut bytes)?;
    }
    let Checked { end, unfit } = check(&bytes, kind, sequences, size)?;
    // They only make queries shorter, and up to htslib 1.14 they pass over unmapped reads.
    for at in unfit {
        bytes[at..at + OFFSET].fill(0);
    }
    let index = match kind {
        Kind::Bai => bam::Index::Bai(bam::bai::io::Reader::new(&bytes[..]).read_index()?),
        Kind::Csi => {
            let mut packed = bgzf::io::Writer::new(Vec::new());
            packed.write_all(&bytes)?;
            let packed = packed.finish()?;
            bam::Index::Csi(csi::io::Reader::new(&packed[..]).read_index()?)
        }
    };
    let end = bgzf::VirtualPosition::from(end);
    Ok(Indexed { index, end })
}

/// What going through an index finds.
struct Checked {
    /// The last place of any chunk, 0 where there is none.
    end: u64,
    /// Where the offsets stand that do not fit the chunks.
    unfit: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bai,
    Csi,
}

/// Goes through an index of a file of so many bytes.
///
/// In a sorted file, the chunks of all bins together are the file, from its first read on chromosomes to its
/// last, and the bins that follow each other in it lie from left to right: what does not fit is damaged.
fn check(bytes: &[u8], kind: Kind, sequences: &[(String, u32)], size: u64) -> io::Result<Checked> {
    let mut index = Binary::little_endian(bytes);
    let magic: &[u8] = if kind == Kind::Csi {
        b"CSI\x01"
    } else {
        b"BAI\x01"
    };
    if index.bytes(4)? != magic {
        return Err(broken("it does not begin as one"));
    }
    let mut bins = Bins {
        shift: SHIFT,
        depth: DEPTH,
    };
    if kind == Kind::Csi {
        let (shift, depth) = (index.u32()?, index.u32()?);
        if depth > DEEPEST || shift > 31 || shift + 3 * depth > 62 {
            return Err(broken(format!(
                "it has {depth} levels from {shift} bits on"
            )));
        }
        bins = Bins { shift, depth };
        let others = index.u32()?;
        index.bytes(others.into())?;
    }
    let count = index.u32()?;
    if count as usize != sequences.len() {
        let all = sequences.len();
        let problem = format!("it has {count} reference sequences, the file {all}");
        return Err(broken(problem));
    }
    let (mut end, mut unfit) = (0, Vec::new());
    for (name, length) in sequences {
        let checked = Sequence::read(&mut index, (kind, bytes.len()), bins, size);
        let checked = checked.and_then(|of| of.check(bins, *length, end));
        let checked = checked.map_err(|problem| broken(format!("{name}: {problem}")))?;
        end = checked.end;
        unfit.extend(checked.unfit);
    }
    Ok(Checked { end, unfit })
}

/// How bins are numbered: level by level, eight to each of the level above.
#[derive(Clone, Copy)]
struct Bins {
    /// Bits of a position inside the smallest bins.
    shift: u32,
    depth: u32,
}

impl Bins {
    /// How many there are.
    fn count(self) -> u64 {
        first(self.depth + 1)
    }

    /// The positions of a bin.
    fn span(self, bin: u64) -> Range<u64> {
        let level = (0..=self.depth)
            .rev()
            .find(|level| bin >= first(*level))
            .unwrap_or(0);
        let size = 1 << (self.shift + 3 * (self.depth - level));
        let start = (bin - first(level)) * size;
        start..start + size
    }
}

/// The first bin of a level.
fn first(level: u32) -> u64 {
    ((1 << (3 * level)) - 1) / 7
}

/// What an index says of a reference sequence.
struct Sequence {
    /// The chunks, and the bins they are of, in the file's order.
    chunks: Vec<(u64, u64, u64)>,
    /// For each window of the smallest bins, of BAI, or each bin, of CSI, its first base, where the first read
    /// over it begins, and where that stands in the index.
    offsets: Vec<(u64, u64, usize)>,
}

impl Sequence {
    fn read(
        index: &mut Binary<&[u8]>,
        (kind, length): (Kind, usize),
        bins: Bins,
        size: u64,
    ) -> io::Result<Self> {
        // A bin behind the last holds counts and no chunks.
        let counts = bins.count() + 1;
        let (mut chunks, mut offsets) = (Vec::new(), Vec::new());
        for _ in 0..index.u32()? {
            let bin = u64::from(index.u32()?);
            if bin >= bins.count() && bin != counts {
                return Err(broken(format!("there is no bin {bin}")));
            }
            if kind == Kind::Csi {
                let at = length - index.left();
                let offset = index.u64()?;
                if bin != counts {
                    offsets.push((bins.span(bin).start, offset, at));
                }
            }
            for _ in 0..index.u32()? {
                let (from, to) = (index.u64()?, index.u64()?);
                if bin == counts {
                    continue;
                }
                if from > to || to >> 16 > size {
                    let said = "its reads lie behind the file's end: the file is truncated, or another one's";
                    return Err(broken(format!("bin {bin}: {said}")));
                }
                chunks.push((from, to, bin));
            }
        }
        if kind == Kind::Bai {
            for window in 0..u64::from(index.u32()?) {
                let at = length - index.left();
                offsets.push((window << bins.shift, index.u64()?, at));
            }
        }
        chunks.sort_unstable();
        offsets.sort_by_key(|offset| offset.0);
        Ok(Self { chunks, offsets })
    }

    /// Where the reads before end at a place.
    fn check(&self, bins: Bins, length: u32, before: u64) -> io::Result<Checked> {
        let (mut end, mut left) = (before, 0);
        let begin = self.chunks.first().map_or(before, |chunk| chunk.0);
        if begin < before {
            return Err(broken("its reads lie among those of the one before"));
        }
        // Where a bin begins, and the place of its first read.
        let mut firsts: Vec<(u64, u64)> = Vec::new();
        for &(from, to, bin) in &self.chunks {
            // A chunk may begin in the block behind that in which the one before it ends.
            let next_block = from & 0xffff == 0 && from >> 16 <= (end >> 16) + BLOCK;
            if end > 0 && from > end && !next_block {
                return Err(broken(format!(
                    "reads before those of bin {bin} are in none"
                )));
            }
            let span = bins.span(bin);
            left = span.start.max(left);
            if left >= span.end || span.start >= u64::from(length) {
                return Err(broken(format!("bin {bin} is not in order")));
            }
            firsts.push((span.start, from));
            end = end.max(to);
        }
        // The first read over a base lies before all that begin at it or behind it.
        firsts.sort_unstable();
        let mut least = u64::MAX;
        for (_, first) in firsts.iter_mut().rev() {
            least = least.min(*first);
            *first = least;
        }
        let (mut last, mut fits) = (begin, true);
        for &(start, offset, _) in &self.offsets {
            let behind = firsts.partition_point(|first| first.0 < start);
            let most = firsts.get(behind).map_or(end, |first| first.1);
            // 0 stands where no read lies.
            fits &= offset == 0 || (last..=most).contains(&offset);
            last = last.max(offset);
        }
        let all = self.offsets.iter().map(|(_, _, at)| *at);
        let unfit = all.filter(|_| !fits).collect();
        Ok(Checked { end, unfit })
    }
}

/// Whether behind the last read that an index knows another one lies on a chromosome: the index is of an
/// earlier file.
pub fn lacks_reads(path: &Path, end: bgzf::VirtualPosition) -> io::Result<bool> {
    let mut reader = bam::io::Reader::new(File::open(path)?);
    if u64::from(end) == 0 {
        header::read(&mut reader)?;
    } else {
        reader.get_mut().seek(end)?;
    }
    let mut reader = bam::io::Reader::from(Bounded::new(reader.get_mut()));
    let mut record = bam::Record::default();
    let some = reader.read_record(&mut record)? != 0;
    Ok(some && record.reference_sequence_id().transpose()?.is_some())
}
