//! The network behind a folder of tracks.

use std::path::PathBuf;

use epitrack::browser::tracks::Moved;
use epitrack::error::Result;
use epitrack::network::device::ComputeDevice;

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
    device: DeviceArg,
}

impl Network {
    /// Where things are now.
    pub fn moved(&self) -> Moved {
        Moved {
            run: self.run.clone(),
            reference: self.reference.clone(),
        }
    }

    /// The device.
    ///
    /// # Errors
    ///
    /// One that was asked for and is not there.
    pub fn device(&self) -> Result<ComputeDevice> {
        self.device.select()
    }
}
