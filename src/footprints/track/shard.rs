//! Footprints in shards: each scores some neighbouring regions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tracing::info;

use super::super::cuts::{Assay, CutSource};
use super::super::settings::Settings;
use super::request::{CallRequest, Selection};
use super::scoring::{Batches, Scored};
use super::summary::CallSummary;
use super::{Files, Opened};
use crate::error::Result;
use crate::genome::{Chroms, Reference};
use crate::output::provenance::{Input, make_whole};
use crate::output::shard::{self, Body, Divided, Shard, Shards};
use crate::progress::Progress;

/// Regions that are scored together when shards are merged.
const TOGETHER: usize = 1024;

/// What all shards of a call share.
#[derive(Debug, Serialize, Deserialize)]
pub struct CallWork {
    cuts: Vec<Input>,
    assay: Assay,
    regions: Input,
    reference: Option<Input>,
    settings: Settings,
    selection: Selection,
}

/// What a shard holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct CallDone {
    regions: usize,
}

impl Divided for CallWork {
    const COMMAND: &'static str = "footprints call";
    type Done = CallDone;
}

impl CallWork {
    fn new(request: &CallRequest) -> Result<Self> {
        // As they were given: the index of a BAM file lies beside its name, not beside what that leads to.
        let input = |path: &PathBuf| -> Result<Input> {
            let (mut path, sha256) = (path.clone(), Input::new(path)?.sha256);
            make_whole([&mut path])?;
            Ok(Input { path, sha256 })
        };
        Ok(Self {
            cuts: request.files.iter().map(input).collect::<Result<_>>()?,
            assay: request.cuts.assay,
            regions: input(&request.regions)?,
            reference: request.reference.as_ref().map(input).transpose()?,
            settings: request.settings.clone(),
            selection: request.selection,
        })
    }

    fn request(&self) -> Result<CallRequest> {
        let files: Vec<PathBuf> = self.cuts.iter().map(|file| file.path.clone()).collect();
        Ok(CallRequest {
            cuts: CutSource::open(&files, self.assay)?,
            files,
            regions: self.regions.path.clone(),
            reference: self.reference.as_ref().map(|file| file.path.clone()),
            settings: self.settings.clone(),
            selection: self.selection,
        })
    }
}

impl CallRequest {
    /// The chromosomes: those of the reference, or of the cuts where there is none.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn chroms(&self) -> Result<Arc<Chroms>> {
        Ok(match &self.reference {
            Some(path) => Reference::open(path)?.chroms().clone(),
            None => Arc::new(self.cuts.chroms().clone()),
        })
    }
}

/// Scores a shard's part of the regions into a folder, which is made.
///
/// # Errors
///
/// As [`write`](super::write()).
pub fn write_shard(
    request: &CallRequest,
    shard: Shard,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<()> {
    let chroms = request.chroms()?;
    let opened = Opened::new(request, &chroms)?;
    let work = CallWork::new(request)?;
    let _claim = shard::begin(dir)?;
    let part = &opened.long[shard.part(opened.long.len(), 1)];
    let mut body = Body::new(dir)?;
    progress.start("footprints", part.len() as u64, 0);
    let batches = Batches {
        work: opened.work(request, progress),
        left: part,
    };
    for batch in batches {
        for scored in batch? {
            body.write(|out| scored.write(out))?;
        }
    }
    progress.finish();
    let regions = part.len();
    shard::complete(dir, shard, None, (work, CallDone { regions }), Some(body))?;
    info!("{}: shard {shard}, {regions} regions", dir.display());
    Ok(())
}

/// Writes the scores and footprints of which some folders hold the shards, in any order: what one call
/// would have written. Memory does not grow with the number of shards.
///
/// # Errors
///
/// As [`Shards::open`] and [`write`](super::write()); inputs that have changed since.
pub fn merge_shards(dirs: &[PathBuf], prefix: &Path) -> Result<CallSummary> {
    let shards = Shards::<CallWork>::open(dirs, false)?;
    let request = shards.work.request()?;
    shard::unchanged(&shards.work, &CallWork::new(&request)?)?;
    let chroms = request.chroms()?;
    let opened = Opened::new(&request, &chroms)?;
    let files = Files { prefix };
    let _claim = files.claim(&request)?;
    let mut bodies = shards.bodies(Scored::read);
    let batches = std::iter::from_fn(|| {
        let batch: Result<Vec<Scored>> = bodies.by_ref().take(TOGETHER).collect();
        let is_end = matches!(&batch, Ok(scored) if scored.is_empty());
        (!is_end).then_some(batch)
    });
    files.write(&request, &chroms, &opened, batches)
}
