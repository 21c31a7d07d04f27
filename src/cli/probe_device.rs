//! `epitrack probe-device`: what the device choice asks of a process of its own.

use anyhow::Result;
use epitrack::network::device;

use super::stdout::print;

/// Try the WGPU adapters and print the first that works, as JSON
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Try software adapters too
    #[arg(long)]
    software: bool,
}

impl Args {
    /// Prints `{"Ok": …}` or `{"Err": …}`.
    pub fn run(self) -> Result<()> {
        let found = device::probe(self.software).map_err(|error| error.to_string());
        print(serde_json::to_string(&found)?)
    }
}
