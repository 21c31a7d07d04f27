//! Labelled pairs from enhancers, promoters and loops.
//!
//! A pair is positive where its enhancer overlaps one anchor of a loop and its promoter the other,
//! either way round, and where the two lie within the limits of distance: TargetFinder's rule
//! (Whalen, Truty & Pollard 2016, doi:10.1038/ng.3539; `generate_pairs.py` of
//! <https://github.com/shwhalen/targetfinder>). Every other pair of the same elements within those
//! limits is a candidate for a negative; [`Negatives`] says which of them are taken.
//!
//! No pair of elements is looked at that lies further apart than the limit, and none is kept that
//! is not chosen: one sweep over the sorted elements finds which candidates rank first, a second
//! one writes them. A candidate's rank is a hash of the seed and of its coordinates, so
//! that the choice depends on nothing else, and a larger ratio keeps the negatives of a smaller one.

mod bins;
mod called;
mod candidates;
mod config;
mod counts;
mod elements;
mod loops;
mod maker;
mod negatives;
mod positives;
mod rank;
mod tss;
mod write;

pub use bins::Bins;
pub use config::{Config, Matching, Negatives};
pub use counts::{BinCounts, Counts, Distances};
pub use elements::Elements;
pub use loops::Loops;
pub use maker::PairMaker;
pub use tss::{Flank, TssFeature};
pub use write::{Inputs, Provenance};
