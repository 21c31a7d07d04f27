//! bigWig files.

use std::path::{Path, PathBuf};

use bigtools::beddata::BedParserStreamingIterator;
use bigtools::{BigWigWrite, Value};
use serde::{Deserialize, Serialize};

use super::bbi::{self, BIGWIG, BbiFile, Content, Item, Kind};
use crate::error::{Error, IoContext, Result};
use crate::genome::{Binary, Chroms, Region, Segment};
use crate::output::Partial;

/// What a bigWig holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Bases with a value.
    pub bases: u64,
    /// The smallest value.
    pub min: f32,
    /// The largest value.
    pub max: f32,
    /// The mean over the bases.
    pub mean: f64,
}

/// Writes segments, from left to right, as a bigWig; chromosomes come in the order of their names.
/// The caller completes the file.
///
/// # Errors
///
/// No segment at all, a value that is not a finite number, a folder that cannot be written to.
pub fn write(
    path: &Path,
    chroms: &Chroms,
    segments: impl Iterator<Item = Segment>,
) -> Result<(Partial, Summary)> {
    let values = segments.map(|Segment { region, value }| {
        let Region { chrom, start, end } = region;
        (chroms.name(chrom), Value { start, end, value })
    });
    let (file, totals) = bbi::write(path, Kind::BigWig, None, |raw| {
        let mut writer = BigWigWrite::new(raw, bbi::sizes(chroms));
        bbi::raw_signal(&mut writer.options);
        let values = BedParserStreamingIterator::wrap_infallible_iter(values, false);
        let written = writer.write(values, bbi::runtime().at(path)?);
        written.map_err(|error| Error::format(path, error))
    })?;
    // As no sum is of values that are not.
    if !totals.sum.is_finite() {
        return Err(Error::format(path, "a value is not a finite number"));
    }
    let summary = Summary {
        bases: totals.bases,
        min: totals.min as f32,
        max: totals.max as f32,
        mean: totals.sum / totals.bases as f64,
    };
    Ok((file, summary))
}

/// The values of a bigWig in some regions of its chromosomes, which do not overlap; nothing of a
/// chromosome that it does not have.
///
/// # Errors
///
/// A file that cannot be read.
pub fn read(path: &Path, chroms: &Chroms, regions: &[Region]) -> Result<Vec<Segment>> {
    let mut file = BigWig::open(path)?;
    let mut segments = Vec::new();
    for &region in regions {
        if file.has(chroms.name(region.chrom)) {
            segments.extend(file.segments(chroms.name(region.chrom), region)?);
        }
    }
    Ok(segments)
}

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
        let path = path.to_path_buf();
        Ok(Self { path, file })
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
        let owned = |(name, length): (&str, u32)| (name.to_string(), length);
        let twice = |name: String| Error::format(&self.path, format!("{name} stands there twice"));
        Chroms::new(self.chroms().map(owned)).map_err(twice)
    }

    /// Whether it has a chromosome of this name.
    pub fn has(&self, name: &str) -> bool {
        self.file.has(name)
    }

    /// The values in a region of the chromosome that the file calls `name`, from left to right. NaN,
    /// as numpy's users write what is missing, is no value.
    ///
    /// # Errors
    ///
    /// A chromosome that it does not have, a file that cannot be read.
    pub fn segments(&mut self, name: &str, region: Region) -> Result<Vec<Segment>> {
        let mut segments = self.all_segments(name, region)?;
        segments.retain(|segment| !segment.value.is_nan());
        Ok(segments)
    }

    /// As [`segments`](Self::segments), with those whose value is NaN.
    ///
    /// # Errors
    ///
    /// A chromosome that it does not have, a file that cannot be read.
    pub fn all_segments(&mut self, name: &str, region: Region) -> Result<Vec<Segment>> {
        let items = self.file.items(name, region.start, region.end);
        let items = items.map_err(|error| Error::format(&self.path, error))?;
        let chrom = region.chrom;
        let segment = |Item { start, end, value }| {
            let region = Region { chrom, start, end };
            Segment { region, value }
        };
        Ok(items.into_iter().map(segment).collect())
    }
}

#[cfg(test)]
mod tests;
