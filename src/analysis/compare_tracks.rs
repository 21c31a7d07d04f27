//! Where the attention of two runs differs, or what bases add to their answers, and whether their seeds
//! could be the reason.

mod collect;
mod measure;
mod relabelings;
mod summary;
mod window;

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use tracing::warn;

use crate::attention::{Aggregate, Bins, Coverage, Rank, TOP, joined};
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::formats::{Summary, write_bigwig};
use crate::genome::{ChromId, Chroms, Reference, Region};
use crate::network::contribution::Method;
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind, Partial};
use crate::pairs::{Labels, PairTable, TableSource};
use crate::progress::Progress;
use crate::run::Run;
use crate::statistics::benjamini_hochberg;
use crate::text::choice::Choice;

use collect::Common;
pub use measure::Measure;
use relabelings::Relabelings;
use summary::SIGNIFICANT;
pub use summary::{CompareTracksSummary, ComparedRun, Tested};
use window::{Difference, DifferentRegion, Window};

/// The fewest members of either run with which differences are tested.
pub const FEWEST: usize = 3;
/// The most regions of a window that can be asked for.
pub const MOST_REGIONS: usize = TOP;
/// Windows that are compared at once, and the statistics, one of each labelling, that are kept of them.
const BLOCK: usize = 256;
const STATISTICS: usize = 4 << 20;

/// What to compare.
#[derive(Debug, Clone)]
pub struct CompareTracksRequest {
    /// What of the two runs.
    pub measure: Measure,
    /// A table whose pairs are looked at, in place of the two runs' own.
    pub table: Option<TableSource>,
    /// Where the reference is now.
    pub reference: Option<PathBuf>,
    /// The most regions of a window, up to [`MOST_REGIONS`].
    pub regions: usize,
    /// The most labellings of the members that differences are compared with: all where there are no
    /// more.
    pub permutations: usize,
    /// The seed of labellings that are drawn.
    pub seed: u64,
}

/// A line of `differences.tsv`.
#[derive(Serialize)]
struct Row<'a> {
    chrom: &'a str,
    start: u32,
    end: u32,
    element: Element,
    window_start: u32,
    window_end: u32,
    rank: u8,
    value_a: f64,
    value_b: f64,
    difference: f64,
    sd: Option<f64>,
    p: Option<f64>,
    q: Option<f64>,
}

const TABLE: &str = "differences.tsv";
const SUMMARY: &str = "compare-tracks.json";

/// What was found in all windows.
struct Found {
    coverage: Sides<Coverage>,
    regions: Vec<(Element, Region, Region, DifferentRegion)>,
    /// Of each labelling the sum over the windows of the largest statistic.
    largest: Vec<f64>,
}

