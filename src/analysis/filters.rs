//! The motifs that a network made: its filters, and what its answers rest on, as matrices beside known
//! ones.

mod bank;
mod compared;
mod found;
mod request;
mod sample;
mod seqlets;
mod silence;
mod sites;
mod summary;
mod tables;

use std::collections::BTreeSet;
use std::path::Path;

use tracing::{info, warn};

use crate::element::{Element, Sides};
use crate::error::Result;
use crate::genome::{Reference, Region, Sequences};
use crate::motifs::{Matrix, read_all};
use crate::network::contribution::Method;
use crate::network::device::ComputeDevice;
use crate::network::inference::Predictor;
use crate::network::model::{ModelConfig, Weights};
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind};
use crate::pairs::PairTable;
use crate::progress::Progress;
use crate::run::Run;
use bank::Bank;
use compared::{FOUND, Nearest};
use found::{Found, Motifs};
pub use request::{FiltersRequest, PAIRS};
use sample::Sample;
use seqlets::{Contributed, seqlets};
use silence::{network, silence};
use sites::{FEWEST, PART, Sites, Window, sites};
pub use summary::FiltersSummary;

/// Pairs whose contributions are computed at once: as many as in one pass.
const BLOCK: usize = 256;
/// The file's name.
const FILE: &str = "filters.json";

/// Writes what a run's filters have become into a folder, which is made; of an ensemble its first
/// member's.
///
/// Each filter is silenced in turn and the sampled pairs go through the network each time: with the
/// published 256 filters and 200 pairs some 50,000 passes.
///
/// # Errors
///
/// Inputs that cannot be read or used, a folder that cannot be written to.
pub fn write(
    run: &Run,
    request: &FiltersRequest,
    dir: &Path,
    device: &ComputeDevice,
    progress: &dyn Progress,
) -> Result<FiltersSummary> {
    // What is wrong with the quick inputs is told before the long work.
    let known = match request.motifs.is_empty() {
        true => Vec::new(),
        false => read_all(&request.motifs)?,
    };
    let (mut reference, reference_file) = run.open_reference(request.reference.as_deref())?;
    let table = run.read_table(request.table.as_deref(), reference.chroms())?;
    let split = run.split(&table, reference.chroms())?;
    let sample = Sample::draw(&table, &split, request.pairs, request.seed);
    if sample.pairs.is_empty() && request.pairs > 0 {
        warn!(
            "no pair of the test part has a label: no filter is silenced, and there are no seqlets"
        );
    }
    let (weights, _) = Weights::read(&run.weights()?.path)?;
    let looked = Looked {
        model: &run.record.settings.model,
        weights: &weights,
        table: &table,
        sample: &sample,
    };
    let _claim = Claim::folder(dir, FolderKind::Filters)?;
    let found = looked.find(&mut reference, known, (device, progress))?;

    // What describes the files goes before they change and comes when they are all there.
    let path = dir.join(FILE);
    output::remove_if_there(&path)?;
    for file in tables::FILES {
        output::remove_if_there(&dir.join(file))?;
    }
    crate::figures::remove(dir, tables::FIGURE)?;
    tables::write(&found, &format!("{}: filters", run.name()), dir)?;
    let summary = summary(run, request, dir, (reference_file, device), &looked, &found)?;
    output::write_json(path, &summary)?;
    info!(
        "{}: {} of {} filters have a matrix, {} clusters of seqlets",
        dir.display(),
        summary.filters_with_matrix,
        summary.filters,
        summary.clusters
    );
    Ok(summary)
}

/// What is looked at.
struct Looked<'a> {
    model: &'a ModelConfig,
    weights: &'a Weights,
    table: &'a PairTable,
    sample: &'a Sample,
}

