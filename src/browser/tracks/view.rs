//! From a folder of tracks to a page that shows chosen pairs.

use super::{Detail, Folder, Moved, choose, details};
use crate::attention::Attended;
use crate::browser::added::{AddedTrack, Found, Item, OpenAdded};
use crate::browser::view::{
    Contributions, Letters, Matrix, Page, PagePair, PageRegion, PageTrack, PageTrackContent,
    Signed, Stretch,
};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::formats::{Annotated, ENHANCER_RGB, PROMOTER_RGB, read_bigwig};
use crate::genome::{Chroms, Reference, Region, Segment, letters, merge};
use crate::network::device::ComputeDevice;
use crate::output::provenance::VERSION;

/// Bases around a window whose values a page holds.
const AROUND: u32 = 10_000;
/// So many bases, each by itself, take the room of one stretch with its ends.
const STRETCH: u32 = 8;

/// What a page shows.
#[derive(Debug, Clone, Default)]
pub struct ViewRequest {
    /// What the tracks are of.
    pub title: String,
    /// The assembly's name, if not the one that the folder knows.
    pub genome: Option<String>,
    /// Names of pairs; if there are none, the most probable pairs.
    pub pairs: Vec<String>,
    /// The most pairs.
    pub count: usize,
    /// Tracks of the user's own.
    pub added: Vec<AddedTrack>,
    /// Where the network comes from.
    pub moved: Moved,
}

/// What a page of a folder's pairs holds.
///
/// # Errors
///
/// Names that no pair has; a run or a reference that is not there any more; tracks that do not fit.
pub fn page(folder: &Folder, request: &ViewRequest, device: &ComputeDevice) -> Result<Page> {
    let (run, mut reference) = folder.network(&request.moved)?;
    let chroms = reference.chroms().clone();
    let all = folder.pairs(&chroms)?;
    let chosen = choose(&all, &request.pairs, request.count, &chroms)?;
    // Before the network runs: what is wrong with a file is told at once.
    let windows = chosen.iter().flat_map(|shown| shown.windows);
    let windows: Vec<Region> = windows.collect();
    let mut opened = OpenAdded::all(&request.added, &chroms, &windows)?;
    let annotations = folder.annotations(windows.iter().copied(), &chroms)?;
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
        made: summary.provenance(),
        threshold: summary.threshold,
        pairs_shown: details.len(),
        pairs_total: summary.pairs_shown,
        colours: Sides::new(ENHANCER_RGB, PROMOTER_RGB),
        bins: summary.model.bins().map(|bins| bins.edges()),
        tracks: Sides::from_fn(values).transpose()?,
        contributions: contributions(folder, &details, &mut reference)?,
        added: opened
            .iter_mut()
            .map(|track| added(track, &windows, &chroms))
            .collect::<Result<_>>()?,
        pairs: details
            .iter()
            .map(|detail| pair(detail, &chroms, &annotations))
            .collect(),
    })
}

