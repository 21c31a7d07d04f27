//! The letters of a run of bins, in words: the rows in which `taps` neighbouring positions, one after
//! the other, look up their next `taps` letters, a byte each.

use cubecl::prelude::*;

use super::layout::{FILTERS, Layout};
use super::sizes::{CODES, LETTERS, Sizes, bin_end, bin_start};

/// Words that a unit asks for before the first of them is needed: those of a run of 13 bins of the
/// published size in one go.
const AHEAD: usize = 5;
/// Bits of a row.
const BITS: usize = 8;
/// Set where one of the letters is none of the four: the others are then their number in base five.
const ODD: u32 = 1 << (BITS - 1);

/// Neighbouring bins of a sequence.
#[derive(CubeType)]
pub struct Run {
    pub sequence: usize,
    pub first: usize,
    pub last: usize,
}

/// Puts down the words of the run that the unit is one of [`FILTERS`] to look through.
#[cube]
pub fn read_words(
    codes: &[i32],
    words: &mut [u32],
    run: &Run,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) {
    let first = bin_start(run.first, sizes);
    let positions = bin_end(run.last - 1, sizes) - first;
    let count = positions.div_ceil(layout.taps) + comptime!(layout.tables - 1);
    let to = UNIT_POS as usize / FILTERS * comptime!(layout.of_run());
    let mut place = UNIT_POS as usize % FILTERS;
    while place < count {
        let mut found = Array::<u32>::new(AHEAD);
        #[unroll]
        for ahead in 0..AHEAD {
            let base = first + (place + comptime!(ahead * FILTERS)) * layout.taps;
            found[ahead] = word(codes, run.sequence, base, sizes, layout);
        }
        #[unroll]
        for ahead in 0..AHEAD {
            let place = place + comptime!(ahead * FILTERS);
            if place < count {
                words[to + place] = found[ahead];
            }
        }
        place += comptime!(AHEAD * FILTERS);
    }
}

/// The word of the `taps` positions from a base on. Of what follows the sequence nothing is looked up
/// that counts: its last letter stands there.
#[cube]
fn word(
    codes: &[i32],
    sequence: usize,
    base: usize,
    sizes: &Sizes,
    #[comptime] layout: Layout,
) -> u32 {
    let mut letters = Array::<u32>::new(comptime!(2 * layout.taps - 1));
    #[unroll]
    for letter in 0..comptime!(2 * layout.taps - 1) {
        let at = min(base + letter, sizes.length - 1);
        let code = codes[sequence * sizes.length + at] as u32;
        letters[letter] = min(code, comptime!(LETTERS as u32));
    }
    let mut word = 0u32;
    #[unroll]
    for position in 0..layout.taps {
        word |= row(&letters, position, layout) << comptime!((BITS * position) as u32);
    }
    word
}

/// The row of the `taps` letters from one on.
#[cube]
fn row(letters: &Array<u32>, #[comptime] first: usize, #[comptime] layout: Layout) -> u32 {
    let mut row = 0u32;
    let mut number = 0u32;
    let mut odd = 0u32;
    #[unroll]
    for tap in 0..layout.taps {
        let code = letters[comptime!(first + tap)];
        row += code * comptime!(LETTERS.pow(tap as u32) as u32);
        number += code * comptime!(CODES.pow(tap as u32) as u32);
        odd |= code;
    }
    // The number of all else is the only one with this bit.
    if odd & comptime!(LETTERS as u32) == 0 {
        row
    } else {
        number | comptime!(ODD)
    }
}

/// What a word says of one of its positions.
#[cube]
pub fn of_position(word: u32, #[comptime] position: usize) -> u32 {
    (word >> comptime!((BITS * position) as u32)) & comptime!((1 << BITS) - 1u32)
}

/// Whether all letters of all positions of a word are among the four.
#[cube]
pub fn is_even(word: u32, #[comptime] layout: Layout) -> bool {
    let odd = comptime!((0..layout.taps).fold(0, |bits, tap| bits | ODD << (BITS * tap)));
    word & odd == 0
}

/// The sum of what the letters of a position add to a filter, where a word says it; the last letters
/// are added first, as in the tables.
///
/// - filters: `[k, 4, w]`
#[cube]
pub fn spelled(
    filters: &[f32],
    tables: &[f32],
    row: u32,
    filter: usize,
    sizes: &Sizes,
    #[comptime] table: usize,
    #[comptime] layout: Layout,
) -> f32 {
    let mut sum = 0.0f32;
    if row < comptime!(ODD) {
        sum = tables[look_up(row, table, layout)];
    } else if filter < sizes.filters {
        let number = row & comptime!(ODD - 1);
        #[unroll]
        for back in 0..layout.taps {
            let within = comptime!(layout.taps - 1 - back);
            let letter = number / comptime!(CODES.pow(within as u32) as u32) % CODES as u32;
            let tap = comptime!(table * layout.taps + within);
            if letter < comptime!(LETTERS as u32) && tap < sizes.width {
                let place = (filter * LETTERS + letter as usize) * sizes.width + tap;
                sum += filters[place];
            }
        }
    }
    sum
}

/// Where in the tables the value of a row of one of them for the unit's filter is.
#[cube]
pub fn look_up(row: u32, #[comptime] table: usize, #[comptime] layout: Layout) -> usize {
    let column = UNIT_POS as usize % FILTERS;
    row as usize * FILTERS + column + comptime!(table * layout.rows() * FILTERS)
}
