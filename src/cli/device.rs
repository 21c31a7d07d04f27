//! Choosing the device.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use epitrack::error::{Error, Result};
use epitrack::network::device::{ComputeDevice, DeviceChoice, Probed};
use epitrack::text::choice::Choice;
use serde::Deserialize;
use tracing::debug;

use super::one_of::one_of;

/// How long a driver may take to show that it works; a software one compiles for a minute.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where the network runs.
#[derive(Debug, Clone, Copy, Default, clap::Args, Deserialize)]
#[serde(transparent)]
pub struct DeviceArg {
    /// Where the network runs
    #[arg(long, value_parser = one_of::<DeviceChoice>(), default_value = DeviceChoice::default().name())]
    device: DeviceChoice,
}

impl DeviceArg {
    /// The device.
    pub fn select(self) -> Result<ComputeDevice> {
        let failed = |error: anyhow::Error| Error::Device(format!("WGPU: {error}"));
        ComputeDevice::select(self.device, |software| probe(software).map_err(failed))
    }
}

/// Tries adapters in a process of its own, so that a driver that crashes or hangs takes only that
/// process with it.
fn probe(software: bool) -> anyhow::Result<Option<Probed>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("probe-device").arg("--quiet");
    if software {
        command.arg("--software");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let begun = Instant::now();
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None if begun.elapsed() > PATIENCE => {
                let _ = child.kill();
                let _ = child.wait();
                bail!("no answer in {} s", PATIENCE.as_secs());
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    debug!("probed the adapters in {seconds:.1} s: {status}");
    if !status.success() {
        bail!("trying its adapters ended with {status}");
    }
    let stdout = child.stdout.take().context("no answer")?;
    let answer: Result<Option<Probed>, String> = serde_json::from_reader(stdout)?;
    answer.map_err(anyhow::Error::msg)
}
