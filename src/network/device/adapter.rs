//! Adapters of WGPU's.

use burn::tensor::{Device, DeviceKind};
use cubecl::config::streaming::StreamPolicy;
use cubecl::config::{CubeClRuntimeConfig, RuntimeConfig};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probed {
    /// Which.
    pub adapter: Adapter,
    /// What it calls itself.
    pub name: String,
    /// Seconds that a step takes there and on the CPU, where that was in doubt.
    pub seconds: Option<[f64; 2]>,
}

impl Adapter {
    /// As burn knows it.
    pub(super) fn device(self) -> Device {
        // One queue for all threads: a step is taken by any thread of the pool, and with a queue for
        // each the kernels of one would wait for those of another. The first call decides.
        let mut config = CubeClRuntimeConfig::from_current_dir().override_from_env();
        config.streaming.policy = StreamPolicy::Single;
        CubeClRuntimeConfig::try_set(config);
        Device::wgpu(match self {
            Self::DiscreteGpu(number) => DeviceKind::DiscreteGpu(number),
            Self::IntegratedGpu(number) => DeviceKind::IntegratedGpu(number),
            Self::VirtualGpu(number) => DeviceKind::VirtualGpu(number),
            Self::Software => DeviceKind::Cpu,
        })
    }
}

/// Waits until a device has done what it was told.
///
/// # Errors
///
/// A device that failed.
pub(in crate::network) fn synced(device: &Device) -> Result<()> {
    device
        .sync()
        .map_err(|error| Error::Device(format!("the device failed: {error:?}")))
}
