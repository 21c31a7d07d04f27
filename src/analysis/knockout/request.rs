//! What is knocked out, and what it was made from.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::browser::tracks::Selection;
use crate::element::Element;
use crate::error::{Error, Result};
use crate::motifs::{CollectionMade, CollectionRequest};
use crate::network::device::DeviceDescription;
use crate::output::provenance::Input;
use crate::pairs::Part;
use crate::run::{ContextMade, ContextSource};
use crate::text::choice::{Choice, Named};

/// Draws of what stands where sites were, whose logits are averaged.
pub const DRAWS: u32 = 3;
/// The most pairs that each knock-out takes.
pub const MAX_PAIRS: usize = 2000;
/// Factors of each side whose pairs are tested.
pub const TOP: usize = 10;
/// The most of them, which a figure has room for.
pub const MOST_TOP: usize = 60;

/// Which sites are taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Those of the whole window.
    #[default]
    Windows,
    /// Those that lie whole inside a top region.
    Regions,
}

impl Choice for Place {
    const ALL: &'static [Named<Self>] = &[
        (Self::Windows, "windows", "All sites of the windows"),
        (
            Self::Regions,
            "regions",
            "Those whole inside one of a window's five top regions by attention",
        ),
    ];
}

/// Where a factor's sites are taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Knock {
    /// In the enhancer.
    Enhancer,
    /// In the promoter.
    Promoter,
    /// In both, of pairs that have some in each.
    Both,
}

impl Knock {
    /// All, in the order of every output.
    pub const ALL: [Self; 3] = [Self::Enhancer, Self::Promoter, Self::Both];

    /// Whether sites of this element are taken out.
    pub fn changes(self, element: Element) -> bool {
        match self {
            Self::Enhancer => element == Element::Enhancer,
            Self::Promoter => element == Element::Promoter,
            Self::Both => true,
        }
    }
}

/// What to knock out, in which pairs.
#[derive(Debug, Clone)]
pub struct KnockoutRequest {
    /// Motifs.
    pub motifs: CollectionRequest,
    /// Only these factors; all that the motifs have where there is none.
    pub factors: Vec<String>,
    /// Which pairs of the part.
    pub selection: Selection,
    /// The part of the run's split; all of it where there is none.
    pub part: Option<Part>,
    /// Which sites.
    pub place: Place,
    /// Draws of what stands where sites were.
    pub draws: u32,
    /// The most pairs that each knock-out takes.
    pub max_pairs: usize,
    /// Factors of each side whose pairs are tested.
    pub top: usize,
    /// The seed of draws, of the choice of pairs and of tests.
    pub seed: u64,
    /// Where the run's table is now.
    pub table: Option<PathBuf>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
    /// Where the files of the run's context are now.
    pub context: Option<ContextSource>,
}

impl KnockoutRequest {
    /// Refuses numbers that make no knock-out.
    ///
    /// # Errors
    ///
    /// No draw, no pair, more factors than a figure has room for.
    pub fn check(&self) -> Result<()> {
        let problem = match (self.draws, self.max_pairs, self.top) {
            (0, _, _) => "a knock-out takes at least one draw".to_string(),
            (_, 0, _) => "a knock-out takes at least one pair".to_string(),
            (_, _, top) if top > MOST_TOP => {
                format!("pairs of {top} factors of a side: at most {MOST_TOP} have room")
            }
            _ => return Ok(()),
        };
        Err(Error::Configuration(problem))
    }
}

/// What a knock-out was made from, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnockoutMade {
    /// The version of epitrack.
    pub version: String,
    /// The network's weights.
    pub weights: Input,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Motifs.
    pub motifs: CollectionMade,
    /// Only these factors; all where there is none.
    pub factors: Vec<String>,
    /// Which pairs of the part.
    pub selection: Selection,
    /// The part of the run's split; all of it where there is none.
    pub part: Option<Part>,
    /// Which sites.
    #[serde(rename = "where")]
    pub place: Place,
    /// Draws of what stands where sites were.
    pub draws: u32,
    /// The most pairs that each knock-out takes.
    pub max_pairs: usize,
    /// Factors of each side whose pairs are tested.
    pub top: usize,
    /// The seed of draws, of the choice of pairs and of tests.
    pub seed: u64,
    /// Networks whose logits are averaged.
    pub networks: usize,
    /// Where they ran.
    pub device: DeviceDescription,
    /// What is known of the pairs beside their sequence; none of a run without a context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ContextMade>,
}
