//! Adam on WGPU: one kernel for as many arrays as a device binds at once, in place where nothing else
//! uses their memory.

use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::{AdamStep, Arrays, Primitives, Step};
use crate::network::kernels::cube::{UNITS, cubes, dims, own, rows};

impl AdamStep for CubeBackend {
    fn adam_step(arrays: Arrays<Self>, step: Step) -> Arrays<Self> {
        let own = |array: Primitives<Self>| Primitives::<Self> {
            parameter: own(array.parameter),
            gradient: rows(array.gradient),
            first: own(array.first),
            second: own(array.second),
        };
        let arrays: Vec<_> = arrays.0.into_iter().map(own).collect();
        if let Some(array) = arrays.first() {
            let bindings = array.parameter.client.properties().hardware.max_bindings as usize;
            // Each array has four buffers, and all of them together one for the kernel's arguments.
            let most = (bindings.saturating_sub(1) / 4).clamp(1, ARRAYS);
            arrays.chunks(most).for_each(|arrays| launch(arrays, step));
        }
        Arrays(arrays)
    }
}

/// The most arrays of a kernel, which has code for each of them.
const ARRAYS: usize = 64;
/// Parameters of a unit, which has to find its array first.
const OF_UNIT: usize = 4;
/// Parameters of a cube.
const OF_CUBE: usize = OF_UNIT * UNITS;

/// Updates some arrays, whose memory is their own.
fn launch(arrays: &[Primitives<CubeBackend>], step: Step) {
    let buffers = |of: fn(&Primitives<CubeBackend>) -> &CubeTensor| {
        let buffers = arrays.iter().map(|array| of(array).clone());
        buffers.map(CubeTensor::into_buffer_arg).collect()
    };
    let of_array = |array: &Primitives<CubeBackend>| {
        let [count] = dims(&array.parameter);
        count.div_ceil(OF_CUBE)
    };
    let count = arrays.iter().map(of_array).sum();
    let any = &arrays[0].parameter;
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        update::launch_unchecked(
            &any.client,
            cubes(any, count),
            CubeDim::new_1d(UNITS as u32),
            buffers(|array| &array.parameter),
            buffers(|array| &array.gradient),
            buffers(|array| &array.first),
            buffers(|array| &array.second),
            step.beta1,
            step.beta2,
            step.rate,
            step.epsilon,
        );
    }
}

/// One unit for [`OF_UNIT`] parameters; each array has cubes of its own.
#[cube(launch_unchecked)]
fn update(
    parameters: &mut Sequence<Box<[f32]>>,
    gradients: &Sequence<Box<[f32]>>,
    firsts: &mut Sequence<Box<[f32]>>,
    seconds: &mut Sequence<Box<[f32]>>,
    beta1: f32,
    beta2: f32,
    rate: f32,
    epsilon: f32,
) {
    let mut begin = 0usize;
    #[unroll]
    for array in 0..gradients.len() {
        let count = gradients[array].len();
        let end = begin + count.div_ceil(OF_CUBE);
        if CUBE_POS >= begin && CUBE_POS < end {
            let first = firsts.index_mut(array);
            let second = seconds.index_mut(array);
            let parameter = parameters.index_mut(array);
            #[unroll]
            for part in 0..OF_UNIT {
                let place = (CUBE_POS - begin) * OF_CUBE + part * UNITS + UNIT_POS as usize;
                if place < count {
                    let g = gradients[array][place];
                    let m = first[place] * beta1 + g * (1.0f32 - beta1);
                    let v = second[place] * beta2 + g * g * (1.0f32 - beta2);
                    first[place] = m;
                    second[place] = v;
                    parameter[place] -= m * rate / (v.sqrt() + epsilon);
                }
            }
        }
        begin = end;
    }
}
