//! Pairs of transcription factors, one bound in the enhancer's top regions and one in the
//! promoter's, that positive pairs have more often than negative pairs.
//!
//! Pairs that share an enhancer or a promoter are not independent of each other, so nothing here
//! counts them as if they were: statistics are studentised by cluster (see [`Clustering`]), and
//! labels are permuted by cluster. A factor that is more frequent in positive pairs by itself lifts
//! each of its TF pairs ([`TfPair::enriched`]); two are called a pair where each matters though the
//! other is given ([`TfPair::conditional`]), and on sites of their own ([`TfPair::apart`]).

mod apart;
mod candidates;
mod clusters;
mod counts;
mod factors;
mod heat_map;
mod known;
mod permutations;
mod rows;
mod rules;
mod statistic;
mod sums;
mod tested;

pub use apart::{Apart, overlap_by_half};
pub use candidates::Combine;
pub use clusters::{ClusterRule, Clustering};
pub use counts::{Bound, Counts};
pub use factors::Factors;
pub use heat_map::{Axis, Cell, HEAT_MAP_FACTORS, HeatMap};
pub use known::{KnownInteractions, MOST_ENRICHED, Share};
pub use rows::TfPairRow;
pub use rules::{CALLED, MIN_OBSERVATIONS, PERMUTATIONS, TestRules};
pub use tested::{MatrixPair, Tested, TfPair, TfPairs};

#[cfg(test)]
mod tests;
