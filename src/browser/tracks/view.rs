//! From a folder of tracks to a page that shows chosen pairs.

use super::{Detail, Folder, Moved, choose, details, performance};
use crate::attention::Attended;
use crate::browser::view::{
    Contributions, Letters, Matrix, Page, PagePair, PageRegion, Signed, Step, Stretch,
};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::formats::read_bigwig;
use crate::genome::{Chroms, Reference, Region, Segment, letters, merge};
use crate::network::device::ComputeDevice;
use crate::output::provenance::VERSION;
use crate::pairs::Gene;

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
    /// Where the network comes from.
    pub moved: Moved,
}

/// What a page of a folder's pairs holds.
///
/// # Errors
///
/// Words that no pair answers to, or several; a run or a reference that is not there any more.
pub fn page(folder: &Folder, request: &ViewRequest, device: &ComputeDevice) -> Result<Page> {
    let (run, mut reference) = folder.network(&request.moved)?;
    let chroms = reference.chroms().clone();
    let all = folder.pairs(&chroms)?;
    let chosen = choose(&all, &request.pairs, request.count, &chroms)?;
    let details = details(&run, &mut reference, &chosen, device)?;

    let summary = &folder.summary;
    let values = |element: Element| -> Result<_> {
        let windows = details.iter().map(|of| *of.shown.windows.get(element));
        let regions = around(windows, &chroms);
        let file = folder.dir.join(&summary.tracks.get(element).file);
        let segments = read_bigwig(&file, &chroms, &regions)?;
        Ok(by_chromosome(&segments, &chroms))
    };
    let chromosomes = chroms.iter();
    let chromosomes = chromosomes.map(|(name, length)| (name.to_string(), length));
    Ok(Page {
        title: request.title.clone(),
        version: VERSION.to_string(),
        genome: request.genome.clone().unwrap_or_else(|| folder.genome()),
        chromosomes: chromosomes.collect(),
        value: summary.value.clone(),
        made: [performance::rows(&run), summary.provenance()].concat(),
        threshold: summary.threshold,
        pairs_shown: details.len(),
        pairs_total: summary.pairs_shown,
        bins: summary.model.bins().map(|bins| bins.edges()),
        tracks: Sides::from_fn(values).transpose()?,
        contributions: contributions(folder, &details, &mut reference)?,
        pairs: details.iter().map(|detail| pair(detail, &chroms)).collect(),
    })
}

/// What the bases of the pairs' windows add to the logits, if the folder says so.
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
        Ok(signed(&segments, &chroms))
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
    Ok(Some(Contributions {
        value: contributed.value.clone(),
        tracks: Sides::from_fn(values).transpose()?,
        sequences: everywhere
            .into_iter()
            .map(sequence)
            .collect::<Result<_>>()?,
    }))
}

/// The values of neighbouring bases together.
fn signed(segments: &[Segment], chroms: &Chroms) -> Vec<Signed> {
    let touch = |a: &Segment, b: &Segment| {
        a.region.chrom == b.region.chrom && a.region.end == b.region.start
    };
    let stretches = segments.chunk_by(touch).map(|stretch| {
        let first = stretch[0].region;
        let values = stretch
            .iter()
            .flat_map(|segment| std::iter::repeat_n(segment.value, segment.region.len() as usize));
        let values: Vec<f32> = values.collect();
        Signed::new(chroms.name(first.chrom), first.start, &values)
    });
    stretches.collect()
}

/// Windows and what is around them, joined where they overlap.
fn around(windows: impl Iterator<Item = Region>, chroms: &Chroms) -> Vec<Region> {
    merge(windows.map(|window| window.widened(AROUND).cut(chroms)))
}

fn by_chromosome(segments: &[Segment], chroms: &Chroms) -> Vec<(String, Vec<Step>)> {
    let of_chrom = |segments: &[Segment]| {
        let name = chroms.name(segments[0].region.chrom).to_string();
        (name, steps(segments))
    };
    segments
        .chunk_by(|a, b| a.region.chrom == b.region.chrom)
        .map(of_chrom)
        .collect()
}

/// Each from the end of the one before it.
fn steps(segments: &[Segment]) -> Vec<Step> {
    let ends = segments.iter().map(|segment| segment.region.end);
    let before = std::iter::once(0).chain(ends);
    let steps = segments.iter().zip(before).map(|(segment, before)| {
        let Region { start, end, .. } = segment.region;
        let gap = i64::from(start) - i64::from(before);
        (gap, end - start, four_digits(segment.value))
    });
    steps.collect()
}

/// A value as closely as a page tells it.
fn four_digits(value: f32) -> f32 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

fn pair(detail: &Detail, chroms: &Chroms) -> PagePair {
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
        distance: pair.distance(),
        elements: pair.elements.map(stretch),
        enhancer_window: windows.enhancer,
        promoter_window: windows.promoter,
        regions: sides.iter().flat_map(regions).collect(),
        matrix_enhancer: Matrix::new(&detail.matrices.enhancer, 1),
        matrix_promoter: Matrix::new(&detail.matrices.promoter, promoter_bins),
    }
}

fn regions<'a>(
    (element, side): (Element, &'a Attended<'a>),
) -> impl Iterator<Item = PageRegion> + 'a {
    let regions = side.top.iter().zip(side.regions());
    regions.map(move |(top, region)| PageRegion {
        element: element.name(),
        rank: top.rank,
        bin: top.bin,
        start: region.start,
        end: region.end,
        attention: side.marginal[top.bin],
        value: side.value(top),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;

    #[test]
    fn steps_lead_back_to_the_places() {
        let segment = |chrom, start, end, value| Segment {
            region: Region {
                chrom: ChromId(chrom),
                start,
                end,
            },
            value,
        };
        let names = ["chr1", "chr2"].map(|name| (name.to_string(), 10_000));
        let chroms = Chroms::new(names).unwrap();
        let segments = [
            segment(0, 7, 30, 1.234567),
            segment(0, 30, 60, 0.00012344),
            segment(0, 500, 501, 0.0),
            segment(1, 40, 41, 98_767.0),
        ];
        let wanted: [(String, Vec<Step>); 2] = [
            (
                "chr1".to_string(),
                vec![(7, 23, 1.235), (0, 30, 0.0001234), (440, 1, 0.0)],
            ),
            ("chr2".to_string(), vec![(40, 1, 98_770.0)]),
        ];
        assert_eq!(by_chromosome(&segments, &chroms), wanted);
        assert!(by_chromosome(&[], &chroms).is_empty());
    }
}
