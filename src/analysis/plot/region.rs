//! Figures of regions: what a folder of tracks has of them, without the network.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::assembly;
use super::predicted::{Activities, OpenActivities};
use super::tracks::{OpenTracks, PairTracks};
use crate::attention::Rank;
use crate::browser::added::open_bigwig;
use crate::browser::tracks::{Folder, Moved, ShownPair};
use crate::element::{Element, Sides};
use crate::error::{Error, Result};
use crate::figures::{self, Feature, Figure, Look, RegionFigure, RegionPair, RegionSide, Width};
use crate::footprints::ChromNames;
use crate::formats::{BigWig, MergedPlace};
use crate::genome::{Chroms, Reference, Region, typed_region};
use crate::pairs::Gene;
use crate::progress::Progress;
use crate::text::choice::Choice;
use crate::text::thousands;

/// The longest region: its bases are looked at one by one.
const LONGEST: u32 = 10_000_000;

/// A figure of regions, written as browsers show them, of folders of tracks: attention, top regions and arcs as the
/// folder has them. Several are drawn on one scale.
///
/// # Errors
///
/// Places that are no regions; files of the folder that are not there any more; files of tracks that cannot be
/// read, or that are of another assembly; a folder of another assembly than the first; motifs without a reference.
pub fn region(
    folders: &[Folder],
    places: &[String],
    (tracks, look): (&PairTracks, &Look),
    moved: &Moved,
    progress: &dyn Progress,
) -> Result<Figure> {
    // All panels have the same tracks.
    let scanned = |folder: &Folder| folder.summary.made.annotation.motifs.is_some();
    let known = tracks.motifs.is_none() && folders.iter().all(scanned);
    let activities = Activities::of(folders, &tracks.added, moved, |of| chroms(of, moved))?;
    let mut shown = Vec::new();
    let mut first: Option<(&Folder, Chroms, Vec<Region>)> = None;
    for (place, folder) in folders.iter().enumerate() {
        let chroms = chroms(folder, moved)?;
        if let Some((first, theirs, regions)) = &first {
            assembly::compare(regions.iter().copied(), (first, theirs), (folder, &chroms))?;
        }
        let regions = regions(places, &chroms)?;
        first.get_or_insert_with(|| (folder, chroms.clone(), regions.clone()));
        let opened = activities.open((place, folder), &chroms, &regions)?;
        let there = (chroms, regions);
        let mut source = Source::open(folder, there, (tracks, known), moved, progress)?;
        source.activities = opened;
        if folders.len() > 1 {
            source.of = format!("{}: ", folder.name());
        }
        for region in source.regions.clone() {
            shown.push(source.figure(region)?);
        }
    }
    figures::region_browser(&shown, Width::Double, look)
}

/// What a folder has of some regions.
struct Source {
    /// What stands before the regions' names.
    of: String,
    chroms: Chroms,
    regions: Vec<Region>,
    /// All pairs, the most probable first, and from which probability on they are predicted to interact.
    pairs: Vec<ShownPair>,
    threshold: f64,
    attention: Sides<(BigWig, ChromNames)>,
    top: Vec<Region>,
    merged: Vec<MergedPlace>,
    rank: Rank,
    activities: OpenActivities,
    tracks: OpenTracks,
}

impl Source {
    /// Opens a folder with its chromosomes, to show regions of them; `known` says that the figure shows the motif sites that it knows.
    fn open(
        folder: &Folder,
        (chroms, regions): (Chroms, Vec<Region>),
        (request, known): (&PairTracks, bool),
        moved: &Moved,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let file = moved.reference.clone();
        let file = file.unwrap_or_else(|| folder.reference());
        let attention = folder.summary.tracks.as_ref();
        let attention = attention.map(|track| open_bigwig(&folder.dir.join(&track.file), &chroms));
        let sites = known.then(|| folder.sites(&regions, &chroms));
        let sites = sites.transpose()?;
        let mut pairs = folder.pairs(&chroms)?;
        pairs.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Ok(Self {
            of: String::new(),
            attention: attention.transpose()?,
            top: folder.top_regions(&regions, &chroms)?,
            merged: folder.merged_regions(&regions, &chroms)?,
            tracks: OpenTracks::open(request, (&file, &chroms), &regions, sites, progress)?,
            threshold: folder.summary.threshold,
            rank: folder.summary.made.rank,
            activities: OpenActivities::default(),
            pairs,
            regions,
            chroms,
        })
    }

