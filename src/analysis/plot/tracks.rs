//! What a figure of a pair shows below the attention: genes, motif sites, footprints and signals.

use std::path::{Path, PathBuf};

use super::found::{genes, occupied, scored, sites, track};
use crate::browser::added::{AddedTrack, Found, Item, OpenAdded, open_bigwig};
use crate::browser::tracks::annotation::{AnnotationRequest, Annotator};
use crate::error::Result;
use crate::figures::{Feature, Track, TrackContent};
use crate::footprints::Footprints;
use crate::formats::{Annotated, is_bigwig};
use crate::genome::{Chroms, Genes, Region};
use crate::motifs::CollectionRequest;
use crate::progress::Progress;

/// What stands above the sites of motifs.
const SITES: &str = "motif sites in the top regions";

/// What to show below the attention of a pair.
#[derive(Debug, Clone, Default)]
pub struct PairTracks {
    /// Genes: GTF, or a table of UCSC's.
    pub genes: Option<PathBuf>,
    /// Motifs, whose sites in the top regions are shown.
    pub motifs: Option<CollectionRequest>,
    /// Footprints: BED, or a bigWig of −log10 p of each base.
    pub footprints: Option<PathBuf>,
    /// Tracks of the user's own, from top to bottom.
    pub added: Vec<AddedTrack>,
}

impl PairTracks {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        let files = [&self.genes, &self.footprints];
        self.motifs.is_none() && files.iter().all(|file| file.is_none()) && self.added.is_empty()
    }
}

/// The files of [`PairTracks`], opened and compared with the reference.
#[derive(Default)]
pub(super) struct OpenTracks {
    genes: Option<Genes>,
    motifs: Option<Annotator>,
    /// The sites that the folder of tracks knows, where no motifs are asked for.
    known: Option<Annotated>,
    footprints: Option<OpenFootprints>,
    added: Vec<OpenAdded>,
}

struct OpenFootprints {
    footprints: Footprints,
    /// Whether each base has a score of its own, which the figure shows.
    scored: bool,
}

impl OpenTracks {
    /// Opens what is asked for, to be shown in some windows; what is quickly found to be wrong is told
    /// before the long work. `known` are the sites that the folder of tracks knows, if it knows them.
    pub fn open(
        request: &PairTracks,
        (reference, chroms): (&Path, &Chroms),
        windows: &[Region],
        known: Option<Annotated>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let added = OpenAdded::all(&request.added, chroms, windows)?;
        let genes = request.genes.as_ref();
        let genes = genes.map(|path| Genes::read(path, chroms, windows));
        let genes = genes.transpose()?;
        let footprints = request.footprints.as_ref();
        let footprints = footprints.map(|path| OpenFootprints::open(path, chroms));
        let footprints = footprints.transpose()?;
        let motifs = request.motifs.as_ref().map(|motifs| {
            let request = AnnotationRequest {
                motifs: Some(motifs.clone()),
                footprints: None,
            };
            Annotator::open(&request, reference, chroms, progress)
        });
        Ok(Self {
            genes,
            motifs: motifs.transpose()?,
            known,
            footprints,
            added,
        })
    }

