//! Where the network runs: a GPU through WGPU, or the CPU.

use std::fmt;
use std::panic::catch_unwind;
use std::time::Instant;

use burn::tensor::{Device, DeviceKind, DeviceType, Tensor};
use serde::{Deserialize, Serialize};
use tracing::{debug, info, warn};

use crate::element::Sides;
use crate::error::{Error, Result};
use crate::network::kernels::adam::{self, Step};
use crate::network::model::{Epiann, HeldSequence, Loss, ModelConfig, Targets};
use crate::text::choice::{Choice, Named};

/// What the user asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// A hardware adapter if WGPU finds one that works, else the CPU.
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
            "A GPU if WGPU finds one that works, else the CPU",
        ),
        (
            Self::Wgpu,
            "wgpu",
            "Any adapter of WGPU's, a software one too",
        ),
        (Self::Cpu, "cpu", "The CPU"),
    ];
}

/// An adapter of WGPU's, by kind and number among its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "number")]
pub enum Adapter {
    /// A graphics card.
    DiscreteGpu(usize),
    /// A GPU inside the processor.
    IntegratedGpu(usize),
    /// A part of somebody else's GPU.
    VirtualGpu(usize),
    /// A driver that computes on the processor.
    Software,
}

/// An adapter that has shown that it can train.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// Which.
    pub adapter: Adapter,
    /// What it calls itself.
    pub name: String,
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

impl fmt::Display for DeviceDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind, self.name)
    }
}

impl Adapter {
    fn kind(self) -> DeviceKind {
        match self {
            Self::DiscreteGpu(number) => DeviceKind::DiscreteGpu(number),
            Self::IntegratedGpu(number) => DeviceKind::IntegratedGpu(number),
            Self::VirtualGpu(number) => DeviceKind::VirtualGpu(number),
            Self::Software => DeviceKind::Cpu,
        }
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

    /// An adapter that [`probe`] found.
    pub fn wgpu(probed: Probed) -> Self {
        Self::new(Device::wgpu(probed.adapter.kind()), "wgpu", probed.name)
    }

    /// The device that was chosen. `probe` is [`probe`] in a process of its own: a driver may
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
                Ok(Some(probed)) => Self::wgpu(probed),
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

    /// For inference: no graph is kept.
    pub fn inference(&self) -> Device {
        self.device.clone()
    }

    /// For training.
    pub fn training(&self) -> Device {
        self.device.clone().autodiff()
    }
}

/// Waits until a device has done what it was told.
///
/// # Errors
///
/// A device that failed.
pub(super) fn synced(device: &Device) -> Result<()> {
    device
        .sync()
        .map_err(|error| Error::Device(format!("the device failed: {error:?}")))
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

/// The first adapter on which a small training step works, hardware before software; software
/// ones only where allowed.
///
/// # Errors
///
/// Adapters are there, but none of them works.
pub fn probe(software: bool) -> Result<Option<Probed>> {
    let mut failures = Vec::new();
    for adapter in adapters(software) {
        match try_out(adapter) {
            Ok(name) => return Ok(Some(Probed { adapter, name })),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() {
        return Ok(None);
    }
    Err(Error::Device(failures.join("; ")))
}

/// The adapters in the order in which they are tried.
fn adapters(software: bool) -> Vec<Adapter> {
    let found = catch_unwind(|| Device::enumerate(DeviceType::Wgpu));
    let Ok(found) = found else {
        return Vec::new();
    };
    let numbered = |kind: fn(usize) -> Adapter| (0..found.len()).map(kind);
    numbered(Adapter::DiscreteGpu)
        .chain(numbered(Adapter::IntegratedGpu))
        .chain(numbered(Adapter::VirtualGpu))
        .chain(software.then_some(Adapter::Software))
        .filter(|adapter| found.contains(&Device::wgpu(adapter.kind())))
        .collect()
}

/// Runs one training step of a tiny network; returns the adapter's name.
fn try_out(adapter: Adapter) -> Result<String, String> {
    let tried = catch_unwind(|| {
        let begun = Instant::now();
        let device = Device::wgpu(adapter.kind());
        let name = device.identity().map(|identity| identity.name);
        let opened = begun.elapsed().as_secs_f64();
        let stepped = training_step(&device.autodiff()).map_err(|error| error.to_string());
        let all = begun.elapsed().as_secs_f64();
        debug!("{adapter:?}: opened in {opened:.2} s, a step compiled and done after {all:.2} s");
        stepped.map(|()| name.unwrap_or_default())
    });
    tried.unwrap_or_else(|_| Err(format!("{adapter:?} failed")))
}

fn training_step(device: &Device) -> Result<()> {
    let config = ModelConfig {
        enhancer_length: 120,
        promoter_length: 90,
        filters: 4,
        attention_dim: 2,
        top_k: 2,
        classifier_hidden: 2,
        coordinate_hidden: [2, 2],
        ..ModelConfig::default()
    };
    let network = Epiann::new(&config, 0, device)?;
    let codes: Vec<u8> = (0..2 * config.enhancer_length)
        .map(|base| (base % 4) as u8)
        .collect();
    let held = HeldSequence::new(&codes, device);
    let windows = |length: u32| held.windows([0, 1].into_iter(), length as usize);
    let sequences = config.lengths().map(windows);
    let zeros = |columns: usize| Tensor::zeros([2, columns], device);
    let targets = Targets {
        label: zeros(1),
        coordinates: Sides::new(zeros(2), zeros(2)),
    };
    let loss = Loss::new(&network.forward(sequences, None), &targets, config.lambda);
    let mut gradients = loss.total.backward();
    let settings = Step {
        beta1: 0.5,
        beta2: 0.5,
        rate: 1e-3,
        epsilon: 1e-8,
    };
    // In place of each parameter the mean gradient that Adam makes: half of the gradient.
    let network = network.updated(&mut gradients, |arrays| {
        let arrays = arrays.into_iter().map(|array| adam::Array {
            first: array.gradient.zeros_like(),
            second: array.gradient.zeros_like(),
            parameter: array.value,
            gradient: array.gradient,
        });
        let stepped = adam::step(arrays.collect(), settings);
        stepped.into_iter().map(|array| array.first).collect()
    });
    let gradients = network.weights()?;
    let values = || gradients.iter().flat_map(|(_, _, values)| values);
    if gradients.are_finite() && values().any(|&value| value != 0.0) {
        Ok(())
    } else {
        Err(Error::Device("computes wrong gradients".to_string()))
    }
}
