//! How to read an interactome.

use std::path::Path;

/// How to read an interactome.
#[derive(Debug, Clone)]
pub struct ReadOptions<'a> {
    /// The NCBI taxon of both partners, where the file names it: 9606, *Homo sapiens*.
    pub taxon: u32,
    /// Whether BioGRID's genetic interactions count beside the physical ones.
    pub genetic: bool,
    /// The smallest combined score of STRING, out of 1000: 700, which STRING calls high.
    pub string_score: u32,
    /// STRING's `protein.info`, which names the proteins of `protein.links`.
    pub string_info: Option<&'a Path>,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        Self {
            taxon: 9606,
            genetic: false,
            string_score: 700,
            string_info: None,
        }
    }
}
