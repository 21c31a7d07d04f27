//! The maxima by tables: for each few letters a row has the sums of what they add to some filters.
//!
//! The units of a run of bins look at the same letters at the same time, each for a filter of its
//! own, so that a row is read at once. A word of letters is looked up in all tables when it is read:
//! in each it is a part of another position's sum, and those sums go on from word to word.

use cubecl::prelude::*;

use super::fill::fill_tables;
use super::layout::{FILTERS, Layout, RUNS};
use super::maxima::{Buffers, write};
use super::sizes::{Sizes, bin_end, bin_start, sizes};
use super::words::{Run, is_even, look_up, of_position, read_words, spelled};
use crate::attention::Pooling;
use crate::network::kernels::cube::{UNITS, cubes};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::dropout::gpu::{Drops, drops};

/// Cubes that fill a device: four for each multiprocessor of the largest there are. More would only
/// fill more tables.
const CUBES: usize = 512;

pub fn launch(
    buffers: Buffers,
    [n, k]: [usize; 2],
    pooling: Pooling,
    dropout: Dropout,
    layout: Layout,
) {
    let blocks = k.div_ceil(FILTERS);
    let parts = (CUBES / blocks).max(1);
    // As evenly divided as can be.
    let bins = (n * pooling.bins()).div_ceil(parts * RUNS);
    let bins = bins.min(layout.bins(pooling.pool));
    let of_sequence = pooling.bins().div_ceil(bins);
    let rounds = (n * of_sequence).div_ceil(RUNS);
    let of_cube = rounds.div_ceil(parts);
    let count = rounds.div_ceil(of_cube) * blocks;
    // SAFETY: units without work of their own do none, the others stay inside the arrays.
    unsafe {
        take_maxima::launch_unchecked(
            &buffers.activations.client.clone(),
            cubes(&buffers.activations, count),
            CubeDim::new_1d(UNITS as u32),
            buffers.codes.into_buffer_arg(),
            buffers.filters.into_buffer_arg(),
            buffers.activations.into_buffer_arg(),
            Buffers::positions(buffers.positions),
            count,
            RunsLaunch::new(
                n * of_sequence,
                of_sequence,
                of_cube,
                pooling.bins().div_ceil(of_sequence),
            ),
            sizes(pooling, k),
            drops(dropout),
            layout,
        );
    }
}

/// Runs of neighbouring bins.
#[derive(CubeLaunch, CubeType)]
struct Runs {
    /// Of all sequences.
    all: usize,
    of_sequence: usize,
    /// By the [`RUNS`] that a cube looks through at a time.
    of_cube: usize,
    /// Bins of each but the last of a sequence.
    bins: usize,
}

/// One cube for each block of filters, fastest, and part of the runs; one unit for each filter and
/// every [`RUNS`]th run.
///
/// - codes: `[n, length]`
/// - filters: `[k, 4, w]`
/// - activations, positions: `[n, l, k]`
#[cube(launch_unchecked)]
fn take_maxima(
    codes: &[i32],
    filters: &[f32],
    activations: &mut [f32],
    mut positions: ComptimeOption<&mut [i32]>,
    cubes: usize,
    runs: Runs,
    sizes: Sizes,
    drops: Drops,
    #[comptime] layout: Layout,
) {
    if CUBE_POS >= cubes {
        terminate!();
    }
    let blocks = sizes.filters.div_ceil(FILTERS);
    let first_filter = CUBE_POS % blocks * FILTERS;
    let filter = first_filter + UNIT_POS as usize % FILTERS;
    let mut tables = Shared::<[f32]>::new_slice(comptime!(layout.values()));
    let mut words = Shared::<[u32]>::new_slice(layout.words);
    fill_tables(filters, &mut tables, first_filter, &sizes, layout);
    let first = CUBE_POS / blocks * runs.of_cube;
    let rounds = runs.all.div_ceil(RUNS);
    for round in first..min(first + runs.of_cube, rounds) {
        let number = round * RUNS + UNIT_POS as usize / FILTERS;
        let first_bin = number % runs.of_sequence * runs.bins;
        let run = Run {
            sequence: number / runs.of_sequence,
            first: first_bin,
            last: min(first_bin + runs.bins, sizes.bins),
        };
        // All units are through with the tables' filling and with the words that were there before.
        sync_cube();
        if number < runs.all {
            read_words(codes, &mut words, &run, &sizes, layout);
        }
        sync_cube();
        if number < runs.all {
            look_through(
                filters,
                &tables,
                &words,
                activations,
                &mut positions,
                &run,
                filter,
                &sizes,
                &drops,
                layout,
            );
        }
    }
}

