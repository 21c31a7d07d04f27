//! The whole program on a simulated genome, where the truth is known.

mod bases;

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tracing::info;

use super::{CellLine, FootprintSource, PageRequest, Step, Work, write_hub};
use crate::analysis::{AnalysisRequest, AnalysisSummary};
use crate::attention::TopCount;
use crate::browser::tracks::annotation::AnnotationRequest;
use crate::browser::tracks::{HubRequest, NOBODY, TracksRequest};
use crate::element::Element;
use crate::enrichment::interactome::InteractomeSource;
use crate::error::{Error, Result};
use crate::evaluation::RunMetrics;
use crate::footprints::{self, Assay, CallRequest, CutSource, Selection};
use crate::genome::Region;
use crate::motifs::CollectionRequest;
use crate::network::activity::ActivityConfig;
use crate::network::contribution::Method;
use crate::network::device::ComputeDevice;
use crate::network::model::ModelConfig;
use crate::network::training::TrainingConfig;
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::{Augmentation, Part, SplitRule, TableSource};
use crate::progress::Progress;
use crate::run::{Config, Run, Settings};
use crate::simulate::{DECOYS, Files, Recall, Simulation, SimulationConfig};
pub use bases::PlantedBases;

/// The demo's configuration: the tables of a settings file, and one for the simulation.
const CONFIG: &str = include_str!("../../assets/demo.toml");
/// The file of `epitrack run` that the demo leaves, without the tables of a settings file and the number of networks.
const PLAN: &str = include_str!("../../assets/demo_run.toml");

/// `assets/demo.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoConfig {
    /// Networks.
    pub ensemble: usize,
    /// The genome.
    pub simulation: SimulationConfig,
    /// The network.
    pub model: ModelConfig,
    /// The training.
    pub training: TrainingConfig,
    /// The augmentation.
    pub augmentation: Augmentation,
}

/// `summary.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemoSummary {
    /// The version of epitrack.
    pub version: String,
    /// Where the network ran.
    pub device: String,
    /// The seed of everything.
    pub seed: u64,
    /// On the held-out chromosomes.
    pub auroc: f64,
    /// On the held-out chromosomes.
    pub auprc: f64,
    /// The part of the planted sites of the positives on the held-out chromosomes that lie inside
    /// their window's top five regions.
    pub planted_recall: f64,
    /// The same for five random regions.
    pub random_recall: f64,
    /// The sites behind the two.
    pub sites: usize,
    /// The part of the planted motifs whose sites the top regions of their element capture more
    /// often than by chance.
    pub planted_enriched: f64,
    /// The same of decoys, matrices like the planted ones with other letters.
    pub decoys_enriched: f64,
    /// The rank of the last planted couple among the pairs of factors, from 1; none where it is not
    /// among the first ten.
    pub planted_pairs_rank: Option<usize>,
    /// How well maps of single bases find the planted sites.
    pub planted_bases: PlantedBases,
    /// Seconds that everything took.
    pub seconds: f64,
}

impl DemoConfig {
    /// The demo's configuration with a seed for everything.
    ///
    /// # Errors
    ///
    /// None, unless the embedded file is broken.
    pub fn new(seed: u64) -> Result<Self> {
        let mut config: Self =
            toml::from_str(CONFIG).map_err(|error| Error::Configuration(error.to_string()))?;
        config.simulation.seed = seed;
        config.training.seed = seed;
        Ok(config)
    }

    fn settings(&self, files: &Files) -> Result<Settings> {
        Ok(Settings {
            table: TableSource::plain(&files.pairs)?,
            cells: None,
            reference: Input::new(&files.reference)?,
            split: SplitRule::Chromosome { test: Vec::new() },
            test_fraction: 0.125,
            validation_fraction: 0.125,
            augmentation: self.augmentation,
            model: self.model.clone(),
            training: self.training.clone(),
            init: None,
            init_motifs: Vec::new(),
            context: None,
            ensemble: self.ensemble,
            activity: None,
        })
    }
}

/// Simulates, trains, evaluates, writes the tracks and looks for what was planted, all in one
/// folder: `simulation/`, `run/`, `footprints/`, `tracks/`, `enrichment/`, `hub/`, `view.html`, `summary.json` and
/// `epitrack.toml`, with which `epitrack run` does the same. Replaces an earlier demo.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn run(
    config: &DemoConfig,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<(RunMetrics, DemoSummary)> {
    let begun = Instant::now();
    let simulation = config.simulation.run()?;
    let folder = dir.join("simulation");
    simulation.write(&config.simulation, &folder)?;
    let files = Files::in_dir(&folder);
    info!(
        "simulated {} pairs and {} planted sites",
        simulation.pairs.len(),
        simulation.sites.len()
    );
    output::write(dir.join("epitrack.toml"), config.plan()?)?;
    let cell = config.cell(&files, dir)?;
    let work = Work {
        fresh: true,
        device,
        progress,
    };
    let run = cell.train(None, work)?;
    let metrics = cell.evaluate(None, work)?;
    cell.step(Step::Footprints, work)?;
    cell.step(Step::Tracks, work)?;
    let nothing = || Error::Undefined("the demo has no analysis".to_string());
    let analysis = cell.analyse(work)?.ok_or_else(nothing)?;
    cell.step(Step::View, work)?;
    write_hub(&[&cell], &hub(&files), &dir.join("hub"))?;
    let [planted_enriched, decoys_enriched] = enriched(&analysis, &simulation, &config.simulation);
    let recall = planted_recall(&run, &simulation, device, progress)?;
    let summary = DemoSummary {
        version: VERSION.to_string(),
        device: device.description.to_string(),
        seed: config.training.seed,
        auroc: metrics.test.auroc.value,
        auprc: metrics.test.auprc.value,
        planted_recall: recall.recall(),
        random_recall: recall.by_chance(),
        sites: recall.sites,
        planted_enriched,
        decoys_enriched,
        planted_pairs_rank: last_rank(&analysis, &config.simulation),
        planted_bases: bases::planted_bases(&run, &simulation, device, progress)?,
        seconds: begun.elapsed().as_secs_f64(),
    };
    output::write_json(dir.join("summary.json"), &summary)?;
    Ok((metrics, summary))
}

