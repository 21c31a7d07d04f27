//! The encoder on the CPU.
//!
//! Three taps at a time are looked up together: for each three letters a row has the sum of what
//! they add to some filters, so that an activation of a 15-base filter is the sum of five rows.
//! What a block of filters' tables hold for A, C, G and T alone, 20 KiB at that width, fits the
//! first-level cache.

mod gradient;
mod maxima;
mod tables;

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};

use super::{Encoded, Inputs, SequenceEncoderForm};
use crate::network::kernels::flex::{dims, floats, ints, rows, tensor};
use gradient::Sums;
use maxima::pooled;
use tables::{LETTERS_OF_A_FILTER, triplets};

impl SequenceEncoderForm for Flex {
    fn activations(inputs: Inputs<Self>) -> FloatTensor<Self> {
        let (activations, _) = pooled::<()>(inputs);
        activations
    }

    fn activations_and_positions(inputs: Inputs<Self>) -> (FloatTensor<Self>, IntTensor<Self>) {
        let (activations, positions) = pooled::<i32>(inputs);
        let shape: [usize; 3] = dims(&activations);
        (activations, tensor(positions, shape))
    }

    fn filter_gradient(encoded: Encoded<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let pooling = encoded.pooling;
        let [_, _, k] = dims(&gradient);
        let letters = triplets(ints(&rows(encoded.codes)), pooling);
        let (positions, gradient) = (rows(encoded.positions), rows(gradient));
        let sums = Sums {
            letters: &letters,
            pooling,
            k,
            positions: ints(&positions),
            gradient: floats(&gradient),
        };
        tensor(
            sums.of_filters(encoded.scale),
            [k, LETTERS_OF_A_FILTER, pooling.width],
        )
    }
}
