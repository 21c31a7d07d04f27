//! Adam on WGPU: one kernel, in place where nothing else uses the memory.

use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::{AdamStep, Step};
use crate::network::kernels::cube::{dims, elementwise, own, rows};

impl AdamStep for CubeBackend {
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [count] = dims(&parameter);
        let gradient = rows(gradient);
        let [parameter, first, second] = [parameter, first, second].map(own);
        let (cubes, units) = elementwise(&parameter, count);
        update::launch(
            &parameter.client,
            cubes,
            units,
            parameter.clone().into_buffer_arg(),
            gradient.into_buffer_arg(),
            first.clone().into_buffer_arg(),
            second.clone().into_buffer_arg(),
            count,
            step.beta1,
            step.beta2,
            step.rate,
            step.epsilon,
        );
        (parameter, first, second)
    }
}

/// One unit for each parameter.
#[cube(launch)]
fn update(
    parameter: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
    count: usize,
    beta1: f32,
    beta2: f32,
    rate: f32,
    epsilon: f32,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let g = gradient[ABSOLUTE_POS];
    let m = first[ABSOLUTE_POS] * beta1 + g * (1.0f32 - beta1);
    let v = second[ABSOLUTE_POS] * beta2 + g * g * (1.0f32 - beta2);
    first[ABSOLUTE_POS] = m;
    second[ABSOLUTE_POS] = v;
    parameter[ABSOLUTE_POS] -= m * rate / (v.sqrt() + epsilon);
}
