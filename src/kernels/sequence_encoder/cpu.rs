//! The encoder on the CPU.
//!
//! Three taps at a time are looked up together: for each three letters a row has the sum of what
//! they add to some filters, so that an activation of a 15-base filter is the sum of five rows.
//! The tables of a block of filters fit the first-level cache.

use std::ops::Range;

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use macerator::{Scalar, Simd, Vector, vload_unaligned, vstore_unaligned, with_simd};
use rayon::prelude::*;

use super::{Pooling, SequenceEncoderForm};
use crate::kernels::dropout::Dropout;
use crate::kernels::flex::{dims, floats, ints, rows, tensor, zeros};

/// Filters in a block.
const LANES: usize = 16;
/// Taps that are looked up together.
const TAPS: usize = 3;
/// Rows of a table, of which 5³ = 125 are used; see [`row`].
const ROWS: usize = 128;
/// Letters: A, C, G, T, and all else.
const LETTERS: usize = 5;
/// The code of all else.
const NONE: u8 = 4;
/// Bins that one thread works on at a time.
const BINS: usize = 32;
/// Blocks whose gradient one thread sums.
const BLOCKS: usize = 4;
/// Bins whose gradients are fetched together.
const FETCHED: usize = 64;

/// The sums of every three letters, of a block of filters; no row crosses a line of the cache.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Table([[f32; LANES]; ROWS]);

impl Table {
    const ZERO: Self = Self([[0.0; LANES]; ROWS]);
}

impl SequenceEncoderForm for Flex {
    fn activations(
        codes: IntTensor<Self>,
        filters: FloatTensor<Self>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> FloatTensor<Self> {
        let (activations, _) = pooled::<()>(codes, filters, pooling, dropout);
        activations
    }

    fn activations_and_positions(
        codes: IntTensor<Self>,
        filters: FloatTensor<Self>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> (FloatTensor<Self>, IntTensor<Self>) {
        let (activations, positions) = pooled::<i32>(codes, filters, pooling, dropout);
        let shape: [usize; 3] = dims(&activations);
        (activations, tensor(positions, shape))
    }

    fn filter_gradient(
        codes: IntTensor<Self>,
        positions: IntTensor<Self>,
        gradient: FloatTensor<Self>,
        pooling: Pooling,
        scale: f32,
    ) -> FloatTensor<Self> {
        let [_, _, k] = dims(&gradient);
        let letters = triplets(ints(&rows(codes)), pooling);
        let (positions, gradient) = (rows(positions), rows(gradient));
        let (positions, gradient) = (ints(&positions), floats(&gradient));
        let w = pooling.width;
        let mut filters = vec![0.0; k * LETTERS_OF_A_FILTER * w];
        // A filter's sums are made by one thread, bin by bin.
        filters
            .par_chunks_mut(BLOCKS * LANES * LETTERS_OF_A_FILTER * w)
            .enumerate()
            .for_each(|(group, filters)| {
                let sums = Sums {
                    letters: &letters,
                    pooling,
                    k,
                    positions,
                    gradient,
                };
                let blocks = sums.of_blocks(group * BLOCKS, w.div_ceil(TAPS));
                let filters = filters.chunks_mut(LANES * LETTERS_OF_A_FILTER * w);
                for (tables, filters) in blocks.iter().zip(filters) {
                    take_apart(tables, filters, w, scale);
                }
            });
        tensor(filters, [k, LETTERS_OF_A_FILTER, w])
    }
}

/// Letters that a filter has values for.
const LETTERS_OF_A_FILTER: usize = LETTERS - 1;

/// For each base where in a table the row of the three letters that begin there is, all sequences
/// one after the other; what follows a sequence counts as none of the four letters.
fn triplets(codes: &[i32], pooling: Pooling) -> Vec<u16> {
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
fn letters_of_rows() -> impl Iterator<Item = (usize, [u8; TAPS])> {
    let all = (0..ROWS as u8).map(|n| [n % 5, n / 5 % 5, n / 25]);
    let all = all.filter(|letters| letters[2] < LETTERS as u8);
    let (known, others): (Vec<_>, Vec<_>) =
        all.partition(|letters| letters.iter().all(|&letter| letter < NONE));
    known.into_iter().chain(others).enumerate()
}

/// The tables of every block of filters, `ceil(w / 3)` each.
///
/// - filters: `[k, 4, w]`
fn tables(filters: &[f32], k: usize, w: usize) -> Vec<Table> {
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
                    let [a, b, c] = parts.map(|part| {
                        vload_unaligned::<S, f32>(part.as_ptr().add(lane))
                    });
                    vstore_unaligned(table.0[row].as_mut_ptr().add(lane), a + b + c);
                }
            }
        }
    }
}

