//! The third task: activity, which sequence explains across chromosomes where it does not explain pairs.
//!
//! The shared encoder's bins predict what assays measured there: the logarithm of a signal, or peaks.

mod examples;
mod known;
mod measured;
mod parts;
mod peaks;
mod readout;
mod scale;
mod settings;
mod signal;
mod source;
mod targets;
#[cfg(test)]
mod testing;
mod windows;

pub use examples::Examples;
pub use parts::Parts;
pub use readout::Readout;
pub use scale::Scale;
pub use settings::ActivityConfig;
pub use source::{Kind, Source};
pub use targets::Targets;
#[cfg(test)]
pub(super) use testing::{Genome, region};
