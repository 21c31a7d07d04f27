//! A bigWig that is asked for one region after the other.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bigtools::utils::reopen::ReopenableFile;
use bigtools::{BigWigRead, Value};

use crate::error::{Error, IoContext, Result};
use crate::formats::bbi::BIGWIG;
use crate::genome::Segment;
use crate::genome::{Chroms, Region};

/// Whether a file begins as a bigWig does.
///
/// # Errors
///
/// A file that cannot be read.
pub fn is_bigwig(path: &Path) -> Result<bool> {
    let mut magic = Vec::new();
    let file = File::open(path).at(path)?;
    file.take(4).read_to_end(&mut magic).at(path)?;
    Ok(magic == BIGWIG.to_le_bytes() || magic == BIGWIG.to_be_bytes())
}

/// An open bigWig.
pub struct BigWig {
    path: PathBuf,
    reader: BigWigRead<ReopenableFile>,
}

impl BigWig {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is no bigWig.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.to_path_buf(),
            reader: BigWigRead::open_file(path).map_err(|error| Error::format(path, error))?,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its chromosomes: names and lengths.
    pub fn chroms(&self) -> impl Iterator<Item = (&str, u32)> {
        let chroms = self.reader.chroms().iter();
        chroms.map(|chrom| (chrom.name.as_str(), chrom.length))
    }

    /// Its chromosomes as those of a reference.
    ///
    /// # Errors
    ///
    /// A name that stands there twice.
    pub fn reference_chroms(&self) -> Result<Chroms> {
        let owned = self
            .chroms()
            .map(|(name, length)| (name.to_string(), length));
        Chroms::new(owned)
            .map_err(|name| Error::format(&self.path, format!("{name} stands there twice")))
    }

    /// Whether it has a chromosome of this name.
    pub fn has(&self, name: &str) -> bool {
        self.chroms().any(|(other, _)| other == name)
    }

    /// The values in a region of the chromosome that the file calls `name`, from left to right.
    ///
    /// # Errors
    ///
    /// A chromosome that it does not have, a file that cannot be read.
    pub fn segments(&mut self, name: &str, region: Region) -> Result<Vec<Segment>> {
        let refuse = |error| Error::format(&self.path, error);
        let values = self.reader.get_interval(name, region.start, region.end);
        let segment = |value: Value| Segment {
            region: Region {
                chrom: region.chrom,
                start: value.start.max(region.start),
                end: value.end.min(region.end),
            },
            value: value.value,
        };
        values
            .map_err(refuse)?
            .map(|value| value.map(segment).map_err(refuse))
            .collect()
    }
}
