//! The maxima by tables: for each word of letters a row has the sum of what they add to some
//! filters.

use cubecl::prelude::*;

use super::layout::{CODES, Layout, TOGETHER};
use super::maxima::{Buffers, write};
use super::sizes::{LETTERS, Sizes, bin_end, bin_start, sizes};
use crate::attention::Pooling;
use crate::network::kernels::cube::{GROUP, cubes};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::dropout::gpu::{Drops, drops};

/// Cubes that are enough for any device: more would only fill more tables.
const CUBES: usize = 1024;

/// The values of [`TOGETHER`] neighbouring filters.
type Values = Vector<f32, Const<TOGETHER>>;

pub fn launch(
    buffers: Buffers,
    [n, k]: [usize; 2],
    pooling: Pooling,
    dropout: Dropout,
    layout: Layout,
) {
    let blocks = k.div_ceil(layout.filters);
    let stretches = n * pooling.bins().div_ceil(layout.bins);
    let of_cube = (stretches * blocks).div_ceil(CUBES);
    let count = stretches.div_ceil(of_cube) * blocks;
    let units = layout.units().next_multiple_of(GROUP);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        take_maxima::launch_unchecked(
            &buffers.activations.client.clone(),
            cubes(&buffers.activations, count),
            CubeDim::new_1d(units as u32),
            buffers.codes.into_buffer_arg(),
            buffers.filters.into_buffer_arg(),
            buffers.activations.into_buffer_arg(),
            Buffers::positions(buffers.positions),
            count,
            blocks,
            stretches,
            of_cube,
            sizes(pooling, k),
            drops(dropout),
            layout,
        );
    }
}

/// One cube for each block of filters and `of_cube` stretches of neighbouring bins; one unit for
/// each bin of a stretch and [`TOGETHER`] filters.
///
/// - filters: `[k, 4, w]`
/// - cubes: filters' `blocks`, fastest, by parts of the `stretches` of all sequences
#[cube(launch_unchecked)]
fn take_maxima(
    codes: &[i32],
    filters: &[f32],
    activations: &mut [f32],
    mut positions: ComptimeOption<&mut [i32]>,
    cubes: usize,
    blocks: usize,
    stretches: usize,
    of_cube: usize,
    sizes: Sizes,
    drops: Drops,
    #[comptime] layout: Layout,
) {
    if CUBE_POS >= cubes {
        terminate!();
    }
    let of_row = comptime!(layout.of_row());
    let first_filter = CUBE_POS % blocks * layout.filters;
    let first = CUBE_POS / blocks * of_cube;
    let last = min(first + of_cube, stretches);
    let mut tables = Shared::<[Values]>::new_slice(comptime!(layout.values()));
    let mut words = Shared::<[u32]>::new_slice(layout.words);
    fill_single_letters(filters, &mut tables, first_filter, &sizes, layout);
    sync_cube();
    fill_words(&mut tables, layout);
    for stretch in first..last {
        let of_sequence = sizes.bins.div_ceil(layout.bins);
        let sequence = stretch / of_sequence;
        let first_bin = stretch % of_sequence * layout.bins;
        // All units are through with the words that were there before.
        sync_cube();
        read_words(codes, &mut words, sequence, first_bin, &sizes, layout);
        sync_cube();
        let bin = UNIT_POS as usize / of_row + first_bin;
        let last_bin = min(first_bin + layout.bins, sizes.bins);
        if bin < last_bin {
            let column = UNIT_POS as usize % of_row;
            let seen = bin_start(first_bin, &sizes);
            let (best, at) = maximum(&tables, &words, bin, seen, column, &sizes, layout);
            let row = (sequence * sizes.bins + bin) * sizes.filters;
            #[unroll]
            for lane in 0..TOGETHER {
                let filter = column * TOGETHER + lane + first_filter;
                if filter < sizes.filters {
                    let (best, at) = (best.extract(lane), at.extract(lane));
                    write(activations, &mut positions, row + filter, best, at, &drops);
                }
            }
        }
    }
}