impl DemoConfig {
    /// The cell line of the simulation.
    fn cell(&self, files: &Files, dir: &Path) -> Result<CellLine> {
        let seed = self.training.seed;
        let motifs = CollectionRequest::new(vec![files.motifs.clone()]);
        let footprints = CallRequest {
            cuts: CutSource::bam(&files.reads, Assay::Dnase)?,
            files: vec![files.reads.clone()],
            regions: files.peaks.clone(),
            reference: Some(files.reference.clone()),
            settings: footprints::Settings::default(),
            selection: Selection::usual(seed),
        };
        Ok(CellLine {
            name: GENOME.to_string(),
            dir: dir.to_path_buf(),
            settings: self.settings(files)?,
            repeats: Vec::new(),
            footprints: Some(FootprintSource::Called(Box::new(footprints))),
            tracks: TracksRequest {
                contributions: Some(Method::Gradient),
                annotation: AnnotationRequest {
                    motifs: Some(motifs.clone()),
                    footprints: None,
                },
                ..TracksRequest::default()
            },
            enrich: Some(AnalysisRequest {
                interactome: Some(InteractomeSource::new(files.interactome.clone())),
                ..AnalysisRequest::new(motifs, seed)
            }),
            page: PageRequest::default(),
            genome: Some(GENOME.to_string()),
            added: Vec::new(),
        })
    }

    /// The same as a file for `epitrack run` beside the simulation.
    fn plan(&self) -> Result<String> {
        let config = Config {
            model: self.model.clone(),
            training: self.training.clone(),
            augmentation: self.augmentation,
            activity: ActivityConfig::default(),
        };
        let config = toml::to_string(&config);
        let config = config.map_err(|error| Error::Configuration(error.to_string()))?;
        let plan = PLAN.replace("{ensemble}", &self.ensemble.to_string());
        Ok(format!("{plan}\n{config}"))
    }
}

/// The parts of the planted motifs and of the decoys that the analysis finds enriched.
fn enriched(
    analysis: &AnalysisSummary,
    simulation: &Simulation,
    config: &SimulationConfig,
) -> [f64; 2] {
    let (mut planted, mut decoys) = ([0; 2], [0; 2]);
    let first_decoy = simulation.motifs.len() - DECOYS;
    for captured in analysis.captured.iter().filter(|of| of.positive) {
        let side = usize::from(captured.element == Element::Promoter);
        for (place, matrix) in simulation.motifs.iter().enumerate() {
            let mut couples = config.couples.iter();
            let counts = if place >= first_decoy {
                &mut decoys
            } else if couples.any(|couple| couple[side] == matrix.name) {
                &mut planted
            } else {
                continue;
            };
            counts[0] += 1;
            counts[1] += usize::from(captured.enriched.contains(&matrix.id));
        }
    }
    [planted, decoys].map(|[all, enriched]: [usize; 2]| enriched as f64 / all.max(1) as f64)
}

/// The rank of the last planted couple that the analysis finds, if it finds them all.
fn last_rank(analysis: &AnalysisSummary, config: &SimulationConfig) -> Option<usize> {
    let rank = |couple: &[String; 2]| {
        let mut top = analysis.tf_pairs_top.iter();
        top.position(|pair| pair == couple).map(|place| place + 1)
    };
    let ranks: Option<Vec<usize>> = config.couples.iter().map(rank).collect();
    ranks?.into_iter().max()
}

/// What the simulated genome and its cells are called.
const GENOME: &str = "simulated";

fn hub(files: &Files) -> HubRequest {
    HubRequest {
        name: "epitrack-demo".to_string(),
        email: NOBODY.to_string(),
        genome: Some(GENOME.to_string()),
        sequence: Some(files.reference.clone()),
        ..HubRequest::default()
    }
}

/// The planted sites of the test part's positives, and how many lie in the top regions.
fn planted_recall(
    run: &Run,
    simulation: &Simulation,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Recall> {
    let settings = &run.record.settings;
    let (mut reference, _) = run.open_reference(None)?;
    let chroms = reference.chroms().clone();
    let table = run.read_table(None, &chroms)?;
    let split = run.split(&table, &chroms)?;
    let mut held_out = split.members(Part::Test);
    held_out.retain(|&pair| table.pairs[pair].label == Some(true));
    let mut sites: HashMap<(usize, Element), Vec<Region>> = HashMap::new();
    for site in &simulation.sites {
        let planted = sites.entry((site.pair, site.element)).or_default();
        planted.push(site.region);
    }
    let windows = table.windows_of(&held_out);
    let bins = settings.model.bins();

    let mut recall = Recall::default();
    progress.start("looking for the planted sites", windows.len() as u64, 0);
    run.ensemble(device)?
        .for_each(&mut reference, &windows, |place, found| {
            let sides = found.mean.sides(windows[place], bins, TopCount::default());
            for (element, side) in sides.iter() {
                let Some(planted) = sites.get(&(held_out[place], element)) else {
                    continue;
                };
                let draw = 2 * place as u64 + u64::from(element == Element::Enhancer);
                let draw = (settings.training.seed, draw);
                recall.count(planted, side.window, &side.regions(), draw);
            }
            progress.advance(1, "");
            Ok(())
        })?;
    progress.finish();
    Ok(recall)
}
