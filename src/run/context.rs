//! What is known of a pair beside its sequence, and what it says alone: *g*.
//!
//! A network sees the sequence of two windows. How far they lie apart, what lies between them, how active
//! the elements are in this cell line and who else is there it cannot see; published work predicts loops
//! from just that. [`ContextSource::table`] makes scalars of it, [`Context`] the log-odds of an
//! interaction from these alone, which a network can be trained beside.

mod activity;
mod assay;
mod crossing;
mod fit;
mod learner;
mod neighbours;
mod places;
mod source;
mod sums;
mod surroundings;

pub use fit::{Context, FittedContext};
pub use source::{ContextAssay, ContextSource};
