//! The paper's analyses of a run: what its top regions capture, what occupies them, and which
//! factors stand together in them (figures 2, 3 and 4 of Mao, Kostka & Chikina 2017).

mod collect;
mod figures;
mod interactome;
pub mod plot;
mod report;
mod tables;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tracing::info;

use crate::enrichment::interactome::{Interactome, Orders, Summary};
use crate::enrichment::tf_pairs::{
    Factors, HEAT_MAP_FACTORS, HeatMap, KnownInteractions, MIN_OBSERVATIONS, MOST_ENRICHED,
    TfPairRow, TfPairs,
};
use crate::enrichment::{self, Enrichment, FootprintSettings};
use crate::error::{Error, Result};
use crate::footprints::Footprints;
use crate::genome::Reference;
use crate::motifs::{Background, Collection, CollectionMade, CollectionRequest};
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::{Pair, Part};
use crate::progress::Progress;
use crate::run::Run;
pub use interactome::{InteractomeMade, InteractomeRequest};

use collect::{Content, Counted};

/// The q-value from which on something is called significant.
pub const SIGNIFICANT: f64 = 0.05;

/// What to analyse, and with what.
#[derive(Debug, Clone)]
pub struct AnalysisRequest {
    /// Motifs.
    pub motifs: CollectionRequest,
    /// Footprints: BED, or a bigWig of the scores of bases.
    pub footprints: Option<PathBuf>,
    /// How footprints are looked at.
    pub occupancy: FootprintSettings,
    /// Known interactions.
    pub interactome: Option<InteractomeRequest>,
    /// Only the pairs of one part of the run's split.
    pub part: Option<Part>,
    /// Draws of mock regions.
    pub draws: u32,
    /// The fewest pairs that a pair of factors must stand in to be tested.
    pub min_observations: u32,
    /// The seed of the mock regions.
    pub seed: u64,
    /// Where the run's table is now.
    pub table: Option<PathBuf>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
}

impl AnalysisRequest {
    /// The usual analysis of all pairs with these motifs, without footprints and interactions.
    pub fn new(motifs: CollectionRequest) -> Self {
        let settings = enrichment::Settings::default();
        Self {
            motifs,
            footprints: None,
            occupancy: FootprintSettings::default(),
            interactome: None,
            part: None,
            draws: settings.draws,
            min_observations: MIN_OBSERVATIONS,
            seed: settings.seed,
            table: None,
            reference: None,
        }
    }
}

/// What an analysis was made from, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The version of epitrack.
    pub version: String,
    /// The network's weights.
    pub weights: Input,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Motifs.
    pub motifs: CollectionMade,
    /// How often each base occurs where there is no site.
    pub background: Background,
    /// Footprints.
    pub footprints: Option<Input>,
    /// How they were looked at.
    pub occupancy: Option<FootprintSettings>,
    /// Known interactions.
    pub interactome: Option<InteractomeMade>,
    /// The part of the run's split that the pairs are from; all of it where there is none.
    pub part: Option<Part>,
    /// Draws of mock regions.
    pub draws: u32,
    /// The fewest pairs that a tested pair of factors stands in.
    pub min_observations: u32,
    /// The seed of the mock regions.
    pub seed: u64,
    /// Where the network ran.
    pub device: DeviceDescription,
}

/// Everything that was found.
pub struct Analysis {
    /// The run's name.
    pub name: String,
    /// What it was made from.
    pub made: Made,
    /// Bases in a top region.
    pub region: u32,
    /// The motifs.
    pub motifs: Collection,
    /// Figures 2 and 3.
    pub enrichment: enrichment::Findings,
    /// Figure 4.
    pub tf_pairs: TfPairs,
    /// What the interactome holds, and how the factors interact.
    pub known: Option<Known>,
    /// The clustered factors, where enough pairs of them are enriched.
    pub heat_map: Option<HeatMap>,
}

/// How factors are known to interact.
pub struct Known {
    /// The interactome.
    pub summary: Summary,
    /// The order of each two factors.
    pub orders: Orders,
    /// The most enriched pairs beside all; none where there are too few.
    pub most_enriched: Option<KnownInteractions>,
}