/// What is kept of where a maximum is.
trait Position: Copy + Default + Send {
    /// Whether anything is.
    const KEPT: bool;
    /// Where there is none.
    const NOWHERE: Self;
    fn at(position: i32) -> Self;
}

/// For training.
impl Position for i32 {
    const KEPT: bool = true;
    const NOWHERE: Self = -1;
    #[inline(always)]
    fn at(position: i32) -> Self {
        position
    }
}

/// For inference: nothing.
impl Position for () {
    const KEPT: bool = false;
    const NOWHERE: Self = ();
    #[inline(always)]
    fn at(_: i32) -> Self {}
}

/// The activations and the positions of the maxima: both `[n, l, k]`.
fn pooled<P: Position>(
    codes: IntTensor<Flex>,
    filters: FloatTensor<Flex>,
    pooling: Pooling,
    dropout: Dropout,
) -> (FloatTensor<Flex>, Vec<P>) {
    let [n, _] = dims(&codes);
    let [k, _, _] = dims(&filters);
    let l = pooling.bins();
    let letters = triplets(ints(&rows(codes)), pooling);
    let tables = tables(floats(&rows(filters)), k, pooling.width);
    let mut activations = zeros(n * l * k);
    let mut positions = zeros(n * l * k);
    activations
        .par_chunks_mut(l * k)
        .zip(positions.par_chunks_mut(l * k))
        .enumerate()
        .for_each(|(sequence, (activations, positions))| {
            let letters = &letters[sequence * pooling.length..][..pooling.length];
            activations
                .par_chunks_mut(BINS * k)
                .zip(positions.par_chunks_mut(BINS * k))
                .enumerate()
                .for_each(|(part, (activations, positions))| {
                    let mut bins = Bins {
                        letters,
                        pooling,
                        first: part * BINS,
                        k,
                        activations,
                        positions,
                    };
                    bins.take_maxima(&tables);
                    let first = (sequence * l + bins.first) * k;
                    drop_some(bins.activations, first, dropout);
                    forget_dropped(bins.positions, bins.activations);
                });
        });
    (tensor(activations, [n, l, k]), positions)
}

/// Some bins of a sequence.
struct Bins<'a, P> {
    /// [`triplets`] of the sequence.
    letters: &'a [u16],
    pooling: Pooling,
    /// The first of the bins.
    first: usize,
    k: usize,
    /// `[bins, k]`
    activations: &'a mut [f32],
    /// `[bins, k]`
    positions: &'a mut [P],
}

impl<P: Position> Bins<'_, P> {
    /// The rectified maximum of every bin and filter, and its first position.
    fn take_maxima(&mut self, tables: &[Table]) {
        let of_block = self.pooling.width.div_ceil(TAPS);
        for (block, tables) in tables.chunks_exact(of_block).enumerate() {
            block_maxima(self, tables, block * LANES);
        }
    }

    /// The maxima of the block of filters that begins with `first`, in `V` vectors; `T` tables, or
    /// 0 where the compiler does not know how many.
    #[inline(always)]
    fn maxima<S: Simd, const V: usize, const T: usize>(&mut self, tables: &[Table], first: usize) {
        let tables = if T > 0 { &tables[..T] } else { tables };
        let lanes = f32::lanes::<S>();
        let kept = LANES.min(self.k - first);
        let rows = self.activations.chunks_exact_mut(self.k);
        let rows = rows.zip(self.positions.chunks_exact_mut(self.k));
        for (bin, (activations, positions)) in (self.first..).zip(rows) {
            let bin = self.pooling.positions_of(bin);
            // The last row that is looked up begins with the last taps' first.
            let seen = &self.letters[..bin.end + TAPS * (tables.len() - 1)];
            let mut best = [0f32.splat::<S>(); V];
            // Integers, chosen as if they were floats: lanes are copied bit for bit.
            let mut at = [(-1i32).splat::<S>().reinterpret::<f32>(); V];
            let mut position = (bin.start as i32).splat::<S>();
            for start in bin {
                let mut sums = [0f32.splat::<S>(); V];
                for (number, table) in tables.iter().enumerate() {
                    // SAFETY: `seen` ends behind the last table's letters of the last position;
                    // `triplets` gives offsets of rows, which have `V` vectors.
                    unsafe {
                        let offset = *seen.get_unchecked(start + TAPS * number);
                        let row = table.0.as_flattened().as_ptr().add(usize::from(offset));
                        for (vector, sum) in sums.iter_mut().enumerate() {
                            *sum += vload_unaligned::<S, f32>(row.add(vector * lanes));
                        }
                    }
                }
                for vector in 0..V {
                    if P::KEPT {
                        let larger = sums[vector].gt(best[vector]);
                        at[vector] = larger.select(position.reinterpret(), at[vector]);
                    }
                    best[vector] = best[vector].max(sums[vector]);
                }
                if P::KEPT {
                    position += 1i32.splat::<S>();
                }
            }
            let best = values(best);
            activations[first..first + kept].copy_from_slice(&best[..kept]);
            let at = values(at).map(|bits| P::at(bits.to_bits() as i32));
            positions[first..first + kept].copy_from_slice(&at[..kept]);
        }
    }
}

