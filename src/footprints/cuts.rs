//! How often DNase I, or Tn5, cut at each base of a region.

mod bam;
mod big_wigs;
mod counts;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use counts::CutCounts;

use super::names::ChromNames;
use crate::error::Result;
use crate::genome::{Chroms, Region, Strand};
use bam::Bam;
use big_wigs::BigWigs;
use counts::MOST;

/// What cut the chromatin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Assay {
    /// DNase I, where it cut.
    #[default]
    Dnase,
    /// Tn5, which leaves nine bases between the ends of the two strands: a base shows the forward
    /// cuts five bases to its left and the reverse cuts four bases to its right, as in pyDNase.
    Atac,
}

/// How far from a base the cuts that it shows may lie, and one base more.
const MARGIN: u32 = 6;

impl Assay {
    /// What files are called after it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dnase => "dnase",
            Self::Atac => "atac",
        }
    }

    /// Where a base finds its cuts: offsets of (forward, reverse).
    fn offsets(self) -> (i64, i64) {
        match self {
            Self::Dnase => (0, 0),
            Self::Atac => (-5, 4),
        }
    }
}

/// Where cuts come from.
///
/// A forward read tells of a cut at the base before its first one, a reverse read at the base
/// after its last one: pyDNase's positions.
pub struct CutSource {
    /// What cut.
    pub assay: Assay,
    kind: Kind,
}

enum Kind {
    Bam(Box<Bam>),
    BigWigs(BigWigs),
}

impl CutSource {
    /// Two bigWigs, of the forward and of the reverse cuts, or one BAM file.
    ///
    /// # Errors
    ///
    /// As [`bigwigs`](Self::bigwigs) and [`bam`](Self::bam).
    pub fn open(files: &[PathBuf], assay: Assay) -> Result<Self> {
        match files {
            [forward, reverse] => Self::bigwigs(forward, reverse, assay),
            others => Self::bam(
                others.first().map_or(Path::new(""), PathBuf::as_path),
                assay,
            ),
        }
    }

    /// The reads of a BAM file with an index (`.bai` or `.csi`).
    ///
    /// As in pyDNase only two flags count: unmapped (0x4), whose reads are passed over, and
    /// reverse (0x10). Duplicates, secondary, supplementary and failed reads are cuts like others:
    /// who does not want them filters the file. Unlike pyDNase, reads beside a region that cut at
    /// its outermost bases are counted; its scores never ask for these, its shuffles do.
    ///
    /// # Errors
    ///
    /// A file that is no BAM or has no index.
    pub fn bam(path: &Path, assay: Assay) -> Result<Self> {
        let kind = Kind::Bam(Box::new(Bam::open(path)?));
        Ok(Self { assay, kind })
    }

    /// The counts of two bigWigs, one a strand, at the positions that a BAM file would give.
    /// A base without a value has no cut; a strand may be written below zero.
    ///
    /// # Errors
    ///
    /// Files that cannot be read, or that disagree about a chromosome's length.
    pub fn bigwigs(forward: &Path, reverse: &Path, assay: Assay) -> Result<Self> {
        let kind = Kind::BigWigs(BigWigs::open(forward, reverse)?);
        Ok(Self { assay, kind })
    }

    /// The chromosomes of the file or files.
    pub fn chroms(&self) -> &Chroms {
        match &self.kind {
            Kind::Bam(bam) => &bam.chroms,
            Kind::BigWigs(files) => &files.chroms,
        }
    }

    /// Checks that the cuts belong to an assembly, in which the regions to come will be given.
    ///
    /// # Errors
    ///
    /// Chromosomes of other lengths.
    pub fn names(&self, chroms: &Chroms) -> Result<ChromNames> {
        let path = match &self.kind {
            Kind::Bam(bam) => &bam.path,
            Kind::BigWigs(files) => &files.forward,
        };
        ChromNames::new(path, self.chroms(), chroms)
    }

    /// A reader of its own, for one thread.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn reader<'a>(&'a self, names: &'a ChromNames) -> Result<CutReader<'a>> {
        Ok(CutReader {
            assay: self.assay,
            names,
            kind: match &self.kind {
                Kind::Bam(bam) => ReaderKind::Bam(bam.reader()?),
                Kind::BigWigs(files) => ReaderKind::BigWigs(Box::new(files.reader()?)),
            },
        })
    }
}

/// Reads the cuts of one region after the other.
pub struct CutReader<'a> {
    assay: Assay,
    names: &'a ChromNames,
    kind: ReaderKind<'a>,
}

enum ReaderKind<'a> {
    Bam(bam::Reader<'a>),
    BigWigs(Box<big_wigs::Reader>),
}

impl CutReader<'_> {
    /// The cuts of a region.
    ///
    /// # Errors
    ///
    /// A chromosome that the files do not have, a file that cannot be read, a value of a bigWig
    /// that is no count.
    pub fn read(&mut self, region: Region) -> Result<CutCounts> {
        let name = self.names.of(region)?;
        let mut counts = CutCounts::none(region);
        let (forward, reverse) = self.assay.offsets();
        let mut add = |strand: Strand, cut: i64, cuts: u32| {
            let (counts, offset) = match strand {
                Strand::Forward => (&mut counts.forward, forward),
                Strand::Reverse => (&mut counts.reverse, reverse),
            };
            let base = usize::try_from(cut - offset - i64::from(region.start));
            if let Some(count) = base.ok().and_then(|base| counts.get_mut(base)) {
                *count = count.saturating_add(cuts).min(MOST);
            }
        };
        let around = region.widened(MARGIN);
        match &mut self.kind {
            ReaderKind::Bam(reader) => reader.cuts(name, around, &mut add)?,
            ReaderKind::BigWigs(reader) => reader.cuts(name, around, &mut add)?,
        }
        Ok(counts)
    }
}
