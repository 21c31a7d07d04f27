//! Tests, intervals and distributions, of plain numbers.

pub mod binomial;
pub mod fisher;
mod interval;
mod quantile;
pub mod significance;
pub mod student;

pub use interval::{Interval, bootstrap};
pub use quantile::quantile;
