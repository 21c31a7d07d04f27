//! What the operations on a few values are given, and that their forms agree.

use burn::tensor::{Device, Gradients, Tensor};
use epitrack::element::Sides;
use epitrack::network::kernels::adam;
use epitrack::network::kernels::adam::Step;
use epitrack::network::kernels::dropout::Dropout;
use epitrack::network::kernels::perceptron::Layers;
use epitrack::network::kernels::{loss, perceptron};
use rand::RngExt;

use super::agreement::{Array, Of, close, of, on_threads, random, with_gradients};
use super::plain;
use crate::support::values;

/// Small layers of these widths.
pub fn perceptron_agrees(
    n: usize,
    [inputs, hidden, outputs]: [usize; 3],
    rectified: bool,
    seed: u64,
    device: &Device,
) {
    let mut rng = random(seed);
    let x = Array::random([n, inputs], 1.0, &mut rng);
    let weights =
        [[inputs, hidden], [hidden, outputs]].map(|shape| Array::random(shape, 1.0, &mut rng));
    let biases = [inputs, hidden, outputs].map(|size| Array::random([size], 1.0, &mut rng));
    let up = Array::random([n, outputs], 1.0, &mut rng);
    let dropout = Dropout::new(0.4, &mut rng);
    let run = |device: &Device, fast: bool| {
        let x = x.leaf(device);
        let [w, v] = weights.each_ref().map(|weight| weight.leaf(device));
        let [first, b, c] = biases.each_ref().map(|bias| bias.leaf(device));
        let layers = Layers {
            hidden: (w.clone(), b.clone()),
            output: (v.clone(), c.clone()),
        };
        let (input, bias) = (x.clone(), rectified.then(|| first.clone()));
        let output = match (fast, bias) {
            (false, bias) => plain::perceptron(input, bias, layers, dropout),
            (true, None) => perceptron::perceptron(input, layers, dropout),
            (true, Some(bias)) => perceptron::rectified_perceptron(input, bias, layers, dropout),
        };
        let of_bias: Of = match rectified {
            true => of!(first),
            false => &|_| Vec::new(),
        };
        let inputs: [Of; 6] = [of!(x), of!(w), of!(b), of!(v), of!(c), of_bias];
        with_gradients(&output, &up, &inputs)
    };
    let wanted = run(&Device::flex().autodiff(), false);
    let found = on_threads(|| run(&device.clone().autodiff(), true));
    close(&found, &wanted, 1e-4, 1e-3);
}

/// The losses of `n` pairs with logits of up to `size`.
pub fn loss_agrees(n: usize, size: f32, seed: u64, device: &Device) {
    let mut rng = random(seed);
    let logit = Array::random([n, 1], size, &mut rng);
    let label = Array::new([n, 1], || f32::from(rng.random_bool(0.5)));
    let mut coordinates = || Array::random([n, 2], 2.0, &mut rng);
    let (found, wanted) = (
        Sides::from_fn(|_| coordinates()),
        Sides::from_fn(|_| coordinates()),
    );
    let up = Array::new([1], || 0.75);
    let run = |device: &Device, fast: bool| {
        let loss = if fast { loss::loss } else { plain::loss };
        let logit = logit.leaf(device);
        let found = found.as_ref().map(|array| array.leaf(device));
        let wanted = wanted.as_ref().map(|array| array.on(device));
        let inputs = (logit.clone(), label.on(device), found.clone(), wanted);
        let (total, both) = loss(inputs.0, inputs.1, inputs.2, inputs.3, 10.0);
        let of_inputs: [Of; 3] = [of!(logit), of!(found.enhancer), of!(found.promoter)];
        let mut all = with_gradients(&total, &up, &of_inputs);
        all.push(values(&both));
        all
    };
    let wanted = run(&Device::flex().autodiff(), false);
    let found = on_threads(|| run(&device.clone().autodiff(), true));
    close(&found, &wanted, 1e-5, 1e-6);
}

/// Arrays of these sizes.
pub fn adam_agrees(sizes: &[usize], seed: u64, device: &Device) {
    let mut rng = random(seed);
    let arrays: Vec<[Array<1>; 4]> = sizes
        .iter()
        .map(|&size| {
            let [parameter, gradient, first] =
                [(); 3].map(|()| Array::random([size], 1.0, &mut rng));
            let second = Array::new([size], || rng.random_range(0.0..1.0));
            [parameter, gradient, first, second]
        })
        .collect();
    let settings = Step {
        beta1: 0.9,
        beta2: 0.999,
        rate: 1e-2,
        epsilon: 1e-8,
    };
    let run = |device: &Device, fast: bool| {
        let step = if fast { adam::step } else { plain::step };
        let on_device = arrays.iter().map(|array| {
            let [parameter, gradient, first, second] =
                array.each_ref().map(|array| array.on(device));
            adam::Array {
                parameter,
                gradient,
                first,
                second,
            }
        });
        let before: Vec<adam::Array> = on_device.collect();
        // Copies that must not change.
        let kept: Vec<Tensor<1>> = before.iter().map(|array| array.parameter.clone()).collect();
        let after = step(before, settings);
        let all = after.iter().zip(&kept).flat_map(|(array, kept)| {
            [&array.parameter, &array.first, &array.second, kept].map(values)
        });
        all.collect::<Vec<_>>()
    };
    let wanted = run(&Device::flex(), false);
    let found = on_threads(|| run(device, true));
    close(&found, &wanted, 1e-6, 1e-3);
}
