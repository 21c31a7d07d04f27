//! What a test pair may share with what is trained on.

use std::fmt;

use serde::Serialize;

/// What an element or a window of a test pair shares with the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The element itself stands there.
    SameElement,
    /// The element itself stands there, in a positive pair.
    SameElementPositive,
    /// The element shares a base with one of its kind.
    OverlappingElement,
    /// The window itself is seen there.
    SameWindow,
    /// The window shares a base with a window of either kind.
    OverlappingWindow,
    /// The window's sequence is nearly that of a window of either kind.
    SimilarWindow,
    /// So it is, and the two share no base.
    SimilarElsewhere,
}

impl Measure {
    /// As files have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SameElement => "same_element",
            Self::SameElementPositive => "same_element_positive",
            Self::OverlappingElement => "overlapping_element",
            Self::SameWindow => "same_window",
            Self::OverlappingWindow => "overlapping_window",
            Self::SimilarWindow => "similar_window",
            Self::SimilarElsewhere => "similar_elsewhere",
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SameElement => "the same element",
            Self::SameElementPositive => "… in a positive pair",
            Self::OverlappingElement => "an overlapping element",
            Self::SameWindow => "the same window",
            Self::OverlappingWindow => "an overlapping window",
            Self::SimilarWindow => "a window of similar sequence",
            Self::SimilarElsewhere => "… that does not overlap",
        })
    }
}