/// `analysis.json`: the numbers that the report states.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnalysisSummary {
    /// What it was made from.
    #[serde(flatten)]
    pub made: Made,
    /// Positive pairs that were analysed.
    pub positive_pairs: u64,
    /// Negative ones.
    pub negative_pairs: u64,
    /// Matrices that were looked for.
    pub matrices: usize,
    /// For each side and class what the top regions capture.
    pub captured: Vec<CapturedSummary>,
    /// Pairs of factors that were tested.
    pub tf_pairs_tested: usize,
    /// Those that are enriched among positive pairs.
    pub tf_pairs_enriched: usize,
    /// The most enriched of them, the enhancer's factor first.
    pub tf_pairs_top: Vec<[String; 2]>,
    /// The most enriched pairs of factors beside all tested ones.
    pub known_interactions: Option<KnownInteractions>,
}

/// What the top regions of one side and class capture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CapturedSummary {
    /// `enhancer` or `promoter`.
    pub element: crate::element::Element,
    /// The class of the pairs.
    pub positive: bool,
    /// Matrices about which a statement is made.
    pub stated: usize,
    /// Accessions of those that are captured more often than by chance, the smallest p-value
    /// first.
    pub enriched: Vec<String>,
}

/// Analyses a run and writes tables, figures and a report into a folder, which is made.
///
/// Memory does not grow with the number of pairs, but for some hundred bytes a positive one.
///
/// # Errors
///
/// Inputs that cannot be read or used, no pair of one class.
pub fn write(
    run: &Run,
    request: &AnalysisRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<AnalysisSummary> {
    output::create_dir(dir)?;
    let analysis = analyse(run, request, dir, device, progress)?;
    // What describes the files goes before they change and comes when they are all there.
    let path = dir.join("analysis.json");
    output::remove_if_there(&path)?;
    remove_earlier(dir)?;
    tables::write(&analysis, dir)?;
    let figures = figures::draw(&analysis)?;
    figures.write(dir)?;
    output::write(dir.join("report.html"), report::html(&analysis, figures)?)?;
    let summary = analysis.summary();
    output::write_json(path, &summary)?;
    info!(
        "{}: {} enriched of {} tested pairs of factors",
        dir.display(),
        summary.tf_pairs_enriched,
        summary.tf_pairs_tested
    );
    Ok(summary)
}

/// Removes what an earlier analysis has left and this one may not write.
fn remove_earlier(dir: &Path) -> Result<()> {
    let figures = figures::NAMES.iter();
    let figures = figures.flat_map(|name| ["svg", "png"].map(|ending| format!("{name}.{ending}")));
    let tables = tables::FILES.iter().map(|name| name.to_string());
    let mut files = figures.chain(tables);
    files.try_for_each(|file| output::remove_if_there(&dir.join(file)))
}

fn analyse(
    run: &Run,
    request: &AnalysisRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<Analysis> {
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    let chroms = reference.chroms().clone();
    // The quick inputs first: what is wrong with them is told before the long work.
    let interactome = request.interactome.as_ref().map(InteractomeRequest::read);
    let interactome = interactome.transpose()?;
    let footprints = request.footprints.as_ref();
    let footprints = footprints.map(|path| Footprints::open(path, &chroms));
    let footprints = footprints.transpose()?;
    let (table, places) = collect::pairs_of(run, request, &chroms)?;
    let pairs: Vec<Pair> = places.iter().map(|&place| table.pairs[place]).collect();
    for label in [true, false] {
        if !pairs.iter().any(|pair| pair.label == Some(label)) {
            let class = if label { "positive" } else { "negative" };
            return Err(Error::Undefined(format!(
                "there is no {class} pair: both classes are compared"
            )));
        }
    }
    let mut second = Reference::open(&reference_file.path)?;
    let motifs = Collection::open(&request.motifs, &mut second, progress)?;
    let names = motifs.matrices.iter().zip(0..);
    let factors = Factors::new(
        names.map(|(matrix, place)| (matrix.id.clone(), motifs.symbols.get(place).to_vec())),
    );
    let settings = enrichment::Settings {
        seed: request.seed,
        draws: request.draws,
        footprints: footprints.is_some().then_some(request.occupancy),
    };
    let content = Content {
        motifs: &motifs,
        footprints: footprints.as_ref(),
        reference: second,
    };
    let enrichment = Enrichment::new(settings, motifs.matrices.len() as u32)?;
    let about = (&mut reference, progress);
    let counted = collect::count(run, &pairs, content, &factors, enrichment, device, about)?;
    let Counted {
        enrichment,
        tf_pairs,
    } = counted;
    let tf_pairs = TfPairs::test(&tf_pairs, request.min_observations)?;
    let known = interactome.map(|interactome| Known::of(&interactome, &tf_pairs));
    let orders = known.as_ref().map(|known| &known.orders);
    let heat_map = HeatMap::draw(&tf_pairs, orders, HEAT_MAP_FACTORS, SIGNIFICANT);
    let input = |path: &PathBuf| Input::new(path);
    let model = &run.record.settings.model;
    Ok(Analysis {
        name: run.name(),
        made: Made {
            version: VERSION.to_string(),
            weights: run.weights()?,
            pairs: Input::new(
                request
                    .table
                    .as_ref()
                    .unwrap_or(&run.record.settings.table.file.path),
            )?,
            reference: reference_file,
            motifs: request.motifs.made(dir)?,
            background: motifs.background,
            footprints: request.footprints.as_ref().map(input).transpose()?,
            occupancy: footprints.is_some().then_some(request.occupancy),
            interactome: request
                .interactome
                .as_ref()
                .map(InteractomeRequest::made)
                .transpose()?,
            part: request.part,
            draws: request.draws,
            min_observations: request.min_observations,
            seed: request.seed,
            device: device.description.clone(),
        },
        region: (model.filter_width + model.pool_width) as u32,
        enrichment: enrichment.finish()?,
        motifs,
        tf_pairs,
        known,
        heat_map,
    })
}

impl Known {
    fn of(interactome: &Interactome, tf_pairs: &TfPairs) -> Self {
        let orders = interactome.orders(tf_pairs.factors.names());
        Self {
            summary: interactome.summary().clone(),
            most_enriched: KnownInteractions::count(tf_pairs, &orders, MOST_ENRICHED, SIGNIFICANT),
            orders,
        }
    }
}

impl Analysis {
    /// Positive and negative pairs.
    fn pairs(&self) -> [u64; 2] {
        [self.tf_pairs.positives, self.tf_pairs.negatives].map(u64::from)
    }

    /// How each matrix's factors are called in figures.
    fn factors(&self) -> Vec<String> {
        let matrices = 0..self.motifs.matrices.len() as u32;
        matrices.map(|matrix| self.factor(matrix)).collect()
    }

    /// How a matrix's factors are called in figures.
    fn factor(&self, matrix: u32) -> String {
        self.motifs.symbols.get(matrix as usize).join("::")
    }

    fn summary(&self) -> AnalysisSummary {
        let captured = self.enrichment.groups.iter().map(|group| {
            let mut stated: Vec<_> = group
                .all
                .iter()
                .filter_map(|captured| Some((captured.statement.comparison()?, captured.matrix)))
                .collect();
            stated.sort_by(|a, b| a.0.p.total_cmp(&b.0.p).then(a.1.cmp(&b.1)));
            let id = |matrix: u32| self.motifs.matrices[matrix as usize].id.clone();
            CapturedSummary {
                element: group.element,
                positive: group.positive,
                stated: stated.len(),
                enriched: stated
                    .iter()
                    .filter(|(comparison, _)| comparison.q <= SIGNIFICANT)
                    .map(|&(_, matrix)| id(matrix))
                    .collect(),
            }
        });
        let top = |row: TfPairRow| [row.enhancer_tf, row.promoter_tf].map(str::to_string);
        let [positive_pairs, negative_pairs] = self.pairs();
        AnalysisSummary {
            made: self.made.clone(),
            positive_pairs,
            negative_pairs,
            matrices: self.motifs.matrices.len(),
            captured: captured.collect(),
            tf_pairs_tested: self.tf_pairs.tested.len(),
            tf_pairs_enriched: self.tf_pairs.significant(SIGNIFICANT),
            tf_pairs_top: self.tf_pairs.rows(None).take(10).map(top).collect(),
            known_interactions: self.known.as_ref().and_then(|known| known.most_enriched),
        }
    }
}
