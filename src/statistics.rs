//! Tests, intervals, distributions and boosted trees, of plain numbers.

pub mod binomial;
pub mod boosting;
mod bootstrap;
mod clusters;
mod component_sums;
mod components;
pub mod false_discovery;
mod interval;
mod multiple_testing;
pub mod odds_ratio;
pub mod permutation;
mod quantile;
mod rank;
pub mod student;
mod wilson;

pub use bootstrap::{FEWEST_CLUSTERS, bootstrap, bootstrap_difference};
pub use clusters::{Clusters, Distinct};
pub use component_sums::{ComponentSums, FEWEST_COMPONENTS};
pub use components::components;
pub use interval::{Estimate, Interval};
pub use multiple_testing::benjamini_hochberg;
pub use quantile::quantile;
pub use rank::spearman;
pub use wilson::wilson;
