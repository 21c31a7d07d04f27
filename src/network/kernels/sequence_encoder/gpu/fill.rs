//! The tables of a block of filters.

use cubecl::prelude::*;

use super::layout::{FILTERS, Layout, RUNS};
use super::sizes::{LETTERS, Sizes};
use crate::network::kernels::cube::UNITS;

/// Values that a unit asks for before the first of them is needed: those of 15 taps in one go.
const AHEAD: usize = 8;

/// Fills the tables: `[tables, 4^taps, filters]`, the first letter of a row fastest.
///
/// What each letter of each tap adds stands first where the tables will be. Of no table is that
/// behind where the table itself begins, so that the last tables are filled first, as many at a time
/// as there are groups of units.
///
/// - filters: `[k, 4, w]`
#[cube]
pub fn fill_tables(
    filters: &[f32],
    tables: &mut [f32],
    first_filter: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) {
    put_down(filters, tables, first_filter, sizes, layout);
    sync_cube();
    let rounds = comptime!(layout.tables.div_ceil(RUNS));
    for round in 0..rounds {
        let table = (rounds - 1 - round) * RUNS + UNIT_POS as usize / FILTERS;
        let mut singles = Array::<f32>::new(comptime!(LETTERS * layout.taps));
        if table < layout.tables {
            #[unroll]
            for within in 0..layout.taps {
                #[unroll]
                for letter in 0..LETTERS {
                    let tap = table * layout.taps + within;
                    let single = tables[single(UNIT_POS as usize % FILTERS, letter, tap, layout)];
                    singles[comptime!(within * LETTERS + letter)] = single;
                }
            }
        }
        sync_cube();
        if table < layout.tables {
            let first = table * comptime!(layout.rows() * FILTERS) + UNIT_POS as usize % FILTERS;
            #[unroll]
            for row in 0..comptime!(layout.rows()) {
                tables[first + comptime!(row * FILTERS)] = sum_of(&singles, row, layout);
            }
        }
    }
}

/// Puts down what each letter of each tap adds to each filter; nothing where there is none.
#[cube]
fn put_down(
    filters: &[f32],
    tables: &mut [f32],
    first_filter: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) {
    let taps = comptime!(layout.taps * layout.tables);
    let mut value = UNIT_POS as usize;
    while value < comptime!(taps * LETTERS * FILTERS) {
        let mut found = Array::<f32>::new(AHEAD);
        #[unroll]
        for ahead in 0..AHEAD {
            let at = value + comptime!(ahead * UNITS);
            let (tap, letter) = (at % taps, at / taps % LETTERS);
            let filter = first_filter + at / comptime!(taps * LETTERS);
            let exists = filter < sizes.filters && tap < sizes.width;
            let from = (filter * LETTERS + letter) * sizes.width + tap;
            let value = filters[select(exists, from, 0usize.runtime())];
            found[ahead] = select(exists, value, 0.0f32);
        }
        #[unroll]
        for ahead in 0..AHEAD {
            let at = value + comptime!(ahead * UNITS);
            if at < comptime!(taps * LETTERS * FILTERS) {
                let (tap, letter) = (at % taps, at / taps % LETTERS);
                let filter = at / comptime!(taps * LETTERS);
                tables[single(filter, letter, tap, layout)] = found[ahead];
            }
        }
        value += comptime!(AHEAD * UNITS);
    }
}

/// The place of what a letter of a tap adds to a filter. Each row of filters is turned, so that
/// neighbouring taps of a filter stand in different banks of memory, as neighbouring filters do.
#[cube]
fn single(filter: usize, letter: usize, tap: usize, #[comptime] layout: Layout) -> usize {
    let turn = letter * comptime!(layout.taps * layout.tables) + tap;
    (tap * LETTERS + letter) * FILTERS + (filter + turn) % FILTERS
}

/// The sum of a row: the last letters are added first, as on the CPU.
#[cube]
fn sum_of(singles: &Array<f32>, #[comptime] row: usize, #[comptime] layout: Layout) -> f32 {
    let last = comptime!(layout.taps - 1);
    let mut sum = singles[comptime!(last * LETTERS + row / LETTERS.pow(last as u32))];
    #[unroll]
    for back in 1..layout.taps {
        let within = comptime!(last - back);
        let letter = comptime!(row / LETTERS.pow(within as u32) % LETTERS);
        sum += singles[comptime!(within * LETTERS + letter)];
    }
    sum
}