/// What a track of the user's own shows in the windows of the pairs.
fn added(track: &mut OpenAdded, windows: &[Region], chroms: &Chroms) -> Result<PageTrack> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut features: Vec<(Region, Item)> = Vec::new();
    let mut before: Option<Region> = None;
    for window in merge(windows.iter().copied()) {
        let seen = before.filter(|of| of.chrom == window.chrom);
        match track.found(window)? {
            Found::Signal(found) => segments.extend(found),
            // What reaches from one window into the next is one item.
            Found::Items(found) => features.extend(
                found
                    .into_iter()
                    .filter(|(region, _)| seen.is_none_or(|of| of.end <= region.start)),
            ),
        }
        before = Some(window);
    }
    let of = track.track();
    let (name, colour) = (of.title().to_string(), of.rgb());
    let shown = match track.is_signal() {
        true => {
            let bases: u32 = segments.iter().map(|segment| segment.region.len()).sum();
            let is_dense = segments.len() as u64 * u64::from(STRETCH) > u64::from(bases);
            let none: &[Segment] = &[];
            let (sparse, dense) = match is_dense {
                true => (none, segments.as_slice()),
                false => (segments.as_slice(), none),
            };
            PageTrackContent::Signal {
                range: of.range,
                values: by_chromosome(sparse, chroms),
                bases: signed(dense, chroms),
            }
        }
        false => {
            let features = features.into_iter().map(|(region, item)| {
                let chrom = chroms.name(region.chrom).to_string();
                let (name, strand) = (item.name.to_string(), item.strand_text());
                (chrom, region.start, region.end, name, item.score, strand)
            });
            PageTrackContent::Features {
                features: features.collect(),
            }
        }
    };
    Ok(PageTrack {
        name,
        colour,
        shown,
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

fn by_chromosome(segments: &[Segment], chroms: &Chroms) -> Vec<(String, Vec<f64>)> {
    let of_chrom = |segments: &[Segment]| {
        let name = chroms.name(segments[0].region.chrom).to_string();
        let numbers = segments.iter().flat_map(|segment| {
            let Region { start, end, .. } = segment.region;
            [start.into(), end.into(), segment.value.into()]
        });
        (name, numbers.collect())
    };
    segments
        .chunk_by(|a, b| a.region.chrom == b.region.chrom)
        .map(of_chrom)
        .collect()
}

fn pair(detail: &Detail, chroms: &Chroms, annotations: &Annotated) -> PagePair {
    let pair = &detail.shown.pair;
    let stretch = |region: Region| -> Stretch {
        let name = chroms.name(region.chrom).to_string();
        (name, region.start, region.end)
    };
    let windows = detail.shown.windows.map(stretch);
    let sides = detail.sides();
    PagePair {
        name: pair.id(chroms).to_string(),
        label: pair.label.map(u8::from),
        probability: detail.shown.probability,
        distance: pair.distance(),
        elements: pair.elements.map(stretch),
        enhancer_window: windows.enhancer,
        promoter_window: windows.promoter,
        regions: sides
            .iter()
            .flat_map(|side| regions(side, annotations))
            .collect(),
        matrix_enhancer: Matrix::new(&detail.matrices.enhancer),
        matrix_promoter: Matrix::new(&detail.matrices.promoter),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::write_bigwig;
    use crate::genome::ChromId;

    fn region(start: u32, end: u32) -> Region {
        let chrom = ChromId(0);
        Region { chrom, start, end }
    }

    /// A page's track of values, and their two forms: stretches and bases.
    fn forms(stretches: &[(u32, u32)]) -> (usize, usize) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let segments = stretches.iter().map(|&(start, end)| Segment {
            region: region(start, end),
            value: start as f32 + 1.0,
        });
        let (file, _) = write_bigwig(&path, &chroms, segments).unwrap();
        file.complete().unwrap();
        let windows = [region(0, 300), region(250, 400)];
        let track = AddedTrack::new("x", path);
        let mut opened = OpenAdded::all(&[track], &chroms, &windows).unwrap();
        match added(&mut opened[0], &windows, &chroms).unwrap().shown {
            PageTrackContent::Signal { values, bases, .. } => {
                let numbers = values.iter().map(|(_, numbers)| numbers.len());
                (numbers.sum(), bases.len())
            }
            PageTrackContent::Features { .. } => panic!("no values"),
        }
    }

    #[test]
    fn values_take_the_form_that_takes_less_room() {
        assert_eq!(forms(&[(10, 200), (350, 600)]), (6, 0));
        let bases: Vec<(u32, u32)> = (20..120).map(|base| (base, base + 1)).collect();
        assert_eq!(forms(&bases), (0, 1));
    }

    #[test]
    fn an_item_of_two_windows_is_there_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bed");
        let rows =
            "chr1\t50\t900\tlong\nchr1\t60\t70\tshort\nchr1\t610\t620\tlate\nchr1\t950\t960\tno\n";
        std::fs::write(&path, rows).unwrap();
        let chroms = Chroms::new([("chr1".to_string(), 1000)]).unwrap();
        let windows = [region(600, 700), region(0, 100)];
        let track = AddedTrack::new("x", path);
        let mut opened = OpenAdded::all(&[track], &chroms, &windows).unwrap();
        let page = added(&mut opened[0], &windows, &chroms).unwrap();
        assert_eq!(page.colour, "60,60,60");
        let PageTrackContent::Features { features } = page.shown else {
            panic!("no items");
        };
        let names: Vec<&str> = features.iter().map(|item| item.3.as_str()).collect();
        assert_eq!(names, ["long", "short", "late"]);
    }
}
