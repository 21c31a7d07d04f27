//! The sums of every three letters, block of filters by block of filters.

use macerator::{Scalar, Simd, vload_unaligned, vstore_unaligned, with_simd};
use rayon::prelude::*;

use crate::kernels::sequence_encoder::Pooling;

/// Filters in a block.
pub const LANES: usize = 16;
/// Taps that are looked up together.
pub const TAPS: usize = 3;
/// Rows of a table, of which 5³ = 125 are used; see [`letters_of_rows`].
pub const ROWS: usize = 128;
/// Letters that a filter has values for: A, C, G, T.
pub const LETTERS_OF_A_FILTER: usize = 4;
/// Those, and all else.
const LETTERS: usize = LETTERS_OF_A_FILTER + 1;
/// The code of all else.
pub const NONE: u8 = LETTERS_OF_A_FILTER as u8;

/// The sums of every three letters, of a block of filters; no row crosses a line of the cache.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Table(pub [[f32; LANES]; ROWS]);

impl Table {
    /// Before anything is added.
    pub const ZERO: Self = Self([[0.0; LANES]; ROWS]);
}

/// For each base where in a table the row of the three letters that begin there is, all sequences
/// one after the other; what follows a sequence counts as none of the four letters.
pub fn triplets(codes: &[i32], pooling: Pooling) -> Vec<u16> {
    let mut offsets = [0; LETTERS * LETTERS * LETTERS];
    for (row, letters) in letters_of_rows() {
        offsets[number(letters, LETTERS as u8)] = (row * LANES) as u16;
    }
    let mut triplets = vec![0; codes.len()];
    triplets
        .par_chunks_mut(pooling.length)
        .zip(codes.par_chunks(pooling.length))
        .for_each(|(triplets, codes)| {
            let mut following = [NONE; 2];
            for (triplet, &code) in triplets.iter_mut().zip(codes).rev() {
                let letters = [code as u8, following[0], following[1]];
                *triplet = offsets[number(letters, LETTERS as u8)];
                following = [letters[0], letters[1]];
            }
        });
    triplets
}

/// The number that letters make in a base, the first letter being the last digit.
#[inline(always)]
fn number(letters: [u8; TAPS], base: u8) -> usize {
    let digits = letters.iter().rev();
    usize::from(digits.fold(0, |number, &letter| number * base + letter))
}

/// Every row that is used and its letters. The 64 rows of A, C, G and T alone come first: they lie
/// together, so that the tables share the cache evenly.
pub fn letters_of_rows() -> impl Iterator<Item = (usize, [u8; TAPS])> {
    let all = (0..ROWS as u8).map(|n| [n % 5, n / 5 % 5, n / 25]);
    let all = all.filter(|letters| letters[2] < LETTERS as u8);
    let (known, others): (Vec<_>, Vec<_>) =
        all.partition(|letters| letters.iter().all(|&letter| letter < NONE));
    known.into_iter().chain(others).enumerate()
}

/// The tables of every block of filters, `ceil(w / 3)` each.
///
/// - filters: `[k, 4, w]`
pub fn tables(filters: &[f32], k: usize, w: usize) -> Vec<Table> {
    let of_block = w.div_ceil(TAPS);
    let mut tables = vec![Table::ZERO; k.div_ceil(LANES) * of_block];
    let rows: Vec<(usize, [u8; TAPS])> = letters_of_rows().collect();
    tables
        .par_chunks_mut(of_block)
        .zip(filters.par_chunks(LANES * LETTERS_OF_A_FILTER * w))
        .for_each(|(tables, filters)| fill(tables, filters, w, &rows));
    tables
}

/// Fills the tables of a block of filters in.
#[with_simd]
fn fill<S: Simd>(tables: &mut [Table], filters: &[f32], w: usize, rows: &[(usize, [u8; TAPS])]) {
    for (number, table) in tables.iter_mut().enumerate() {
        // What each letter adds at each of the taps.
        let mut taps = [[[0.0; LANES]; LETTERS]; TAPS];
        for (lane, filter) in filters.chunks_exact(LETTERS_OF_A_FILTER * w).enumerate() {
            for (letter, filter) in filter.chunks_exact(w).enumerate() {
                for (taps, &value) in taps.iter_mut().zip(&filter[number * TAPS..]) {
                    taps[letter][lane] = value;
                }
            }
        }
        for &(row, [a, b, c]) in rows {
            let parts = [(0, a), (1, b), (2, c)];
            let parts = parts.map(|(tap, letter)| &taps[tap][usize::from(letter)]);
            for lane in (0..LANES).step_by(f32::lanes::<S>()) {
                // SAFETY: every width of a vector divides the number of lanes.
                unsafe {
                    let [a, b, c] =
                        parts.map(|part| vload_unaligned::<S, f32>(part.as_ptr().add(lane)));
                    vstore_unaligned(table.0[row].as_mut_ptr().add(lane), a + b + c);
                }
            }
        }
    }
}
