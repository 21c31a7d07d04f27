//! bigWig files.

use std::cell::Cell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use bigtools::beddata::BedParserStreamingIterator;
use bigtools::{BigWigWrite, Value};
use serde::{Deserialize, Serialize};

use crate::attention::Segment;
use crate::error::{Error, IoContext, Result};
use crate::genome::Chroms;
use crate::output::Partial;

/// What a bigWig holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
/// There are no zoom levels: those of bigtools 0.5.8 give the bases of a gap, where no window is,
/// the value that comes after it. Readers summarise the values themselves.
///
/// # Errors
///
/// No segment at all, a value that is not a finite number, a folder that cannot be written to.
pub fn write(
    path: &Path,
    chroms: &Chroms,
    segments: impl Iterator<Item = Segment>,
) -> Result<(Partial, Summary)> {
    let file = Partial::new(path);
    let refuse = |error: &dyn std::fmt::Display| Error::format(path, error);
    let sizes: HashMap<String, u32> = chroms
        .iter()
        .map(|(name, length)| (name.to_string(), length))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(rayon::current_num_threads())
        .build()
        .at(path)?;
    let tally = Rc::new(Cell::new(Tally::default()));
    let values = segments.map(|segment| {
        let mut counted = tally.get();
        counted.add(&segment);
        tally.set(counted);
        let value = Value {
            start: segment.region.start,
            end: segment.region.end,
            value: segment.value,
        };
        (chroms.name(segment.region.chrom), value)
    });
    let mut writer = BigWigWrite::create_file(file.path(), sizes).at(file.path())?;
    writer.options.max_zooms = 0;
    let values = BedParserStreamingIterator::wrap_infallible_iter(values, false);
    writer
        .write(values, runtime)
        .map_err(|error| refuse(&error))?;
    let summary = tally.get().summary().map_err(|problem| refuse(&problem))?;
    Ok((file, summary))
}

#[derive(Debug, Clone, Copy)]
struct Tally {
    bases: u64,
    sum: f64,
    min: f32,
    max: f32,
    finite: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            bases: 0,
            sum: 0.0,
            min: f32::INFINITY,
            max: f32::NEG_INFINITY,
            finite: true,
        }
    }
}

impl Tally {
    fn add(&mut self, segment: &Segment) {
        let bases = u64::from(segment.region.len());
        self.bases += bases;
        self.sum += bases as f64 * f64::from(segment.value);
        self.min = self.min.min(segment.value);
        self.max = self.max.max(segment.value);
        self.finite &= segment.value.is_finite();
    }

    fn summary(&self) -> Result<Summary, &'static str> {
        if !self.finite {
            return Err("a value is not a finite number");
        }
        Ok(Summary {
            bases: self.bases,
            min: self.min,
            max: self.max,
            mean: self.sum / self.bases as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use bigtools::BigWigRead;

    use super::*;
    use crate::genome::{ChromId, Region};

    #[test]
    fn no_summary_covers_a_gap() {
        let dir = tempfile::tempdir().unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 20_000_000)]).unwrap();
        // Windows of 3 kb in bins of 30 bases, 100 kb apart.
        let segments = (0..150u32).flat_map(|window| {
            (0..100).map(move |bin| {
                let start = 7 + window * 100_000 + bin * 30;
                Segment {
                    region: Region {
                        chrom: ChromId(0),
                        start,
                        end: start + 30,
                    },
                    value: (window * 31 + bin * 17) as f32 % 11.0,
                }
            })
        });
        let path = dir.path().join("gaps.bw");
        let (file, summary) = write(&path, &chroms, segments).unwrap();
        file.complete().unwrap();
        assert_eq!(summary.bases, 150 * 3000);
        let mut reader = BigWigRead::open_file(&path).unwrap();
        let values = reader.get_interval("chr1", 0, 20_000_000).unwrap();
        let bases: u32 = values.map(|v| v.unwrap()).map(|v| v.end - v.start).sum();
        assert_eq!(bases, 150 * 3000);
        let levels = reader.info().zoom_headers.clone();
        for level in levels.iter().map(|header| header.reduction_level) {
            let records = reader.get_zoom_interval("chr1", 0, 20_000_000, level);
            let records = records.unwrap().map(|record| record.unwrap());
            let covered: u64 = records.map(|record| record.summary.bases_covered).sum();
            assert_eq!(covered, 150 * 3000, "zoom level {level}");
        }
    }
}
