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
    let (file, totals) = bbi::write(path, Kind::BigWig, |raw| {
        let mut writer = BigWigWrite::create_file(raw, bbi::sizes(chroms)).at(raw)?;
        writer.options.max_zooms = 0;
        let values = BedParserStreamingIterator::wrap_infallible_iter(values, false);
        let written = writer.write(values, bbi::runtime().at(raw)?);
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
        let chrom = region.chrom;
        let segment = |Item { start, end, value }| {
            let region = Region { chrom, start, end };
            Segment { region, value }
        };
        Ok(items.into_iter().map(segment).collect())
    }
}

#[cfg(test)]
mod tests {
    use bigtools::BigWigRead;

    use super::*;
    use crate::genome::ChromId;

    /// Windows of 3 kb in bins of 30 bases, some touching and some far apart, on two chromosomes.
    fn segments() -> Vec<Segment> {
        let window = |chrom, place: u32| {
            let start = 7 + place * 3000 + place / 3 * 97_000;
            (0..100u32).map(move |bin| Segment {
                region: Region {
                    chrom: ChromId(chrom),
                    start: start + bin * 30,
                    end: start + bin * 30 + 30,
                },
                value: (place * 31 + bin * 17) as f32 % 11.0 - 2.0,
            })
        };
        let windows = (0..2).flat_map(|chrom| (0..60).map(move |place| (chrom, place)));
        windows
            .flat_map(|(chrom, place)| window(chrom, place))
            .collect()
    }

    #[test]
    fn every_record_of_every_zoom_level_sums_up_its_bases() {
        const LENGTH: u32 = 3_000_000;
        let dir = tempfile::tempdir().unwrap();
        let names = ["chr1", "chr2"];
        let chroms = Chroms::new(names.map(|name| (name.to_string(), LENGTH))).unwrap();
        let path = dir.path().join("gaps.bw");
        let (file, summary) = write(&path, &chroms, segments().into_iter()).unwrap();
        file.complete().unwrap();
        assert_eq!(summary.bases, 2 * 60 * 3000);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);

        let mut reader = BigWigRead::open_file(&path).unwrap();
        let levels = reader.info().zoom_headers.clone();
        assert!(levels.len() > 3, "{levels:?}");
        for (name, chrom) in names.into_iter().zip(0..) {
            let mut bases = vec![None; LENGTH as usize];
            for segment in segments().iter().filter(|s| s.region.chrom.0 == chrom) {
                let Region { start, end, .. } = segment.region;
                bases[start as usize..end as usize].fill(Some(segment.value));
            }
            for level in levels.iter().map(|header| header.reduction_level) {
                let mut covered = 0;
                for record in reader.get_zoom_interval(name, 0, LENGTH, level).unwrap() {
                    let record = record.unwrap();
                    assert!(record.end - record.start <= level);
                    let of_record = record.start as usize..record.end as usize;
                    let values: Vec<f64> = bases[of_record]
                        .iter()
                        .flatten()
                        .map(|&value| f64::from(value))
                        .collect();
                    let got = record.summary;
                    assert_eq!(got.bases_covered as usize, values.len());
                    assert_eq!(got.min_val, values.iter().copied().fold(f64::MAX, f64::min));
                    assert_eq!(got.max_val, values.iter().copied().fold(f64::MIN, f64::max));
                    assert_eq!(got.sum, values.iter().sum::<f64>());
                    assert_eq!(got.sum_squares, values.iter().map(|v| v * v).sum::<f64>());
                    covered += values.len();
                }
                assert_eq!(covered, 60 * 3000, "level {level}");
            }
        }

        let mut ours = BigWig::open(&path).unwrap();
        for (start, end) in [(0, LENGTH), (5, 6), (2_990, 97_100), (50_000, 1_000_000)] {
            let region = Region {
                chrom: ChromId(1),
                start,
                end,
            };
            let read = ours.segments("chr2", region).unwrap();
            let read = read.iter().map(|s| (s.region.start, s.region.end, s.value));
            let theirs = reader.get_interval("chr2", start, end).unwrap();
            let theirs = theirs.map(|value| value.unwrap());
            let theirs: Vec<_> = theirs.map(|v| (v.start, v.end, v.value)).collect();
            assert_eq!(read.collect::<Vec<_>>(), theirs);
        }
    }
}
