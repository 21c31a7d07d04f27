//! What a genome's stanza says that matters to its tracks.

use std::collections::BTreeSet;

use crate::browser::hub::chroms::ChromLengths;

/// What a genome's stanza says that matters to its tracks.
#[derive(Debug, Default)]
pub struct GenomeSetting {
    /// Its name.
    pub name: String,
    /// Its chromosomes, if the hub brings them along.
    pub chroms: Option<ChromLengths>,
    /// The groups of tracks, if the hub has a list of them.
    pub groups: Option<BTreeSet<String>>,
}
