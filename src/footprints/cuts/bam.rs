//! Cuts from the reads of a BAM file.
//!
//! Format: <https://samtools.github.io/hts-specs/SAMv1.pdf>.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use noodles_bam as bam;
use noodles_bgzf as bgzf;
use noodles_core::Position;
use noodles_csi::{self as csi, BinningIndex};
use noodles_sam::header::ReferenceSequences;

use super::counts::Strand;
use crate::error::{Error, IoContext, Result};
use crate::genome::{Chroms, Region};

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
    let made_by = |command: &str| {
        let shown = path.display();
        format!("{command} {shown} && samtools index reads.bam")
    };
    if magic.starts_with(b"CRAM") {
        let command = made_by("samtools view -b -T reference.fa -o reads.bam");
        return Err(Error::format(path, format!("is CRAM, not BAM: {command}")));
    }
    if magic.starts_with(b"@") {
        let command = made_by("samtools sort -o reads.bam");
        return Err(Error::format(path, format!("is SAM, not BAM: {command}")));
    }
    if !magic.starts_with(&[0x1f, 0x8b]) {
        return Err(Error::format(path, "is no BAM file"));
    }
    Ok(())
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
    let bai = |path: &Path| bam::bai::fs::read(path).map(bam::Index::Bai);
    let csi = |path: &Path| csi::fs::read(path).map(bam::Index::Csi);
    let beside = path.with_added_extension("csi");
    for name in [path.with_added_extension("bai"), path.with_extension("bai")] {
        if name.exists() {
            return bai(&name).at(&name);
        }
    }
    if beside.exists() {
        return csi(&beside).at(&beside);
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
            match told(&self.record, id, region).at(path)? {
                Told::Past => break,
                Told::None => {}
                Told::Cut(strand, cut) => tell(strand, cut, 1),
            }
        }
        Ok(())
    }
}

/// What a record tells.
enum Told {
    /// That no read of the region comes any more.
    Past,
    /// Nothing.
    None,
    /// The base where the read was cut off.
    Cut(Strand, i64),
}

/// What a record tells of the cuts in a region of the chromosome of number `id`.
fn told(record: &bam::Record, id: usize, region: Region) -> io::Result<Told> {
    let start = record.alignment_start().transpose()?;
    let of = record.reference_sequence_id().transpose()?;
    let (Some(start), Some(of)) = (start.map(usize::from), of) else {
        return Ok(Told::None);
    };
    if of != id || start > region.end as usize {
        return Ok(if of < id { Told::None } else { Told::Past });
    }
    let flags = record.flags();
    if flags.is_unmapped() {
        return Ok(Told::None);
    }
    // A 1-based first base is one past the base before it, a 1-based last base the 0-based
    // one after it.
    Ok(if flags.is_reverse_complemented() {
        Told::Cut(Strand::Reverse, (start + span(record)? - 1) as i64)
    } else {
        Told::Cut(Strand::Forward, start as i64 - 2)
    })
}

/// The bases of the reference that a read lies on; one where nothing says how many, as in htslib.
fn span(record: &bam::Record) -> io::Result<usize> {
    let mut span = 0;
    for operation in record.cigar().iter() {
        let operation = operation?;
        if operation.kind().consumes_reference() {
            span += operation.len();
        }
    }
    Ok(span.max(1))
}