/// Fills in the rows of the words with one known letter, and of those without any.
///
/// - filters: `[k, 4, w]`
#[cube]
fn fill_single_letters(
    filters: &[f32],
    tables: &mut [Values],
    first_filter: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) {
    let of_row = comptime!(layout.of_row());
    let taps = comptime!(layout.tables * layout.taps);
    let none = comptime!(layout.rows - 1);
    let mut value = UNIT_POS as usize;
    // Of all letters, but for the last code, which stands for none of them.
    while value < comptime!(CODES * taps * of_row) {
        let tap = value % taps;
        let letter = value / taps % CODES;
        let column = value / comptime!(taps * CODES);
        let mut values = Values::new(0.0f32);
        if letter < LETTERS && tap < sizes.width {
            #[unroll]
            for lane in 0..TOGETHER {
                let filter = column * TOGETHER + lane + first_filter;
                if filter < sizes.filters {
                    let place = (filter * LETTERS + letter) * sizes.width + tap;
                    values.insert(lane, filters[place]);
                }
            }
        }
        let mut power = 1usize.runtime();
        for _ in 0..tap % layout.taps {
            power *= CODES;
        }
        let row = none - (LETTERS - letter) * power;
        let table = tap / layout.taps;
        // The row without any is the same for each of its taps.
        if letter < LETTERS || tap.is_multiple_of(layout.taps) {
            tables[(table * layout.rows + row) * of_row + column] = values;
        }
        value += CUBE_DIM as usize;
    }
}

/// Fills in the rows of the words with several known letters, from those with one: the last
/// letters are added first, as on the CPU.
#[cube]
fn fill_words(tables: &mut [Values], #[comptime] layout: Layout) {
    let of_row = comptime!(layout.of_row());
    let none = comptime!(layout.rows - 1);
    let mut value = UNIT_POS as usize;
    while value < comptime!(layout.values()) {
        let column = value % of_row;
        let row = value / of_row % layout.rows;
        let table = value / comptime!(of_row * layout.rows);
        let mut power = comptime!(layout.rows / CODES).runtime();
        let mut sum = Values::new(0.0f32);
        let mut known = 0u32;
        #[unroll]
        for _ in 0..layout.taps {
            let letter = row / power % CODES;
            let single = none - (LETTERS - letter) * power;
            sum = tables[(table * layout.rows + single) * of_row + column] + sum;
            if letter < LETTERS {
                known += 1u32;
            }
            power /= CODES;
        }
        if known > 1u32 {
            tables[value] = sum;
        }
        value += CUBE_DIM as usize;
    }
}

/// For each base that the stretch sees where in a table the row of the word that begins there is;
/// what follows the sequence counts as none of the four letters.
#[cube]
fn read_words(
    codes: &[i32],
    words: &mut [u32],
    sequence: usize,
    first_bin: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) {
    let first = bin_start(first_bin, sizes);
    let last_bin = min(first_bin + layout.bins, sizes.bins) - 1;
    let behind = comptime!(layout.taps * (layout.tables - 1));
    let count = bin_end(last_bin, sizes) + behind - first;
    let mut word = UNIT_POS as usize;
    while word < count {
        let mut row = 0u32;
        let mut power = 1u32.runtime();
        #[unroll]
        for tap in 0..layout.taps {
            let base = first + word + tap;
            let mut code = comptime!(LETTERS as u32).runtime();
            if base < sizes.length {
                code = min(code, codes[sequence * sizes.length + base] as u32);
            }
            row += code * power;
            power *= CODES as u32;
        }
        words[word] = row * comptime!(layout.of_row() as u32);
        word += CUBE_DIM as usize;
    }
}

/// The rectified maximum of a bin for [`TOGETHER`] filters, and its first position; −1 where there
/// is none.
///
/// - seen: the position of the first of the words
/// - column: of the tables' rows
#[cube]
fn maximum(
    tables: &[Values],
    words: &[u32],
    bin: usize,
    seen: usize,
    column: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) -> (Values, Vector<i32, Const<TOGETHER>>) {
    let mut best = Values::new(0.0f32);
    let mut at = Vector::<i32, Const<TOGETHER>>::new(i32::new(-1));
    for position in bin_start(bin, sizes)..bin_end(bin, sizes) {
        let word = position - seen;
        let mut sum = tables[words[word] as usize + column];
        #[unroll]
        for table in 1..layout.tables {
            let row = words[word + comptime!(table * layout.taps)] as usize;
            sum += tables[row + comptime!(table * layout.rows * layout.of_row()) + column];
        }
        let larger = sum.greater_than(&best);
        best = select_many(larger, sum, best);
        at = select_many(larger, Vector::new(position as i32), at);
    }
    (best, at)
}
