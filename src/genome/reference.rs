//! The reference sequence, read by region and never as a whole.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use noodles_bgzf as bgzf;
use noodles_core::Position;
use noodles_fasta::{self as fasta, fai};

use super::chroms::Chroms;
use super::region::Region;
use super::two_bit::TwoBit;
use super::{base, index};
use crate::error::{Error, IoContext, Result};
use crate::text;

/// First bytes of a 2bit file, in either byte order
/// (<https://genome.ucsc.edu/FAQ/FAQformat.html#format7>).
const TWO_BIT_MAGIC: [[u8; 4]; 2] = [[0x43, 0x27, 0x41, 0x1a], [0x1a, 0x41, 0x27, 0x43]];
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A reference genome: FASTA, bgzip FASTA or 2bit, told apart by their first bytes.
pub struct Reference {
    path: PathBuf,
    chroms: Arc<Chroms>,
    source: Source,
}

/// How a reference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceFormat {
    /// FASTA, with its `.fai` index beside it or made.
    Fasta,
    /// bgzip FASTA, with its `.fai` and `.gzi` indexes beside it or made.
    Bgzip,
    /// UCSC's 2bit.
    TwoBit,
}

enum Source {
    Fasta(Fasta<BufReader<File>>),
    Bgzip(Fasta<bgzf::io::IndexedReader<BufReader<File>>>),
    TwoBit(Box<TwoBit>),
}

/// FASTA and its index, of which each record stands alone: noodles looks a name up among the records
/// from the first on, which a million contigs do not stand.
struct Fasta<R> {
    reader: fasta::io::Reader<R>,
    records: HashMap<Vec<u8>, fai::Index>,
}

impl Reference {
    /// Opens a reference; makes the `.fai` and `.gzi` indexes of a FASTA file where missing.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, gzip that is not bgzip, FASTA lines of unequal length, a
    /// chromosome name that occurs twice, a chromosome of more than 4,294,967,295 bases.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let (source, sizes) = Source::open(path)?;
        let chroms = chroms(path, sizes)?;
        Ok(Self {
            path: path.to_path_buf(),
            chroms: Arc::new(chroms),
            source,
        })
    }

    /// The chromosomes.
    pub fn chroms(&self) -> &Arc<Chroms> {
        &self.chroms
    }

    /// How it is written.
    pub fn format(&self) -> SequenceFormat {
        match &self.source {
            Source::Fasta(_) => SequenceFormat::Fasta,
            Source::Bgzip(_) => SequenceFormat::Bgzip,
            Source::TwoBit(_) => SequenceFormat::TwoBit,
        }
    }

    /// The base codes of a region that lies inside its chromosome: [`Region::len`] values 0–4.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or that ends before its index says.
    pub fn codes(&mut self, region: Region) -> Result<Vec<u8>> {
        let name = self.chroms.name(region.chrom);
        let mut letters = match &mut self.source {
            Source::Fasta(file) => file.letters(&self.path, name, region)?,
            Source::Bgzip(file) => file.letters(&self.path, name, region)?,
            Source::TwoBit(reader) => reader
                .letters(name, region.start, region.end)
                .map_err(|source| Error::format(&self.path, source))?,
        };
        if letters.len() != region.len() as usize {
            let problem = format!(
                "{} holds {} bases: does the index belong to this file?",
                region.told(&self.chroms),
                letters.len()
            );
            return Err(Error::format(&self.path, problem));
        }
        for letter in &mut letters {
            *letter = base::code(*letter);
        }
        Ok(letters)
    }
}

impl<R: BufRead + Seek> Fasta<R> {
    fn new(reader: R, index: fai::Index) -> Self {
        let records: Vec<fai::Record> = index.into();
        let named = |record: fai::Record| {
            let name: &[u8] = record.name();
            (name.to_vec(), fai::Index::from(vec![record]))
        };
        Self {
            reader: fasta::io::Reader::new(reader),
            records: records.into_iter().map(named).collect(),
        }
    }

    /// The letters of a region, whose positions are 1-based and closed here.
    fn letters(&mut self, path: &Path, name: &str, region: Region) -> Result<Vec<u8>> {
        let past = || Error::format(path, "position out of range");
        let start = Position::try_from(region.start as usize + 1).map_err(|_| past())?;
        let end = Position::try_from(region.end as usize).map_err(|_| past())?;
        let record = self.records.get(name.as_bytes()).ok_or_else(past)?;
        let wanted = noodles_core::Region::new(name, start..=end);
        let record = self.reader.query(record, &wanted).at(path)?;
        let letters = record.sequence().as_ref().to_vec();
        // As an index that samtools made takes them: noodles counts blanks as bases.
        if !letters.iter().all(u8::is_ascii_graphic) {
            let problem = format!(
                "the lines of {name} hold blanks: `sed 's/[[:space:]]*$//'` takes them away"
            );
            return Err(Error::format(path, problem));
        }
        Ok(letters)
    }
}

impl Source {
    /// Opens a file; its sequences' names and lengths in its order.
    fn open(path: &Path) -> Result<(Self, Vec<(String, u64)>)> {
        let mut magic = Vec::new();
        let file = File::open(path).at(path)?;
        file.take(1 << 12).read_to_end(&mut magic).at(path)?;
        if TWO_BIT_MAGIC.iter().any(|known| magic.starts_with(known)) {
            let file = TwoBit::open(path)?;
            let sizes = file
                .chroms()
                .map(|(name, length)| (name.to_string(), length.into()));
            let sizes = sizes.collect();
            return Ok((Self::TwoBit(Box::new(file)), sizes));
        }
        if magic.starts_with(&GZIP_MAGIC) {
            let blocks = index::gzi(path)?;
            let records = index::fai(path, true)?;
            let sizes = fai_sizes(&records);
            let file = BufReader::new(File::open(path).at(path)?);
            let reader = bgzf::io::IndexedReader::new(file, blocks);
            return Ok((Self::Bgzip(Fasta::new(reader, records)), sizes));
        }
        if magic.trim_ascii_start().starts_with(b">") {
            let records = index::fai(path, false)?;
            let sizes = fai_sizes(&records);
            let file = BufReader::new(File::open(path).at(path)?);
            return Ok((Self::Fasta(Fasta::new(file, records)), sizes));
        }
        let problem = text::packed(&magic).unwrap_or("is neither FASTA, bgzip FASTA nor 2bit");
        Err(Error::format(path, problem))
    }
}

/// The chromosomes of sequences.
fn chroms(path: &Path, sizes: Vec<(String, u64)>) -> Result<Chroms> {
    if sizes.is_empty() {
        return Err(Error::format(path, "holds no sequence"));
    }
    let size = |(name, length): (String, u64)| match u32::try_from(length) {
        Ok(length) => Ok((name, length)),
        Err(_) => Err(Error::format(path, format!("{name} is too long: {length}"))),
    };
    let sizes: Vec<_> = sizes.into_iter().map(size).collect::<Result<_>>()?;
    Chroms::new(sizes).map_err(|name| Error::format(path, format!("{name} stands there twice")))
}

fn fai_sizes(index: &fasta::fai::Index) -> Vec<(String, u64)> {
    let records = index.as_ref().iter();
    let size = |record: &fasta::fai::Record| (record.name().to_string(), record.length());
    records.map(size).collect()
}
