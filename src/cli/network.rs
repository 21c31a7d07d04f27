//! The network behind a folder of tracks.

use std::path::PathBuf;

use epitrack::browser::tracks::Moved;

use super::device::DeviceArg;

/// Where the network behind a folder of tracks is now, and where it runs.
#[derive(Debug, clap::Args)]
pub struct Network {
    /// The run, where it has moved
    #[arg(long, value_name = "DIR")]
    run: Option<PathBuf>,

    /// The reference, where it has moved
    #[arg(long, value_name = "FILE")]
    reference: Option<PathBuf>,

    #[command(flatten)]
    pub device: DeviceArg,
}

impl Network {
    /// Where things are now.
    pub fn moved(&self) -> Moved {
        Moved {
            run: self.run.clone(),
            reference: self.reference.clone(),
        }
    }
}
