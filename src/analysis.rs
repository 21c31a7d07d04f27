//! The paper's analyses of a run: what its top regions capture, what occupies them, and which
//! factors stand together in them (figures 2, 3 and 4 of Mao, Kostka & Chikina 2017).

mod collect;
mod figures;
pub mod plot;
mod report;
mod request;
mod result;
mod tables;

use std::path::Path;

use tracing::info;

use crate::enrichment::interactome::{Interactome, InteractomeSource};
use crate::enrichment::tf_pairs::{Factors, HEAT_MAP_FACTORS, HeatMap, TfPairs};
use crate::enrichment::{self, Enrichment};
use crate::error::Result;
use crate::footprints::Footprints;
use crate::genome::Reference;
use crate::motifs::{Background, Collection};
use crate::network::device::ComputeDevice;
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::progress::Progress;
use crate::run::Run;
pub use request::AnalysisRequest;
pub use result::{
    Analysis, AnalysisMade, AnalysisSummary, CapturedSummary, Known, ProfileSummary, SIGNIFICANT,
};

use collect::Content;

/// Analyses a run and writes tables, figures and a report into a folder, which is made.
///
/// Memory grows by some forty bytes a pair, and with what is bound in distinct elements.
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
    report::write(&analysis, figures, &dir.join("report.html"))?;
    let summary = analysis.summary();
    output::write_json(path, &summary)?;
    info!(
        "{}: {} of {} tested pairs of factors are more than their parts",
        dir.display(),
        summary.tf_pairs_enriched,
        summary.tf_pairs_tested
    );
    Ok(summary)
}

/// Removes what an earlier analysis has left and this one may not write.
fn remove_earlier(dir: &Path) -> Result<()> {
    let figures = figures::ALL.into_iter();
    let figures =
        figures.flat_map(|(name, _)| ["svg", "png"].map(|ending| format!("{name}.{ending}")));
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
    request.rules().check()?;
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    // The quick inputs first: what is wrong with them is told before the long work.
    let interactome = request.interactome.as_ref().map(Interactome::read);
    let interactome = interactome.transpose()?;
    let footprints = request.footprints.as_ref();
    let footprints = footprints.map(|path| Footprints::open(path, reference.chroms()));
    let footprints = footprints.transpose()?;
    let (table, places) = collect::pairs_of(run, request, reference.chroms())?;
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
    let pairs = (&table, places.as_slice());
    let counted = collect::count(run, pairs, content, &factors, enrichment, device, about)?;
    let tf_pairs = TfPairs::test(&counted.tf_pairs, request.rules(), progress)?;
    let known = interactome.map(|interactome| Known::of(&interactome, &tf_pairs));
    let orders = known.as_ref().map(|known| &known.orders);
    let heat_map = HeatMap::draw(&tf_pairs, orders, HEAT_MAP_FACTORS, SIGNIFICANT);
    let model = &run.record.settings.model;
    Ok(Analysis {
        name: run.name(),
        made: made(run, request, dir, reference_file, motifs.background, device)?,
        region: (model.filter_width + model.pool_width) as u32,
        enrichment: counted.enrichment.finish()?,
        motifs,
        tf_pairs,
        known,
        heat_map,
    })
}

/// What an analysis in the folder `dir` is made from.
fn made(
    run: &Run,
    request: &AnalysisRequest,
    dir: &Path,
    reference: Input,
    background: Background,
    device: &ComputeDevice,
) -> Result<AnalysisMade> {
    let table = request.table.as_ref();
    let table = table.unwrap_or(&run.record.settings.table.file.path);
    let footprints = request.footprints.as_ref().map(|path| Input::new(path));
    let interactome = request.interactome.as_ref().map(InteractomeSource::made);
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
        part: request.part,
        draws: request.draws,
        min_observations: request.min_observations,
        combine: request.combine,
        permutations: request.permutations,
        seed: request.seed,
        device: device.description.clone(),
    })
}
