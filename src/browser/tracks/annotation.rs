//! What lies in a region: the sites of motifs, and footprints.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::footprints::Footprints;
use crate::formats::{Annotation, Occupied, RegionSite};
use crate::genome::{Chroms, N, Reference, Region};
use crate::motifs::{Collection, CollectionMade, CollectionRequest};
use crate::output::provenance::Input;
use crate::progress::Progress;

/// A matrix's factors and its accession.
type Names = [Arc<str>; 2];

/// Tells what lies in regions of windows.
pub struct Annotator {
    /// With a reference of its own: that of the network is read ahead.
    motifs: Option<(Vec<Names>, Collection, Reference)>,
    footprints: Option<Footprints>,
}

/// What regions are to be annotated with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AnnotationRequest {
    /// Motifs.
    pub motifs: Option<CollectionRequest>,
    /// Footprints: BED, or a bigWig of the scores of bases.
    pub footprints: Option<PathBuf>,
}

/// What regions were annotated with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AnnotationMade {
    /// Motifs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motifs: Option<CollectionMade>,
    /// Footprints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footprints: Option<Input>,
}

impl AnnotationRequest {
    /// What a file of `dir` is to say about the request.
    ///
    /// # Errors
    ///
    /// Files that cannot be read.
    pub fn made(&self, dir: &Path) -> Result<AnnotationMade> {
        let motifs = self.motifs.as_ref().map(|motifs| motifs.made(dir));
        let footprints = self.footprints.as_ref();
        let footprints = footprints.map(|path| Input::new(path)?.seen_from(dir));
        Ok(AnnotationMade {
            motifs: motifs.transpose()?,
            footprints: footprints.transpose()?,
        })
    }
}

impl Annotator {
    /// Opens what regions are to be annotated with, if it is anything.
    ///
    /// # Errors
    ///
    /// Files that cannot be read or used; footprints of another assembly.
    pub fn open(
        request: &AnnotationRequest,
        reference: &Path,
        chroms: &Chroms,
        progress: &dyn Progress,
    ) -> Result<Self> {
        // The quick one first: what is wrong is told before the long work.
        let footprints = request.footprints.as_ref();
        let footprints = footprints.map(|path| Footprints::open(path, chroms));
        let footprints = footprints.transpose()?;
        let motifs = request.motifs.as_ref().map(|motifs| -> Result<_> {
            let mut reference = Reference::open(reference)?;
            let motifs = Collection::open(motifs, &mut reference, progress)?;
            Ok((names(&motifs), motifs, reference))
        });
        Ok(Self {
            motifs: motifs.transpose()?,
            footprints,
        })
    }

    /// Whether motifs are looked for.
    pub fn has_motifs(&self) -> bool {
        self.motifs.is_some()
    }

    /// What lies in regions of a window.
    ///
    /// # Errors
    ///
    /// A region outside the window; files that cannot be read.
    pub fn annotate(&mut self, window: Region, regions: &[Region]) -> Result<Vec<Annotation>> {
        let inside = |region: &Region| {
            let whole = region.overlap(&window) == region.len();
            let start = region.start.wrapping_sub(window.start) as usize;
            whole.then(|| start..start + region.len() as usize)
        };
        let parts: Option<Vec<_>> = regions.iter().map(inside).collect();
        let outside = || Error::Configuration("a region outside its window".to_string());
        let parts = parts.ok_or_else(outside)?;
        let mut annotations = vec![Annotation::default(); regions.len()];
        if let Some((names, motifs, reference)) = &mut self.motifs {
            let codes = reference.codes(window)?;
            let found = sites(motifs, names, &codes, &parts);
            for (annotation, sites) in annotations.iter_mut().zip(found) {
                annotation.sites = Some(sites);
            }
        }
        if let Some(footprints) = &self.footprints {
            let occupancy = footprints.occupancy(window)?;
            for (annotation, part) in annotations.iter_mut().zip(parts) {
                annotation.occupied = Some(occupied(&occupancy[part]));
            }
        }
        Ok(annotations)
    }
}

/// The best score, and how many bases have one.
fn occupied(scores: &[f32]) -> Occupied {
    Occupied {
        score: scores.iter().copied().fold(0.0, f32::max),
        bases: scores.iter().filter(|&&score| score > 0.0).count() as u32,
    }
}

fn names(motifs: &Collection) -> Vec<Names> {
    let matrices = motifs.matrices.iter().enumerate();
    matrices
        .map(|(place, matrix)| {
            let factor = motifs.symbols.get(place).join("::");
            [Arc::from(factor), Arc::from(matrix.id.as_str())]
        })
        .collect()
}

/// The sites that lie whole inside each of some parts of a sequence, from left to right.
fn sites(
    motifs: &Collection,
    names: &[Names],
    codes: &[u8],
    parts: &[Range<usize>],
) -> Vec<Vec<RegionSite>> {
    // One scan for all parts: nothing matches across the N between them.
    let mut joined = Vec::new();
    let mut starts = Vec::with_capacity(parts.len());
    for part in parts {
        starts.push(joined.len() as u32);
        joined.extend_from_slice(&codes[part.clone()]);
        joined.push(N);
    }
    let mut sites = vec![Vec::new(); parts.len()];
    for hit in motifs.scanner.scan(&joined) {
        let part = starts.partition_point(|&start| start <= hit.start) - 1;
        let matrix = hit.matrix as usize;
        let [factor, id] = &names[matrix];
        sites[part].push(RegionSite {
            factor: factor.clone(),
            matrix: id.clone(),
            forward: hit.forward,
            offset: hit.start - starts[part],
            length: motifs.matrices[matrix].len() as u32,
            p_value: hit.p_value,
        });
    }
    sites
}
