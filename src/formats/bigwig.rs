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
        let mut writer = BigWigWrite::create_file(raw, bbi::sizes(chroms)).at(raw)?;
        bbi::raw_signal(&mut writer.options);
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
        self.file.has(name)
    }

    /// The values in a region of the chromosome that the file calls `name`, from left to right. NaN,
    /// as numpy's users write what is missing, is no value.
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
        let given = items.into_iter().filter(|item| !item.value.is_nan());
        Ok(given.map(segment).collect())
    }
}

#[cfg(test)]
mod tests {
    use bigtools::BigWigRead;
    use proptest::prelude::*;

    use super::*;
    use crate::genome::ChromId;

    const NAMES: [&str; 2] = ["chr1", "chr2"];

    /// Windows of 100 bins, some touching and some far apart, on two chromosomes.
    fn windows(bin: u32) -> Vec<Segment> {
        let window = |chrom, place: u32| {
            let start = 7 + place * 100 * bin + place / 3 * 97_000;
            (0..100u32).map(move |n| Segment {
                region: Region {
                    chrom: ChromId(chrom),
                    start: start + n * bin,
                    end: start + n * bin + bin,
                },
                value: (place * 31 + n * 17) as f32 % 11.0 - 2.0,
            })
        };
        let windows = (0..2).flat_map(|chrom| (0..60).map(move |place| (chrom, place)));
        windows
            .flat_map(|(chrom, place)| window(chrom, place))
            .collect()
    }

    /// A bigWig of two chromosomes of one length.
    fn written(folder: &Path, length: u32, segments: &[Segment]) -> (PathBuf, Summary) {
        let path = folder.join("a.bw");
        let chroms = Chroms::new(NAMES.map(|name| (name.to_string(), length))).unwrap();
        let (file, summary) = write(&path, &chroms, segments.iter().copied()).unwrap();
        file.complete().unwrap();
        (path, summary)
    }

    /// The segments of a chromosome.
    fn on(chrom: u32, segments: &[Segment]) -> impl Iterator<Item = &Segment> {
        let on_it = move |segment: &&Segment| segment.region.chrom == ChromId(chrom);
        segments.iter().filter(on_it)
    }

    /// Each record of each zoom level has the sums over its bases, and each base is in one; how many
    /// levels there are.
    fn check_zooms(path: &Path, length: u32, segments: &[Segment]) -> usize {
        let mut reader = BigWigRead::open_file(path).unwrap();
        let levels = reader.info().zoom_headers.clone();
        for (name, chrom) in NAMES.into_iter().zip(0..) {
            let mut bases = vec![None; length as usize];
            for segment in on(chrom, segments) {
                let Region { start, end, .. } = segment.region;
                bases[start as usize..end as usize].fill(Some(segment.value));
            }
            for level in levels.iter().map(|header| header.reduction_level) {
                let mut covered = 0;
                for record in reader.get_zoom_interval(name, 0, length, level).unwrap() {
                    let record = record.unwrap();
                    assert!(record.end - record.start <= level);
                    let of_record = record.start as usize..record.end as usize;
                    let values = bases[of_record].iter().flatten();
                    let values: Vec<f64> = values.map(|&value| f64::from(value)).collect();
                    let got = record.summary;
                    assert_eq!(got.bases_covered as usize, values.len());
                    assert_eq!(got.min_val, values.iter().copied().fold(f64::MAX, f64::min));
                    assert_eq!(got.max_val, values.iter().copied().fold(f64::MIN, f64::max));
                    assert_eq!(got.sum, values.iter().sum::<f64>());
                    assert_eq!(got.sum_squares, values.iter().map(|v| v * v).sum::<f64>());
                    covered += values.len();
                }
                assert_eq!(covered, bases.iter().flatten().count(), "level {level}");
            }
        }
        levels.len()
    }

    /// bigtools' reader and ours find the same values, cut to the bases asked for: those written.
    fn check_values(path: &Path, segments: &[Segment], start: u32, end: u32) {
        let mut theirs = BigWigRead::open_file(path).unwrap();
        let mut ours = BigWig::open(path).unwrap();
        for (name, chrom) in NAMES.into_iter().zip(0..) {
            let cut = on(chrom, segments).map(|segment| {
                let Region {
                    start: s, end: e, ..
                } = segment.region;
                (s.max(start), e.min(end), segment.value)
            });
            let wanted: Vec<_> = cut.filter(|(start, end, _)| start < end).collect();
            let region = Region {
                chrom: ChromId(chrom),
                start,
                end,
            };
            let read = ours.segments(name, region).unwrap();
            let read = read.iter().map(|s| (s.region.start, s.region.end, s.value));
            assert_eq!(read.collect::<Vec<_>>(), wanted);
            let read = theirs.get_interval(name, start, end).unwrap();
            let read = read.map(|value| value.unwrap());
            let read: Vec<_> = read.map(|v| (v.start, v.end, v.value)).collect();
            assert_eq!(read, wanted);
        }
    }

    #[test]
    fn windows_of_bins_and_of_bases_are_read_as_they_were_written() {
        const LENGTH: u32 = 3_000_000;
        for bin in [30, 1] {
            let dir = tempfile::tempdir().unwrap();
            let segments = windows(bin);
            let (path, summary) = written(dir.path(), LENGTH, &segments);
            assert_eq!(summary.bases, u64::from(2 * 60 * 100 * bin));
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
            let levels = check_zooms(&path, LENGTH, &segments);
            assert!(levels > 2, "{levels} zoom levels");
            for (start, end) in [(0, LENGTH), (5, 8), (2_990, 97_100), (50_000, 1_000_000)] {
                check_values(&path, &segments, start, end);
            }
        }
    }

    /// Segments of a chromosome: mostly single bases side by side, with gaps and with neighbours of
    /// one value that were joined. Values whose sums lose no digit.
    fn of_chrom(chrom: u32) -> impl Strategy<Value = Vec<Segment>> {
        let gap = prop_oneof![200 => Just(0u32), 1 => 1..3000u32];
        let length = prop_oneof![100 => Just(1u32), 1 => 2..40u32];
        let segment = (gap, length, -40i16..40);
        prop::collection::vec(segment, 1..3000).prop_map(move |segments| {
            let mut place = 0u32;
            let segment = |(gap, length, value): (u32, u32, i16)| {
                let start = place + gap;
                place = start + length;
                let region = Region {
                    chrom: ChromId(chrom),
                    start,
                    end: place,
                };
                let value = f32::from(value) / 4.0;
                Segment { region, value }
            };
            segments.into_iter().map(segment).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn single_bases_are_read_as_they_were_written(
            (first, second) in (of_chrom(0), of_chrom(1)),
            (start, bases) in (0..10_000u32, 1..5_000u32),
        ) {
            let dir = tempfile::tempdir().unwrap();
            let segments = [first, second].concat();
            let length = segments.iter().map(|segment| segment.region.end).max().unwrap();
            let (path, _) = written(dir.path(), length, &segments);
            check_zooms(&path, length, &segments);
            check_values(&path, &segments, 0, length);
            check_values(&path, &segments, start, start + bases);
        }
    }
}
