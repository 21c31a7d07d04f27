//! The gradient of the filters on WGPU.
//!
//! Each unit owns a filter, goes from bin to bin, and adds the gradient of the maximum to the sums
//! of the letters that it was made of. Bins are divided among cubes, and within a cube among lanes;
//! their sums are added in a fixed order.

use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use super::sizes::{LETTERS, Sizes, sizes};
use crate::network::kernels::cube::{GROUP, column_sum, cubes, dims, elementwise, floats, rows};
use crate::network::kernels::sequence_encoder::Encoded;

/// Filters of a cube, whose values lie together.
const FILTERS: usize = GROUP;
/// Units of a cube that share a filter.
const LANES: usize = 4;
/// Units of a cube.
const UNITS: usize = FILTERS * LANES;
/// The most taps whose sums a cube holds: 2 KiB each.
const TAPS: usize = 16;
/// The most parts that the bins are divided into …
const PARTS: usize = 96;
/// … and the fewest bins of a part.
const BINS: usize = 8 * LANES;

/// The gradient of the filters, `[k, 4, w]`, from that of the activations, `[n, l, k]`.
pub fn filter_gradient(
    encoded: Encoded<CubeBackend>,
    gradient: FloatTensor<CubeBackend>,
) -> FloatTensor<CubeBackend> {
    let pooling = encoded.pooling;
    let [n, l, k] = dims(&gradient);
    let [codes, positions, gradient] = [encoded.codes, encoded.positions, gradient].map(rows);
    let width = pooling.width;
    let of_part = (n * l).div_ceil(PARTS).max(BINS);
    let parts = (n * l).div_ceil(of_part);
    let blocks = k.div_ceil(FILTERS);
    let shared = gradient.client.properties().hardware.max_shared_memory_size;
    let most = (shared / (LETTERS * UNITS * size_of::<f32>())).clamp(1, TAPS);
    // As evenly divided as can be.
    let taps = width.div_ceil(width.div_ceil(most));
    let count = parts * blocks * width.div_ceil(taps);
    let sums = floats(&gradient, [parts, width * LETTERS, k]);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        add_gradients::launch_unchecked(
            &sums.client,
            cubes(&sums, count),
            CubeDim::new_1d(UNITS as u32),
            codes.into_buffer_arg(),
            positions.into_buffer_arg(),
            gradient.into_buffer_arg(),
            sums.clone().into_buffer_arg(),
            count,
            n * l,
            of_part,
            sizes(pooling, k),
            taps,
        );
    }
    let filters = floats(&sums, [k, LETTERS, width]);
    let (cubes, units) = elementwise(&filters, k * LETTERS * width);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        add_parts::launch_unchecked(
            &filters.client,
            cubes,
            units,
            sums.into_buffer_arg(),
            filters.clone().into_buffer_arg(),
            parts,
            k,
            LETTERS * width,
            encoded.scale,
        );
    }
    filters
}

/// One cube for each block of [`FILTERS`] filters, of `taps` taps, and of `of_part` bins: the sums
/// of the gradients of the maxima that each letter was part of, `[parts, 4·w, k]`.
///
/// - positions, gradient: `[bins, k]`, the bins of all sequences
#[cube(launch_unchecked)]
fn add_gradients(
    codes: &[i32],
    positions: &[i32],
    gradient: &[f32],
    sums: &mut [f32],
    cubes: usize,
    bins: usize,
    of_part: usize,
    sizes: Sizes,
    #[comptime] taps: usize,
) {
    if CUBE_POS >= cubes {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let blocks = sizes.filters.div_ceil(FILTERS);
    let tap_blocks = sizes.width.div_ceil(taps);
    let filter = CUBE_POS % blocks * FILTERS + unit % FILTERS;
    let first_tap = CUBE_POS / blocks % tap_blocks * taps;
    let last_tap = min(first_tap + taps, sizes.width);
    let part = CUBE_POS / (blocks * tap_blocks);
    let last = min((part + 1) * of_part, bins);
    // [4·taps, lanes, filters]
    let mut own = Shared::<[f32]>::new_slice(comptime!(LETTERS * taps * UNITS));
    for value in 0..comptime!(LETTERS * taps) {
        own[value * UNITS + unit] = 0.0f32;
    }
    if filter < sizes.filters {
        let mut bin = part * of_part + unit / FILTERS;
        while bin < last {
            let place = bin * sizes.filters + filter;
            let position = positions[place];
            if position >= 0 {
                let up = gradient[place];
                let seen = bin / sizes.bins * sizes.length + position as usize;
                add_letters(&mut own, codes, seen, up, first_tap, sizes.width, taps);
            }
            bin += LANES;
        }
    }
    sync_cube();
    if filter < sizes.filters {
        // Every lane has its share of the letters and taps.
        let mut value = unit / FILTERS;
        while value < comptime!(LETTERS * taps) {
            let (letter, tap) = (value / taps, value % taps + first_tap);
            if tap < last_tap {
                let row = (part * LETTERS + letter) * sizes.width + tap;
                sums[row * sizes.filters + filter] = of_lanes(&own, value);
            }
            value += LANES;
        }
    }
}

/// Adds a gradient to the unit's sums of the letters that a maximum was made of.
///
/// - own: `[4·taps, units]`
/// - seen: the first of those letters
#[cube]
fn add_letters(
    own: &mut [f32],
    codes: &[i32],
    seen: usize,
    gradient: f32,
    first_tap: usize,
    width: usize,
    #[comptime] taps: usize,
) {
    #[unroll]
    for tap in 0..taps {
        // Sums behind the last tap are of no use to anyone; the letter has to exist.
        let code = codes[seen + min(first_tap + tap, width - 1)] as usize;
        if code < LETTERS {
            own[(code * taps + tap) * UNITS + UNIT_POS as usize] += gradient;
        }
    }
}

/// The sum of what all lanes found for the unit's filter.
///
/// - own: `[values, lanes, filters]`
#[cube]
fn of_lanes(own: &[f32], value: usize) -> f32 {
    let mut sum = 0.0f32;
    #[unroll]
    for lane in 0..LANES {
        sum += own[(value * LANES + lane) * FILTERS + UNIT_POS as usize % FILTERS];
    }
    sum
}

/// One unit for each of `values` letters and taps of each of `k` filters: the sum over the parts,
/// times a factor.
///
/// - sums: `[parts, values, k]`
/// - filters: `[k, values]`
#[cube(launch_unchecked)]
fn add_parts(
    sums: &[f32],
    filters: &mut [f32],
    parts: usize,
    k: usize,
    values: usize,
    factor: f32,
) {
    if ABSOLUTE_POS >= values * k {
        terminate!();
    }
    let sum = column_sum(sums, ABSOLUTE_POS, parts, values * k);
    filters[ABSOLUTE_POS % k * values + ABSOLUTE_POS / k] = factor * sum;
}
