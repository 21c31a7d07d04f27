//! Tests, intervals and distributions, of plain numbers.

pub mod binomial;
mod bootstrap;
mod components;
pub mod false_discovery;
pub mod fisher;
mod interval;
mod multiple_testing;
pub mod permutation;
mod quantile;
pub mod student;
mod wilson;

pub use bootstrap::bootstrap;
pub use components::components;
pub use interval::Interval;
pub use multiple_testing::benjamini_hochberg;
pub use quantile::quantile;
pub use wilson::wilson;
