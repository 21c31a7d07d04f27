//! The encoder on WGPU.
//!
//! One unit looks at all positions of a bin for one filter. Neighbouring units have neighbouring
//! filters, so that they read the same letters and neighbouring values of the filters.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::{Encoded, Inputs, SequenceEncoderForm};
use crate::attention::Pooling;
use crate::network::kernels::cube::{
    UNITS, column_sums, cubes, dims, elementwise, floats, ints, reshaped, rows,
};
use crate::network::kernels::dropout::{Dropout, FIRST, SECOND};

/// Letters that a filter has values for; the code of all else is larger.
const LETTERS: usize = 4;
/// The most parts that the sequences are divided into for the filters' gradient.
const PARTS: usize = 64;
/// Units are started in groups of this many.
const GROUP: usize = 32;

impl SequenceEncoderForm for CubeBackend {
    fn activations(inputs: Inputs<Self>) -> FloatTensor<Self> {
        let shape = shape(&inputs);
        let [.., k] = shape;
        let (codes, filters) = (rows(inputs.codes), by_tap(inputs.filters));
        let activations = floats(&filters, shape);
        let count = shape.iter().product();
        let (cubes, units) = elementwise(&activations, count);
        take_maxima::launch(
            &activations.client,
            cubes,
            units,
            codes.into_buffer_arg(),
            filters.into_buffer_arg(),
            activations.clone().into_buffer_arg(),
            count,
            sizes(inputs.pooling, k),
            drops(inputs.dropout),
        );
        activations
    }

    fn activations_and_positions(inputs: Inputs<Self>) -> (FloatTensor<Self>, IntTensor<Self>) {
        let shape = shape(&inputs);
        let [.., k] = shape;
        let (codes, filters) = (rows(inputs.codes), by_tap(inputs.filters));
        let activations = floats(&filters, shape);
        let positions = ints(&filters, shape);
        let count = shape.iter().product();
        let (cubes, units) = elementwise(&activations, count);
        take_maxima_and_positions::launch(
            &activations.client,
            cubes,
            units,
            codes.into_buffer_arg(),
            filters.into_buffer_arg(),
            activations.clone().into_buffer_arg(),
            positions.clone().into_buffer_arg(),
            count,
            sizes(inputs.pooling, k),
            drops(inputs.dropout),
        );
        (activations, positions)
    }

    fn filter_gradient(encoded: Encoded<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let pooling = encoded.pooling;
        let [n, _, k] = dims(&gradient);
        let [codes, positions, gradient] = [encoded.codes, encoded.positions, gradient].map(rows);
        let values = LETTERS * pooling.width;
        let of_part = n.div_ceil(PARTS).max(1);
        let parts = n.div_ceil(of_part);
        let sums = floats(&gradient, [parts, k, values]);
        add_gradients::launch(
            &sums.client,
            cubes(&sums, parts * k),
            CubeDim::new_1d(values.next_multiple_of(GROUP).min(UNITS) as u32),
            codes.into_buffer_arg(),
            positions.into_buffer_arg(),
            gradient.into_buffer_arg(),
            sums.clone().into_buffer_arg(),
            parts * k,
            n,
            of_part,
            sizes(pooling, k),
        );
        let filters = column_sums(sums, parts, k * values, encoded.scale);
        reshaped(filters, [k, LETTERS, pooling.width])
    }
}

/// That of the activations: `[n, l, k]`.
fn shape(inputs: &Inputs<CubeBackend>) -> [usize; 3] {
    let [n, _] = dims(&inputs.codes);
    let [k, _, _] = dims(&inputs.filters);
    [n, inputs.pooling.bins(), k]
}

/// `[k, 4, w]` → `[w, 4, k]`
fn by_tap(filters: CubeTensor) -> CubeTensor {
    rows(CubeBackend::float_permute(filters, &[2, 1, 0]))
}

/// What the kernels know of a pooling.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    length: usize,
    width: usize,
    pool: usize,
    positions: usize,
    bins: usize,
    left: usize,
    filters: usize,
}

fn sizes(pooling: Pooling, filters: usize) -> SizesLaunch {
    SizesLaunch::new(
        pooling.length,
        pooling.width,
        pooling.pool,
        pooling.positions(),
        pooling.bins(),
        pooling.left(),
        filters,
    )
}

/// [`Dropout`] in kernels.
#[derive(CubeLaunch, CubeType)]
struct Drops {
    threshold: u32,
    first_seed: u32,
    second_seed: u32,
    scale: f32,
}

