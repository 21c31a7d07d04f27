//! The loss on the CPU: of a few values, on one thread.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;

use super::{Inputs, PairLossForm};
use crate::network::kernels::flex::{dims, floats, rows, tensor};

impl PairLossForm for Flex {
    fn losses(inputs: &Inputs<Self>, lambda: f32) -> [FloatTensor<Self>; 2] {
        let [
            logit,
            label,
            enhancer,
            enhancer_target,
            promoter,
            promoter_target,
        ] = [
            &inputs.logit,
            &inputs.label,
            &inputs.enhancer,
            &inputs.enhancer_target,
            &inputs.promoter,
            &inputs.promoter_target,
        ]
        .map(|tensor| rows(tensor.clone()));
        let [n, _] = dims(&logit);
        let pairs = floats(&logit).iter().zip(floats(&label));
        let bce = pairs.map(|(&x, &y)| f64::from(cross_entropy(x, y)));
        let bce = bce.sum::<f64>() / n as f64;
        let squares = |found, target| -> f64 {
            let errors = floats(found).iter().zip(floats(target));
            let squares = errors.map(|(found, target)| f64::from(found - target).powi(2));
            squares.sum::<f64>() / (2 * n) as f64
        };
        let coordinates =
            squares(&enhancer, &enhancer_target) + squares(&promoter, &promoter_target);
        let total = (f64::from(lambda) * bce + coordinates) as f32;
        [
            tensor(vec![total], [1]),
            tensor(vec![total, bce as f32], [2]),
        ]
    }

    fn loss_gradients(
        inputs: Inputs<Self>,
        lambda: f32,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 3] {
        let [n, _] = dims(&inputs.logit);
        // That of the mean of one value for each pair.
        let of_pair = floats(&rows(gradient))[0] / n as f32;
        let each = |found, target, slope: &dyn Fn(f32, f32) -> f32| {
            let shape: [usize; 2] = dims(&found);
            let [found, target] = [found, target].map(rows);
            let pairs = floats(&found).iter().zip(floats(&target));
            let slopes = pairs.map(|(&found, &target)| of_pair * slope(found, target));
            tensor(slopes.collect(), shape)
        };
        let error = |found: f32, target: f32| found - target;
        [
            each(inputs.logit, inputs.label, &|x, y| {
                lambda * (sigmoid(x) - y)
            }),
            each(inputs.enhancer, inputs.enhancer_target, &error),
            each(inputs.promoter, inputs.promoter_target, &error),
        ]
    }
}

/// `−y · ln σ(x) − (1 − y) · ln σ(−x)`
fn cross_entropy(x: f32, y: f32) -> f32 {
    // −ln σ(x), whose exponential is at most 1.
    let minus_ln = |x: f32| (-x).max(0.0) + (-x.abs()).exp().ln_1p();
    y * minus_ln(x) + (1.0 - y) * minus_ln(-x)
}

/// `σ(x)`
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
