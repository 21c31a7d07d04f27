//! The files that a genome browser reads.

mod bbi;
mod bigbed;
mod bigwig;
pub mod hub;
mod in_order;
mod interact;
mod lines;
mod prediction;
mod regions;
pub mod session;
mod template;
pub mod view;

pub use bigbed::{Schema, write as write_bigbed};
pub use bigwig::{Summary, read as read_bigwig, write as write_bigwig};
pub use in_order::InOrder;
pub use interact::{Link, SCHEMA as INTERACT_SCHEMA, longrange};
pub use lines::Lines;
pub use prediction::{BEDPE_HEADER, PREDICTIONS_HEADER, Prediction};
pub use regions::{ENHANCER_RGB, PROMOTER_RGB, RegionRecord, SCHEMA as REGION_SCHEMA};
