//! A bigWig that is asked for one region after the other.

use std::path::{Path, PathBuf};

use crate::error::{Error, IoContext, Result};
use crate::formats::bbi::{BIGWIG, BbiFile, Content};
use crate::genome::{Binary, Chroms, Region, Segment};

/// Whether a file begins as a bigWig does.
///
/// # Errors
///
/// A file that cannot be read.
pub fn is_bigwig(path: &Path) -> Result<bool> {
    Ok(Binary::open(path, &[BIGWIG]).at(path)?.is_some())
}

/// An open bigWig.
pub struct BigWig {
    path: PathBuf,
    file: BbiFile,
}

impl BigWig {
    /// Opens a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or is no bigWig.
    pub fn open(path: &Path) -> Result<Self> {
        let file = BbiFile::open(path)?;
        if matches!(file.content, Content::Items(_)) {
            return Err(Error::format(path, "is a bigBed, not a bigWig"));
        }
        Ok(Self {
            path: path.to_path_buf(),
            file,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its chromosomes: names and lengths.
    pub fn chroms(&self) -> impl Iterator<Item = (&str, u32)> {
        self.file.chroms()
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
        let items = self.file.items(name, region.start, region.end);
        let items = items.map_err(|error| Error::format(&self.path, error))?;
        let segments = items.into_iter().map(|item| Segment {
            region: Region {
                chrom: region.chrom,
                start: item.start,
                end: item.end,
            },
            value: item.value,
        });
        Ok(segments.collect())
    }
}
