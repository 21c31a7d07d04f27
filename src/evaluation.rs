//! How good predictions are.

mod calibration;
pub mod curves;
mod interval;
mod metrics;
mod report;
pub(crate) mod student;

pub use calibration::{Calibration, ReliabilityBin, brier};
pub use interval::{Interval, bootstrap};
pub use metrics::{Scored, auroc, average_precision, best_f1_threshold, f1};
pub use report::{Metrics, Report};
