//! What a figure of a pair shows below the attention: motif sites, footprints and signals.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::browser::tracks::Side;
use crate::browser::tracks::annotation::{AnnotationRequest, Annotator};
use crate::error::{Error, Result};
use crate::figures::{Content, Feature, Strand, Track};
use crate::footprints::{ChromNames, Footprints};
use crate::formats::{Annotation, BigWig, is_bigwig};
use crate::genome::{Chroms, Reference, Region};
use crate::motifs::CollectionRequest;
use crate::progress::Progress;

/// What to show below the attention of a pair.
#[derive(Debug, Clone, Default)]
pub struct PairTracks {
    /// Motifs, whose sites in the top regions are shown.
    pub motifs: Option<CollectionRequest>,
    /// Footprints: BED, or a bigWig of −log10 p of each base.
    pub footprints: Option<PathBuf>,
    /// Signals of the user's own, from top to bottom.
    pub signals: Vec<NamedSignal>,
}

/// A bigWig, and what a figure calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSignal {
    /// What stands above it.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

impl PairTracks {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.motifs.is_none() && self.footprints.is_none() && self.signals.is_empty()
    }
}

/// The files of [`PairTracks`], opened and compared with the reference.
#[derive(Default)]
pub(super) struct OpenTracks {
    motifs: Option<Annotator>,
    footprints: Option<OpenFootprints>,
    signals: Vec<Signal>,
}

struct OpenFootprints {
    footprints: Footprints,
    /// Whether each base has a score of its own, which the figure shows.
    scored: bool,
}

struct Signal {
    name: String,
    file: BigWig,
    names: ChromNames,
}

impl OpenTracks {
    /// Opens what is asked for; what is quickly found to be wrong is told before the long work.
    pub fn open(
        request: &PairTracks,
        reference: &Path,
        chroms: &Chroms,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let signals = request.signals.iter();
        let signals = signals.map(|signal| Signal::open(signal, chroms));
        let signals = signals.collect::<Result<Vec<_>>>()?;
        let footprints = request.footprints.as_ref();
        let footprints = footprints.map(|path| OpenFootprints::open(path, chroms));
        let footprints = footprints.transpose()?;
        let motifs = request.motifs.as_ref().map(|motifs| {
            let request = AnnotationRequest {
                motifs: Some(motifs.clone()),
                footprints: None,
            };
            Annotator::open(&request, Reference::open(reference)?, chroms, progress)
        });
        Ok(Self {
            motifs: motifs.transpose()?,
            footprints,
            signals,
        })
    }

    /// What lies in a window, from top to bottom.
    pub fn found(&mut self, side: &Side) -> Result<Vec<FoundTrack>> {
        let mut tracks = Vec::new();
        if let Some(motifs) = &mut self.motifs {
            let top = side.top.iter().map(|top| top.bin);
            let regions = top.map(|bin| side.bins.region_in(side.window, bin));
            let regions: Vec<Region> = regions.collect();
            let annotations = motifs.annotate(side.window, &regions)?;
            let sites = sites(&regions, annotations);
            tracks.push(FoundTrack::features(
                "motif sites in the top regions",
                sites,
            ));
        }
        if let Some(open) = &self.footprints {
            let scores = open.footprints.occupancy(side.window)?;
            tracks.push(match open.scored {
                true => FoundTrack::signal("footprints (−log10 p)", scored(side.window, &scores)),
                false => FoundTrack::features("footprints", occupied(side.window, &scores)),
            });
        }
        for signal in &mut self.signals {
            let values = signal.values(side.window)?;
            tracks.push(FoundTrack::signal(&signal.name, values));
        }
        Ok(tracks)
    }
}

impl OpenFootprints {
    fn open(path: &Path, chroms: &Chroms) -> Result<Self> {
        let scored = is_bigwig(path)?;
        if scored {
            open_bigwig(path, chroms)?;
        }
        let footprints = Footprints::open(path, chroms)?;
        Ok(Self { footprints, scored })
    }
}

impl Signal {
    fn open(request: &NamedSignal, chroms: &Chroms) -> Result<Self> {
        let (file, names) = open_bigwig(&request.path, chroms)?;
        let name = request.name.clone();
        Ok(Self { name, file, names })
    }

    /// The values in a window. A value that is no number is none.
    fn values(&mut self, window: Region) -> Result<Vec<(Range<u32>, f32)>> {
        let Some(name) = self.names.get(window) else {
            return Ok(Vec::new());
        };
        let segments = self.file.segments(name, window)?.into_iter();
        let known = segments.filter(|segment| segment.value.is_finite());
        let value = known.map(|segment| (segment.region.start..segment.region.end, segment.value));
        Ok(value.filter(|(bases, _)| !bases.is_empty()).collect())
    }
}

