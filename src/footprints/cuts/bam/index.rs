//! The index of a BAM file: which of several, whether it can be believed, and whether it is of that file.
//!
//! noodles reads and asks it. Before that it is gone through here, because noodles allocates what counts
//! claim and takes any number of a bin for a place in a list.
//! Formats: SAM specification, section 5.2 (BAI), and <https://samtools.github.io/hts-specs/CSIv1.pdf>.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use noodles_bam as bam;
use noodles_bgzf as bgzf;
use noodles_csi as csi;
use tracing::warn;

use super::bounded::Bounded;
use super::header;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Binary, broken};

/// The levels of bins below the first that BAI has.
const DEPTH: u32 = 5;
/// More levels than any genome asks for; the number of bins is eight to this power.
const DEEPEST: u32 = 8;
/// The most that an index is unpacked to, in bytes.
const LARGEST: u64 = 1 << 32;
/// How far compressed data may go on without any bin that holds them, in bytes: a block.
const GAP: u64 = 1 << 16;

/// An index, and the place in the BAM file behind the last read that it knows.
pub struct Indexed {
    pub index: bam::Index,
    pub end: bgzf::VirtualPosition,
}

/// The index beside a BAM file of so many reference sequences.
///
/// As htslib does, `.csi` goes before `.bai`, and one that is older than its file is told; unlike htslib,
/// one that is not goes before one that is.
pub fn open(path: &Path, sequences: usize) -> Result<Indexed> {
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

fn read(path: &Path, sequences: usize, size: u64) -> io::Result<Indexed> {
    let bytes = std::fs::read(path)?;
    let (index, end) = if path.extension().is_some_and(|end| end == "csi") {
        let mut plain = Vec::new();
        let unpacked = bgzf::io::Reader::new(&bytes[..]);
        unpacked.take(LARGEST).read_to_end(&mut plain)?;
        let end = check(&plain, Kind::Csi, sequences, size)?;
        let index = csi::io::Reader::new(&bytes[..]).read_index()?;
        (bam::Index::Csi(index), end)
    } else {
        let end = check(&bytes, Kind::Bai, sequences, size)?;
        let index = bam::bai::io::Reader::new(&bytes[..]).read_index()?;
        (bam::Index::Bai(index), end)
    };
    let end = bgzf::VirtualPosition::from(end);
    Ok(Indexed { index, end })
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bai,
    Csi,
}

/// Goes through an index of a file of so many bytes; the last place of any chunk, 0 where there is none.
fn check(bytes: &[u8], kind: Kind, sequences: usize, size: u64) -> io::Result<u64> {
    let mut index = Binary::little_endian(bytes);
    let magic: &[u8] = if kind == Kind::Csi {
        b"CSI\x01"
    } else {
        b"BAI\x01"
    };
    if index.bytes(4)? != magic {
        return Err(broken("it does not begin as one"));
    }
    let mut depth = DEPTH;
    if kind == Kind::Csi {
        let shift = index.u32()?;
        depth = index.u32()?;
        if depth > DEEPEST || shift > 31 || shift + 3 * depth > 62 {
            return Err(broken(format!(
                "it has {depth} levels from {shift} bits on"
            )));
        }
        let others = index.u32()?;
        index.bytes(others.into())?;
    }
    let bins = ((1u64 << (3 * (depth + 1))) - 1) / 7;
    let count = index.u32()?;
    if count as usize != sequences {
        let problem = format!("it has {count} reference sequences, the file {sequences}");
        return Err(broken(problem));
    }
    let mut end = 0;
    for number in 0..count {
        let of = |problem: &str| broken(format!("reference sequence {}: {problem}", number + 1));
        let chunks =
            chunks(&mut index, kind, bins, size).map_err(|error| of(&error.to_string()))?;
        for (from, to) in chunks {
            if end > 0 && from >> 16 > (end >> 16) + GAP {
                return Err(of("reads between its bins are in none"));
            }
            end = end.max(to);
        }
    }
    Ok(end)
}

/// The chunks of a reference sequence, in the order of their beginnings.
fn chunks(
    index: &mut Binary<&[u8]>,
    kind: Kind,
    bins: u64,
    size: u64,
) -> io::Result<Vec<(u64, u64)>> {
    // A bin behind the last holds counts and no chunks.
    let counts = bins + 1;
    let mut chunks = Vec::new();
    for _ in 0..index.u32()? {
        let bin = u64::from(index.u32()?);
        if bin >= bins && bin != counts {
            return Err(broken(format!("there is no bin {bin}")));
        }
        if kind == Kind::Csi {
            index.u64()?;
        }
        let count = index.u32()?;
        if bin == counts {
            if count != 2 {
                return Err(broken("its counts are not two"));
            }
            for _ in 0..2 * count {
                index.u64()?;
            }
            continue;
        }
        for _ in 0..count {
            let (from, to) = (index.u64()?, index.u64()?);
            if from > to || to >> 16 > size {
                return Err(broken(format!("bin {bin} lies outside the file")));
            }
            chunks.push((from, to));
        }
    }
    if kind == Kind::Bai {
        let mut before = 0;
        for _ in 0..index.u32()? {
            let offset = index.u64()?;
            // 0 stands where no read lies.
            if offset >> 16 > size || offset != 0 && offset < before {
                return Err(broken("its windows are not in order"));
            }
            before = before.max(offset);
        }
    }
    chunks.sort_unstable();
    Ok(chunks)
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
