//! Which adapter works.

use std::panic::catch_unwind;
use std::time::Instant;

use burn::tensor::{Device, DeviceType, Tensor};
use tracing::debug;

use super::adapter::{Adapter, Probed, synced};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::network::kernels::adam::{self, Step};
use crate::network::model::{Epiann, HeldSequence, Loss, ModelConfig, Targets};

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
            Ok(probed) => return Ok(Some(probed)),
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
        .filter(|adapter| found.contains(&adapter.device()))
        .collect()
}

/// Runs one training step of a tiny network, and where it is in doubt whether the CPU is faster, some
/// of the published one.
fn try_out(adapter: Adapter) -> Result<Probed, String> {
    let tried = catch_unwind(|| {
        let begun = Instant::now();
        let device = adapter.device();
        let name = device.identity().map(|identity| identity.name);
        let opened = begun.elapsed().as_secs_f64();
        training_step(&device.clone().autodiff())?;
        let all = begun.elapsed().as_secs_f64();
        debug!("{adapter:?}: opened in {opened:.2} s, a step compiled and done after {all:.2} s");
        // The least of the cards of their own compute and read memory many times as fast as a CPU does.
        let doubtful = matches!(adapter, Adapter::IntegratedGpu(_) | Adapter::VirtualGpu(_));
        let here_and_there = || Ok([seconds(&device)?, seconds(&Device::flex())?]);
        Ok(Probed {
            adapter,
            name: name.unwrap_or_default(),
            seconds: doubtful.then(here_and_there).transpose()?,
        })
    });
    let tried = tried.unwrap_or_else(|_| Err(Error::Device(format!("{adapter:?} failed"))));
    tried.map_err(|error| error.to_string())
}

/// Seconds of the forward and backward pass of the published network on a few pairs: the least of
/// some, after one that compiles the kernels.
fn seconds(device: &Device) -> Result<f64> {
    let device = device.clone().autodiff();
    let config = ModelConfig::default();
    let network = Epiann::new(&config, 0, &device)?;
    let mut least = f64::INFINITY;
    for run in 0..4 {
        let begun = Instant::now();
        let loss = loss(&network, 16, &device);
        let _gradients = loss.total.backward();
        synced(&device)?;
        if run > 0 {
            least = least.min(begun.elapsed().as_secs_f64());
        }
    }
    Ok(least)
}

/// The loss of `n` pairs of made-up sequence.
fn loss(network: &Epiann, n: usize, device: &Device) -> Loss {
    let config = network.config();
    let codes: Vec<u8> = (0..config.enhancer_length + n as u32)
        .map(|base| (base % 4) as u8)
        .collect();
    let held = HeldSequence::new(&codes, device);
    let lengths = config.lengths().map(|length| length as usize);
    let sequences = held.windows(Sides::new(0..n, 0..n), lengths);
    let zeros = |columns: usize| Tensor::zeros([n, columns], device);
    let targets = Targets {
        label: zeros(1),
        coordinates: Sides::new(zeros(2), zeros(2)),
        offset: None,
    };
    Loss::new(&network.forward(sequences, None), &targets, config.lambda)
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
    let loss = loss(&network, 2, device);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_takes_time_and_has_gradients() {
        let device = Device::flex();
        training_step(&device.clone().autodiff()).unwrap();
        assert!(seconds(&device).unwrap() > 0.0);
    }
}
