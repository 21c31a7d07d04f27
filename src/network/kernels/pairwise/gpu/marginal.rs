//! Marginal attention of both sides, in one kernel.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use crate::element::Sides;
use crate::network::kernels::cube::{dims, elementwise, floats};

/// The largest attention of each enhancer bin, `max_j attention_enhancer[i, j]`, and of each promoter
/// bin, `max_i attention_promoter[i, j]`: `[n, l_E]` and `[n, l_P]`.
///
/// # Shapes
///
/// - attention: `[n, l_E, l_P]` each, row by row
pub fn marginal(attention: Sides<CubeTensor>) -> Sides<CubeTensor> {
    let [n, bins_e, bins_p] = dims(&attention.enhancer);
    let found = Sides::new(bins_e, bins_p).map(|bins| floats(&attention.enhancer, [n, bins]));
    let (cubes, units) = elementwise(&found.enhancer, n * (bins_e + bins_p));
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        take_maxima::launch_unchecked(
            &found.enhancer.client,
            cubes,
            units,
            attention.enhancer.into_buffer_arg(),
            attention.promoter.into_buffer_arg(),
            found.enhancer.clone().into_buffer_arg(),
            found.promoter.clone().into_buffer_arg(),
            n,
            bins_e,
            bins_p,
        );
    }
    found
}

/// One unit for each bin: those of all enhancers, then those of all promoters.
#[cube(launch_unchecked)]
fn take_maxima(
    attention_e: &[f32],
    attention_p: &[f32],
    enhancer: &mut [f32],
    promoter: &mut [f32],
    n: usize,
    bins_e: usize,
    bins_p: usize,
) {
    let first = n * bins_e;
    if ABSOLUTE_POS >= first + n * bins_p {
        terminate!();
    }
    if ABSOLUTE_POS < first {
        // A row.
        enhancer[ABSOLUTE_POS] = largest(attention_e, ABSOLUTE_POS * bins_p, 1usize, bins_p);
    } else {
        let bin = ABSOLUTE_POS - first;
        let matrix = bin / bins_p * bins_e * bins_p;
        // A column.
        promoter[bin] = largest(attention_p, matrix + bin % bins_p, bins_p, bins_e);
    }
}

/// The largest of `count` values, each `step` places behind the one before it.
#[cube]
fn largest(values: &[f32], first: usize, step: usize, count: usize) -> f32 {
    let mut largest = values[first];
    let mut place = 1usize;
    while place < count {
        let value = values[first + place * step];
        // A comparison that keeps NaN where it comes last, which `max` may not: a softmax with one is NaN
        // throughout, so that along it none is lost.
        largest = if value <= largest { largest } else { value };
        place += 1;
    }
    largest
}
