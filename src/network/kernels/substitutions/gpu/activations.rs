//! The activations that substitutions leave.

use burn::backend::TensorMetadata;
use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use super::listed::{Listed, change};
use crate::attention::Pooling;
use crate::network::kernels::cube::{dims, elementwise, floats, rows};

/// Letters that a filter has values for: A, C, G, T.
const LETTERS: usize = 4;

/// The filters' sums over a window.
pub struct Sums {
    /// `[1, L]`
    codes: CubeTensor,
    /// `[k, 4, w]`
    filters: CubeTensor,
    /// At each position: `[c, k]`.
    sums: CubeTensor,
    pooling: Pooling,
}

impl Sums {
    pub fn new(codes: CubeTensor, filters: CubeTensor, pooling: Pooling) -> Self {
        let (codes, filters) = (rows(codes), rows(filters));
        let [k, _, width] = dims(&filters);
        let sums = floats(&filters, [pooling.positions(), k]);
        let count = pooling.positions() * k;
        let (cubes, units) = elementwise(&sums, count);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            add_taps::launch_unchecked(
                &sums.client,
                cubes,
                units,
                codes.clone().into_buffer_arg(),
                filters.clone().into_buffer_arg(),
                sums.clone().into_buffer_arg(),
                count,
                k,
                width,
            );
        }
        Self {
            codes,
            filters,
            sums,
            pooling,
        }
    }

    /// The activations of the bins that substitutions reach, 0 for those that one has no use for:
    /// `[n·most, k]`.
    pub fn substituted(&self, listed: &Listed) -> CubeTensor {
        let [_, k] = dims(&self.sums);
        let activations = floats(&self.sums, [listed.count * listed.most, k]);
        let count = activations.shape().num_elements();
        let (cubes, units) = elementwise(&activations, count);
        let pooled = PooledLaunch::new(
            self.pooling.positions(),
            self.pooling.width,
            self.pooling.pool,
            self.pooling.left(),
        );
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            substitute::launch_unchecked(
                &activations.client,
                cubes,
                units,
                self.codes.clone().into_buffer_arg(),
                self.filters.clone().into_buffer_arg(),
                self.sums.clone().into_buffer_arg(),
                listed.changes.clone().into_buffer_arg(),
                listed.bins.clone().into_buffer_arg(),
                activations.clone().into_buffer_arg(),
                pooled,
                count,
                listed.most,
                k,
            );
        }
        activations
    }
}

/// How positions are pooled.
#[derive(CubeLaunch, CubeType)]
struct Pooled {
    positions: usize,
    width: usize,
    pool: usize,
    left: usize,
}

/// What a letter adds to a filter's sum.
#[cube]
fn tap(filters: &[f32], filter: usize, letter: i32, tap: usize, width: usize) -> f32 {
    let mut value = 0.0f32;
    if letter < LETTERS as i32 {
        value = filters[(filter * LETTERS + letter as usize) * width + tap];
    }
    value
}

/// One unit for each of `count` sums.
#[cube(launch_unchecked)]
fn add_taps(
    codes: &[i32],
    filters: &[f32],
    sums: &mut [f32],
    count: usize,
    k: usize,
    width: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let position = ABSOLUTE_POS / k;
    let filter = ABSOLUTE_POS % k;
    let mut sum = 0.0f32;
    for place in 0..width {
        sum += tap(filters, filter, codes[position + place], place, width);
    }
    sums[ABSOLUTE_POS] = sum;
}

/// One unit for each of `count` activations: the largest sum of a bin, in those of which that see the
/// base a letter is exchanged.
#[cube(launch_unchecked)]
fn substitute(
    codes: &[i32],
    filters: &[f32],
    sums: &[f32],
    changes: &[i32],
    bins: &[i32],
    activations: &mut [f32],
    pooled: Pooled,
    count: usize,
    most: usize,
    k: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let filter = ABSOLUTE_POS % k;
    let row = ABSOLUTE_POS / k;
    let change = change(changes, bins, row / most);
    let bin = change.first + row % most;
    let mut largest = 0.0f32;
    if bin < change.end {
        let own = codes[change.base];
        let begin = bin * pooled.pool;
        let end = min(begin + pooled.pool - pooled.left, pooled.positions);
        let mut position = max(begin, pooled.left) - pooled.left;
        while position < end {
            let mut sum = sums[position * k + filter];
            if position <= change.base && change.base < position + pooled.width {
                let place = change.base - position;
                sum += tap(filters, filter, change.letter, place, pooled.width)
                    - tap(filters, filter, own, place, pooled.width);
            }
            if sum > largest {
                largest = sum;
            }
            position += 1;
        }
    }
    activations[ABSOLUTE_POS] = largest;
}