/// Opens a bigWig of the reference's assembly.
fn open_bigwig(path: &Path, chroms: &Chroms) -> Result<(BigWig, ChromNames)> {
    if !is_bigwig(path)? {
        return Err(Error::format(path, "is no bigWig"));
    }
    let file = BigWig::open(path)?;
    let own = file.reference_chroms()?;
    let names = ChromNames::new(path, &own, chroms)?;
    if !chroms.iter().any(|(name, _)| own.find(name).is_some()) {
        let problem = "is of another assembly: it has none of the reference's chromosomes";
        return Err(Error::format(path, problem));
    }
    Ok((file, names))
}

/// A track with what it shows of one window.
pub(super) struct FoundTrack {
    name: String,
    shown: Shown,
}

enum Shown {
    Features(Vec<Found>),
    Signal(Vec<(Range<u32>, f32)>),
}

/// Something that lies in a window.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    name: Arc<str>,
    bases: Range<u32>,
    strand: Option<Strand>,
}

impl Found {
    fn feature(&self) -> Feature<'_> {
        Feature {
            name: &self.name,
            start: self.bases.start,
            end: self.bases.end,
            strand: self.strand,
        }
    }
}

impl FoundTrack {
    fn features(name: &str, features: Vec<Found>) -> Self {
        Self {
            name: titled(name, features.is_empty()),
            shown: Shown::Features(features),
        }
    }

    fn signal(name: &str, values: Vec<(Range<u32>, f32)>) -> Self {
        Self {
            name: titled(name, values.is_empty()),
            shown: Shown::Signal(values),
        }
    }

    /// Its features as a figure borrows them.
    pub fn borrowed(&self) -> Vec<Feature<'_>> {
        let features: &[Found] = match &self.shown {
            Shown::Features(features) => features,
            Shown::Signal(_) => &[],
        };
        features.iter().map(Found::feature).collect()
    }

    /// The track with the features of [`FoundTrack::borrowed`].
    pub fn track<'a>(&'a self, features: &'a [Feature<'a>]) -> Track<'a> {
        Track {
            name: &self.name,
            content: match &self.shown {
                Shown::Features(_) => Content::Features(features),
                Shown::Signal(values) => Content::Signal(values),
            },
        }
    }
}

/// A track's name, which says where there is nothing to see.
fn titled(name: &str, empty: bool) -> String {
    let remark = if empty { ": none here" } else { "" };
    format!("{name}{remark}")
}

/// The sites of regions, the best first; of a factor's overlapping ones, which its matrices and
/// both strands have at the same place, only the best.
fn sites(regions: &[Region], annotations: Vec<Annotation>) -> Vec<Found> {
    let mut sites = Vec::new();
    for (region, annotation) in regions.iter().zip(annotations) {
        for site in annotation.sites.unwrap_or_default() {
            let start = region.start + site.offset;
            let strand = match site.forward {
                true => Strand::Forward,
                false => Strand::Reverse,
            };
            let found = Found {
                name: site.factor,
                bases: start..start + site.length,
                strand: Some(strand),
            };
            sites.push((site.p_value, found));
        }
    }
    sites.sort_by(|(p, one), (q, other)| {
        let places = one.bases.start.cmp(&other.bases.start);
        p.total_cmp(q).then(places).then(one.name.cmp(&other.name))
    });
    let mut best: Vec<Found> = Vec::new();
    for (_, site) in sites {
        let Range { start, end } = site.bases;
        let hides = |other: &Found| {
            other.name == site.name && other.bases.start < end && start < other.bases.end
        };
        if !best.iter().any(hides) {
            best.push(site);
        }
    }
    best
}

/// The stretches of a window's bases of one score, without those that have none.
fn scored(window: Region, scores: &[f32]) -> Vec<(Range<u32>, f32)> {
    let mut start = window.start;
    let runs = scores.chunk_by(|one, next| one == next).map(|run| {
        let bases = start..start + run.len() as u32;
        start = bases.end;
        (bases, run[0])
    });
    runs.filter(|(_, score)| *score > 0.0).collect()
}

