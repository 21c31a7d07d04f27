//! How good predictions are.

mod calibration;
pub mod curves;
mod metrics;
mod report;

pub use calibration::{Calibration, ReliabilityBin, brier};
pub use metrics::{Scored, auroc, average_precision, best_f1_threshold, f1};
pub use report::{Metrics, Report};
