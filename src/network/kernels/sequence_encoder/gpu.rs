//! The encoder on WGPU.
//!
//! As on the CPU, several taps at a time are looked up together, in tables of which shared memory
//! holds those of a block of filters (`tables.rs`). Where a device has too little of it for the
//! filters' width, or for a bin, every position is summed tap by tap (`taps.rs`).

mod fill;
mod gradient;
mod layout;
mod maxima;
mod share;
mod sizes;
mod tables;
mod taps;
mod words;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_wgpu::{CubeBackend, CubeTensor};

use super::{Encoded, Inputs, SequenceEncoderForm};
use crate::network::kernels::cube::{dims, floats, ints, rows};
use layout::Layout;
use maxima::Buffers;

impl SequenceEncoderForm for CubeBackend {
    fn activations(inputs: Inputs<Self>) -> FloatTensor<Self> {
        maxima(inputs, None)
    }

    fn activations_and_positions(inputs: Inputs<Self>) -> (FloatTensor<Self>, IntTensor<Self>) {
        let positions = ints(&inputs.filters, shape(&inputs));
        (maxima(inputs, Some(positions.clone())), positions)
    }

    fn filter_gradient(encoded: Encoded<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        gradient::filter_gradient(encoded, gradient)
    }
}

/// That of the activations: `[n, l, k]`.
fn shape(inputs: &Inputs<CubeBackend>) -> [usize; 3] {
    let [n, _] = dims(&inputs.codes);
    let [k, _, _] = dims(&inputs.filters);
    [n, inputs.pooling.bins(), k]
}

/// The activations; their positions are written to where they are wanted. Both `[n, l, k]`.
fn maxima(inputs: Inputs<CubeBackend>, positions: Option<CubeTensor>) -> CubeTensor {
    let [n, _, k] = shape(&inputs);
    let activations = floats(&inputs.filters, shape(&inputs));
    let buffers = Buffers {
        codes: rows(inputs.codes),
        filters: rows(inputs.filters),
        activations: activations.clone(),
        positions,
    };
    let shared = activations
        .client
        .properties()
        .hardware
        .max_shared_memory_size;
    match Layout::new(inputs.pooling, shared) {
        Some(layout) => tables::launch(buffers, [n, k], inputs.pooling, inputs.dropout, layout),
        None => taps::launch(buffers, [n, k], inputs.pooling, inputs.dropout),
    }
    activations
}
