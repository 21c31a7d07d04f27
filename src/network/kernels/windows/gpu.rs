//! Windows on WGPU: one unit for each base.

use burn::backend::tensor::IntTensor;
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::{BITS, CODE, CODES, CutWindows};
use crate::network::kernels::cube::{dims, elementwise, ints, rows};

impl CutWindows for CubeBackend {
    fn cut(sequence: IntTensor<Self>, starts: IntTensor<Self>, length: usize) -> IntTensor<Self> {
        let [n] = dims(&starts);
        let codes = ints(&starts, [n, length]);
        let (cubes, units) = elementwise(&codes, n * length);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            take_codes::launch_unchecked(
                &codes.client,
                cubes,
                units,
                rows(sequence).into_buffer_arg(),
                rows(starts).into_buffer_arg(),
                codes.clone().into_buffer_arg(),
                n * length,
                length,
            );
        }
        codes
    }
}

/// One unit for each of `count` codes.
#[cube(launch_unchecked)]
fn take_codes(sequence: &[i32], starts: &[i32], codes: &mut [i32], count: usize, length: usize) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let at = starts[ABSOLUTE_POS / length] as usize + ABSOLUTE_POS % length;
    let shift = (at % CODES * BITS) as i32;
    codes[ABSOLUTE_POS] = sequence[at / CODES] >> shift & CODE;
}
