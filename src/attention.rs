//! From attention over bins to places on the genome.

mod bins;
mod coverage;
mod pooling;
mod regions;

pub use bins::Bins;
pub use coverage::{Aggregate, Coverage};
pub use pooling::Pooling;
pub use regions::{TOP, TopRegion, top_regions};
