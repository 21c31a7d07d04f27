//! Cuts from the reads of a BAM file.
//!
//! Format: <https://samtools.github.io/hts-specs/SAMv1.pdf>.

mod bounded;
mod header;
mod index;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use noodles_bam as bam;
use noodles_bgzf as bgzf;
use noodles_core::Position;
use noodles_csi::{self as csi, BinningIndex};
use noodles_sam::alignment::record::Cigar as _;

use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region, Strand, broken};
use bounded::Bounded;

/// A sorted BAM file with its index.
pub struct Bam {
    pub path: PathBuf,
    /// The numbers of the reference sequences.
    numbers: HashMap<String, usize>,
    pub chroms: Chroms,
    index: bam::Index,
}

impl Bam {
    /// Reads the header and the index.
    pub fn open(path: &Path) -> Result<Self> {
        check_format(path)?;
        let broken = |error: io::Error| Error::format(path, said(&error));
        let mut reader = bam::io::Reader::new(File::open(path).at(path)?);
        let sequences = header::read(&mut reader).map_err(broken)?;
        let index::Indexed { index, end } = index::open(path, &sequences)?;
        // Where nothing can be read at the end of what the index knows, it is of another file.
        if index::lacks_reads(path, end).unwrap_or(true) {
            let again = format!("samtools index {}", path.display());
            let problem = format!("its index is of another file, or older than its reads: {again}");
            return Err(Error::format(path, problem));
        }
        let names = sequences.iter().map(|(name, _)| name.clone());
        let numbers = names.zip(0..).collect();
        let chroms = Chroms::new(sequences)
            .map_err(|name| Error::format(path, format!("{name} stands there twice")))?;
        Ok(Self {
            path: path.to_path_buf(),
            numbers,
            chroms,
            index,
        })
    }

    pub fn reader(&self) -> Result<Reader<'_>> {
        let file = File::open(&self.path).at(&self.path)?;
        Ok(Reader {
            bam: self,
            reader: bam::io::Reader::new(file),
            record: bam::Record::default(),
        })
    }
}

/// Tells apart what else reads come in.
fn check_format(path: &Path) -> Result<()> {
    let mut magic = Vec::new();
    let file = File::open(path).at(path)?;
    file.take(4).read_to_end(&mut magic).at(path)?;
    let (format, command) = match magic.as_slice() {
        [0x1f, 0x8b, ..] => return Ok(()),
        b"CRAM" => ("CRAM", "samtools view -b -T reference.fa -o reads.bam"),
        [b'@', ..] => ("SAM", "samtools sort -o reads.bam"),
        _ => return Err(Error::format(path, "is no BAM file")),
    };
    let command = format!("{command} {} && samtools index reads.bam", path.display());
    let problem = format!("is {format}, not BAM: {command}");
    Err(Error::format(path, problem))
}

/// What a BAM file's reader says, in words for people.
fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "is truncated: it ends in the middle of a block or a read".to_string()
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => format!("is damaged: {error}"),
        _ => error.to_string(),
    }
}

/// An open BAM file.
pub struct Reader<'a> {
    bam: &'a Bam,
    reader: bam::io::Reader<bgzf::io::Reader<File>>,
    record: bam::Record,
}

impl Reader<'_> {
    /// Tells of the cut of every mapped read that overlaps the region of the chromosome that the
    /// file calls `name`, and of some others.
    pub fn cuts(
        &mut self,
        name: &str,
        region: Region,
        tell: &mut impl FnMut(Strand, i64, u32),
    ) -> Result<()> {
        let path = &self.bam.path;
        let Some(&id) = self.bam.numbers.get(name) else {
            return Ok(());
        };
        let refuse = |error: io::Error| Error::format(path, said(&error));
        let position = |base: u32| Position::new(base as usize).unwrap_or(Position::MIN);
        // 1-based and closed.
        let interval = (position(region.start + 1)..=position(region.end)).into();
        let chunks = self.bam.index.query(id, interval).map_err(refuse)?;
        let query = csi::io::Query::new(self.reader.get_mut(), chunks);
        let mut reads = bam::io::Reader::from(Bounded::new(query));
        while reads.read_record(&mut self.record).map_err(refuse)? != 0 {
            let told = told(&self.record, id, region).map_err(refuse)?;
            let ControlFlow::Continue(told) = told else {
                break;
            };
            if let Some((strand, cut)) = told {
                tell(strand, cut, 1);
            }
        }
        Ok(())
    }
}

/// The base where a read was cut off, or that no read of the region comes any more.
type Told = ControlFlow<(), Option<(Strand, i64)>>;

/// What a record tells of the cuts in a region of the chromosome of number `id`.
fn told(record: &bam::Record, id: usize, region: Region) -> io::Result<Told> {
    let nothing = ControlFlow::Continue(None);
    let start = record.alignment_start().transpose()?;
    let of = record.reference_sequence_id().transpose()?;
    // The bins of a sequence hold reads on it alone.
    let (Some(start), Some(_)) = (start.map(usize::from), of.filter(|of| *of == id)) else {
        return Err(broken("its index leads to reads that lie elsewhere"));
    };
    if start > region.end as usize {
        return Ok(ControlFlow::Break(()));
    }
    let flags = record.flags();
    if flags.is_unmapped() {
        return Ok(nothing);
    }
    // A 1-based first base is one past the base before it, a 1-based last base the 0-based
    // one after it.
    let cut = if flags.is_reverse_complemented() {
        // One base where nothing says how many the read lies on, as in htslib.
        let span = record.cigar().alignment_span()?.max(1);
        (Strand::Reverse, (start + span - 1) as i64)
    } else {
        (Strand::Forward, start as i64 - 2)
    };
    Ok(ControlFlow::Continue(Some(cut)))
}
