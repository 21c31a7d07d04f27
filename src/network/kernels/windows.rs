//! Windows cut out of sequence that stays on the device.
//!
//! The windows of a batch come back in every epoch: what is sent to the device is where they begin,
//! not their 1.3 MB of base codes.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::IntTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::{Int, Tensor};
use rayon::prelude::*;

use crate::element::Sides;

/// Base codes in a word of packed sequence, the first one in the lowest bits.
const CODES: usize = 8;
/// Bits of a base code.
const BITS: usize = 4;
/// What of a word is a base code.
const CODE: i32 = (1 << BITS) - 1;
/// The fewest words that are worth another thread.
const WORDS: usize = 4096;

/// Base codes, `[bases]`, each below 16, eight to a word: `[ceil(bases / 8)]`.
pub fn pack(codes: &[u8]) -> Vec<i32> {
    codes
        .par_chunks(CODES)
        .with_min_len(WORDS)
        .map(|codes| {
            let codes = codes.iter().rev();
            codes.fold(0, |word, &code| word << BITS | i32::from(code))
        })
        .collect()
}

/// The base codes of windows of one length on each side.
///
/// # Shapes
///
/// - sequence: `[words]`, [`pack`]ed
/// - starts: `[u + v]`, the place of each window's first base, first those of the enhancers; no window
///   ends behind the sequence
/// - enhancers: `u`, how many are enhancers'
/// - returns: `[u, length]` and `[v, length]`
pub fn cut(
    sequence: Tensor<1, Int>,
    starts: Tensor<1, Int>,
    enhancers: usize,
    lengths: Sides<usize>,
) -> Sides<Tensor<2, Int>> {
    let (sequence, starts) = (sequence.into_dispatch(), starts.into_dispatch());
    let (e, p) = Dispatch::cut(sequence, starts, enhancers, lengths);
    Sides::new(Tensor::from_dispatch(e), Tensor::from_dispatch(p))
}

/// [`cut`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait CutWindows: Backend {
    /// See [`cut`](cut()).
    fn cut(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancers: usize,
        lengths: Sides<usize>,
    ) -> (IntTensor<Self>, IntTensor<Self>);
}

/// Nothing is learnt through it.
impl<B: CutWindows, C: CheckpointStrategy> CutWindows for Autodiff<B, C> {
    fn cut(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancers: usize,
        lengths: Sides<usize>,
    ) -> (IntTensor<Self>, IntTensor<Self>) {
        B::cut(sequence, starts, enhancers, lengths)
    }
}
