//! Windows on WGPU: one unit for each base.

use burn::backend::tensor::IntTensor;
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::{BITS, CODE, CODES, CutWindows};
use crate::element::Sides;
use crate::network::kernels::cube::{dims, elementwise, ints, rows};

impl CutWindows for CubeBackend {
    fn cut(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancers: usize,
        lengths: Sides<usize>,
    ) -> (IntTensor<Self>, IntTensor<Self>) {
        let [both] = dims(&starts);
        let promoters = both - enhancers;
        let e = ints(&starts, [enhancers, lengths.enhancer]);
        let p = ints(&starts, [promoters, lengths.promoter]);
        let of_enhancers = enhancers * lengths.enhancer;
        let count = of_enhancers + promoters * lengths.promoter;
        let (cubes, units) = elementwise(&e, count);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            take_codes::launch_unchecked(
                &e.client,
                cubes,
                units,
                rows(sequence).into_buffer_arg(),
                rows(starts).into_buffer_arg(),
                e.clone().into_buffer_arg(),
                p.clone().into_buffer_arg(),
                enhancers,
                lengths.enhancer,
                lengths.promoter,
                count,
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

/// One unit for each of `count` codes: those of the enhancers, then those of the promoters.
#[cube(launch_unchecked)]
fn take_codes(
    sequence: &[i32],
    starts: &[i32],
    of_enhancers: &mut [i32],
    of_promoters: &mut [i32],
    enhancers: usize,
    enhancer: usize,
    promoter: usize,
    count: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let first = enhancers * enhancer;
    if ABSOLUTE_POS < first {
        let start = starts[ABSOLUTE_POS / enhancer] as usize;
        of_enhancers[ABSOLUTE_POS] = code(sequence, start + ABSOLUTE_POS % enhancer);
    } else {
        let place = ABSOLUTE_POS - first;
        let start = starts[enhancers + place / promoter] as usize;
        of_promoters[place] = code(sequence, start + place % promoter);
    }
}
