//! An analysis in shards: each machine runs the networks, the untrained ones too, on some of the pairs;
//! one counts and tests what they said.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::info;

use super::collect::Said;
use super::controls::Planned;
use super::request::AnalysisRequest;
use super::result::{AnalysisMade, AnalysisSummary};
use super::{Opened, finish, made, networks};
use crate::attention::Rank;
use crate::element::Sides;
use crate::error::Result;
use crate::genome::{Reference, Region};
use crate::network::contribution::Method;
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::network::inference::said::{self, Layout};
use crate::network::inference::{Averaged, along_the_genome, block_of, for_each_ensemble};
use crate::output::provenance::make_whole;
use crate::output::shard::{self, Body, Divided, Shard, Shards};
use crate::output::{Claim, FolderKind};
use crate::progress::Progress;
use crate::run::Run;

/// What all shards of an analysis share.
#[derive(Debug, Serialize, Deserialize)]
pub struct EnrichWork {
    run: PathBuf,
    request: AnalysisRequest,
    /// With the device that the first shard ran on: whether others may is asked elsewhere.
    #[serde(flatten)]
    made: AnalysisMade,
}

impl Divided for EnrichWork {
    const COMMAND: &'static str = "enrich";
    type Done = DeviceDescription;
}

impl EnrichWork {
    /// Names every file by its whole path: whoever merges may stand elsewhere.
    fn new(run: &Run, request: &AnalysisRequest, opened: &Opened) -> Result<Self> {
        let (mut run_dir, mut request) = (run.dir().to_path_buf(), request.clone());
        request.reference = Some(opened.reference_file.path.clone());
        let interactome = request.interactome.iter_mut();
        let interactome =
            interactome.flat_map(|of| [&mut of.file].into_iter().chain(&mut of.string_info));
        let files = request.motifs.paths().chain(&mut request.footprints);
        let files = files.chain(&mut request.knockout).chain(&mut request.table);
        make_whole(files.chain(interactome).chain([&mut run_dir]))?;
        // Devices are compared by themselves.
        let nobody = DeviceDescription {
            kind: String::new(),
            name: String::new(),
        };
        let (file, background) = (opened.reference_file.clone(), opened.motifs.background);
        let made = made(run, &request, Path::new("/"), file, background, &nobody)?;
        Ok(Self {
            run: run_dir,
            request,
            made,
        })
    }
}

/// How much networks say about a pair.
fn layout(run: &Run, rank: Rank) -> Layout {
    let contributions = (rank == Rank::Contribution).then(Method::default);
    let model = &run.record.settings.model;
    let layout = Layout::new(model, false, contributions, rank);
    layout.with_activity(model, rank == Rank::Activity)
}

/// Runs the networks of an analysis on a shard's part of the pairs, neighbours along the genome, and
/// writes what they say into a folder, which is made.
///
/// # Errors
///
/// As [`write`](super::write()).
pub fn write_shard(
    run: &Run,
    request: &AnalysisRequest,
    shard: Shard,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<()> {
    let opened = Opened::new(run, request, progress)?;
    let work = EnrichWork::new(run, request, &opened)?;
    let _claim = shard::begin(dir)?;
    let planned = Planned::all(request);
    let ensembles = networks(run, &planned, request.rank, device)?;
    let mut reference = Reference::open(&opened.reference_file.path)?;
    let windows = opened.quick.table.windows_of(&opened.quick.places);
    let order = along_the_genome(&windows);
    let ordered: Vec<_> = order.iter().map(|&place| windows[place]).collect();
    let contributions = (request.rank == Rank::Contribution).then(Method::default);
    let part = shard.part(ordered.len(), block_of(contributions));
    let mut body = Body::new(dir)?;
    progress.start("windows", part.len() as u64, 0);
    let (first, count) = (part.start, ensembles.len());
    for_each_ensemble(
        &ensembles,
        &mut reference,
        &ordered[part.clone()],
        |pair, network, said| {
            // How far members disagree is not asked for here.
            let said = Averaged {
                sd: None,
                contributions_sd: None,
                activity_sd: None,
                ..said
            };
            if network == 0 {
                progress.advance(1, "");
            }
            let number = (first + pair) * count + network;
            body.write(|out| said::write(out, number, &said))
        },
    )?;
    progress.finish();
    let device = device.description.clone();
    let machine = Some(device.to_string());
    shard::complete(dir, shard, machine, (work, device), Some(body))?;
    info!("{}: shard {shard}, {} pairs", dir.display(), part.len());
    Ok(())
}

/// What the networks said in shards.
struct SaidBefore<'a> {
    shards: &'a Shards<EnrichWork>,
    layout: Layout,
    networks: usize,
}

impl Said for SaidBefore<'_> {
    fn for_each(
        self,
        _windows: &[Sides<Region>],
        each: &mut dyn FnMut(usize, usize, Averaged) -> Result<()>,
    ) -> Result<()> {
        for part in self.shards.bodies(|file| said::read(file, &self.layout)) {
            let (number, said) = part?;
            each(number / self.networks, number % self.networks, said)?;
        }
        Ok(())
    }
}

/// Writes the analysis of which some folders hold the shards, in any order, into a folder: what one would
/// have written.
///
/// # Errors
///
/// As [`Shards::open`] and [`write`](super::write()); inputs that have changed since.
pub fn merge_shards(
    dirs: &[PathBuf],
    allow_mixed: bool,
    dir: &Path,
    progress: &dyn Progress,
) -> Result<AnalysisSummary> {
    let shards = Shards::<EnrichWork>::open(dirs, allow_mixed)?;
    let (run, request) = (Run::open(&shards.work.run)?, &shards.work.request);
    let opened = Opened::new(&run, request, progress)?;
    shard::unchanged(&shards.work, &EnrichWork::new(&run, request, &opened)?)?;
    let _claim = Claim::folder(dir, FolderKind::Analysis)?;
    let device = shards.parts.iter().map(|(_, device)| device).collect();
    let said = SaidBefore {
        shards: &shards,
        layout: layout(&run, request.rank),
        networks: 1 + request.untrained as usize,
    };
    let analysis = opened.analyse(&run, request, dir, (&device, said), progress)?;
    finish(&analysis, dir)
}
