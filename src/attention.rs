//! From attention over bins to places on the genome.

mod attended;
mod bins;
mod coverage;
mod marginal;
mod partner_share;
mod pooling;
mod regions;

pub use attended::{Attended, Rank};
pub use bins::Bins;
pub use coverage::{Aggregate, Coverage, joined};
pub use marginal::marginal;
pub use partner_share::PartnerShare;
pub use pooling::Pooling;
pub use regions::{TOP, TopCount, TopRegion, top_regions};
