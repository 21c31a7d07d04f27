//! From a trained run to the tracks of every pair of a table.

mod matrix;
mod summary;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::{info, warn};

pub use summary::{Track, TracksSummary};

use crate::attention::{Aggregate, Bins, Coverage, Element, top_regions};
use crate::browser::{self, InOrder, PairWriter, PredictionWriter, RegionRecord, RegionWriter};
use crate::device::ComputeDevice;
use crate::error::{Error, Result};
use crate::genome::{ChromId, Chroms, Reference, Region};
use crate::inference::PairAttention;
use crate::output;
use crate::pairs::{Labels, Pair, PairTable, Split, Windows};
use crate::progress::Progress;
use crate::provenance::{Input, VERSION};
use crate::run::Run;

/// Which pairs make the tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Selection {
    /// All of the table.
    #[default]
    All,
    /// Those that the table calls positive.
    Positive,
    /// Those that the network calls positive, at the run's threshold.
    Predicted,
}

/// What to write.
#[derive(Debug, Clone, Default)]
pub struct TracksRequest {
    /// Which pairs.
    pub selection: Selection,
    /// How the pairs over a base become one value.
    pub aggregate: Aggregate,
    /// Names of pairs whose attention matrices are written too.
    pub matrices: Vec<String>,
    /// Another table than the run's; its pairs need no labels.
    pub table: Option<PathBuf>,
    /// Another file of the reference than the run's.
    pub reference: Option<PathBuf>,
}

/// Runs every pair of a table through a run's network and writes what a browser shows into a
/// folder, which is made.
///
/// Memory does not depend on the number of pairs, but for the table itself (some sixty bytes a
/// pair) and one value for each bin of each distinct window.
///
/// # Errors
///
/// Inputs that cannot be read, no pair to write, a matrix asked for of an unknown pair.
pub fn write(
    run: &Run,
    request: &TracksRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<TracksSummary> {
    let settings = &run.record.settings;
    let reference_path = request
        .reference
        .as_ref()
        .unwrap_or(&settings.reference.path);
    let mut reference = Reference::open(reference_path)?;
    let chroms = reference.chroms().clone();
    let reference_input = Input::new(reference_path)?;
    if reference_input.sha256 != settings.reference.sha256 {
        warn!(
            "{} is not the file that the run was trained on",
            reference_path.display()
        );
    }
    let (table_path, labels) = match &request.table {
        Some(table) => (table, Labels::Optional),
        None => (&settings.pairs.path, Labels::BothClasses),
    };
    let table = settings.read_pairs(table_path, &chroms, labels)?;
    // Only the run's own table was divided.
    let split = match &request.table {
        Some(_) => None,
        None => Some(run.split(&table, &chroms)?),
    };
    let matrices = matrix::find(&table.pairs, &chroms, &request.matrices)?;
    let lengths = settings.model.lengths();
    let windows = Windows::of_all(&table.pairs, lengths, &chroms)?;
    let order = left_to_right(&table, &windows, request.selection);
    if order.is_empty() {
        return Err(Error::format(table_path, "holds no pair of this selection"));
    }

    output::create_dir(dir)?;
    let predictor = run.predictor(device)?;
    let threshold = run.record.outcome.threshold;
    let mut writer = Writer::new(dir, &chroms, request, predictor.config(), split.as_ref())?;
    let ordered: Vec<Windows> = order.iter().map(|&place| windows[place]).collect();
    progress.start("attention", ordered.len() as u64);
    predictor.for_each(&mut reference, &ordered, |number, found| {
        let place = order[number];
        let pair = &table.pairs[place];
        progress.advance(1, "");
        if request.selection == Selection::Predicted && f64::from(found.probability) < threshold {
            return writer.skip(pair, &ordered[number]);
        }
        writer.add(place, pair, &ordered[number], &found)
    })?;
    progress.finish();
    for (name, place) in &matrices {
        let found = predictor.matrices(&mut reference, windows[*place])?;
        matrix::write(dir, name, &chroms, &windows[*place], writer.bins, &found)?;
    }
    let [enhancer, promoter] = writer.complete(dir, &chroms)?;
    let summary = TracksSummary {
        version: VERSION.to_string(),
        model: settings.model.clone(),
        weights: run.weights()?.seen_from(dir)?,
        pairs: Input::new(table_path)?.seen_from(dir)?,
        reference: reference_input.seen_from(dir)?,
        device: device.description.clone(),
        seed: settings.training.seed,
        selection: request.selection,
        threshold,
        aggregate: request.aggregate,
        value: summary::value_description(request.aggregate),
        pairs_run: order.len(),
        enhancer,
        promoter,
    };
    summary.write(&dir.join("tracks.json"))?;
    info!(
        "{}: {} pairs, {} + {} bases",
        dir.display(),
        summary.pairs_run,
        summary.enhancer.summary.bases,
        summary.promoter.summary.bases
    );
    Ok(summary)
}

/// The places of the selected pairs, by the leftmost base of any of their windows and elements.
fn left_to_right(table: &PairTable, windows: &[Windows], selection: Selection) -> Vec<usize> {
    let mut order: Vec<usize> = (0..table.pairs.len())
        .filter(|&place| selection != Selection::Positive || table.pairs[place].label == Some(true))
        .collect();
    order.sort_by_key(|&place| (leftmost(&table.pairs[place], &windows[place]), place));
    order
}

/// The first place that anything of the pair can have.
fn leftmost(pair: &Pair, windows: &Windows) -> (ChromId, u32) {
    [
        pair.enhancer,
        pair.promoter,
        windows.enhancer,
        windows.promoter,
    ]
    .map(|region| (region.chrom, region.start))
    .into_iter()
    .fold((ChromId(u32::MAX), u32::MAX), |first, next| first.min(next))
}

/// What is known of a pair when its line is written.
struct Line {
    place: usize,
    pair: Pair,
    probability: f32,
    logit: f32,
}

/// Everything that is being written.
struct Writer<'a> {
    bins: [Bins; 2],
    coverage: [Coverage; 2],
    held_regions: InOrder<Region, RegionRecord>,
    regions: RegionWriter<'a>,
    held_lines: InOrder<Region, Line>,
    pairs: PairWriter<'a>,
    predictions: PredictionWriter<'a>,
    split: Option<&'a Split>,
}

