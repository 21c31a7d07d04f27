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

/// The base codes of windows of one length.
///
/// # Shapes
///
/// - sequence: `[words]`, [`pack`]ed
/// - starts: `[n]`, the place of each window's first base; no window ends behind the sequence
/// - returns: `[n, length]`
pub fn cut(sequence: Tensor<1, Int>, starts: Tensor<1, Int>, length: usize) -> Tensor<2, Int> {
    let (sequence, starts) = (sequence.into_dispatch(), starts.into_dispatch());
    Tensor::from_dispatch(Dispatch::cut(sequence, starts, length))
}

/// The base codes of the windows of pairs, as [`cut`](cut()) has them.
///
/// # Shapes
///
/// - sequence: `[words]`, [`pack`]ed
/// - starts: `[2·n]`, first those of the enhancers, then those of the promoters
/// - returns: `[n, length]` each
pub fn cut_pairs(
    sequence: Tensor<1, Int>,
    starts: Tensor<1, Int>,
    lengths: Sides<usize>,
) -> Sides<Tensor<2, Int>> {
    let (sequence, starts) = (sequence.into_dispatch(), starts.into_dispatch());
    let (e, p) = Dispatch::cut_pairs(sequence, starts, lengths.enhancer, lengths.promoter);
    Sides::new(Tensor::from_dispatch(e), Tensor::from_dispatch(p))
}

/// [`cut`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait CutWindows: Backend {
    /// See [`cut`](cut()).
    fn cut(sequence: IntTensor<Self>, starts: IntTensor<Self>, length: usize) -> IntTensor<Self>;

    /// See [`cut_pairs`](cut_pairs()).
    fn cut_pairs(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancer: usize,
        promoter: usize,
    ) -> (IntTensor<Self>, IntTensor<Self>);
}

/// Nothing is learnt through it.
impl<B: CutWindows, C: CheckpointStrategy> CutWindows for Autodiff<B, C> {
    fn cut(sequence: IntTensor<Self>, starts: IntTensor<Self>, length: usize) -> IntTensor<Self> {
        B::cut(sequence, starts, length)
    }

    fn cut_pairs(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancer: usize,
        promoter: usize,
    ) -> (IntTensor<Self>, IntTensor<Self>) {
        B::cut_pairs(sequence, starts, enhancer, promoter)
    }
}
