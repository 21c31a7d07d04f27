//! Windows on the CPU, side by side.

use burn::backend::Flex;
use burn::backend::tensor::IntTensor;
use rayon::prelude::*;

use super::{BITS, CODE, CODES, CutWindows};
use crate::network::kernels::flex::{dims, ints, rows, tensor, unwritten};

impl CutWindows for Flex {
    fn cut(sequence: IntTensor<Self>, starts: IntTensor<Self>, length: usize) -> IntTensor<Self> {
        let [n] = dims(&starts);
        let (sequence, starts) = (rows(sequence), rows(starts));
        let words = ints(&sequence);
        let mut codes = unwritten(n * length);
        codes
            .par_chunks_mut(length)
            .zip(ints(&starts))
            .for_each(|(window, &start)| {
                for (place, at) in window.iter_mut().zip(start as usize..) {
                    place.write(words[at / CODES] >> (at % CODES * BITS) & CODE);
                }
            });
        // SAFETY: all places of all windows were written to.
        tensor(unsafe { codes.assume_init().into_vec() }, [n, length])
    }
}