/// Takes the maxima of a filter in the bins of a run.
#[cube]
fn look_through(
    filters: &[f32],
    tables: &[f32],
    words: &[u32],
    activations: &mut [f32],
    positions: &mut ComptimeOption<&mut [i32]>,
    run: &Run,
    filter: usize,
    sizes: &Sizes,
    drops: &Drops,
    #[comptime] layout: Layout,
) {
    let mut word = UNIT_POS as usize / FILTERS * comptime!(layout.of_run());
    let mut sums = Array::<f32>::new(comptime!(layout.taps * layout.tables));
    #[unroll]
    for sum in 0..comptime!(layout.taps * layout.tables) {
        sums[sum] = 0.0f32;
    }
    let mut position = bin_start(run.first, sizes);
    let mut bin = run.first;
    let mut end = bin_end(bin, sizes);
    let mut best = 0.0f32;
    let mut at = i32::new(-1);
    // Sums are complete when they have been through all tables.
    let mut incomplete = comptime!(layout.tables - 1).runtime();
    while bin < run.last {
        add_word(
            filters,
            tables,
            words[word],
            &mut sums,
            filter,
            sizes,
            layout,
        );
        word += 1;
        if incomplete > 0 {
            incomplete -= 1;
        } else {
            #[unroll]
            for of_word in 0..layout.taps {
                let sum = sums[comptime!((of_word + 1) * layout.tables - 1)];
                let larger = sum > best;
                best = select(larger, sum, best);
                at = select(larger, position as i32, at);
                position += 1;
                if position == end && bin < run.last {
                    if filter < sizes.filters {
                        let place = (run.sequence * sizes.bins + bin) * sizes.filters + filter;
                        write(activations, positions, place, best, at, drops);
                    }
                    bin += 1;
                    end = bin_end(bin, sizes);
                    best = 0.0f32;
                    at = i32::new(-1);
                }
            }
        }
    }
}

/// Adds what a word's letters add to the sums that they are a part of: of each of its positions, the
/// sums that have been through one table, through two, and so on, `[taps, tables]`.
#[cube]
fn add_word(
    filters: &[f32],
    tables: &[f32],
    word: u32,
    sums: &mut Array<f32>,
    filter: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) {
    let mut found = Array::<f32>::new(comptime!(layout.taps * layout.tables));
    if is_even(word, layout) {
        #[unroll]
        for of_word in 0..layout.taps {
            let row = of_position(word, of_word);
            #[unroll]
            for table in 0..layout.tables {
                let value = tables[look_up(row, table, layout)];
                found[comptime!(of_word * layout.tables + table)] = value;
            }
        }
    } else {
        #[unroll]
        for of_word in 0..layout.taps {
            let row = of_position(word, of_word);
            #[unroll]
            for table in 0..layout.tables {
                let value = spelled(filters, tables, row, filter, sizes, table, layout);
                found[comptime!(of_word * layout.tables + table)] = value;
            }
        }
    }
    #[unroll]
    for of_word in 0..layout.taps {
        let first = comptime!(of_word * layout.tables);
        #[unroll]
        for back in 1..layout.tables {
            let sum = comptime!(first + layout.tables - back);
            sums[sum] = sums[comptime!(sum - 1)] + found[sum];
        }
        sums[first] = found[first];
    }
}
