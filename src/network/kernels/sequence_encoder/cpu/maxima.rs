//! The largest activation of every bin, and where it is.

use std::mem::MaybeUninit;

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use macerator::{Scalar, Simd, Vector, vload_unaligned, vstore_unaligned, with_simd};
use rayon::prelude::*;

use super::tables::{LANES, TAPS, Table, fill, triplets};
use crate::attention::Pooling;
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::flex::{Columns, dims, floats, ints, rows, tensor, unwritten};
use crate::network::kernels::sequence_encoder::Inputs;

/// Sequences that one thread looks through for a block of filters: enough to be worth its tables.
const SEQUENCES: usize = 8;

/// What is kept of where a maximum is.
pub trait Position: Copy + Send {
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
pub fn pooled<P: Position>(inputs: Inputs<Flex>) -> (FloatTensor<Flex>, Vec<P>) {
    let Inputs {
        codes,
        filters,
        pooling,
        dropout,
    } = inputs;
    let [n, length] = dims(&codes);
    assert_eq!(length, pooling.length);
    let [k, letters_of_a_filter, w] = dims(&filters);
    let l = pooling.bins();
    let letters = triplets(ints(&rows(codes)), pooling);
    let filters = rows(filters);
    let room = || vec![Table::ZERO; w.div_ceil(TAPS)];
    let mut activations = unwritten(n * l * k);
    let mut positions = unwritten(n * l * k);
    activations
        .par_chunks_mut(SEQUENCES * l * k)
        .zip(positions.par_chunks_mut(SEQUENCES * l * k))
        .zip(letters.par_chunks(SEQUENCES * pooling.length))
        .enumerate()
        .for_each(|(group, ((activations, positions), letters))| {
            let first = group * SEQUENCES * l * k;
            Columns::parts(activations, k, LANES)
                .into_par_iter()
                .zip(Columns::parts(positions, k, LANES))
                .zip(floats(&filters).par_chunks(LANES * letters_of_a_filter * w))
                .enumerate()
                .for_each_init(
                    room,
                    |tables, (block, ((activations, positions), filters))| {
                        let block = Block {
                            letters,
                            pooling,
                            dropout,
                            first: first + block * LANES,
                            k,
                            activations,
                            positions,
                        };
                        take_maxima(block, filters, tables);
                    },
                );
        });
    // SAFETY: the blocks fill all rows of all sequences.
    let (activations, positions) = unsafe { (activations.assume_init(), positions.assume_init()) };
    let activations = tensor(activations.into_vec(), [n, l, k]);
    (activations, positions.into_vec())
}

/// What a block of filters finds in some sequences.
struct Block<'a, P> {
    /// [`triplets`] of the sequences.
    letters: &'a [u16],
    pooling: Pooling,
    dropout: Dropout,
    /// The place of the first activation in the whole tensor.
    first: usize,
    /// Filters of all blocks.
    k: usize,
    /// `[sequences·l, filters]`
    activations: Columns<'a, f32>,
    /// `[sequences·l, filters]`
    positions: Columns<'a, P>,
}

impl<P: Position> Block<'_, P> {
    /// The rectified maximum of every bin, and its first position. A row of the tables is `V`
    /// vectors; `T` tables, or 0 where the compiler does not know how many.
    #[inline(always)]
    fn take_maxima<S: Simd, const V: usize, const T: usize>(
        self,
        filters: &[f32],
        tables: &mut [Table],
    ) {
        fill::<S, V>(tables, filters, self.pooling.width);
        let tables = if T > 0 { &tables[..T] } else { tables };
        let lanes = f32::lanes::<S>();
        let (length, bins) = (self.pooling.length, self.pooling.bins());
        let rows = self.activations.rows().zip(self.positions.rows());
        for (row, (activations, positions)) in rows.enumerate() {
            let bin = self.pooling.positions_of(row % bins);
            // The last row that is looked up begins with the last taps' first.
            let seen = &self.letters[row / bins * length..];
            let seen = &seen[..bin.end + TAPS * (tables.len() - 1)];
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
                            let values = vload_unaligned::<S, f32>(row.add(vector * lanes));
                            *sum = if number == 0 { values } else { *sum + values };
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
            let mut best = values(best);
            if self.dropout.threshold > 0 {
                let first = (self.first + row * self.k) as u32;
                for (value, place) in best.iter_mut().zip(first..) {
                    *value *= self.dropout.factor(place);
                }
            }
            write(best, activations, values(at), positions);
        }
    }
}

/// Writes the activations and the positions of a bin down, of as many filters as there are places.
#[inline(always)]
fn write<P: Position>(
    best: [f32; LANES],
    activations: &mut [MaybeUninit<f32>],
    at: [f32; LANES],
    positions: &mut [MaybeUninit<P>],
) {
    for (place, value) in activations.iter_mut().zip(best) {
        place.write(value);
    }
    for (place, (value, at)) in positions.iter_mut().zip(best.into_iter().zip(at)) {
        // No gradient flows where nothing came out.
        place.write(if value > 0.0 {
            P::at(at.to_bits() as i32)
        } else {
            P::NOWHERE
        });
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

/// Fills the tables of a block, and it, in.
///
/// - filters: `[filters, 4, w]`
#[with_simd]
fn take_maxima<'a, S: Simd, P: Position>(
    block: Block<'a, P>,
    filters: &[f32],
    tables: &mut [Table],
) {
    // The published width has five tables.
    match (f32::lanes::<S>(), tables.len()) {
        (16, 5) => block.take_maxima::<S, 1, 5>(filters, tables),
        (8, 5) => block.take_maxima::<S, 2, 5>(filters, tables),
        (4, 5) => block.take_maxima::<S, 4, 5>(filters, tables),
        (16, _) => block.take_maxima::<S, 1, 0>(filters, tables),
        (8, _) => block.take_maxima::<S, 2, 0>(filters, tables),
        (4, _) => block.take_maxima::<S, 4, 0>(filters, tables),
        // Without vector instructions: two values side by side.
        (2, _) => block.take_maxima::<S, 8, 0>(filters, tables),
        (lanes, _) => panic!("vectors of {lanes} values"),
    }
}
