//! The paper's analyses of a run: what its top regions capture, what occupies them, and which
//! factors stand together in them (figures 2, 3 and 4 of Mao, Kostka & Chikina 2017).

mod collect;
pub mod compare_tracks;
mod controls;
mod factors;
mod figures;
pub mod filters;
pub mod hypothetical;
pub mod knockout;
pub mod ldsc;
pub mod plot;
mod predicts;
mod report;
mod request;
mod result;
pub mod sanity;
mod shard;
mod tables;
mod tested;
pub mod variants;

use std::path::Path;

use tracing::{info, warn};

use crate::attention::Rank;
use crate::enrichment::interactome::{Interactome, InteractomeSource};
use crate::enrichment::tf_pairs::Factors;
use crate::enrichment::{self, Enrichment};
use crate::error::{Error, Result};
use crate::footprints::Footprints;
use crate::genome::{Chroms, Reference};
use crate::motifs::{Background, Collection};
use crate::network::contribution::Method;
use crate::network::device::{ComputeDevice, DeviceDescription};
use crate::network::inference::Ensemble;
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind};
use crate::pairs::{Pair, PairTable};
use crate::progress::Progress;
use crate::run::Run;
pub use controls::{Beside, Measure, Number, Span};
pub use predicts::Predicts;
pub use request::{AnalysisRequest, UNTRAINED};
pub use result::{
    Analysis, AnalysisMade, AnalysisSummary, CapturedSummary, Known, ProfileSummary, SIGNIFICANT,
};
pub use shard::{EnrichWork, merge_shards, write_shard};

use collect::{Content, Counting, Networks, Said};
use controls::{ControlKind, Planned};
use factors::factors;
use knockout::Knockout;
use tested::Tested;

/// The files that say what was found.
const SUMMARY: &str = "analysis.json";
const REPORT: &str = "report.html";

/// Analyses a run and writes tables, figures and a report into a folder, which is made.
///
/// Memory grows by some forty bytes a pair, for the analysis and for each of its controls, and with
/// what is bound in distinct elements.
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
    let _claim = Claim::folder(dir, FolderKind::Analysis)?;
    let opened = Opened::new(run, request, progress)?;
    let planned = Planned::all(request);
    let ensembles = networks(run, &planned, request.rank, device)?;
    let mut reference = Reference::open(&opened.reference_file.path)?;
    let said = Networks {
        ensembles: &ensembles,
        reference: &mut reference,
    };
    let analysis = opened.analyse(run, request, dir, (&device.description, said), progress)?;
    finish(&analysis, dir)
}

/// Writes what was found.
fn finish(analysis: &Analysis, dir: &Path) -> Result<AnalysisSummary> {
    // What describes the files goes before they change and comes when they are all there.
    let path = dir.join(SUMMARY);
    output::remove_if_there(&path)?;
    remove_earlier(dir)?;
    tables::write(analysis, dir)?;
    let figures = figures::draw(analysis)?;
    figures.write(dir)?;
    report::write(analysis, figures, &dir.join(REPORT))?;
    let summary = analysis.summary();
    output::write_json(path, &summary)?;
    info!(
        "{}: {} of {} tested pairs of factors are more than their parts",
        dir.display(),
        summary.tf_pairs_enriched,
        summary.tf_pairs_tested
    );
    if let Some(predicts) = summary.predicts.filter(|of| !of.better_than_chance()) {
        let auroc = predicts.auroc_in_words();
        warn!("no finding: the network is not shown to predict better than chance, AUROC {auroc}");
    }
    Ok(summary)
}

/// Whether the analysis of this run and request is already in a folder.
///
/// # Errors
///
/// Inputs that cannot be read.
pub fn is_written(
    run: &Run,
    request: &AnalysisRequest,
    dir: &Path,
    device: &ComputeDevice,
) -> Result<bool> {
    let text = std::fs::read_to_string(dir.join(SUMMARY)).ok();
    let found: Option<AnalysisMade> = text.and_then(|text| serde_json::from_str(&text).ok());
    let Some(found) = found else {
        return Ok(false);
    };
    let known = &run.record.settings.reference.path;
    let reference = Input::new(request.reference.as_ref().unwrap_or(known))?;
    // The background follows from the request and the reference.
    let device = &device.description;
    let made = made(run, request, dir, reference, found.background, device)?;
    Ok(found == made && dir.join(REPORT).exists())
}