    fn figure(&mut self, region: Region) -> Result<RegionFigure> {
        // Motif sites are looked for in whole top regions.
        let whole = |top: &Region| top.overlap(&region) == top.len();
        let top: Vec<Region> = self.top.iter().copied().filter(whole).collect();
        let activities = self.activities.of_region(region)?;
        let tracks = [activities, self.tracks.found(region, &top)?].concat();
        let reaches = |shown: &&ShownPair| {
            let mut elements = shown.pair.elements.into_iter();
            elements.any(|element| element.overlap(&region) > 0)
        };
        let pairs: Vec<&ShownPair> = self.pairs.iter().filter(reaches).collect();
        let sides = Sides::from_fn(|element| -> Result<RegionSide> {
            let (file, names) = self.attention.get_mut(element);
            Ok(RegionSide {
                attention: attention(file, names, region)?,
                elements: elements(&pairs, element, region),
                top: merged(&self.merged, element, region),
            })
        });
        let drawn = pairs
            .iter()
            .map(|shown| drawn(shown, region, self.threshold));
        Ok(RegionFigure {
            name: format!("{}{}", self.of, region.told(&self.chroms)),
            chrom: self.chroms.name(region.chrom).to_string(),
            region: region.start..region.end,
            pairs: drawn.collect(),
            sides: sides.transpose()?,
            top_by: (!self.rank.is_attention()).then(|| self.rank.name().to_string()),
            tracks,
        })
    }
}

/// The chromosomes of the reference; where it is not there any more, those of the folder's attention.
fn chroms(folder: &Folder, moved: &Moved) -> Result<Chroms> {
    let known = folder.reference();
    let file = moved.reference.as_ref().unwrap_or(&known);
    if moved.reference.is_some() || file.exists() {
        return Ok(Chroms::clone(Reference::open(file)?.chroms()));
    }
    let mut all: BTreeMap<String, u32> = BTreeMap::new();
    for (_, track) in folder.summary.tracks.iter() {
        let file = BigWig::open(&folder.dir.join(&track.file))?;
        all.extend(
            file.chroms()
                .map(|(name, length)| (name.to_string(), length)),
        );
    }
    let twice = |name: String| Error::format(&folder.dir, format!("{name} stands there twice"));
    Chroms::new(all).map_err(twice)
}

/// The regions that a person means, or all that is wrong with them.
fn regions(places: &[String], chroms: &Chroms) -> Result<Vec<Region>> {
    let (mut regions, mut problems) = (Vec::new(), Vec::new());
    for place in places {
        match typed_region(place, chroms) {
            Ok(region) if region.len() > LONGEST => problems.push(format!(
                "{place:?} has {} bases: at most {} are drawn",
                thousands(region.len()),
                thousands(LONGEST)
            )),
            // Asked for twice, it is drawn once, as a pair is.
            Ok(region) if regions.contains(&region) => {}
            Ok(region) => regions.push(region),
            Err(problem) => problems.push(problem),
        }
    }
    match problems.is_empty() {
        true => Ok(regions),
        false => Err(Error::Configuration(problems.join("\n"))),
    }
}

/// The values of a track in a region.
fn attention(
    file: &mut BigWig,
    names: &ChromNames,
    region: Region,
) -> Result<Vec<(Range<u32>, f32)>> {
    let Some(name) = names.get(region) else {
        return Ok(Vec::new());
    };
    let segments = file.segments(name, region)?.into_iter();
    let value = segments.map(|of| (of.region.start..of.region.end, of.value));
    Ok(value.collect())
}

/// The distinct elements of one side that share a base with a region; the promoters are named after their genes.
fn elements(pairs: &[&ShownPair], element: Element, region: Region) -> Vec<Feature> {
    let mut names: BTreeMap<Region, &str> = BTreeMap::new();
    for shown in pairs {
        let place = *shown.pair.elements.get(element);
        if place.overlap(&region) > 0 {
            let gene = shown.pair.gene.filter(|_| element == Element::Promoter);
            let name = names.entry(place).or_default();
            if name.is_empty() {
                *name = gene.map_or("", Gene::name);
            }
        }
    }
    let feature = |(place, name): (Region, &str)| feature(place, name);
    names.into_iter().map(feature).collect()
}

