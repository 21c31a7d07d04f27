//! The files that a genome browser reads.

mod bedpe;
mod bigwig;
mod in_order;
mod predictions;
mod regions;

pub use bedpe::PairWriter;
pub use bigwig::{Summary, write as write_bigwig};
pub use in_order::InOrder;
pub use predictions::PredictionWriter;
pub use regions::{RegionRecord, RegionWriter, SCHEMA as REGION_SCHEMA};