    /// What lies in a window, from top to bottom; sites in these top regions of it.
    pub fn found(&mut self, window: Region, regions: &[Region]) -> Result<Vec<Track>> {
        let mut tracks = Vec::new();
        if let Some(known) = &self.genes {
            let found = genes(window, known);
            tracks.push(track("genes", TrackContent::Genes(found)));
        }
        if let Some(motifs) = &mut self.motifs {
            let annotations = motifs.annotate(window, regions)?;
            let sites = TrackContent::Features(sites(regions, annotations));
            tracks.push(track(SITES, sites));
        } else if let Some(known) = &self.known {
            let of = |region: &Region| known.get(region).cloned().unwrap_or_default();
            let annotations = regions.iter().map(of).collect();
            let sites = TrackContent::Features(sites(regions, annotations));
            tracks.push(track(SITES, sites));
        }
        if let Some(open) = &self.footprints {
            let scores = open.footprints.occupancy(window)?;
            let (name, content) = match open.scored {
                true => (
                    "footprints (−log10 p)",
                    TrackContent::Signal(scored(window, &scores)),
                ),
                false => (
                    "footprints",
                    TrackContent::Features(occupied(window, &scores)),
                ),
            };
            tracks.push(track(name, content));
        }
        for opened in &mut self.added {
            tracks.push(added(opened, window)?);
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

/// What a track of the user's own shows in a window.
///
/// # Errors
///
/// A file that cannot be read.
pub(super) fn added(opened: &mut OpenAdded, window: Region) -> Result<Track> {
    let content = match opened.found(window)? {
        Found::Signal(segments) => {
            let values = segments.into_iter();
            let value = values.map(|of| (of.region.start..of.region.end, of.value));
            TrackContent::Signal(value.collect())
        }
        Found::Items(items) => {
            let feature = |(region, item): (Region, Item)| Feature {
                name: item.name,
                bases: region.start..region.end,
                strand: item.strand,
            };
            TrackContent::Features(items.into_iter().map(feature).collect())
        }
    };
    let of = opened.track();
    Ok(Track {
        colour: of.colour,
        range: of.range,
        ..track(of.title(), content)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::write_bigwig;
    use crate::genome::{ChromId, Segment, Strand};

    fn chroms(names: &[(&str, u32)]) -> Chroms {
        let owned = names
            .iter()
            .map(|(name, length)| (name.to_string(), *length));
        Chroms::new(owned).unwrap()
    }

    fn region(start: u32, end: u32) -> Region {
        let chrom = ChromId(0);
        Region { chrom, start, end }
    }

    #[test]
    fn tracks_are_drawn_as_they_were_told_to() {
        let dir = tempfile::tempdir().unwrap();
        let (bigwig, bed) = (dir.path().join("a.bw"), dir.path().join("a.bed"));
        let of = chroms(&[("chr1", 100)]);
        let value = Segment {
            region: region(10, 60),
            value: 0.5,
        };
        let (file, _) = write_bigwig(&bigwig, &of, [value].into_iter()).unwrap();
        file.complete().unwrap();
        std::fs::write(&bed, "chr1\t20\t40\tpeak\t0\t-\n").unwrap();
        let signal = AddedTrack {
            label: Some("DNase of K562".to_string()),
            colour: Some([1, 2, 3]),
            range: Some((0.0, 4.0)),
            ..AddedTrack::new("DNase", bigwig)
        };
        let tracks = [signal, AddedTrack::new("peaks", bed)];
        let window = region(30, 80);
        let mut opened = OpenAdded::all(&tracks, &of, &[window]).unwrap();
        let drawn = added(&mut opened[0], window).unwrap();
        assert_eq!(drawn.name, "DNase of K562");
        assert_eq!(
            (drawn.colour, drawn.range),
            (Some([1, 2, 3]), Some((0.0, 4.0)))
        );
        assert_eq!(drawn.content, TrackContent::Signal(vec![(30..60, 0.5)]));
        let drawn = added(&mut opened[1], window).unwrap();
        let peak = Feature {
            name: "peak".into(),
            bases: 20..40,
            strand: Some(Strand::Reverse),
        };
        assert_eq!(
            drawn,
            Track::new("peaks", TrackContent::Features(vec![peak]))
        );
        let drawn = added(&mut opened[1], region(50, 80)).unwrap();
        assert_eq!(drawn.name, "peaks: none here");
    }

    #[test]
    fn footprints_of_another_assembly_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bw");
        let value = Segment {
            region: region(10, 60),
            value: 0.5,
        };
        let of = chroms(&[("chr1", 100)]);
        let (file, _) = write_bigwig(&path, &of, [value].into_iter()).unwrap();
        file.complete().unwrap();
        let open = |of: &[(&str, u32)]| OpenFootprints::open(&path, &chroms(of));
        assert!(open(&[("chr1", 100)]).unwrap().scored);
        assert!(open(&[("chrA", 100)]).is_err());
    }
}
