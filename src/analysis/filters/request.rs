//! What is asked about a network's filters.

use std::path::PathBuf;

/// Pairs that filters are silenced for, if nothing else is asked for.
pub const PAIRS: usize = 200;

/// What is asked about a network's filters.
#[derive(Debug, Clone)]
pub struct FiltersRequest {
    /// Files of known matrices to compare with; none for no comparison.
    pub motifs: Vec<PathBuf>,
    /// The most pairs of the test part that filters are silenced for and whose contributions are
    /// clustered, half of each class.
    pub pairs: usize,
    /// The seed that windows and pairs are drawn with where there are more.
    pub seed: u64,
    /// Where the run's table is now.
    pub table: Option<PathBuf>,
    /// Where the run's reference is now.
    pub reference: Option<PathBuf>,
}
