//! How good predictions are.

mod ablation;
mod activity;
mod calibration;
mod correction;
pub mod curves;
mod difference;
mod epoch;
mod metrics;
mod run_metrics;
mod sum;
mod support;

pub use ablation::{Ablated, Ablation, Known, Ranking};
pub use activity::{ActivityMetrics, BinMeasures};
pub use calibration::{Calibration, ReliabilityBin, brier};
pub use correction::Correction;
pub use difference::{Paired, difference};
pub use epoch::Epoch;
pub use metrics::{Scored, auroc, average_precision, best_f1_threshold, classes, f1};
pub use run_metrics::{Metrics, Probabilities, RunMetrics};
pub use sum::{Sum, Told};
pub use support::{Elements, Support};
