//! Windows on the CPU, side by side.

use burn::backend::Flex;
use burn::backend::tensor::IntTensor;
use rayon::prelude::*;

use super::{BITS, CODE, CODES, CutWindows};
use crate::element::Sides;
use crate::network::kernels::flex::{ints, rows, tensor, unwritten};

impl CutWindows for Flex {
    fn cut(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancers: usize,
        lengths: Sides<usize>,
    ) -> (IntTensor<Self>, IntTensor<Self>) {
        let (sequence, starts) = (rows(sequence), rows(starts));
        let words = ints(&sequence);
        let (e, p) = ints(&starts).split_at(enhancers);
        (
            windows(words, e, lengths.enhancer),
            windows(words, p, lengths.promoter),
        )
    }
}

/// The windows that begin at these places: `[n, length]`.
fn windows(words: &[i32], starts: &[i32], length: usize) -> IntTensor<Flex> {
    let n = starts.len();
    let mut codes = unwritten(n * length);
    codes
        .par_chunks_mut(length)
        .zip(starts)
        .for_each(|(window, &start)| {
            for (place, at) in window.iter_mut().zip(start as usize..) {
                place.write(words[at / CODES] >> (at % CODES * BITS) & CODE);
            }
        });
    // SAFETY: all places of all windows were written to.
    tensor(unsafe { codes.assume_init().into_vec() }, [n, length])
}