fn drops(dropout: Dropout) -> DropsLaunch {
    let [first_seed, second_seed] = dropout.seed;
    DropsLaunch::new(dropout.threshold, first_seed, second_seed, dropout.scale)
}

/// One unit for each of `count` activations.
#[cube(launch)]
fn take_maxima(
    codes: &[i32],
    filters: &[f32],
    activations: &mut [f32],
    count: usize,
    sizes: Sizes,
    drops: Drops,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let (best, _) = maximum(codes, filters, ABSOLUTE_POS, &sizes);
    activations[ABSOLUTE_POS] = best * drop_factor(ABSOLUTE_POS as u32, &drops);
}

/// One unit for each of `count` activations.
#[cube(launch)]
fn take_maxima_and_positions(
    codes: &[i32],
    filters: &[f32],
    activations: &mut [f32],
    positions: &mut [i32],
    count: usize,
    sizes: Sizes,
    drops: Drops,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let (best, at) = maximum(codes, filters, ABSOLUTE_POS, &sizes);
    let activation = best * drop_factor(ABSOLUTE_POS as u32, &drops);
    activations[ABSOLUTE_POS] = activation;
    positions[ABSOLUTE_POS] = if activation > 0.0f32 {
        at
    } else {
        i32::new(-1)
    };
}

/// The rectified maximum of a bin for a filter, and its first position; −1 where there is none.
///
/// - filters: `[w, 4, k]`
/// - place: in `[n, l, k]`
#[cube]
fn maximum(codes: &[i32], filters: &[f32], place: usize, sizes: &Sizes) -> (f32, i32) {
    let filter = place % sizes.filters;
    let row = place / sizes.filters;
    let sequence = row / sizes.bins * sizes.length;
    let begin = row % sizes.bins * sizes.pool;
    let start = max(begin, sizes.left) - sizes.left;
    let end = min(begin + sizes.pool - sizes.left, sizes.positions);
    let mut best = 0.0f32;
    let mut at = i32::new(-1);
    for position in start..end {
        let mut sum = 0.0f32;
        for tap in 0..sizes.width {
            let code = codes[position + tap + sequence] as usize;
            if code < LETTERS {
                sum += filters[(tap * LETTERS + code) * sizes.filters + filter];
            }
        }
        if sum > best {
            best = sum;
            at = position as i32;
        }
    }
    (best, at)
}

/// [`Dropout::factor`]
#[cube]
fn drop_factor(place: u32, drops: &Drops) -> f32 {
    let number = scramble(scramble(place ^ drops.first_seed) + drops.second_seed);
    if number < drops.threshold {
        0.0f32
    } else {
        drops.scale
    }
}

/// As on the CPU: kernels' integers wrap around.
#[cube]
fn scramble(word: u32) -> u32 {
    let once = (word ^ (word >> 16)) * FIRST;
    let twice = (once ^ (once >> 15)) * SECOND;
    twice ^ (twice >> 16)
}

/// One cube for each filter and part of the sequences, and one unit for each letter and tap: the
/// sum of the gradients of the maxima that the letter was part of, `[parts, k, 4, w]`.
///
/// - cubes: `parts · k`
/// - of_part: sequences in a part
#[cube(launch)]
fn add_gradients(
    codes: &[i32],
    positions: &[i32],
    gradient: &[f32],
    sums: &mut [f32],
    cubes: usize,
    sequences: usize,
    of_part: usize,
    sizes: Sizes,
) {
    if CUBE_POS >= cubes {
        terminate!();
    }
    let filter = CUBE_POS % sizes.filters;
    let first = CUBE_POS / sizes.filters * of_part;
    let last = min(first + of_part, sequences);
    let values = sizes.width * LETTERS;
    let mut value = UNIT_POS as usize;
    while value < values {
        let letter = (value / sizes.width) as i32;
        let tap = value % sizes.width;
        let mut sum = 0.0f32;
        for sequence in first..last {
            for bin in 0..sizes.bins {
                let place = (sequence * sizes.bins + bin) * sizes.filters + filter;
                let position = positions[place];
                if position >= 0 {
                    let seen = sequence * sizes.length + position as usize + tap;
                    if codes[seen] == letter {
                        sum += gradient[place];
                    }
                }
            }
        }
        sums[CUBE_POS * values + value] = sum;
        value += CUBE_DIM as usize;
    }
}
