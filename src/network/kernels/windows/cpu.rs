//! Windows on the CPU, side by side.

use burn::backend::Flex;
use burn::backend::tensor::IntTensor;
use rayon::prelude::*;

use super::{BITS, CODE, CODES, CutWindows};
use crate::network::kernels::flex::{ints, rows, tensor, unwritten};

impl CutWindows for Flex {
    fn cut(sequence: IntTensor<Self>, starts: IntTensor<Self>, length: usize) -> IntTensor<Self> {
        let (sequence, starts) = (rows(sequence), rows(starts));
        windows(ints(&sequence), ints(&starts), length)
    }

    fn cut_pairs(
        sequence: IntTensor<Self>,
        starts: IntTensor<Self>,
        enhancer: usize,
        promoter: usize,
    ) -> (IntTensor<Self>, IntTensor<Self>) {
        let (sequence, starts) = (rows(sequence), rows(starts));
        let (words, starts) = (ints(&sequence), ints(&starts));
        let (e, p) = starts.split_at(starts.len() / 2);
        (windows(words, e, enhancer), windows(words, p, promoter))
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
