//! What the figures of one pair show beside the attention.

use std::ops::Range;

/// What lies below the attention of a window, aligned with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Track<'a> {
    /// What stands above it, if anything.
    pub name: &'a str,
    /// What it shows.
    pub content: Content<'a>,
}

/// What a track shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Content<'a> {
    /// Named things such as motif sites, each of which shares a base with the window. The first
    /// ones choose their places first.
    Features(&'a [Feature<'a>]),
    /// Values of bases of the window, from left to right; where there is none, a gap.
    Signal(&'a [(Range<u32>, f32)]),
}

/// Something named that lies in a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature<'a> {
    /// Its name.
    pub name: &'a str,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
    /// Its strand, if it has one.
    pub strand: Option<Strand>,
}

/// A strand of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strand {
    /// Towards higher positions.
    Forward,
    /// Towards lower positions.
    Reverse,
}

impl<'a> Track<'a> {
    /// The values, if it shows some.
    pub(super) fn signal(&self) -> Option<&'a [(Range<u32>, f32)]> {
        match self.content {
            Content::Signal(values) => Some(values),
            Content::Features(_) => None,
        }
    }

    /// What is wrong with it in a window.
    pub(super) fn problem(&self, window: &Range<u32>) -> Option<String> {
        let values = match self.content {
            Content::Signal(values) => values,
            Content::Features(features) => {
                let mut features = features.iter();
                let outside = |other: &&Feature| !share_a_base(window, &(other.start..other.end));
                let other = features.find(outside)?;
                return Some(format!("lies no base of {:?}", other.name));
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
