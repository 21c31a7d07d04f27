//! `epitrack evaluate`

use std::path::PathBuf;

use anyhow::{Context, Result};
use epitrack::progress::Progress;
use epitrack::run::{MovedInputs, Run};

use super::context_args::ContextArgs;
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
/// An ablation says what the sequence adds: what is known of the test part's pairs without it (the context that
/// the run was trained with, or else their distance) alone, the sequence alone, both, and the paired difference.
/// Where its interval does not lie above zero, tracks are hypotheses about this cell line.
///
/// The Brier score and the expected calibration error are those of the network's probabilities, at the
/// prevalence of its training batches; of calibrated ones, at the table's prevalence, which training fitted
/// on the validation part; and of that part's prevalence as the probability of every pair. In
/// predictions.tsv `calibrated` is the calibrated probability, of a run with --prior at that prevalence, and
/// `context`, of a run with one, the probability by that alone.
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
    context: ContextArgs,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Evaluates and prints the table.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let run = Run::open(&self.run)?;
        let device = self.device.select()?;
        let moved = MovedInputs {
            reference: self.reference,
            pairs: self.pairs,
            context: self.context.source()?,
        };
        let report = run
            .evaluate(&device, &moved, progress)
            .with_context(|| format!("evaluating {}", self.run.display()))?;
        print(report)
    }
}
