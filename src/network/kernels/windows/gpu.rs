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

    fn cut_pairs(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancer: usize,
        promoter: usize,
    ) -> (IntTensor<Self>, IntTensor<Self>) {
        let [both] = dims(&starts);
        let n = both / 2;
        let [e, p] = [enhancer, promoter].map(|length| ints(&starts, [n, length]));
        let (cubes, units) = elementwise(&e, n * (enhancer + promoter));
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            take_codes_of_pairs::launch_unchecked(
                &e.client,
                cubes,
                units,
                rows(sequence).into_buffer_arg(),
                rows(starts).into_buffer_arg(),
                e.clone().into_buffer_arg(),
                p.clone().into_buffer_arg(),
                n,
                enhancer,
                promoter,
            );
        }
        (e, p)
    }
}

/// The code at a place of packed sequence.
#[cube]
fn code(sequence: &[i32], at: usize) -> i32 {
    let shift = (at % CODES * BITS) as i32;
    sequence[at / CODES] >> shift & CODE
}

/// One unit for each of `count` codes.
#[cube(launch_unchecked)]
fn take_codes(sequence: &[i32], starts: &[i32], codes: &mut [i32], count: usize, length: usize) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let start = starts[ABSOLUTE_POS / length] as usize;
    codes[ABSOLUTE_POS] = code(sequence, start + ABSOLUTE_POS % length);
}

/// One unit for each code of `n` enhancers and then of `n` promoters.
#[cube(launch_unchecked)]
fn take_codes_of_pairs(
    sequence: &[i32],
    starts: &[i32],
    enhancers: &mut [i32],
    promoters: &mut [i32],
    n: usize,
    enhancer: usize,
    promoter: usize,
) {
    let first = n * enhancer;
    if ABSOLUTE_POS >= first + n * promoter {
        terminate!();
    }
    if ABSOLUTE_POS < first {
        let start = starts[ABSOLUTE_POS / enhancer] as usize;
        enhancers[ABSOLUTE_POS] = code(sequence, start + ABSOLUTE_POS % enhancer);
    } else {
        let place = ABSOLUTE_POS - first;
        let start = starts[n + place / promoter] as usize;
        promoters[place] = code(sequence, start + place % promoter);
    }
}
