//! Choosing the device.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use epitrack::error::{Error, Result};
use epitrack::network::device::{ComputeDevice, DeviceChoice, Probed};
use epitrack::text::choice::Choice;
use tracing::debug;

use super::one_of::one_of;

/// How long a driver may take to show that it works; a software one compiles for a minute.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where the network runs.
#[derive(Debug, clap::Args)]
pub struct DeviceArg {
    /// Where the network runs
    #[arg(long, value_parser = one_of::<DeviceChoice>(), default_value = DeviceChoice::default().name())]
    device: DeviceChoice,
}

impl DeviceArg {
    /// The device.
    pub fn select(&self) -> Result<ComputeDevice> {
        select(self.device)
    }
}

/// The device that was chosen.
pub fn select(choice: DeviceChoice) -> Result<ComputeDevice> {
    ComputeDevice::select(choice, probe)
}

/// Tries adapters in a process of its own, so that a driver that crashes or hangs takes only that
/// process with it.
fn probe(software: bool) -> Result<Option<Probed>> {
    let failed = |message: String| Error::Device(format!("WGPU: {message}"));
    let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
    let mut command = Command::new(program);
    command.arg("probe-device").arg("--quiet");
    if software {
        command.arg("--software");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let begun = Instant::now();
    let status = loop {
        match child
            .try_wait()
            .map_err(|error| failed(error.to_string()))?
        {
            Some(status) => break status,
            None if begun.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(failed(format!("no answer in {} s", PATIENCE.as_secs())));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    debug!(
        "probed the adapters in {:.1} s: {status}",
        begun.elapsed().as_secs_f64()
    );
    if !status.success() {
        return Err(failed(format!("trying its adapters ended with {status}")));
    }
    let stdout = child.stdout.take();
    let answer: std::result::Result<Option<Probed>, String> = stdout
        .ok_or_else(|| "no answer".to_string())
        .and_then(|stdout| serde_json::from_reader(stdout).map_err(|error| error.to_string()))
        .and_then(|answer: std::result::Result<Option<Probed>, String>| answer);
    answer.map_err(failed)
}
