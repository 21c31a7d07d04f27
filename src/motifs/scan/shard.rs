//! A scan in shards: each looks through some neighbouring batches of sequence.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::info;

use super::super::collection::CollectionMade;
use super::{Extent, Files, Opened, ScanRequest, ScanSummary};
use crate::error::Result;
use crate::formats::{Block, SortedBed};
use crate::output::provenance::{Input, make_whole};
use crate::output::shard::{self, Body, Divided, Shard, Shards};
use crate::progress::Progress;

/// What all shards of a scan share.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScanWork {
    request: ScanRequest,
    motifs: CollectionMade,
    reference: Input,
    regions: Option<Vec<Input>>,
}

/// What a shard holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct ScanDone {
    sites: u64,
}

impl Divided for ScanWork {
    const COMMAND: &'static str = "motifs scan";
    type Done = ScanDone;
}

impl ScanWork {
    /// Names every file by its whole path: whoever merges may stand elsewhere.
    fn new(request: &ScanRequest) -> Result<Self> {
        let mut request = request.clone();
        // Of the shard, not of the work.
        request.out = PathBuf::new();
        let files: &mut [PathBuf] = match &mut request.extent {
            Extent::Genome => &mut [],
            Extent::Bed(path) => std::slice::from_mut(path),
            Extent::Regions(_, files) => files,
        };
        let paths = request.motifs.paths().chain(files);
        make_whole(paths.chain([&mut request.reference]))?;
        let inputs = |paths: &[PathBuf]| paths.iter().map(|path| Input::new(path)).collect();
        Ok(Self {
            motifs: request.motifs.made(Path::new("/"))?,
            reference: Input::new(&request.reference)?,
            regions: request.extent.files().map(inputs).transpose()?,
            request,
        })
    }
}

/// Scans a shard's part of the sequence; `out` of the request is its folder, which is made. All of the
/// sequence before the part is read, so that batches are those of a single run.
///
/// # Errors
///
/// As [`run`](super::run()).
pub fn run_shard(request: &ScanRequest, shard: Shard, progress: &dyn Progress) -> Result<()> {
    let dir = &request.out;
    let work = ScanWork::new(request)?;
    let mut opened = Opened::new(request, progress)?;
    let _claim = shard::begin(dir)?;
    let mut body = Body::new(dir)?;
    let (total, mut sites) = (opened.bases(), 0);
    let wanted = |before| shard.begins(before, total);
    opened.scan(true, wanted, progress, |block, count| {
        sites += count;
        body.write(|out| block.write(out))
    })?;
    shard::complete(dir, shard, None, (work, ScanDone { sites }), Some(body))?;
    info!("{}: shard {shard}, {sites} sites", dir.display());
    Ok(())
}

/// Writes the sites of which some folders hold the shards, in any order: what one scan would have
/// written. Memory does not grow with the number of shards.
///
/// # Errors
///
/// As [`Shards::open`] and [`run`](super::run()); inputs that have changed since.
pub fn merge_shards(dirs: &[PathBuf], out: &Path, progress: &dyn Progress) -> Result<ScanSummary> {
    let shards = Shards::<ScanWork>::open(dirs, false)?;
    shard::unchanged(&shards.work, &ScanWork::new(&shards.work.request)?)?;
    let request = ScanRequest {
        out: out.to_path_buf(),
        ..shards.work.request.clone()
    };
    let files = Files::of(&request.out)?;
    let _claim = files.claim(&request)?;
    let opened = Opened::new(&request, progress)?;
    let chroms = &opened.chroms;
    let mut bed = SortedBed::new(&files.bed, files.bgzip, chroms)?;
    let block = |file: &mut BufReader<File>| {
        let block = Block::read(file)?;
        match files.bgzip {
            true => Ok(block),
            false => block.decompressed(),
        }
    };
    for block in shards.bodies(block) {
        bed.add(&block?, chroms)?;
    }
    let parts = shards.parts.iter();
    let sites = parts.map(|(_, done)| done.sites).sum();
    opened.finish(&request, files, bed, sites)
}