/// Removes what an earlier analysis has left and this one may not write.
fn remove_earlier(dir: &Path) -> Result<()> {
    for (name, _) in figures::ALL {
        crate::figures::remove(dir, name)?;
    }
    let mut tables = tables::FILES.iter();
    tables.try_for_each(|file| output::remove_if_there(&dir.join(file)))
}

/// The inputs of an analysis, read.
struct Opened {
    reference_file: Input,
    quick: Quick,
    second: Reference,
    motifs: Collection,
}

impl Opened {
    fn new(run: &Run, request: &AnalysisRequest, progress: &dyn Progress) -> Result<Self> {
        request.check()?;
        run.check_rank(request.rank)?;
        let (reference, reference_file) = run.open_reference(request.reference.as_deref())?;
        // The quick inputs first: what is wrong with them is told before the long work.
        let quick = Quick::read(run, request, reference.chroms())?;
        let mut second = reference;
        let motifs = Collection::open(&request.motifs, &mut second, progress)?;
        Ok(Self {
            reference_file,
            quick,
            second,
            motifs,
        })
    }

    /// Counts what networks say, by a device, and tests it.
    fn analyse(
        self,
        run: &Run,
        request: &AnalysisRequest,
        dir: &Path,
        (device, said): (&DeviceDescription, impl Said),
        progress: &dyn Progress,
    ) -> Result<Analysis> {
        let Self {
            reference_file,
            quick,
            second,
            motifs,
        } = self;
        let factors = factors(&motifs);
        let planned = Planned::all(request);
        let counting = Countings {
            quick: &quick,
            factors: &factors,
            matrices: motifs.matrices.len() as u32,
            request,
        };
        let (mut first, mut others) = counting.of(&planned)?;
        let content = Content {
            motifs: &motifs,
            footprints: quick.footprints.as_ref(),
            reference: second,
        };
        let pairs = (&quick.table, quick.places.as_slice());
        let countings = (&mut first, others.as_mut_slice());
        let model = &run.record.settings.model;
        collect::count(pairs, content, (model.bins(), said), countings, progress)?;
        let interactome = quick.interactome.as_ref();
        let counted = (planned, first, others);
        let tested = Tested::new(request, interactome, counted, progress)?;
        let made = made(run, request, dir, reference_file, motifs.background, device)?;
        Ok(tested.analysis(run, made, (motifs, quick.knockout)))
    }
}

/// The run's networks together, and then the untrained ones, each alone: of an ensemble, too, the control
/// is one network of its form. All rank their regions alike.
fn networks(
    run: &Run,
    planned: &[Planned],
    rank: Rank,
    device: &ComputeDevice,
) -> Result<Vec<Ensemble>> {
    let contributions = (rank == Rank::Contribution).then(Method::default);
    let untrained = planned
        .iter()
        .filter(|of| of.kind == ControlKind::Untrained);
    let untrained = untrained.map(|of| -> Result<Ensemble> {
        let network = run.untrained(of.seed, device)?;
        Ok(Ensemble::new(vec![network]))
    });
    let networks = std::iter::once(run.ensemble(device)).chain(untrained);
    networks
        .map(|of| {
            let of = of.map(|of| of.with_contributions(contributions, rank));
            of.map(|of| of.with_activity(rank == Rank::Activity))
        })
        .collect()
}

/// What the ways to count have in common.
struct Countings<'a, 'b> {
    quick: &'b Quick,
    factors: &'a Factors,
    matrices: u32,
    request: &'b AnalysisRequest,
}

