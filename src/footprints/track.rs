//! From cuts to a score track and footprints.

mod request;
mod scoring;
mod shard;
mod summary;

use std::path::{Path, PathBuf};

use tracing::warn;

pub use request::{CallRequest, Selection};
pub use shard::{CallWork, merge_shards, write_shard};
pub use summary::CallSummary;

use super::names::ChromNames;
use super::regions::Regions;
use super::wellington::Wellington;
use crate::error::{Error, Result};
use crate::formats::{Lines, write_bigwig};
use crate::genome::{Chroms, Region};
use crate::output::{self, Claim};
use crate::progress::Progress;
use scoring::{Batches, Scored, Scoring, Work};

/// Writes the scores of all bases of the regions into `PREFIX.bw`, the footprints into
/// `PREFIX.bed` and what they were made from into `PREFIX.json`, which comes last.
///
/// Regions that touch or overlap become one. Those too short for two shoulders and a footprint
/// are left out. Memory holds the regions' places (twelve bytes each), the tables of tails, and
/// the cuts and scores of about a million bases at a time.
///
/// # Errors
///
/// Inputs that cannot be read, are of another assembly or have bad rows; settings that make no
/// sense; no region that is long enough; a folder that cannot be written to.
pub fn write(
    request: &CallRequest,
    chroms: &Chroms,
    prefix: &Path,
    progress: &dyn Progress,
) -> Result<CallSummary> {
    let opened = Opened::new(request, chroms)?;
    let files = Files { prefix };
    let _claim = files.claim(request)?;
    progress.start("footprints", opened.long.len() as u64, 0);
    let batches = Batches {
        work: opened.work(request, progress),
        left: &opened.long,
    };
    let written = files.write(request, chroms, &opened, batches);
    progress.finish();
    written
}

/// Whether the footprints of a request are already there.
///
/// # Errors
///
/// Inputs that cannot be read.
pub fn written(request: &CallRequest, chroms: &Chroms, prefix: &Path) -> Result<bool> {
    let files = Files { prefix };
    let there = ["bw", "bed", "json"].map(|ending| files.ending(ending));
    if !there.iter().all(|file| file.exists()) {
        return Ok(false);
    }
    let text = std::fs::read_to_string(files.ending("json")).ok();
    let found: Option<CallSummary> = text.and_then(|text| serde_json::from_str(&text).ok());
    let Some(found) = found else {
        return Ok(false);
    };
    let opened = Opened::new(request, chroms)?;
    let dir = output::folder_of(prefix);
    let made = CallSummary::new(request, dir, &opened.regions, opened.long.len())?;
    // What was found in the same inputs is the same.
    let (counts, track) = (found.counts, found.track);
    Ok(found
        == CallSummary {
            counts,
            track,
            ..made
        })
}

/// What is scored and where, ready.
struct Opened {
    wellington: Wellington,
    names: ChromNames,
    regions: Regions,
    /// Those that are long enough.
    long: Vec<Region>,
}

impl Opened {
    fn new(request: &CallRequest, chroms: &Chroms) -> Result<Self> {
        request.selection.check()?;
        let wellington = Wellington::new(&request.settings)?;
        let names = request.cuts.names(chroms)?;
        let regions = Regions::read(&request.regions, chroms)?;
        let long = long_enough(&regions.merged, request.settings.shortest_region())?;
        for &region in &long {
            names.of(region)?;
        }
        Ok(Self {
            wellington,
            names,
            regions,
            long,
        })
    }

    fn work<'a>(&'a self, request: &'a CallRequest, progress: &'a dyn Progress) -> Work<'a> {
        Work {
            request,
            wellington: &self.wellington,
            names: &self.names,
            progress,
        }
    }
}

/// What is written.
struct Files<'a> {
    prefix: &'a Path,
}

impl Files<'_> {
    /// Makes the files, which are no inputs, one's own.
    fn claim(&self, request: &CallRequest) -> Result<Claim> {
        let inputs = request.files.iter().chain([&request.regions]);
        let inputs = inputs.chain(&request.reference).map(PathBuf::as_path);
        let all = ["bed", "bw", "json"].map(|ending| self.ending(ending));
        output::spare(&all, inputs)?;
        Claim::files(&all)
    }

    fn ending(&self, ending: &str) -> PathBuf {
        self.prefix.with_added_extension(ending)
    }

    /// Writes what is known of the regions, batch by batch.
    fn write(
        &self,
        request: &CallRequest,
        chroms: &Chroms,
        opened: &Opened,
        batches: impl Iterator<Item = Result<Vec<Scored>>>,
    ) -> Result<CallSummary> {
        let dir = output::folder_of(self.prefix);
        let mut summary = CallSummary::new(request, dir, &opened.regions, opened.long.len())?;
        let bed = Lines::new(&self.ending("bed"), scoring::HEADER)?;
        let mut scoring = Scoring::new(batches, chroms, bed);
        let written = write_bigwig(&self.ending("bw"), chroms, &mut scoring);
        let (bed, counts) = scoring.finish()?;
        let (bigwig, track) = written?;
        (summary.counts, summary.track) = (counts, track);
        // What describes the files comes last, and never describes others.
        output::remove_if_there(&self.ending("json"))?;
        bigwig.complete()?;
        bed.complete()?;
        output::write_json(self.ending("json"), &summary)?;
        summary.report();
        Ok(summary)
    }
}

/// The regions that are long enough.
fn long_enough(regions: &[Region], shortest: u32) -> Result<Vec<Region>> {
    let long = regions.iter().filter(|region| region.len() >= shortest);
    let long: Vec<Region> = long.copied().collect();
    let short = regions.len() - long.len();
    if long.is_empty() {
        return Err(Error::Undefined(format!(
            "no region has {shortest} bases, which two shoulders and a footprint need"
        )));
    }
    if short > 0 {
        warn!("regions left out because they are shorter than {shortest} bases: {short}");
    }
    Ok(long)
}
