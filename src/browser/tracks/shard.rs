//! Tracks in shards: each machine runs the networks on some of the pairs, one puts together what they
//! said.
//!
//! A shard holds what the networks say about its pairs, not tracks: values at a base come from pairs of
//! several shards, and a sum of sums has other last digits. Merging takes the way from there on that
//! [`write`](super::write::write()) takes, so that it ends with the same bytes.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::info;

use super::activity_bases::ActivityBases;
use super::inputs::Inputs;
use super::request::TracksRequest;
use super::summary::{Made, TracksSummary};
use super::writer::Writer;
use super::{matrix, write};
use crate::error::Result;
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::network::inference::block_of;
use crate::network::inference::said::{self, Layout};
use crate::output::provenance::{Input, digest, make_whole};
use crate::output::shard::{self, Body, Divided, Shard, Shards};
use crate::output::{Claim, FolderKind};
use crate::progress::Progress;
use crate::run::Run;

/// What all shards of a folder of tracks share.
#[derive(Debug, Serialize, Deserialize)]
pub struct TracksWork {
    run: PathBuf,
    request: TracksRequest,
    /// A checksum of the pairs that were found the most probable, where only these are taken: machines
    /// that round differently may find others.
    most_probable_pairs: Option<String>,
    #[serde(flatten)]
    made: Made,
}

/// What a shard holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct TracksDone {
    device: DeviceDescription,
    pairs: usize,
}

impl Divided for TracksWork {
    const COMMAND: &'static str = "tracks";
    type Done = TracksDone;
}

impl TracksWork {
    /// Names every file by its whole path: whoever merges may stand elsewhere.
    fn new(run: &Run, request: &TracksRequest, reference: &Input) -> Result<Self> {
        let (mut run_dir, mut request) = (run.dir().to_path_buf(), request.clone());
        request.reference = Some(reference.path.clone());
        let annotation = &mut request.annotation;
        let motifs = annotation.motifs.iter_mut().flat_map(|of| of.paths());
        let paths = motifs.chain(&mut annotation.footprints);
        make_whole(paths.chain([&mut run_dir]))?;
        Ok(Self {
            run: run_dir,
            made: Made::new(run, &request, reference, Path::new("/"))?,
            most_probable_pairs: None,
            request,
        })
    }
}

/// Runs a shard's part of the pairs through a run's network and writes what it says into a folder, which
/// is made. Attention matrices are written by the
/// first shard.
///
/// The parts are neighbours from left to right, so that few windows are in several, and whole blocks of
/// those that a single run computes together.
///
/// # Errors
///
/// As [`write`](super::write::write()).
pub fn write_shard(
    run: &Run,
    request: &TracksRequest,
    shard: Shard,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<()> {
    let mut inputs = Inputs::read(run, request)?;
    let request = &inputs.resolved(request)?;
    let matrices = inputs.called(&request.matrices)?;
    let order = inputs.chosen(run, request)?;
    let mut work = TracksWork::new(run, request, &inputs.reference_file)?;
    // What it cannot read is told before the long work, not when all shards are done.
    write::annotator(request, &inputs, progress)?;
    let _claim = shard::begin(dir)?;
    let ensemble = run.ensemble(device)?;
    let order = inputs.most_probable(order, request, &ensemble, progress)?;
    if request.most_probable.is_some() {
        work.most_probable_pairs = Some(digest(&order)?);
    }
    let ensemble = ensemble
        .with_contributions(request.of_pairs(), request.rank)
        .with_activity(true);
    let part = &order[shard.part(order.len(), block_of(request.of_pairs()))];
    let mut bases = ActivityBases::new(run, request, &ensemble, &inputs, part)?;

    let beside = inputs.beside(part);
    let Inputs {
        mut reference,
        table,
        ..
    } = inputs;
    let mut body = Body::new(dir)?;
    progress.start(request.what(), part.len() as u64, 0);
    let windows = table.windows_of(part);
    let asked = (windows.as_slice(), beside.as_deref());
    ensemble.for_each_with(&mut reference, asked, |number, mut said| {
        progress.advance(1, "");
        if let Some(bases) = &mut bases {
            bases.tell(number, &mut said)?;
        }
        body.write(|out| said::write(out, part[number], &said))
    })?;
    progress.finish();
    if shard.is_first() {
        write::write_matrices(dir, &matrices, &table, &ensemble, &mut reference)?;
    }
    let done = TracksDone {
        device: device.description.clone(),
        pairs: part.len(),
    };
    let machine = Some(device.description.to_string());
    shard::complete(dir, shard, machine, (work, done), Some(body))?;
    info!("{}: shard {shard}, {} pairs", dir.display(), part.len());
    Ok(())
}

/// Writes the tracks of which some folders hold the shards, in any order, into a folder: what one run
/// would have written. Memory does not grow with the number of shards.
///
/// # Errors
///
/// As [`Shards::open`]; inputs that have changed since, values that were damaged, and as
/// [`write`](super::write::write()).
pub fn merge_shards(
    dirs: &[PathBuf],
    allow_mixed: bool,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<TracksSummary> {
    let shards = Shards::<TracksWork>::open(dirs, allow_mixed)?;
    let Shards { work, parts } = &shards;
    let (run, request) = (Run::open(&work.run)?, &work.request);
    let inputs = Inputs::read(&run, request)?;
    let now = TracksWork {
        most_probable_pairs: work.most_probable_pairs.clone(),
        ..TracksWork::new(&run, request, &inputs.reference_file)?
    };
    shard::unchanged(work, &now)?;
    let _claim = Claim::folder(dir, FolderKind::Tracks)?;
    let made = Made::new(&run, request, &inputs.reference_file, dir)?;
    let annotator = write::annotator(request, &inputs, progress)?;
    let chroms = inputs.reference.chroms().clone();
    let (table, format) = (&inputs.table, inputs.reference.format());
    let known = (inputs.parts.as_slice(), inputs.context.as_ref());
    let mut writer = Writer::new(dir, &chroms, request, &run, known, annotator)?;
    let settings = &run.record.settings;
    let several = settings.ensemble > 1;
    let layout = Layout::new(
        &settings.model,
        several,
        request.contributions,
        request.rank,
    );
    let layout = layout.with_activity(&settings.model, true);
    let pairs = parts.iter().map(|(_, done)| done.pairs).sum();
    progress.start(request.what(), pairs as u64, 0);
    for part in shards.bodies(|file| said::read(file, &layout)) {
        let (place, said) = part?;
        progress.advance(1, "");
        writer.add(place, &table.pairs[place], table.windows[place], &said)?;
    }
    progress.finish();
    matrix::copy(&parts[0].0, dir, &request.matrices)?;
    let device = parts.iter().map(|(_, done)| &done.device).collect();
    write::finish(&run, request, writer, (made, device, pairs), dir, format)
}
