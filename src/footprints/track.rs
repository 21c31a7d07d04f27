//! From cuts to a score track and footprints.

mod request;
mod scoring;
mod summary;

use std::path::{Path, PathBuf};

use tracing::warn;

pub use request::{CallRequest, Selection};
pub use summary::CallSummary;

use super::regions::Regions;
use super::wellington::Wellington;
use crate::error::{Error, Result};
use crate::formats::{Lines, write_bigwig};
use crate::genome::{Chroms, Region};
use crate::output;
use crate::progress::Progress;
use scoring::{Scoring, Work};

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
    request.selection.check()?;
    let wellington = Wellington::new(&request.settings)?;
    let names = request.cuts.names(chroms)?;
    let regions = Regions::read(&request.regions, chroms)?;
    let long = long_enough(&regions.merged, request.settings.shortest_region())?;
    for &region in &long {
        names.of(region)?;
    }
    let file = |ending: &str| prefix.with_added_extension(ending);
    let inputs = request.files.iter().chain([&request.regions]);
    let inputs = inputs.chain(&request.reference).map(PathBuf::as_path);
    output::spare(&["bw", "bed", "json"].map(file), inputs)?;
    let dir = output::folder_of(prefix);
    output::create_dir(dir)?;
    let mut summary = CallSummary::new(request, dir, &regions, long.len())?;

    let bed = Lines::new(&file("bed"), scoring::HEADER)?;
    progress.start("footprints", long.len() as u64, 0);
    let work = Work {
        request,
        wellington: &wellington,
        names: &names,
        chroms,
        progress,
    };
    let mut scoring = Scoring::new(work, &long, bed);
    let written = write_bigwig(&file("bw"), chroms, &mut scoring);
    progress.finish();
    let (bed, counts) = match scoring.finish() {
        Ok(done) => done,
        Err(error) => {
            // What the bigWig holds ends where the error came.
            if let Ok((bigwig, _)) = written {
                output::remove_if_there(bigwig.path())?;
            }
            return Err(error);
        }
    };
    let (bigwig, track) = written?;
    (summary.counts, summary.track) = (counts, track);
    // What describes the files comes last, and never describes others.
    output::remove_if_there(&file("json"))?;
    bigwig.complete()?;
    bed.complete()?;
    output::write_json(file("json"), &summary)?;
    summary.report();
    Ok(summary)
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
