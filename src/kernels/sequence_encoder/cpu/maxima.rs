//! The largest activation of every bin, and where it is.

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use macerator::{Scalar, Simd, Vector, vload_unaligned, vstore_unaligned, with_simd};
use rayon::prelude::*;

use super::tables::{LANES, TAPS, Table, tables, triplets};
use crate::kernels::dropout::Dropout;
use crate::kernels::flex::{dims, floats, ints, rows, tensor, zeros};
use crate::kernels::sequence_encoder::Pooling;

/// Bins that one thread works on at a time.
const BINS: usize = 32;

/// What is kept of where a maximum is.
pub trait Position: Copy + Default + Send {
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
pub fn pooled<P: Position>(
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
        *position = if activation > 0.0 {
            *position
        } else {
            P::NOWHERE
        };
    }
}
