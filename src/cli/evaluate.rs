//! `epitrack evaluate`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::progress::Progress;
use epitrack::run::Run;

use super::device::DeviceArg;
use super::stdout::print;

/// Measure a run on the pairs that it did not learn from
///
/// Writes metrics.json and predictions.tsv into the run's folder and prints a table: AUROC, AUPRC
/// (average precision), F1 at 0.5 and at the threshold that is best on the validation part, and the
/// Brier score, each with a 95 % interval over enhancers and promoters, for pairs that share one are
/// no independent witnesses. The table tells how many stand in positive pairs and in all, and how
/// many components they make: below 10 enhancers or promoters of positives an interval is rough,
/// below 5 there is none. Last it says which part of the variance of a window's attention, over its
/// bins and partners, the partner explains: windows of the test part crossed with each other.
/// metrics.json also has the reliability curve.
///
/// The Brier score and the expected calibration error are those of the network's probabilities, at the
/// prevalence of its training batches; of calibrated ones, at the table's prevalence, which training fitted
/// on the validation part; and of that part's prevalence as the probability of every pair. In
/// predictions.tsv `calibrated` is the calibrated probability, of a run with --prior at that prevalence.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run
    run: PathBuf,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    /// The table of pairs, where it has moved
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Evaluates and prints the table.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let device = self.device.select()?;
        let (reference, pairs) = (self.reference.as_deref(), self.pairs.as_deref());
        let report = run
            .evaluate(&device, reference, pairs, progress)
            .with_context(|| format!("evaluating {}", self.run.display()))?;
        print(report)
    }
}
