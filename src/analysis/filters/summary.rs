//! `filters.json`: what was found, and what it was made from.

use serde::Serialize;

use crate::network::device::DeviceDescription;
use crate::output::provenance::Input;

/// What was found of a network's filters, and what it was made from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FiltersSummary {
    /// The version of epitrack.
    pub version: &'static str,
    /// The network's weights; of an ensemble the file of the first member, the one that is
    /// looked at, and the checksum of all.
    pub weights: Input,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Files of known matrices.
    pub motifs: Vec<Input>,
    /// The seed that windows and pairs were drawn with.
    pub seed: u64,
    /// Where the network ran.
    pub device: DeviceDescription,
    /// The part of its largest activation that a filter's sites reach.
    pub part_of_largest: f32,
    /// The fewest sites that make a matrix.
    pub fewest_sites: u32,
    /// Windows in which sites were looked for: enhancers', promoters'.
    pub windows: [usize; 2],
    /// Pairs of the test part that filters were silenced for: positive, negative.
    pub silenced_for: [usize; 2],
    /// Filters.
    pub filters: usize,
    /// Those of which there is a matrix.
    pub filters_with_matrix: usize,
    /// Those that nothing activates.
    pub filters_dead: usize,
    /// Clusters of seqlets.
    pub clusters: usize,
    /// Known matrices.
    pub known: usize,
    /// Accessions of those that a filter is like, at q below 0.01.
    pub known_in_filters: Vec<String>,
    /// Accessions of those that a cluster is like, likewise.
    pub known_in_seqlets: Vec<String>,
}
