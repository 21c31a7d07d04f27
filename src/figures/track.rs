//! What the figures of one pair show beside the attention.

use std::ops::Range;
use std::sync::Arc;

use crate::genome::Strand;

/// What lies below the attention of a window, aligned with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// What stands above it, if anything.
    pub name: String,
    /// What it shows.
    pub content: TrackContent,
    /// Red, green and blue, if not those of all tracks.
    pub colour: Option<[u8; 3]>,
    /// The ends of its values' axis, if not those of the values; what lies beyond is cut.
    pub range: Option<(f32, f32)>,
}

/// What a track shows.
#[derive(Debug, Clone, PartialEq)]
pub enum TrackContent {
    /// Named things such as motif sites, each of which shares a base with the window. The first
    /// ones choose their places first.
    Features(Vec<Feature>),
    /// Genes, each of which shares a base with the window. The first ones choose their places first.
    Genes(Vec<Gene>),
    /// Values of bases of the window, from left to right; where there is none, a gap.
    Signal(Vec<(Range<u32>, f32)>),
}

/// Something that lies in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name, if it has one.
    pub name: Arc<str>,
    /// Where it lies.
    pub bases: Range<u32>,
    /// Its strand, if it has one.
    pub strand: Option<Strand>,
}

/// A gene, as one of its transcripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gene {
    /// Its name, where it lies, and its strand.
    pub feature: Feature,
    /// Its exons, wherever they lie.
    pub exons: Vec<Range<u32>>,
    /// From the first coding base to one past the last, if it codes.
    pub coding: Option<Range<u32>>,
}

impl Track {
    /// A track that looks as all do.
    pub fn new(name: impl Into<String>, content: TrackContent) -> Self {
        Self {
            name: name.into(),
            content,
            colour: None,
            range: None,
        }
    }

    /// The values, if it shows some.
    pub(super) fn signal(&self) -> Option<&[(Range<u32>, f32)]> {
        match &self.content {
            TrackContent::Signal(values) => Some(values),
            TrackContent::Features(_) | TrackContent::Genes(_) => None,
        }
    }

    /// What is wrong with it in a window.
    pub(super) fn problem(&self, window: &Range<u32>) -> Option<String> {
        let outside = |other: &&Feature| !share_a_base(window, &other.bases);
        let of = |other: &Feature| format!("lies no base of {:?}", other.name);
        let values = match &self.content {
            TrackContent::Signal(values) => values,
            TrackContent::Features(features) => return features.iter().find(outside).map(of),
            TrackContent::Genes(genes) => {
                let mut features = genes.iter().map(|gene| &gene.feature);
                return features.find(outside).map(of);
            }
        };
        let mut end = window.start;
        for (bases, value) in values {
            if bases.start < end || bases.end <= bases.start || bases.end > window.end {
                return Some(format!("{:?} has no place for {bases:?}", self.name));
            }
            if !value.is_finite() {
                return Some(format!("{:?} is {value} at {bases:?}", self.name));
            }
            end = bases.end;
        }
        None
    }
}

/// Whether two stretches have a base in common; one without bases has none.
pub(super) fn share_a_base(one: &Range<u32>, other: &Range<u32>) -> bool {
    one.start.max(other.start) < one.end.min(other.end)
}
