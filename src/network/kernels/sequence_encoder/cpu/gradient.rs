//! The gradient of the filters.

use std::ops::Range;

use rayon::prelude::*;

use super::tables::{LANES, LETTERS_OF_A_FILTER, NONE, ROW, ROWS, TAPS, Table, letters};
use crate::attention::Pooling;

/// The most blocks of filters whose gradient one thread sums at a time: what it fetches are whole
/// lines of memory then.
const BLOCKS: usize = 4;
/// Bins whose gradients are fetched together.
const FETCHED: usize = 64;

/// What the gradients of the rows of the tables are summed from.
pub struct Sums<'a> {
    /// [`triplets`](super::tables::triplets) of all sequences.
    pub letters: &'a [u16],
    pub pooling: Pooling,
    pub k: usize,
    /// `[n, l, k]`
    pub positions: &'a [i32],
    /// `[n, l, k]`
    pub gradient: &'a [f32],
}

/// The positions and the gradients of a bin, for a block of filters.
type Fetched = ([i32; LANES], [f32; LANES]);

impl Sums<'_> {
    /// The gradient of the filters, `[k, 4, w]`, times `scale`.
    pub fn of_filters(&self, scale: f32) -> Vec<f32> {
        let w = self.pooling.width;
        let mut filters = vec![0.0; self.k * LETTERS_OF_A_FILTER * w];
        // A filter's sums are made by one thread, bin by bin, whatever the size of its group.
        let threads = rayon::current_num_threads();
        let blocks = self.k.div_ceil(LANES).div_ceil(threads).min(BLOCKS);
        filters
            .par_chunks_mut(blocks * LANES * LETTERS_OF_A_FILTER * w)
            .enumerate()
            .for_each(|(group, filters)| {
                let first = group * blocks;
                let blocks = self.of_blocks(first..first + blocks, w.div_ceil(TAPS));
                let filters = filters.chunks_mut(LANES * LETTERS_OF_A_FILTER * w);
                for (tables, filters) in blocks.iter().zip(filters) {
                    take_apart(tables, filters, w, scale);
                }
            });
        filters
    }

    /// The gradients of the tables of some blocks of filters.
    fn of_blocks(&self, blocks: Range<usize>, tables: usize) -> Vec<Vec<Table>> {
        let blocks = blocks.start..blocks.end.min(self.k.div_ceil(LANES));
        let mut sums = vec![vec![Table::ZERO; tables]; blocks.len()];
        let bins = self.gradient.len() / self.k;
        // Values of many bins are fetched together, in steps of one size that the processor can
        // foresee, and then taken block by block, whose tables the first-level cache holds.
        let mut fetched = vec![[([-1; LANES], [0.0; LANES]); FETCHED]; blocks.len()];
        for begin in (0..bins).step_by(FETCHED) {
            let bins = begin..(begin + FETCHED).min(bins);
            for (block, fetched) in blocks.clone().zip(&mut fetched) {
                let first = block * LANES;
                let lanes = LANES.min(self.k - first);
                for ((positions, gradient), bin) in fetched.iter_mut().zip(bins.clone()) {
                    let first = bin * self.k + first;
                    fetch(positions, &self.positions[first..][..lanes]);
                    fetch(gradient, &self.gradient[first..][..lanes]);
                }
            }
            for (tables, fetched) in sums.iter_mut().zip(&fetched) {
                match <&mut [Table; 5]>::try_from(tables.as_mut_slice()) {
                    // The published width: a known number of tables is a loop less.
                    Ok(tables) => self.add(tables, bins.clone(), fetched),
                    Err(_) => self.add(tables, bins.clone(), fetched),
                }
            }
        }
        sums
    }

    /// Adds each gradient to the rows that its maximum was summed from.
    #[inline(always)]
    fn add(
        &self,
        tables: &mut (impl AsMut<[Table]> + ?Sized),
        bins: Range<usize>,
        fetched: &[Fetched],
    ) {
        let tables = tables.as_mut();
        for (bin, (positions, gradient)) in bins.zip(fetched) {
            let sequence = bin / self.pooling.bins();
            let letters = &self.letters[sequence * self.pooling.length..];
            for (lane, (&position, &gradient)) in positions.iter().zip(gradient).enumerate() {
                // Nothing is added where nothing came out; a branch that the processor cannot
                // foresee would cost more.
                let seen = &letters[position.max(0) as usize..];
                let gradient = if position < 0 { 0.0 } else { gradient };
                for (number, table) in tables.iter_mut().enumerate() {
                    let row = usize::from(seen[TAPS * number]) / LANES % ROWS;
                    table.0[row][lane] += gradient;
                }
            }
        }
    }
}

/// Copies values, which are nearly always as many as there is room for.
#[inline(always)]
fn fetch<T: Copy>(room: &mut [T; LANES], values: &[T]) {
    match values.first_chunk() {
        Some(all) => *room = *all,
        None => room[..values.len()].copy_from_slice(values),
    }
}

/// The gradient of each tap and letter, `[lanes, 4, w]`, from that of the rows it is part of.
fn take_apart(tables: &[Table], filters: &mut [f32], w: usize, scale: f32) {
    for (number, row) in ROW.into_iter().enumerate() {
        let letters = letters(number);
        for tap in 0..w {
            let letter = letters[tap % TAPS];
            if letter == NONE {
                continue;
            }
            let sums = &tables[tap / TAPS].0[usize::from(row)];
            for (filter, sum) in filters.chunks_exact_mut(4 * w).zip(sums) {
                filter[usize::from(letter) * w + tap] += scale * sum;
            }
        }
    }
}
