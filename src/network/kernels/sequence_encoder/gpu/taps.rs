//! The maxima tap by tap: one unit for each bin and filter.

use cubecl::prelude::*;

use super::maxima::{Buffers, write};
use super::sizes::{LETTERS, Sizes, bin_end, bin_start, sizes};
use crate::attention::Pooling;
use crate::network::kernels::cube::elementwise;
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::dropout::gpu::{Drops, drops};

pub fn launch(buffers: Buffers, [n, k]: [usize; 2], pooling: Pooling, dropout: Dropout) {
    let count = n * pooling.bins() * k;
    let (cubes, units) = elementwise(&buffers.activations, count);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        take_maxima::launch_unchecked(
            &buffers.activations.client.clone(),
            cubes,
            units,
            buffers.codes.into_buffer_arg(),
            buffers.filters.into_buffer_arg(),
            buffers.activations.into_buffer_arg(),
            Buffers::positions(buffers.positions),
            count,
            sizes(pooling, k),
            drops(dropout),
        );
    }
}

/// One unit for each of `count` activations.
#[cube(launch_unchecked)]
fn take_maxima(
    codes: &[i32],
    filters: &[f32],
    activations: &mut [f32],
    mut positions: ComptimeOption<&mut [i32]>,
    count: usize,
    sizes: Sizes,
    drops: Drops,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let filter = ABSOLUTE_POS % sizes.filters * LETTERS;
    let row = ABSOLUTE_POS / sizes.filters;
    let sequence = row / sizes.bins * sizes.length;
    let bin = row % sizes.bins;
    let mut best = 0.0f32;
    let mut at = i32::new(-1);
    for position in bin_start(bin, &sizes)..bin_end(bin, &sizes) {
        let mut sum = 0.0f32;
        for tap in 0..sizes.width {
            let code = codes[position + tap + sequence] as usize;
            if code < LETTERS {
                sum += filters[(filter + code) * sizes.width + tap];
            }
        }
        if sum > best {
            best = sum;
            at = position as i32;
        }
    }
    write(activations, &mut positions, ABSOLUTE_POS, best, at, &drops);
}
