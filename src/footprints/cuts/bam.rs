//! Cuts from the reads of a BAM file.
//!
//! Format: <https://samtools.github.io/hts-specs/SAMv1.pdf>.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use noodles_bam as bam;
use noodles_bgzf as bgzf;
use noodles_core::Position;
use noodles_csi::{self as csi, BinningIndex};
use noodles_sam::alignment::record::Cigar as _;
use noodles_sam::header::ReferenceSequences;

use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region, Strand};

/// A sorted BAM file with its index.
pub struct Bam {
    pub path: PathBuf,
    sequences: ReferenceSequences,
    pub chroms: Chroms,
    index: bam::Index,
}

impl Bam {
    /// Reads the header and the index.
    pub fn open(path: &Path) -> Result<Self> {
        check_format(path)?;
        let sequences = sequences(path).at(path)?;
        let index = index(path)?;
        if index.reference_sequences().count() != sequences.len() {
            let problem = "its index is of another file; samtools index makes it anew";
            return Err(Error::format(path, problem));
        }
        let lengths = sequences.iter().map(|(name, sequence)| {
            let name = String::from_utf8_lossy(name).into_owned();
            match u32::try_from(usize::from(sequence.length())) {
                Ok(length) => Ok((name, length)),
                Err(_) => Err(Error::format(path, format!("{name} is too long"))),
            }
        });
        let chroms = Chroms::new(lengths.collect::<Result<Vec<_>>>()?)
            .map_err(|name| Error::format(path, format!("{name} stands there twice")))?;
        Ok(Self {
            path: path.to_path_buf(),
            sequences,
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

/// The reference sequences of a BAM file. The header's text, which says them again and much else
/// that programs write wrongly, is passed over.
fn sequences(path: &Path) -> io::Result<ReferenceSequences> {
    let mut reader = bam::io::Reader::new(File::open(path)?);
    let mut parts = reader.header_reader();
    if parts.read_magic_number()? != *b"BAM\x01" {
        let problem = io::Error::new(io::ErrorKind::InvalidData, "is no BAM file");
        return Err(problem);
    }
    parts.raw_sam_header_reader()?.discard_to_end()?;
    parts.read_reference_sequences()
}

/// The index beside a BAM file: `x.bam.bai`, `x.bam.csi` or `x.bai`.
fn index(path: &Path) -> Result<bam::Index> {
    for bai in [path.with_added_extension("bai"), path.with_extension("bai")] {
        if bai.exists() {
            return bam::bai::fs::read(&bai).map(bam::Index::Bai).at(&bai);
        }
    }
    let csi = path.with_added_extension("csi");
    if csi.exists() {
        return csi::fs::read(&csi).map(bam::Index::Csi).at(&csi);
    }
    let problem = format!("has no index: samtools index {}", path.display());
    Err(Error::format(path, problem))
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
        let Some(id) = self.bam.sequences.get_index_of(name.as_bytes()) else {
            return Ok(());
        };
        let position = |base: u32| Position::new(base as usize).unwrap_or(Position::MIN);
        // 1-based and closed.
        let interval = (position(region.start + 1)..=position(region.end)).into();
        let chunks = self.bam.index.query(id, interval).at(path)?;
        let query = csi::io::Query::new(self.reader.get_mut(), chunks);
        let mut reads = bam::io::Reader::from(query);
        while reads.read_record(&mut self.record).at(path)? != 0 {
            let ControlFlow::Continue(told) = told(&self.record, id, region).at(path)? else {
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
    let (Some(start), Some(of)) = (start.map(usize::from), of) else {
        return Ok(nothing);
    };
    if of != id || start > region.end as usize {
        let past = ControlFlow::Break(());
        return Ok(if of < id { nothing } else { past });
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
