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

/// Writes segments, from left to right, as a bigWig with zoom levels; chromosomes come in the
/// order of their names. The caller completes the file.
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
    let writer = BigWigWrite::create_file(file.path(), sizes).at(file.path())?;
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
