//! The sums of every three letters, block of filters by block of filters.

use macerator::{Scalar, Simd, vload_unaligned, vstore_unaligned};
use rayon::prelude::*;

use crate::attention::Pooling;

/// Filters in a block.
pub const LANES: usize = 16;
/// Taps that are looked up together.
pub const TAPS: usize = 3;
/// Rows of a table, of which [`TRIPLETS`] are used.
pub const ROWS: usize = 128;
/// Letters that a filter has values for: A, C, G, T.
pub const LETTERS_OF_A_FILTER: usize = 4;
/// Those, and all else.
const LETTERS: usize = LETTERS_OF_A_FILTER + 1;
/// The code of all else.
pub const NONE: u8 = LETTERS_OF_A_FILTER as u8;
/// Every three letters have a number: see [`letters`].
pub const TRIPLETS: usize = LETTERS * LETTERS * LETTERS;

/// The sums of every three letters, of a block of filters; no row crosses a line of the cache.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Table(pub [[f32; LANES]; ROWS]);

impl Table {
    /// Before anything is added.
    pub const ZERO: Self = Self([[0.0; LANES]; ROWS]);
}

/// The row of every three letters, by their number. The 64 rows of A, C, G and T alone come first:
/// they lie together, so that the tables share the cache evenly.
pub const ROW: [u8; TRIPLETS] = {
    let mut rows = [0; TRIPLETS];
    let (mut known, mut other) = (0, LETTERS_OF_A_FILTER.pow(TAPS as u32) as u8);
    let mut number = 0;
    while number < TRIPLETS {
        let [a, b, c] = letters(number);
        let next = if a < NONE && b < NONE && c < NONE {
            &mut known
        } else {
            &mut other
        };
        rows[number] = *next;
        *next += 1;
        number += 1;
    }
    rows
};

/// The letters that have a number, in which the first one is the last digit.
pub const fn letters(number: usize) -> [u8; TAPS] {
    let [a, b, c] = [number, number / LETTERS, number / LETTERS / LETTERS];
    [
        (a % LETTERS) as u8,
        (b % LETTERS) as u8,
        (c % LETTERS) as u8,
    ]
}

/// For each base where in a table the row of the three letters that begin there is, all sequences
/// one after the other; what follows a sequence counts as none of the four letters.
pub fn triplets(codes: &[i32], pooling: Pooling) -> Vec<u16> {
    let mut triplets = vec![0; codes.len()];
    triplets
        .par_chunks_mut(pooling.length)
        .zip(codes.par_chunks(pooling.length))
        .for_each(|(triplets, codes)| {
            // The first letter of those that follow is the last digit of `number`.
            let mut number = TRIPLETS - 1;
            for (triplet, &code) in triplets.iter_mut().zip(codes).rev() {
                number = (number * LETTERS + code as usize) % TRIPLETS;
                *triplet = u16::from(ROW[number]) * LANES as u16;
            }
        });
    triplets
}

/// Fills the `ceil(w / 3)` tables of a block of filters in, whose rows are `V` vectors.
///
/// - filters: `[filters, 4, w]`, at most [`LANES`]
#[inline(always)]
pub fn fill<S: Simd, const V: usize>(tables: &mut [Table], filters: &[f32], w: usize) {
    let lanes = f32::lanes::<S>();
    for (table, first) in tables.iter_mut().zip((0..w).step_by(TAPS)) {
        // What each letter adds at each of the taps.
        let mut taps = [[[0.0; LANES]; LETTERS]; TAPS];
        for (lane, filter) in filters.chunks_exact(LETTERS_OF_A_FILTER * w).enumerate() {
            for (letter, filter) in filter.chunks_exact(w).enumerate() {
                for (taps, &value) in taps.iter_mut().zip(&filter[first..]) {
                    taps[letter][lane] = value;
                }
            }
        }
        let part = |tap: usize, letter: usize, vector: usize| {
            // SAFETY: `V` vectors have as many values as there are lanes.
            unsafe { vload_unaligned::<S, f32>(taps[tap][letter].as_ptr().add(vector * lanes)) }
        };
        for c in 0..LETTERS {
            for b in 0..LETTERS {
                let mut last_two = [0f32.splat::<S>(); V];
                for (vector, sum) in last_two.iter_mut().enumerate() {
                    *sum = part(1, b, vector) + part(2, c, vector);
                }
                for a in 0..LETTERS {
                    let row = usize::from(ROW[(c * LETTERS + b) * LETTERS + a]);
                    let row = table.0[row].as_mut_ptr();
                    for (vector, &sum) in last_two.iter().enumerate() {
                        // SAFETY: likewise.
                        unsafe {
                            vstore_unaligned(row.add(vector * lanes), part(0, a, vector) + sum)
                        };
                    }
                }
            }
        }
    }
}