/// The stretches of a window's bases that footprints cover.
fn occupied(window: Region, scores: &[f32]) -> Vec<Found> {
    let covered = scores.iter().map(|score| f32::from(*score > 0.0));
    let covered: Vec<f32> = covered.collect();
    let found = |(bases, _)| Found {
        name: "".into(),
        bases,
        strand: None,
    };
    scored(window, &covered).into_iter().map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{RegionSite, write_bigwig};
    use crate::genome::{ChromId, Segment};

    fn region(chrom: u32, start: u32, end: u32) -> Region {
        let chrom = ChromId(chrom);
        Region { chrom, start, end }
    }

    fn chroms(names: &[(&str, u32)]) -> Chroms {
        let owned = names
            .iter()
            .map(|(name, length)| (name.to_string(), *length));
        Chroms::new(owned).unwrap()
    }

    /// A bigWig of a few values on the first of its chromosomes.
    fn bigwig(dir: &Path, chroms: &Chroms) -> NamedSignal {
        let path = dir.join("signal.bw");
        let values = [(10, 20, 1.0), (20, 25, 3.0), (40, 60, 0.5)];
        let segments = values.map(|(start, end, value)| Segment {
            region: region(0, start, end),
            value,
        });
        let (file, _) = write_bigwig(&path, chroms, segments.into_iter()).unwrap();
        file.complete().unwrap();
        let name = "DNase".to_string();
        NamedSignal { name, path }
    }

    #[test]
    fn a_signal_is_cut_to_its_window_and_keeps_its_gaps() {
        let dir = tempfile::tempdir().unwrap();
        let request = bigwig(dir.path(), &chroms(&[("1", 100), ("2", 80)]));
        let of = chroms(&[("chr1", 100), ("chr2", 80), ("chr3", 70)]);
        let mut signal = Signal::open(&request, &of).unwrap();
        let values = signal.values(region(0, 15, 50)).unwrap();
        assert_eq!(values, [(15..20, 1.0), (20..25, 3.0), (40..50, 0.5)]);
        for empty in [region(0, 70, 90), region(2, 10, 50)] {
            assert!(signal.values(empty).unwrap().is_empty());
        }
    }

    #[test]
    fn a_file_that_does_not_fit_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let request = bigwig(dir.path(), &chroms(&[("chr1", 100)]));
        let refused = |request: &NamedSignal, of: &[(&str, u32)]| {
            let said = Signal::open(request, &chroms(of)).err();
            said.map_or(String::new(), |error| error.to_string())
        };
        assert_eq!(refused(&request, &[("chr1", 100)]), "");
        assert!(refused(&request, &[("chr1", 99)]).contains("another assembly"));
        let other = refused(&request, &[("chrA", 100), ("chrB", 50)]);
        assert!(
            other.contains("none of the reference's chromosomes"),
            "{other}"
        );
        let text = NamedSignal {
            path: dir.path().join("text.bw"),
            ..request.clone()
        };
        assert!(refused(&text, &[("chr1", 100)]).contains("text.bw"));
        std::fs::write(&text.path, "chr1\t1\t2\t3\n").unwrap();
        assert!(refused(&text, &[("chr1", 100)]).contains("is no bigWig"));
        let open = |path: &Path, of: &[(&str, u32)]| OpenFootprints::open(path, &chroms(of));
        assert!(open(&request.path, &[("chr1", 100)]).unwrap().scored);
        assert!(open(&request.path, &[("chrA", 100)]).is_err());
    }

    #[test]
    fn the_best_of_a_factors_overlapping_sites_is_shown() {
        let site = |factor: &str, forward, offset, p_value| RegionSite {
            factor: factor.into(),
            matrix: "MA0139.1".into(),
            forward,
            offset,
            length: 10,
            p_value,
        };
        let annotation = |sites| Annotation {
            sites: Some(sites),
            occupied: None,
        };
        let first = vec![
            site("CTCF", true, 0, 1e-5),
            site("CTCF", false, 9, 1e-7),
            site("SP1", true, 3, 1e-5),
        ];
        let second = vec![site("CTCF", true, 2, 1e-6)];
        let regions = [region(0, 100, 145), region(0, 200, 245)];
        let found = sites(&regions, vec![annotation(first), annotation(second)]);
        let found: Vec<(&str, u32, bool)> = found
            .iter()
            .map(|site| {
                let forward = site.strand == Some(Strand::Forward);
                (&*site.name, site.bases.start, forward)
            })
            .collect();
        let wanted = [
            ("CTCF", 109, false),
            ("CTCF", 202, true),
            ("SP1", 103, true),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn footprints_are_stretches_of_bases() {
        let window = region(0, 50, 58);
        let scores = [0.0, 2.0, 2.0, 5.0, 0.0, 0.0, 1.5, 1.5];
        let wanted = [(51..53, 2.0), (53..54, 5.0), (56..58, 1.5)];
        assert_eq!(scored(window, &scores), wanted);
        let covered = occupied(window, &scores);
        let covered: Vec<_> = covered.into_iter().map(|found| found.bases).collect();
        assert_eq!(covered, [51..54, 56..58]);
    }
}
