//! Pairs of transcription factors, one bound in the enhancer's top regions and one in the
//! promoter's, that positive pairs have more often than negative pairs.
//!
//! What the numbers do not know: pairs that share an enhancer or a promoter are not independent,
//! so p-values of TF pairs that few elements support are too small (see [`TfPair::elements`]);
//! and a factor that is more frequent in positive pairs by itself lifts each of its TF pairs (see
//! [`TfPair::independent`]).

mod counts;
mod factors;
mod heat_map;
mod known;
mod tested;

pub use counts::{Bound, Counts};
pub use factors::Factors;
pub use heat_map::{Axis, Cell, HEAT_MAP_FACTORS, HeatMap};
pub use known::{KnownInteractions, MOST_ENRICHED, Share};
pub use tested::{MIN_OBSERVATIONS, MatrixPair, TfPair, TfPairRow, TfPairs};

#[cfg(test)]
mod tests;
