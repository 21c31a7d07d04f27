//! From a folder of tracks to a page that shows chosen pairs.

mod added;
mod genes;
mod values;

use std::path::PathBuf;

use super::measured::measured;
use super::track::upper_end;
use super::{Detail, Folder, Moved, Predicted, Track, choose, details, performance};
use crate::attention::Attended;
use crate::browser::added::{AddedTrack, OpenAdded};
use crate::browser::view::{
    Contributions, Letters, Matrix, Page, PageActivity, PagePair, PageRegion, Signed, Step, Stretch,
};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::formats::{Annotated, read_bigwig};
use crate::genome::{Chroms, Reference, Region, letters, merge};
use crate::network::device::ComputeDevice;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::Gene;
use values::{by_chromosome, signed};

/// Bases around a window whose values a page holds.
const AROUND: u32 = 10_000;

/// What a page shows.
#[derive(Debug, Clone, Default)]
pub struct ViewRequest {
    /// What the tracks are of.
    pub title: String,
    /// The assembly's name, if not the one that the folder knows.
    pub genome: Option<String>,
    /// What the pairs are called; if there is nothing, the most probable pairs.
    pub pairs: Vec<String>,
    /// The most pairs.
    pub count: usize,
    /// Genes to show: GTF, or a table of UCSC's.
    pub genes: Option<PathBuf>,
    /// Tracks of the user's own.
    pub added: Vec<AddedTrack>,
    /// Where the network comes from.
    pub moved: Moved,
}

/// What a page of a folder's pairs holds.
///
/// # Errors
///
/// Words that no pair answers to, or several; a run or a reference that is not there any more; tracks that do
/// not fit.
pub fn page(folder: &Folder, request: &ViewRequest, device: &ComputeDevice) -> Result<Page> {
    let (run, mut reference) = folder.network(&request.moved)?;
    let chroms = reference.chroms().clone();
    let all = folder.pairs(&chroms)?;
    let chosen = choose(&all, &request.pairs, request.count, &chroms)?;
    // Before the network runs: what is wrong with a file is told at once.
    let windows = chosen.iter().flat_map(|shown| shown.windows);
    let windows: Vec<Region> = windows.collect();
    let measured = measured(&run, &request.added, &chroms);
    let tracks = [&request.added[..], &measured].concat();
    let mut opened = OpenAdded::all(&tracks, &chroms, &windows)?;
    let sides: Vec<Sides<Region>> = chosen.iter().map(|shown| shown.windows).collect();
    let genes = request.genes.as_ref();
    let genes = genes.map(|path| genes::around(path, &sides, &chroms));
    let genes = genes.transpose()?;
    let annotations = folder.annotations(windows.iter().copied(), &chroms)?;
    let details = details(&run, &mut reference, &chosen, device)?;

    let summary = &folder.summary;
    let chromosomes = chroms.iter();
    let chromosomes = chromosomes.map(|(name, length)| (name.to_string(), length));
    Ok(Page {
        title: request.title.clone(),
        version: VERSION.to_string(),
        genome: request.genome.clone().unwrap_or_else(|| folder.genome()),
        chromosomes: chromosomes.collect(),
        value: summary.value.clone(),
        made: [
            performance::rows(&run),
            summary.provenance(),
            of_genes(request)?,
        ]
        .concat(),
        doubt: performance::doubt(&run),
        threshold: summary.threshold,
        pairs_shown: details.len(),
        pairs_total: summary.pairs_shown,
        bins: summary.model.bins().map(|bins| bins.edges()),
        scale: upper_end(&summary.tracks),
        tracks: track_values(folder, &summary.tracks, &sides, &chroms)?,
        contributions: contributions(folder, &details, &mut reference)?,
        activity: activities(folder, &sides, &chroms)?,
        genes,
        added: opened
            .iter_mut()
            .map(|track| added::shown(track, &windows, &chroms))
            .collect::<Result<_>>()?,
        pairs: details
            .iter()
            .map(|detail| pair(detail, &chroms, &annotations))
            .collect(),
    })
}

/// What the genes come from, if there are some.
fn of_genes(request: &ViewRequest) -> Result<Vec<(String, String)>> {
    let input = request.genes.as_deref().map(Input::new).transpose()?;
    let row = input.map(|input| {
        let name = input.path.file_name().unwrap_or_default().to_string_lossy();
        let from = format!("{name}, SHA-256 {}", input.sha256);
        ("Genes".to_string(), from)
    });
    Ok(row.into_iter().collect())
}

/// Steps by their chromosomes' names.
type Signals = Vec<(String, Vec<Step>)>;