/// The values of `V` vectors.
#[inline(always)]
fn values<S: Simd, const V: usize>(vectors: [Vector<S, f32>; V]) -> [f32; LANES] {
    let mut values = [0.0; LANES];
    let places = values.chunks_exact_mut(f32::lanes::<S>());
    for (place, vector) in places.zip(vectors) {
        // SAFETY: each place has room for one vector.
        unsafe { vstore_unaligned(place.as_mut_ptr(), vector) };
    }
    values
}

#[with_simd]
fn block_maxima<'a, S: Simd, P: Position>(bins: &mut Bins<'a, P>, tables: &[Table], first: usize) {
    // The published width has five tables.
    match (f32::lanes::<S>(), tables.len()) {
        (16, 5) => bins.maxima::<S, 1, 5>(tables, first),
        (8, 5) => bins.maxima::<S, 2, 5>(tables, first),
        (4, 5) => bins.maxima::<S, 4, 5>(tables, first),
        (16, _) => bins.maxima::<S, 1, 0>(tables, first),
        (8, _) => bins.maxima::<S, 2, 0>(tables, first),
        (4, _) => bins.maxima::<S, 4, 0>(tables, first),
        (lanes, _) => {
            assert_eq!(lanes, 1, "vectors of {lanes} values");
            bins.maxima::<S, LANES, 0>(tables, first);
        }
    }
}

/// Drops some of the activations, of which the first has the place `first` in the whole tensor.
#[with_simd]
fn drop_some<S: Simd>(activations: &mut [f32], first: usize, dropout: Dropout) {
    if dropout.threshold == 0 {
        return;
    }
    for (activation, place) in activations.iter_mut().zip(first as u32..) {
        *activation *= dropout.factor(place);
    }
}

/// No gradient flows where nothing came out.
fn forget_dropped<P: Position>(positions: &mut [P], activations: &[f32]) {
    for (position, &activation) in positions.iter_mut().zip(activations) {
        *position = if activation > 0.0 { *position } else { P::NOWHERE };
    }
}

/// What the gradients of the rows of the tables are summed from.
struct Sums<'a> {
    /// [`triplets`] of all sequences.
    letters: &'a [u16],
    pooling: Pooling,
    k: usize,
    /// `[n, l, k]`
    positions: &'a [i32],
    /// `[n, l, k]`
    gradient: &'a [f32],
}

/// The positions and the gradients of a bin, for a block of filters.
type Fetched = ([i32; LANES], [f32; LANES]);

impl Sums<'_> {
    /// The gradients of the tables of some blocks of filters.
    fn of_blocks(&self, first: usize, tables: usize) -> Vec<Vec<Table>> {
        let blocks = first..(first + BLOCKS).min(self.k.div_ceil(LANES));
        let mut sums = vec![vec![Table::ZERO; tables]; blocks.len()];
        let bins = self.gradient.len() / self.k;
        // Values are fetched for many bins and some blocks at once, as they lie in memory, and
        // then taken block by block, whose tables the first-level cache holds.
        let mut fetched = vec![[([-1; LANES], [0.0; LANES]); FETCHED]; blocks.len()];
        for begin in (0..bins).step_by(FETCHED) {
            let bins = begin..(begin + FETCHED).min(bins);
            for (place, bin) in bins.clone().enumerate() {
                for (block, fetched) in blocks.clone().zip(&mut fetched) {
                    let (positions, gradient) = &mut fetched[place];
                    let first = block * LANES;
                    let lanes = LANES.min(self.k - first);
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
    for (row, letters) in letters_of_rows() {
        for tap in 0..w {
            let letter = letters[tap % TAPS];
            if letter == NONE {
                continue;
            }
            let sums = &tables[tap / TAPS].0[row];
            for (filter, sum) in filters.chunks_exact_mut(4 * w).zip(sums) {
                filter[usize::from(letter) * w + tap] += scale * sum;
            }
        }
    }
}