impl Looked<'_> {
    fn find(
        &self,
        reference: &mut Reference,
        known: Vec<Matrix>,
        (device, progress): (&ComputeDevice, &dyn Progress),
    ) -> Result<Found> {
        // First: it says where the weights do not fit.
        let predictor = network(self.weights, self.model, device)?;
        let bank = Bank::new(self.weights, self.model);
        let sites = self.activating(&bank, reference)?;
        let windows = self.table.windows_of(&self.sample.pairs);
        let sequences = Sequences::read(reference, windows.iter().copied().flatten())?;
        let contributed = contributed(&predictor, &sequences, &windows)?;
        let clusters = seqlets(&contributed, bank.width());
        let positive = self.positive();
        let pairs = silence::Pairs {
            sequences: &sequences,
            windows: &windows,
            positive: &positive,
        };
        let active: Vec<bool> = sites.iter().map(|sites| sites.largest > 0.0).collect();
        let about = (device, progress);
        let silenced = silence(self.weights, self.model, &active, &pairs, about)?;
        Ok(Found {
            filters: Motifs::of_filters(&sites, &known),
            seqlets: Motifs::of_clusters(&clusters, &known),
            sites,
            silenced,
            clusters,
            known,
        })
    }

    /// What activates each filter in the sampled windows.
    fn activating(&self, bank: &Bank, reference: &mut Reference) -> Result<Vec<Sites>> {
        let Sides { enhancer, promoter } = &self.sample.windows;
        let regions = enhancer.iter().chain(promoter).copied();
        let sequences = &Sequences::read(reference, regions)?;
        let of = |element: Element| {
            let pooling = *self.model.pooling().get(element);
            let regions = self.sample.windows.get(element).iter();
            regions.map(move |region| (sequences.codes(*region), pooling))
        };
        let windows: Vec<Window> = Element::BOTH.into_iter().flat_map(of).collect();
        Ok(sites(bank, &windows))
    }

    /// Which of the sampled pairs are positive.
    fn positive(&self) -> Vec<bool> {
        let pairs = self.sample.pairs.iter();
        let positive = pairs.map(|&place| self.table.pairs[place].label == Some(true));
        positive.collect()
    }
}

/// What the bases of some pairs contribute, each distinct window once, in its first pair.
fn contributed<'a>(
    predictor: &Predictor,
    sequences: &'a Sequences,
    windows: &[Sides<Region>],
) -> Result<Vec<Contributed<'a>>> {
    let of_pair = |windows: &Sides<Region>| windows.map(|region| sequences.codes(region));
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for windows in windows.chunks(BLOCK) {
        let codes: Vec<Sides<&'a [u8]>> = windows.iter().map(of_pair).collect();
        let contributions = predictor.contributions(Method::Gradient, &codes)?;
        for ((windows, codes), contributions) in windows.iter().zip(codes).zip(contributions) {
            let sides = windows.zip(codes).zip(contributions);
            for (element, ((region, codes), contribution)) in Element::BOTH.into_iter().zip(sides) {
                if seen.insert((element, region)) {
                    all.push(Contributed {
                        element,
                        codes,
                        bases: contribution.of_bases(codes),
                        hypothetical: contribution.hypothetical(),
                    });
                }
            }
        }
    }
    Ok(all)
}

/// What is said of it in a file of the folder `dir`.
fn summary(
    run: &Run,
    request: &FiltersRequest,
    dir: &Path,
    (reference, device): (Input, &ComputeDevice),
    looked: &Looked,
    found: &Found,
) -> Result<FiltersSummary> {
    let table = request.table.as_ref();
    let table = table.unwrap_or(&run.record.settings.table.file.path);
    let motifs = request.motifs.iter();
    let motifs = motifs.map(|path| Input::new(path)?.seen_from(dir));
    let known_in = |motifs: &Motifs| -> Vec<String> {
        let all = found.known.iter().zip(&motifs.compared.found);
        let is_found = |nearest: &Option<Nearest>| nearest.is_some_and(|of| of.q < FOUND);
        let all = all.filter(|(_, nearest)| is_found(nearest));
        all.map(|(matrix, _)| matrix.id.clone()).collect()
    };
    let positive = looked.positive();
    let positives = positive.iter().filter(|positive| **positive).count();
    let Sides { enhancer, promoter } = &looked.sample.windows;
    let dead = found.sites.iter().filter(|sites| sites.largest <= 0.0);
    Ok(FiltersSummary {
        version: VERSION,
        weights: run.weights()?.seen_from(dir)?,
        pairs: Input::new(table)?.seen_from(dir)?,
        reference: reference.seen_from(dir)?,
        motifs: motifs.collect::<Result<_>>()?,
        seed: request.seed,
        device: device.description.clone(),
        part_of_largest: PART,
        fewest_sites: FEWEST,
        windows: [enhancer.len(), promoter.len()],
        silenced_for: [positives, positive.len() - positives],
        filters: found.sites.len(),
        filters_with_matrix: found.filters.matrices.len(),
        filters_dead: dead.count(),
        clusters: found.clusters.len(),
        known: found.known.len(),
        known_in_filters: known_in(&found.filters),
        known_in_seqlets: known_in(&found.seqlets),
    })
}
