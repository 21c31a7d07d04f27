//! What a figure of a pair shows below the attention: motif sites, footprints and signals.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::found::{occupied, scored, sites, track};
use crate::attention::Attended;
use crate::browser::tracks::annotation::{AnnotationRequest, Annotator};
use crate::error::{Error, Result};
use crate::figures::{Track, TrackContent};
use crate::footprints::{ChromNames, Footprints};
use crate::formats::{BigWig, is_bigwig};
use crate::genome::{Chroms, Region};
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
            Annotator::open(&request, reference, chroms, progress)
        });
        Ok(Self {
            motifs: motifs.transpose()?,
            footprints,
            signals,
        })
    }

    /// What lies in a window, from top to bottom.
    pub fn found(&mut self, side: &Attended) -> Result<Vec<Track>> {
        let mut tracks = Vec::new();
        if let Some(motifs) = &mut self.motifs {
            let regions = side.regions();
            let annotations = motifs.annotate(side.window, &regions)?;
            let sites = TrackContent::Features(sites(&regions, annotations));
            tracks.push(track("motif sites in the top regions", sites));
        }
        if let Some(open) = &self.footprints {
            let scores = open.footprints.occupancy(side.window)?;
            let (name, content) = match open.scored {
                true => (
                    "footprints (−log10 p)",
                    TrackContent::Signal(scored(side.window, &scores)),
                ),
                false => (
                    "footprints",
                    TrackContent::Features(occupied(side.window, &scores)),
                ),
            };
            tracks.push(track(name, content));
        }
        for signal in &mut self.signals {
            let values = TrackContent::Signal(signal.values(side.window)?);
            tracks.push(track(&signal.name, values));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::write_bigwig;
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
}