/// The values of a folder's tracks of both elements around some windows.
fn track_values(
    folder: &Folder,
    tracks: &Sides<Track>,
    windows: &[Sides<Region>],
    chroms: &Chroms,
) -> Result<Sides<Signals>> {
    let of = |element: Element| -> Result<_> {
        let windows = windows.iter().map(|windows| *windows.get(element));
        let regions = around(windows, chroms);
        let file = folder.dir.join(&tracks.get(element).file);
        let segments = read_bigwig(&file, chroms, &regions)?;
        Ok(by_chromosome(&segments, chroms))
    };
    Sides::from_fn(of).transpose()
}

/// What is predicted of the activities that the folder's network has learnt, around some windows.
fn activities(
    folder: &Folder,
    windows: &[Sides<Region>],
    chroms: &Chroms,
) -> Result<Vec<PageActivity>> {
    let activity = |of: &Predicted| -> Result<PageActivity> {
        Ok(PageActivity {
            names: Sides::from_fn(|element| of.name(element)),
            value: of.value.clone(),
            scale: of.upper(),
            tracks: track_values(folder, &of.tracks, windows, chroms)?,
        })
    };
    folder.summary.activity.iter().map(activity).collect()
}

/// What the bases of the pairs' windows add to the logits, or to an activity, if the folder says so.
fn contributions(
    folder: &Folder,
    details: &[Detail],
    reference: &mut Reference,
) -> Result<Option<Contributions>> {
    let Some(contributed) = &folder.summary.contribution else {
        return Ok(None);
    };
    let chroms = reference.chroms().clone();
    let windows = |element: Element| details.iter().map(move |of| *of.shown.windows.get(element));
    let values = |element: Element| -> Result<_> {
        let file = folder.dir.join(&contributed.tracks.get(element).file);
        let segments = read_bigwig(&file, &chroms, &merge(windows(element)))?;
        Ok(signed(&segments, &chroms, Signed::new))
    };
    let sequence = |region: Region| -> Result<_> {
        let letters = letters(&reference.codes(region)?);
        Ok(Letters {
            chrom: chroms.name(region.chrom).to_string(),
            start: region.start,
            letters: letters.into_iter().map(char::from).collect(),
        })
    };
    let everywhere = merge(Element::BOTH.into_iter().flat_map(windows));
    let activity = contributed.activity.as_ref();
    Ok(Some(Contributions {
        activity: activity.map(|of| of.source.clone()),
        value: contributed.value.clone(),
        tracks: Sides::from_fn(values).transpose()?,
        sequences: everywhere
            .into_iter()
            .map(sequence)
            .collect::<Result<_>>()?,
    }))
}

/// Windows and what is around them, joined where they overlap.
fn around(windows: impl Iterator<Item = Region>, chroms: &Chroms) -> Vec<Region> {
    merge(windows.map(|window| window.widened(AROUND).cut(chroms)))
}

fn pair(detail: &Detail, chroms: &Chroms, annotations: &Annotated) -> PagePair {
    let pair = &detail.shown.pair;
    let stretch = |region: Region| -> Stretch {
        let name = chroms.name(region.chrom).to_string();
        (name, region.start, region.end)
    };
    let windows = detail.shown.windows.map(stretch);
    let sides = detail.sides();
    // Attention over one element's bins is much the same for neighbouring bins of the other.
    let promoter_bins = sides.promoter.marginal.len();
    PagePair {
        name: pair.id(chroms).to_string(),
        gene: pair.gene.map(Gene::name),
        part: detail.shown.part.map(|part| part.to_string()),
        label: pair.label.map(u8::from),
        probability: detail.shown.probability,
        context: detail.shown.context,
        rank: detail.shown.rank,
        distance: pair.distance(),
        elements: pair.elements.map(stretch),
        enhancer_window: windows.enhancer,
        promoter_window: windows.promoter,
        regions: sides
            .iter()
            .flat_map(|side| regions(side, annotations))
            .collect(),
        matrix_enhancer: Matrix::new(&detail.matrices.enhancer, 1),
        matrix_promoter: Matrix::new(&detail.matrices.promoter, promoter_bins),
    }
}

fn regions<'a>(
    (element, side): (Element, &'a Attended<'a>),
    annotations: &'a Annotated,
) -> impl Iterator<Item = PageRegion> + 'a {
    let regions = side.top.iter().zip(side.regions());
    regions.map(move |(top, region)| {
        let known = annotations.get(&region);
        let factors = known.map(|of| of.factors()).unwrap_or_default();
        PageRegion {
            element: element.name(),
            rank: top.rank,
            bin: top.bin,
            start: region.start,
            end: region.end,
            attention: side.marginal[top.bin],
            value: side.value(top),
            factors: factors.into_iter().map(str::to_string).collect(),
            footprint: known.and_then(|of| of.occupied).map(|of| of.score),
        }
    })
}