/// The merged regions of one side that share a base with a region, those of most pairs first, named after their
/// number where it is more than one.
fn merged(all: &[MergedPlace], element: Element, region: Region) -> Vec<Feature> {
    let is_there = |of: &&MergedPlace| of.element == element && of.region.overlap(&region) > 0;
    let mut there: Vec<&MergedPlace> = all.iter().filter(is_there).collect();
    there.sort_by_key(|of| (Reverse(of.pairs), of.region));
    let named = |of: &MergedPlace| match of.pairs {
        0 | 1 => feature(of.region, ""),
        pairs => feature(of.region, &format!("×{pairs}")),
    };
    there.into_iter().map(named).collect()
}

fn feature(place: Region, name: &str) -> Feature {
    Feature {
        name: name.into(),
        bases: place.start..place.end,
        strand: None,
    }
}

/// A pair as a figure of a region shows it.
fn drawn(shown: &ShownPair, region: Region, threshold: f64) -> RegionPair {
    let on_chrom = |element: Region| {
        let is_there = element.chrom == region.chrom;
        is_there.then_some(element.start..element.end)
    };
    RegionPair {
        elements: shown.pair.elements.map(on_chrom),
        label: shown.pair.label,
        predicted: f64::from(shown.probability) >= threshold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::pairs::Pair;

    fn place(chrom: u32, start: u32, end: u32) -> Region {
        Region::new(ChromId(chrom), start, end).unwrap()
    }

    fn pair(enhancer: Region, promoter: Region, gene: &str) -> ShownPair {
        let elements = Sides::new(enhancer, promoter);
        ShownPair {
            pair: Pair {
                elements,
                label: Some(true),
                line: 2,
                gene: Gene::new(gene),
            },
            windows: elements,
            probability: 0.5,
            rank: 1,
            part: None,
            context: None,
        }
    }

    #[test]
    fn elements_are_distinct_and_promoters_have_their_genes() {
        let (near, far) = (place(0, 100, 200), place(0, 5000, 5200));
        let promoter = place(0, 900, 1000);
        let pairs = [
            pair(near, promoter, ""),
            pair(near, promoter, "MYC"),
            pair(far, promoter, "MYC"),
        ];
        let pairs: Vec<&ShownPair> = pairs.iter().collect();
        let region = place(0, 150, 950);
        let named = |element| {
            let found = elements(&pairs, element, region).into_iter();
            let named = found.map(|of| (of.name.to_string(), of.bases));
            named.collect::<Vec<_>>()
        };
        assert_eq!(named(Element::Enhancer), [(String::new(), 100..200)]);
        assert_eq!(named(Element::Promoter), [("MYC".to_string(), 900..1000)]);
    }

    #[test]
    fn a_pair_is_predicted_from_the_threshold_on_and_may_lie_on_two_chromosomes() {
        let shown = pair(place(0, 100, 200), place(1, 100, 200), "");
        let region = place(1, 0, 500);
        let found = drawn(&shown, region, 0.5);
        assert_eq!(found.elements, Sides::new(None, Some(100..200)));
        assert!(found.predicted && !drawn(&shown, region, 0.51).predicted);
    }

    #[test]
    fn merged_regions_tell_of_how_many_pairs_they_are() {
        let merged_place = |start, element, pairs| MergedPlace {
            region: place(0, start, start + 50),
            element,
            pairs,
        };
        let all = [
            merged_place(100, Element::Enhancer, 1),
            merged_place(300, Element::Enhancer, 4),
            merged_place(300, Element::Promoter, 2),
            merged_place(900, Element::Enhancer, 9),
        ];
        let found = merged(&all, Element::Enhancer, place(0, 120, 900)).into_iter();
        let found: Vec<_> = found.map(|of| (of.name.to_string(), of.bases)).collect();
        let wanted = [("×4".to_string(), 300..350), (String::new(), 100..150)];
        assert_eq!(found, wanted);
    }

    #[test]
    fn everything_that_is_wrong_with_regions_is_told() {
        let chroms = Chroms::new([("chr1".to_string(), 50_000_000)]).unwrap();
        let of = |places: &[&str]| {
            let places: Vec<String> = places.iter().map(|place| place.to_string()).collect();
            regions(&places, &chroms)
        };
        let good = of(&["chr1:11-20", "1:21-30"]).unwrap();
        assert_eq!(good, [place(0, 10, 20), place(0, 20, 30)]);
        let said = of(&["MYC", "chr1:1-20,000,000", "chr1:1-9"]).unwrap_err();
        let said = said.to_string();
        assert!(said.contains("\"MYC\" is no region"), "{said}");
        assert!(
            said.contains("20,000,000 bases: at most 10,000,000"),
            "{said}"
        );
    }
}
