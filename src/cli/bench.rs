//! `epitrack bench`

use std::path::PathBuf;

use anyhow::Result;
use epitrack::network::bench;
use epitrack::output;
use epitrack::progress::Progress;

use super::device::DeviceArg;
use super::stdout::print;

/// Measure how fast this machine trains and runs the paper's network
///
/// Prints how long a batch takes, and how many pairs that makes in a second, for training and for
/// inference at the paper's sizes, on random sequence: a figure to compare machines by.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Pairs at once
    #[arg(long, value_name = "N", num_args = 1.., default_values_t = bench::BATCHES)]
    batches: Vec<usize>,

    /// Print the parts too: each operation of the network by itself, and on a GPU the time of each
    /// kernel of a training step on the device
    ///
    /// It is what to send where a card is slower than it should be.
    #[arg(long)]
    profile: bool,

    /// Write the figures into a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    #[command(flatten)]
    device: DeviceArg,
}

impl Args {
    /// Measures, prints, writes.
    pub fn run(self, progress: &dyn Progress) -> Result<()> {
        let device = self.device.select()?;
        let bench = bench::run(&device, &self.batches, self.profile, progress)?;
        if let Some(path) = &self.json {
            output::write_json(path, &bench)?;
        }
        print(bench)
    }
}