impl<'a> Writer<'a> {
    fn new(
        dir: &Path,
        chroms: &'a Chroms,
        request: &TracksRequest,
        model: &crate::model::ModelConfig,
        split: Option<&'a Split>,
    ) -> Result<Self> {
        let bins = [model.enhancer_pooling(), model.promoter_pooling()].map(Bins);
        Ok(Self {
            bins,
            coverage: bins.map(|bins| Coverage::new(request.aggregate, bins)),
            held_regions: InOrder::new(),
            regions: RegionWriter::new(&dir.join("top_regions.bed"), chroms)?,
            held_lines: InOrder::new(),
            pairs: PairWriter::new(&dir.join("pairs.bedpe"), chroms)?,
            predictions: PredictionWriter::new(&dir.join("predictions.tsv"), chroms)?,
            split,
        })
    }

    /// Writes what lies left of the pair that comes next.
    fn skip(&mut self, pair: &Pair, windows: &Windows) -> Result<()> {
        let (chrom, start) = leftmost(pair, windows);
        let mark = Region {
            chrom,
            start,
            end: 0,
        };
        while let Some(record) = self.held_regions.next_before(&mark) {
            self.regions.write(&record)?;
        }
        while let Some(line) = self.held_lines.next_before(&mark) {
            self.line(&line)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        place: usize,
        pair: &Pair,
        windows: &Windows,
        found: &PairAttention,
    ) -> Result<()> {
        self.skip(pair, windows)?;
        let line = Line {
            place,
            pair: *pair,
            probability: found.probability,
            logit: found.logit,
        };
        self.held_lines.push(pair.enhancer, line);
        let sides = [
            (Element::Enhancer, windows.enhancer, &found.enhancer),
            (Element::Promoter, windows.promoter, &found.promoter),
        ];
        for (side, (element, window, marginal)) in sides.into_iter().enumerate() {
            let bins = self.bins[side];
            self.coverage[side].add(window, found.probability, marginal);
            for top in top_regions(&bins, marginal) {
                let region = bins.region_in(window, top.bin);
                let record = RegionRecord {
                    region,
                    element,
                    rank: top.rank,
                    attention: top.attention,
                    value: top.attention * bins.count() as f32,
                    pair: *pair,
                    probability: found.probability,
                };
                self.held_regions.push(region, record);
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<()> {
        let part = self.split.map(|split| split.part(line.place));
        self.pairs.write(&line.pair, line.probability)?;
        self.predictions
            .write(&line.pair, part, line.probability, line.logit)
    }

    /// Writes what is left, then the bigWigs; every file gets its name only now.
    fn complete(mut self, dir: &Path, chroms: &Chroms) -> Result<[Track; 2]> {
        for record in std::mem::take(&mut self.held_regions) {
            self.regions.write(&record)?;
        }
        for line in std::mem::take(&mut self.held_lines) {
            self.line(&line)?;
        }
        let [enhancer, promoter] = &self.coverage;
        let track = |element: Element, coverage: &Coverage| -> Result<Track> {
            if coverage.windows() == 0 {
                return Err(Error::Undefined(
                    "no pair reaches the run's threshold: there is nothing to show".to_string(),
                ));
            }
            let file = format!("{}_attention.bw", element.name());
            let summary = browser::write_bigwig(&dir.join(&file), chroms, coverage.segments())?;
            Ok(Track {
                file,
                windows: coverage.windows(),
                summary,
            })
        };
        let tracks = [
            track(Element::Enhancer, enhancer)?,
            track(Element::Promoter, promoter)?,
        ];
        self.regions.complete()?;
        self.pairs.complete()?;
        self.predictions.complete()?;
        Ok(tracks)
    }
}
