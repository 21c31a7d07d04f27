//! The two elements of a pair, and what there is of each.

use serde::{Deserialize, Serialize};

/// The element that a track, a region or a window belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// The enhancer.
    Enhancer,
    /// The promoter.
    Promoter,
}

impl Element {
    /// `enhancer` or `promoter`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Enhancer => "enhancer",
            Self::Promoter => "promoter",
        }
    }
}

/// Something of the enhancer and of the promoter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sides<T> {
    /// The enhancer's.
    pub enhancer: T,
    /// The promoter's.
    pub promoter: T,
}

impl<T> Sides<T> {
    /// Both, the enhancer first.
    pub fn each(&self) -> [(Element, &T); 2] {
        [
            (Element::Enhancer, &self.enhancer),
            (Element::Promoter, &self.promoter),
        ]
    }
}