/// Compares what is measured of two runs, B less A, over the windows that both have, and writes
/// tracks and a table into a folder, which is made. All networks of both look at the same pairs.
///
/// Memory grows with the distinct windows: eight bytes for each bin and network; what is kept
/// of labellings beside them is some tens of megabytes at most.
///
/// # Errors
///
/// Inputs that cannot be read, runs of different references or bins, no window in common.
pub fn write(
    runs: [&Run; 2],
    request: &CompareTracksRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<CompareTracksSummary> {
    warn_of_split(runs)?;
    let (mut reference, reference_file) = open_reference(runs, request)?;
    let bins = same_bins(runs)?;
    let chroms = reference.chroms().clone();
    let common = Common::of(&tables(runs, request, &chroms)?);
    if common.pairs.is_empty() {
        let problem = "the two runs have no window in common: there is nothing to compare";
        return Err(Error::Undefined(problem.to_string()));
    }
    let _claim = Claim::folder(dir, FolderKind::Differences)?;
    let sizes = runs.map(|run| run.record.settings.ensemble);
    let tested = sizes.iter().all(|&members| members >= FEWEST);
    if !tested {
        warn!("no p-values: they take runs of at least {FEWEST} networks each (an ensemble)");
    }
    let null = tested.then(|| Relabelings::new(sizes, request.permutations, request.seed));
    let (networks, measure) = (networks(runs, request.measure, device)?, request.measure);
    let about = (&mut reference, progress);
    let windows = common.ask(&networks, sizes[0], measure, about)?;
    let found = Found::new(&windows, bins, request.regions, null.as_ref());

    // What describes the files goes before they change and comes when they are all there.
    let path = dir.join(SUMMARY);
    output::remove_if_there(&path)?;
    let significant = write_regions(&found.regions, measure, &chroms, &dir.join(TABLE))?;
    let tested = null.map(|null| found.tested(&null, request.seed, significant));
    let (files, differences) = write_tracks(found.coverage, &chroms, dir)?;
    files.into_iter().try_for_each(Partial::complete)?;
    let table = request.table.as_ref();
    let table = table.map(|table| table.file.seen_from(dir)).transpose()?;
    let [a, b] = runs.map(|run| ComparedRun::new(run, dir));
    let summary = CompareTracksSummary {
        version: VERSION.to_string(),
        measure,
        a: a?,
        b: b?,
        table,
        reference: reference_file.seen_from(dir)?,
        windows: windows.as_ref().map(Vec::len),
        pairs: common.pairs.len(),
        differences,
        tested,
        regions: found.regions.len(),
        device: device.description.clone(),
    };
    output::write_json(path, &summary)?;
    summary.tell(dir);
    Ok(summary)
}

/// All networks of both runs, A's first.
fn networks(runs: [&Run; 2], measure: Measure, device: &ComputeDevice) -> Result<Vec<Predictor>> {
    let contributions = (measure == Measure::Contribution).then(Method::default);
    let mut networks = runs[0].predictors(device)?;
    networks.extend(runs[1].predictors(device)?);
    let networks = networks.into_iter();
    let asked = networks.map(|of| of.with_contributions(contributions, Rank::Attention));
    Ok(asked.collect())
}

/// The reference that both runs were made from.
fn open_reference(runs: [&Run; 2], request: &CompareTracksRequest) -> Result<(Reference, Input)> {
    let [a, b] = runs.map(|run| &run.record.settings.reference);
    if request.reference.is_none() && a.sha256 != b.sha256 {
        return Err(Error::Configuration(format!(
            "the two runs are of different references, {} and {}",
            a.path.display(),
            b.path.display()
        )));
    }
    runs[0].open_reference(request.reference.as_deref())
}

/// Says so where two runs of one table have learnt from different pairs of it: their networks are not
/// exchangeable then, though they differ by nothing that the user has given but a seed.
fn warn_of_split(runs: [&Run; 2]) -> Result<()> {
    let [a, b] = runs.map(|run| {
        let tables = run.record.settings.tables();
        let sums = tables.map(|table| &table.file.sha256);
        sums.collect::<Vec<_>>()
    });
    let [own, other] = runs.map(Run::split_file);
    if a == b && own?.sha256 != other?.sha256 {
        warn!(
            "the two runs divide one table differently: what differs may be what they learnt from"
        );
    }
    Ok(())
}

/// The bins of both runs' windows.
fn same_bins(runs: [&Run; 2]) -> Result<Sides<Bins>> {
    let [a, b] = runs.map(|run| run.record.settings.model.bins());
    if a == b {
        return Ok(a);
    }
    let problem = "the two runs see windows of other lengths, or divide them into other bins";
    Err(Error::Configuration(problem.to_string()))
}

/// The tables whose windows are compared.
fn tables(
    runs: [&Run; 2],
    request: &CompareTracksRequest,
    chroms: &Chroms,
) -> Result<Vec<PairTable>> {
    match &request.table {
        Some(table) => {
            let lengths = runs[0].record.settings.model.lengths();
            Ok(vec![table.read(chroms, lengths, Labels::Optional)?])
        }
        None => runs
            .iter()
            .map(|run| run.read_tables(&[], chroms))
            .collect(),
    }
}

impl Found {
    /// Compares window after window. `windows` come in their order.
    fn new(
        windows: &Sides<Vec<(Region, Window)>>,
        bins: Sides<Bins>,
        most: usize,
        null: Option<&Relabelings>,
    ) -> Self {
        let labellings = null.map_or(0, Relabelings::count);
        let mut found = Self {
            coverage: bins.map(|bins| Coverage::new(Aggregate::Mean, bins.edges())),
            regions: Vec::new(),
            largest: vec![0.0; labellings],
        };
        for (element, windows) in windows.iter() {
            let bins = bins.get(element);
            for block in windows.chunks((STATISTICS / labellings.max(1)).clamp(1, BLOCK)) {
                let compare = |(_, window): &(Region, Window)| window.compare(bins, most, null);
                let differences: Vec<Difference> = block.par_iter().map(compare).collect();
                for ((region, _), difference) in block.iter().zip(differences) {
                    found.add(element, *region, bins, difference);
                }
            }
        }
        // From left to right, and the best first.
        let place = |(element, window, region, of): &(Element, Region, Region, DifferentRegion)| {
            (*region, *element, *window, of.top.rank)
        };
        found.regions.sort_by_key(place);
        found
    }

    fn add(&mut self, element: Element, window: Region, bins: &Bins, of: Difference) {
        for (sum, largest) in self.largest.iter_mut().zip(&of.largest) {
            *sum += largest;
        }
        self.coverage
            .get_mut(element)
            .add(window, 1.0, of.difference);
        for region in of.regions {
            let place = bins.region_in(window, region.top.bin);
            self.regions.push((element, window, place, region));
        }
    }

    fn tested(&self, null: &Relabelings, seed: u64, significant: usize) -> Tested {
        Tested {
            labellings: null.count(),
            all: null.all,
            seed,
            smallest_p: null.smallest,
            overall_p: null.p_value(self.largest[0], &self.largest),
            significant,
        }
    }
}

/// Writes the table; how many of its regions are significant.
fn write_regions(
    regions: &[(Element, Region, Region, DifferentRegion)],
    measure: Measure,
    chroms: &Chroms,
    path: &Path,
) -> Result<usize> {
    let p: Vec<f64> = regions.iter().filter_map(|(.., of)| of.p).collect();
    // All of them have one, or none has.
    let q = benjamini_hochberg(&p);
    let rows = regions.iter().enumerate().map(|(place, region)| {
        let (element, window, region, of) = region;
        let [value_a, value_b] = of.means;
        Row {
            chrom: chroms.name(region.chrom),
            start: region.start,
            end: region.end,
            element: *element,
            window_start: window.start,
            window_end: window.end,
            rank: of.top.rank,
            value_a,
            value_b,
            difference: value_b - value_a,
            sd: of.sd,
            p: of.p,
            q: q.get(place).copied(),
        }
    });
    let name = measure.name();
    let header = format!(
        "chrom\tstart\tend\telement\twindow_start\twindow_end\trank\t{name}_a\t{name}_b\t\
         difference\tsd\tp\tq"
    );
    output::write_table(path, &header, rows)?;
    Ok(q.iter().filter(|&&q| q <= SIGNIFICANT).count())
}

/// Writes the track of each element that has windows.
fn write_tracks(
    coverage: Sides<Coverage>,
    chroms: &Chroms,
    dir: &Path,
) -> Result<(Vec<Partial>, Sides<Option<Summary>>)> {
    let mut files = Vec::new();
    let everything = Region {
        chrom: ChromId(u32::MAX),
        start: 0,
        end: 0,
    };
    let elements = Sides::from_fn(|element| element).zip(coverage);
    let track = |(element, mut coverage): (Element, Coverage)| -> Result<Option<Summary>> {
        let path = dir.join(format!("{}_difference.bw", element.name()));
        if coverage.windows() == 0 {
            output::remove_if_there(&path)?;
            return Ok(None);
        }
        let segments = joined(coverage.take_left_of(&everything).into_iter());
        let (file, summary) = write_bigwig(&path, chroms, segments)?;
        files.push(file);
        Ok(Some(summary))
    };
    let differences = elements.map(track).transpose()?;
    Ok((files, differences))
}
