//! The page of a cell line: what it is to hold, and what it was made with.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::browser::added::AddedTrack;
use crate::browser::tracks::ViewRequest;
use crate::error::{IoContext, Result};
use crate::output::provenance::{Input, VERSION};

/// Pairs that a page usually shows.
const SHOWN: usize = 30;

/// What the page of a cell line is to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The most pairs.
    pub pairs: usize,
    /// A file of igv.js to make part of the page, which then needs no network.
    pub igv_js: Option<PathBuf>,
    /// Genes to show: GTF, or a table of UCSC's.
    pub genes: Option<PathBuf>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self {
            pairs: SHOWN,
            igv_js: None,
            genes: None,
        }
    }
}

impl PageRequest {
    /// The text of igv.js, if it is to be part of the page.
    ///
    /// # Errors
    ///
    /// A file that cannot be read.
    pub fn igv(&self) -> Result<Option<String>> {
        let file = self.igv_js.as_ref();
        let text = file.map(|file| std::fs::read_to_string(file).at(file));
        text.transpose()
    }
}

/// What a page was made with beside the tracks: `view.json`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageMade {
    version: String,
    title: String,
    genome: Option<String>,
    pairs: usize,
    /// SHA-256 of igv.js.
    igv_js: Option<String>,
    /// SHA-256 of the genes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    genes: Option<String>,
    /// Tracks of the user's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    added: Vec<AddedMade>,
}

/// A track of the user's own as a page shows it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AddedMade {
    title: String,
    /// Red, green and blue.
    colour: String,
    /// The ends of its scale, if it was given one, as text: what is read has to be what was written.
    range: Option<String>,
    sha256: String,
}

impl PageMade {
    /// Of what is asked for.
    ///
    /// # Errors
    ///
    /// A file of igv.js, of genes or of an added track that cannot be read.
    pub fn new(page: &PageRequest, request: &ViewRequest) -> Result<Self> {
        let igv = page.igv_js.as_deref().map(Input::new).transpose()?;
        let genes = request.genes.as_deref().map(Input::new).transpose()?;
        let added = request.added.iter().map(AddedMade::new);
        Ok(Self {
            added: added.collect::<Result<_>>()?,
            version: VERSION.to_string(),
            title: request.title.clone(),
            genome: request.genome.clone(),
            pairs: request.count,
            igv_js: igv.map(|file| file.sha256),
            genes: genes.map(|file| file.sha256),
        })
    }

    /// What a file says; none where there is none of ours.
    pub fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        serde_json::from_str(&text).ok()
    }
}

impl AddedMade {
    fn new(track: &AddedTrack) -> Result<Self> {
        Ok(Self {
            title: track.title().to_string(),
            colour: track.rgb(),
            range: track.range.map(|(low, high)| format!("{low}:{high}")),
            sha256: Input::new(&track.path)?.sha256,
        })
    }
}
