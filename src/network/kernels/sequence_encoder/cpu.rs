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

use super::SequenceEncoderForm;
use crate::attention::Pooling;
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::flex::{dims, floats, ints, rows, tensor};
use gradient::Sums;
use maxima::pooled;
use tables::{LETTERS_OF_A_FILTER, triplets};

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
        let sums = Sums {
            letters: &letters,
            pooling,
            k,
            positions: ints(&positions),
            gradient: floats(&gradient),
        };
        tensor(
            sums.of_filters(scale),
            [k, LETTERS_OF_A_FILTER, pooling.width],
        )
    }
}
