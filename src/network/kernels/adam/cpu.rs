//! Adam on the CPU: in place, in one pass.

use burn::backend::Flex;
use macerator::{Simd, with_simd};
use rayon::prelude::*;

use super::{AdamStep, Arrays, Primitives, Step};
use crate::network::kernels::flex::{floats, rows};

/// Parameters that one thread works on at a time.
const PART: usize = 1 << 14;

impl AdamStep for Flex {
    fn adam_step(arrays: Arrays<Self>, step: Step) -> Arrays<Self> {
        let arrays = arrays.0.into_par_iter().map(|array| {
            let gradient = rows(array.gradient);
            let [mut parameter, mut first, mut second] =
                [array.parameter, array.first, array.second].map(rows);
            parameter
                .storage_mut::<f32>()
                .par_chunks_mut(PART)
                .zip(first.storage_mut::<f32>().par_chunks_mut(PART))
                .zip(second.storage_mut::<f32>().par_chunks_mut(PART))
                .zip(floats(&gradient).par_chunks(PART))
                .for_each(|(((parameter, first), second), gradient)| {
                    update(parameter, gradient, first, second, step);
                });
            Primitives {
                parameter,
                gradient,
                first,
                second,
            }
        });
        Arrays(arrays.collect())
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
