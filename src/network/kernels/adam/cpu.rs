//! Adam on the CPU: in place, in one pass.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use macerator::{Simd, with_simd};
use rayon::prelude::*;

use super::{AdamStep, Step};
use crate::network::kernels::flex::{floats, rows};

/// Parameters that one thread works on at a time.
const PART: usize = 1 << 14;

impl AdamStep for Flex {
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let gradient = rows(gradient);
        let [mut parameter, mut first, mut second] = [parameter, first, second].map(rows);
        parameter
            .storage_mut::<f32>()
            .par_chunks_mut(PART)
            .zip(first.storage_mut::<f32>().par_chunks_mut(PART))
            .zip(second.storage_mut::<f32>().par_chunks_mut(PART))
            .zip(floats(&gradient).par_chunks(PART))
            .for_each(|(((parameter, first), second), gradient)| {
                update(parameter, gradient, first, second, step);
            });
        (parameter, first, second)
    }
}

#[with_simd]
fn update<S: Simd>(
    parameter: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
    step: Step,
) {
    let means = first.iter_mut().zip(second);
    for ((parameter, &g), (m, v)) in parameter.iter_mut().zip(gradient).zip(means) {
        *m = *m * step.beta1 + g * (1.0 - step.beta1);
        *v = *v * step.beta2 + g * g * (1.0 - step.beta2);
        *parameter -= *m * step.rate / (v.sqrt() + step.epsilon);
    }
}
