//! Track hubs: directories that the UCSC Genome Browser, and others that read its format, show
//! from any web server (<https://genome.ucsc.edu/goldenPath/help/hgTrackHubHelp.html>).

mod agreement;
mod check;
mod composite;
mod contents;
mod description;
mod genome;
mod inventory;
mod measure;
mod name;
mod owned;
mod stanza;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod track_db;
mod track_type;
mod write;

use std::path::PathBuf;

pub use check::{Finding, Severity, check};
pub use genome::{Assembly, Genome};
pub(super) use name::Names;
pub use stanza::Place;
pub use write::{HubSummary, write};

use super::added::AddedTrack;
use crate::attention::Rank;
use crate::element::Sides;
use crate::network::activity::Kind;
use crate::text::BaseUrl;

/// What a hub is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    /// One word by which a browser knows the hub; made safe.
    pub name: String,
    /// Its label in lists; cut to 20 characters.
    pub short_label: String,
    /// Its description in lists; cut to 76 characters.
    pub long_label: String,
    /// Whom to ask: a browser takes no hub without an address.
    pub email: String,
    /// The assembly of all tracks.
    pub genome: Genome,
    /// The cell lines, in the order in which they are shown.
    pub cells: Vec<CellTracks>,
    /// Genes, where the assembly is one that browsers do not have.
    pub genes: Option<HubGenes>,
    /// Further tracks, each a bigWig or bigBed.
    pub added: Vec<AddedTrack>,
    /// Whether all settings go into `hub.txt`.
    pub one_file: bool,
    /// Where the directory will lie on the web, if that is known.
    pub base_url: Option<BaseUrl>,
}

/// Genes of a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubGenes {
    /// A bigBed with an index of their names.
    pub path: PathBuf,
    /// What it was made from, as a page says it.
    pub source: String,
}

/// The folder of a cell line's tracks.
///
/// The values' ranges are read from the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellTracks {
    /// The cell line as the user calls it.
    pub name: String,
    /// The folder with `enhancer_attention.bw`, `promoter_attention.bw`, `top_regions.bb`,
    /// `merged_regions.bb` and `pairs.bb`.
    pub dir: PathBuf,
    /// The pairs that the tracks show.
    pub pairs: usize,
    /// How contributions were computed, where the folder has `enhancer_contribution.bw` and
    /// `promoter_contribution.bw` too.
    pub contributions: Option<String>,
    /// The activity that they are of, by its name: the bigWigs are `enhancer_activity_contribution.bw` and
    /// `promoter_activity_contribution.bw`; of the logit where there is none.
    pub contributions_of: Option<String>,
    /// The activities that the network predicts, in the order in which they are shown.
    pub activities: Vec<CellActivity>,
    /// What the regions have most of.
    pub rank: Rank,
    /// How the values of overlapping windows become one, to follow "Where windows overlap:".
    pub aggregate: String,
    /// What the tracks were made from: names and values, such as inputs and their checksums.
    pub provenance: Vec<(String, String)>,
    /// Why the tracks are no findings, where that is known.
    pub doubt: Option<String>,
}

/// Tracks of an activity that a cell line's network predicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellActivity {
    /// Which, by its name.
    pub source: String,
    /// What was measured.
    pub kind: Kind,
    /// The names of the bigWigs in the cell line's folder.
    pub files: Sides<String>,
    /// What a value means.
    pub value: String,
}
