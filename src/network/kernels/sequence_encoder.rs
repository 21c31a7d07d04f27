//! From base codes to pooled filter activations.
//!
//! A convolution of one-hot columns is a sum of filter taps, one for each base; nothing of the
//! size of the convolution ever exists. Only the position of each bin's maximum, where that is
//! positive, receives any gradient.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::{Int, Tensor};

use super::dropout::Dropout;
use crate::attention::Pooling;

/// Convolves, rectifies, pools, and drops activations: `dropout(max over a bin of
/// relu(Σ filter · one-hot))`.
///
/// # Shapes
///
/// - codes: `[n, length]`, 0–3 for ACGT, 4 for all else
/// - filters: `[k, 4, w]`
/// - returns: `[n, l, k]`
pub fn encode(
    codes: Tensor<2, Int>,
    filters: Tensor<3>,
    pooling: Pooling,
    dropout: Dropout,
) -> Tensor<3> {
    Tensor::from_dispatch(Dispatch::encode(
        codes.into_dispatch(),
        filters.into_dispatch(),
        pooling,
        dropout,
    ))
}

/// [`encode`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait SequenceEncoder: Backend {
    /// See [`encode`](encode()).
    fn encode(
        codes: IntTensor<Self>,
        filters: FloatTensor<Self>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> FloatTensor<Self>;
}

/// What a backend computes for [`SequenceEncoder`].
pub trait SequenceEncoderForm: Backend {
    /// The activations: `[n, l, k]`.
    fn activations(
        codes: IntTensor<Self>,
        filters: FloatTensor<Self>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> FloatTensor<Self>;

    /// The activations, and of each the position in the sequence that gradient flows to: the first
    /// maximum, or −1 where the activation is 0. Both `[n, l, k]`.
    fn activations_and_positions(
        codes: IntTensor<Self>,
        filters: FloatTensor<Self>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> (FloatTensor<Self>, IntTensor<Self>);

    /// The gradient of the filters, `[k, 4, w]`, from that of the activations, `[n, l, k]`, which
    /// dropout multiplied by `scale`.
    fn filter_gradient(
        codes: IntTensor<Self>,
        positions: IntTensor<Self>,
        gradient: FloatTensor<Self>,
        pooling: Pooling,
        scale: f32,
    ) -> FloatTensor<Self>;
}

impl<B: SequenceEncoderForm> SequenceEncoder for B {
    fn encode(
        codes: IntTensor<B>,
        filters: FloatTensor<B>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> FloatTensor<B> {
        B::activations(codes, filters, pooling, dropout)
    }
}

impl<B: SequenceEncoderForm, C: CheckpointStrategy> SequenceEncoder for Autodiff<B, C> {
    fn encode(
        codes: IntTensor<B>,
        filters: FloatTensor<Self>,
        pooling: Pooling,
        dropout: Dropout,
    ) -> FloatTensor<Self> {
        let (filters, node) = filters.into_parts();
        match EncodeBackward
            .prepare::<C>([node])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => {
                let (activations, positions) =
                    B::activations_and_positions(codes.clone(), filters, pooling, dropout);
                prep.finish((codes, positions, pooling, dropout.scale), activations)
            }
            OpsKind::UnTracked(prep) => {
                prep.finish(B::activations(codes, filters, pooling, dropout))
            }
        }
    }
}

#[derive(Debug)]
struct EncodeBackward;

impl<B: SequenceEncoderForm> Backward<B, 1> for EncodeBackward {
    /// Codes, positions of the maxima, pooling, and the factor of what was not dropped.
    type State = (IntTensor<B>, IntTensor<B>, Pooling, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (codes, positions, pooling, scale) = ops.state;
        if let [Some(filters)] = ops.parents {
            let gradient = B::filter_gradient(codes, positions, gradient, pooling, scale);
            grads.register::<B>(filters.id, gradient);
        }
    }
}
