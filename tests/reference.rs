//! The network against the numbers of an independent implementation.

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use epitrack::element::{Element, Sides};
use epitrack::network::model::{ByElement, Epiann, Loss, ModelConfig, Targets, Weights, codes};
use safetensors::SafeTensors;

use super::support::{self, gradients, values};

/// The small network that `tests/fixtures/epiann_small.safetensors` holds weights, inputs,
/// outputs and gradients of; computed in double precision, without dropout.
struct Reference {
    bytes: Vec<u8>,
    arrays: Weights,
}

impl Reference {
    fn read() -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/epiann_small.safetensors");
        Self {
            bytes: std::fs::read(&path).unwrap(),
            arrays: Weights::read(&path).unwrap().0,
        }
    }

    fn config(&self) -> ModelConfig {
        let (_, header) = SafeTensors::read_metadata(&self.bytes).unwrap();
        serde_json::from_str(&header.metadata().as_ref().unwrap()["config"]).unwrap()
    }

    fn codes(&self, name: &str) -> Vec<u8> {
        let file = SafeTensors::deserialize(&self.bytes).unwrap();
        file.tensor(name).unwrap().data().to_vec()
    }

    fn input(&self, name: &str, device: &Device) -> Tensor<2> {
        let values = self.arrays.values(&format!("inputs.{name}")).to_vec();
        let columns = values.len() / 6;
        Tensor::from_data(TensorData::new(values, [6, columns]), device)
    }
}

/// The largest difference, relative to the largest value of the array.
fn difference(found: &[f32], wanted: &[f32]) -> f32 {
    assert_eq!(found.len(), wanted.len());
    let largest = wanted.iter().fold(0f32, |max, value| max.max(value.abs()));
    let miss = found.iter().zip(wanted).map(|(f, w)| (f - w).abs());
    miss.fold(0f32, |max, miss| {
        if miss.is_nan() {
            f32::NAN
        } else {
            max.max(miss)
        }
    }) / largest
}

/// Values and every gradient agree to a relative 1e-4.
fn agrees(device: Device) {
    let reference = Reference::read();
    let config = reference.config();
    let training = device.clone().autodiff();
    let network = Epiann::load(&config, &reference.arrays.under("weights"), &training).unwrap();
    let sequences_on = |device: &Device| {
        let letters = Sides::from_fn(|element: Element| {
            reference.codes(&format!("inputs.{}", element.name()))
        });
        let windows = letters.as_ref().map(|all| {
            let windows = all.chunks(all.len() / 6);
            windows.collect::<Vec<_>>()
        });
        codes(windows.as_ref().map(Vec::as_slice), device)
    };
    let output = network.forward(sequences_on(&training), None);
    let targets = Targets {
        label: reference.input("label", &training),
        coordinates: Sides::from_fn(|element: Element| {
            reference.input(&format!("{}_coordinates", element.name()), &training)
        }),
        offset: None,
    };
    let loss = Loss::new(&output, &targets, config.lambda);

    let check = |name: &str, found: &[f32]| {
        let miss = difference(found, reference.arrays.values(name));
        assert!(miss < 1e-4, "{name} differs by {miss}");
    };
    check("outputs.logit", &values(&output.logit));
    check(
        "outputs.attention_enhancer",
        &values(&output.attended.attention.enhancer),
    );
    check(
        "outputs.attention_promoter",
        &values(&output.attended.attention.promoter),
    );
    let interaction = network.interaction(&output.attended);
    check("outputs.interaction", &values(&interaction));
    check(
        "outputs.enhancer_coordinates",
        &values(&output.coordinates.enhancer),
    );
    check(
        "outputs.promoter_coordinates",
        &values(&output.coordinates.promoter),
    );
    check("outputs.bce", &values(&loss.both)[1..]);
    check("outputs.loss", &values(&loss.total));

    let gradients = gradients(&network, &loss);
    let mut compared = 0;
    for (name, _, found) in gradients.iter() {
        check(&format!("gradients.{name}"), found);
        compared += 1;
    }
    assert_eq!(compared, 25);

    // Inference computes each element by itself and changes nothing.
    let network = Epiann::load(&config, &reference.arrays.under("weights"), &device).unwrap();
    let sequences = sequences_on(&device);
    let network = ByElement::new(&network);
    let elements = network.elements(sequences);
    let pairs = TensorData::new((0..6).flat_map(|n| [n, n]).collect::<Vec<i32>>(), [6, 2]);
    let found = network.pairs(&elements, Tensor::from_data(pairs, &device));
    check("outputs.logit", &values(&found.logit));
}

#[test]
fn on_the_cpu() {
    agrees(Device::flex());
}

#[test]
fn on_wgpu() {
    if let Some(device) = support::wgpu("reference::on_wgpu") {
        agrees(device.inference());
    }
}
