//! Where the network runs: a GPU through WGPU, or the CPU.

mod adapter;
mod compilation;
mod probe;

use std::fmt;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

pub(super) use adapter::synced;
pub use adapter::{Adapter, Probed};
pub(super) use compilation::compiling;
pub use probe::probe;

use crate::error::{Error, Result};
use crate::text::choice::{Choice, Named};

/// What the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// A hardware adapter if WGPU finds one that works and is no slower than the CPU, else the CPU.
    #[default]
    Auto,
    /// Any adapter of WGPU's, a software one too.
    Wgpu,
    /// The CPU.
    Cpu,
}

impl Choice for DeviceChoice {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Auto,
            "auto",
            "A GPU if WGPU finds one that works and is no slower, else the CPU",
        ),
        (
            Self::Wgpu,
            "wgpu",
            "Any adapter of WGPU's, a software one too",
        ),
        (Self::Cpu, "cpu", "The CPU"),
    ];
}

/// The device of a run.
#[derive(Debug, Clone)]
pub struct ComputeDevice {
    device: Device,
    /// Its kind and name.
    pub description: DeviceDescription,
}

/// What is written beside results about the device that made them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceDescription {
    /// `cpu` or `wgpu`.
    pub kind: String,
    /// What the adapter or the processor calls itself.
    pub name: String,
}

impl DeviceDescription {
    /// What two devices share of which one may go on with the other's run: the kind, and of adapters
    /// the name, as two GPUs round differently. So do processors with other vector instructions: a
    /// run that moves to one goes on, but does not end with the same bytes.
    pub fn identity(&self) -> String {
        match self.kind.as_str() {
            "cpu" => self.kind.clone(),
            _ => self.to_string(),
        }
    }
}

/// What is said of several devices that did some work together, at least one.
impl<'a> FromIterator<&'a DeviceDescription> for DeviceDescription {
    fn from_iter<I: IntoIterator<Item = &'a Self>>(devices: I) -> Self {
        let mut distinct: Vec<&Self> = Vec::new();
        for device in devices {
            if !distinct.contains(&device) {
                distinct.push(device);
            }
        }
        if let [only] = distinct.as_slice() {
            return (*only).clone();
        }
        let names: Vec<String> = distinct.iter().map(ToString::to_string).collect();
        Self {
            kind: "mixed".to_string(),
            name: names.join(", "),
        }
    }
}

impl fmt::Display for DeviceDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind, self.name)
    }
}

impl ComputeDevice {
    fn new(device: Device, kind: &str, name: String) -> Self {
        let kind = kind.to_string();
        Self {
            device,
            description: DeviceDescription { kind, name },
        }
    }

    /// The CPU.
    pub fn cpu() -> Self {
        Self::new(Device::flex(), "cpu", cpu_name())
    }

    /// An adapter that [`probe()`] found.
    pub fn wgpu(probed: Probed) -> Self {
        Self::new(probed.adapter.device(), "wgpu", probed.name)
    }

    /// The device that was chosen. `probe` is [`probe()`] in a process of its own: a driver may
    /// crash the process that loads it, and then `Auto` still has the CPU.
    ///
    /// # Errors
    ///
    /// `Wgpu` where there is no adapter that works.
    pub fn select(
        choice: DeviceChoice,
        probe: impl FnOnce(bool) -> Result<Option<Probed>>,
    ) -> Result<Self> {
        let device = match choice {
            DeviceChoice::Cpu => Self::cpu(),
            DeviceChoice::Wgpu => Self::wgpu(probe(true)?.ok_or(Error::NoAdapter)?),
            DeviceChoice::Auto => match probe(false) {
                Ok(Some(probed)) => Self::faster(probed),
                Ok(None) => {
                    info!("WGPU finds no hardware adapter");
                    Self::cpu()
                }
                Err(error) => {
                    warn!("{error}; the CPU is used");
                    Self::cpu()
                }
            },
        };
        info!("device: {}", device.description);
        Ok(device)
    }

    /// An adapter, unless the CPU was found to be faster.
    fn faster(probed: Probed) -> Self {
        match probed.seconds {
            Some([there, here]) if there > here => {
                let ([there, here], name) = ([there, here].map(|s| s * 1e3), &probed.name);
                info!(
                    "a step takes {there:.0} ms on {name}, {here:.0} ms on the CPU, which is used"
                );
                Self::cpu()
            }
            _ => Self::wgpu(probed),
        }
    }

    /// For inference: no graph is kept.
    pub fn inference(&self) -> Device {
        self.device.clone()
    }

    /// For training.
    pub fn training(&self) -> Device {
        self.device.clone().autodiff()
    }
}

/// What the processor calls itself, where the system tells; else its architecture.
fn cpu_name() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map(|(_, name)| name.trim().to_string());
    name.unwrap_or_else(|| std::env::consts::ARCH.to_string())
}
