//! From cuts to a score track and footprints.

mod scoring;
mod summary;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::warn;

pub use summary::CallSummary;

use super::cuts::CutSource;
use super::{Regions, Settings, Wellington};
use crate::error::{Error, Result};
use crate::formats::{Lines, write_bigwig};
use crate::genome::{Chroms, Region};
use crate::output;
use crate::progress::Progress;
use scoring::Scoring;
use summary::Made;

/// Which bases become footprints. Scores are in −log10 p here.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Those with a higher score.
    Cutoff(f64),
    /// Those with a higher score than all but a part of the shuffled bases of the same region.
    FalseDiscovery {
        /// The part, between 0 and 1.
        rate: f64,
        /// A footprint scores more than this too, even where shuffled bases ask for less. (pyDNase
        /// calls nothing in such a region, which leaves out the footprints of shallow reads.)
        least: f64,
        /// The seed of the shuffling.
        seed: u64,
    },
}

impl Selection {
    /// The part of shuffled bases of the paper and of pyDNase.
    pub const RATE: f64 = 0.01;
    /// pyDNase's limit, −20 in natural logarithms.
    pub const LEAST: f64 = 8.685_889_638_065_037;

    fn check(self) -> Result<()> {
        let refuse = |problem: String| Err(Error::Configuration(problem));
        let score = |name: &str, score: f64| match score.is_finite() && score >= 0.0 {
            true => Ok(()),
            false => refuse(format!("{name} is −log10 p, 0 or more: {score}")),
        };
        match self {
            Self::Cutoff(cutoff) => score("the cutoff", cutoff),
            Self::FalseDiscovery { rate, least, .. } => {
                if !(rate > 0.0 && rate < 1.0) {
                    return refuse(format!(
                        "the false discovery rate is between 0 and 1: {rate}"
                    ));
                }
                score("the least cutoff", least)
            }
        }
    }

    /// The score that a footprint needs at least, whatever its region.
    fn least(self) -> f64 {
        match self {
            Self::Cutoff(cutoff) => cutoff,
            Self::FalseDiscovery { least, .. } => least,
        }
    }
}

/// What to call footprints from.
pub struct CallRequest {
    /// The cuts.
    pub cuts: CutSource,
    /// The files that they come from.
    pub files: Vec<PathBuf>,
    /// The regions: BED, plain or gzip.
    pub regions: PathBuf,
    /// The reference, if the cuts are to be held against one.
    pub reference: Option<PathBuf>,
    /// What footprints may look like.
    pub settings: Settings,
    /// Which bases become footprints.
    pub selection: Selection,
}

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
    let (long, short) = by_length(&regions.merged, &request.settings);
    check_lengths(&long, short.len(), &request.settings)?;
    for &region in &long {
        names.of(region)?;
    }
    let file = |ending: &str| prefix.with_added_extension(ending);
    let inputs = request.files.iter().chain([&request.regions]);
    let inputs = inputs.chain(&request.reference).map(PathBuf::as_path);
    output::spare(&["bw", "bed", "json"].map(file), inputs)?;
    let dir = output::folder_of(prefix);
    output::create_dir(dir)?;
    let made = Made::new(request, dir)?;

    let bed = Lines::new(&file("bed"), scoring::HEADER)?;
    progress.start("footprints", long.len() as u64, 0);
    let mut scoring = Scoring::new(request, &wellington, &names, chroms, &long, bed, progress);
    let written = write_bigwig(&file("bw"), chroms, &mut scoring);
    progress.finish();
    let done = scoring.finish();
    let (bed, counts) = match done {
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
    let summary = CallSummary::new(made, &regions, short.len(), counts, track);
    // What describes the files comes last, and never describes others.
    output::remove_if_there(&file("json"))?;
    bigwig.complete()?;
    bed.complete()?;
    output::write_json(file("json"), &summary)?;
    summary.report();
    Ok(summary)
}

/// Regions that are long enough, and those that are not.
fn by_length(regions: &[Region], settings: &Settings) -> (Vec<Region>, Vec<Region>) {
    let shortest = settings.shortest_region();
    regions.iter().partition(|region| region.len() >= shortest)
}

fn check_lengths(long: &[Region], short: usize, settings: &Settings) -> Result<()> {
    let shortest = settings.shortest_region();
    if long.is_empty() {
        return Err(Error::Undefined(format!(
            "no region has {shortest} bases, which two shoulders and a footprint need"
        )));
    }
    if short > 0 {
        warn!("regions left out because they are shorter than {shortest} bases: {short}");
    }
    Ok(())
}