impl<'a> Countings<'a, '_> {
    /// The analysis itself, and its controls, whose networks come in the order of [`networks`].
    fn of(&self, planned: &[Planned]) -> Result<(Counting<'a>, Vec<Counting<'a>>)> {
        let table = &self.quick.table.pairs;
        let pairs: Vec<&Pair> = self
            .quick
            .places
            .iter()
            .map(|&place| &table[place])
            .collect();
        let (matrices, request) = (self.matrices, self.request);
        let footprints = self.quick.footprints.is_some();
        let settings = enrichment::Settings {
            seed: request.seed,
            draws: request.draws,
            footprints: footprints.then_some(request.occupancy),
        };
        let known = pairs.iter().map(|pair| pair.label == Some(true)).collect();
        let enrichment = Enrichment::new(settings, matrices)?;
        let first = Counting::new(0, known, self.factors, enrichment);
        let mut untrained = 0;
        let mut others = Vec::new();
        for control in planned {
            let network = match control.kind {
                ControlKind::Untrained => {
                    untrained += 1;
                    untrained
                }
                ControlKind::ShuffledLabels => 0,
            };
            let labels = control.labels(&pairs, request);
            let enrichment = Enrichment::new(controls::settings(settings), matrices)?;
            others.push(Counting::new(network, labels, self.factors, enrichment));
        }
        Ok((first, others))
    }
}

/// What is read before the network runs.
struct Quick {
    knockout: Option<Knockout>,
    interactome: Option<Interactome>,
    footprints: Option<Footprints>,
    table: PairTable,
    /// The places of the pairs in the table.
    places: Vec<usize>,
}

impl Quick {
    fn read(run: &Run, request: &AnalysisRequest, chroms: &Chroms) -> Result<Self> {
        let knockout = request.knockout.as_deref().map(Knockout::read);
        let knockout = knockout.transpose()?;
        if let (Some(knockout), Some(dir)) = (&knockout, &request.knockout)
            && knockout.summary.made.weights.sha256 != run.weights()?.sha256
        {
            let problem = "is a knock-out of another network";
            return Err(Error::format(dir, problem));
        }
        let interactome = request.interactome.as_ref().map(Interactome::read);
        let interactome = interactome.transpose()?;
        let footprints = request.footprints.as_ref();
        let footprints = footprints.map(|path| Footprints::open(path, chroms));
        let footprints = footprints.transpose()?;
        let (table, places) = collect::pairs_of(run, request, chroms)?;
        let labels = places.iter().map(|&place| table.pairs[place].label);
        for label in [true, false] {
            if !labels.clone().any(|other| other == Some(label)) {
                let class = result::class(label);
                let problem = format!("there is no {class} pair: both classes are compared");
                return Err(Error::Undefined(problem));
            }
        }
        Ok(Self {
            knockout,
            interactome,
            footprints,
            table,
            places,
        })
    }
}

/// What an analysis in the folder `dir` is made from.
fn made(
    run: &Run,
    request: &AnalysisRequest,
    dir: &Path,
    reference: Input,
    background: Background,
    device: &DeviceDescription,
) -> Result<AnalysisMade> {
    let table = request.table.as_ref();
    let table = table.unwrap_or(&run.record.settings.table.file.path);
    let footprints = request.footprints.as_ref().map(|path| Input::new(path));
    let interactome = request.interactome.as_ref().map(InteractomeSource::made);
    let knockout = request.knockout.as_ref();
    let knockout = knockout.map(|dir| Input::new(&dir.join(knockout::SUMMARY)));
    Ok(AnalysisMade {
        version: VERSION.to_string(),
        weights: run.weights()?,
        pairs: Input::new(table)?,
        reference,
        motifs: request.motifs.made(dir)?,
        background,
        footprints: footprints.transpose()?,
        occupancy: request.footprints.is_some().then_some(request.occupancy),
        interactome: interactome.transpose()?,
        knockout: knockout.transpose()?,
        rank: request.rank,
        part: request.part,
        draws: request.draws,
        min_observations: request.min_observations,
        combine: request.combine,
        permutations: request.permutations,
        untrained_networks: request.untrained,
        shuffled_labels: request.shuffled_labels,
        seed: request.seed,
        device: device.clone(),
    })
}
