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
use burn::tensor::activation::relu;
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

/// [`encode`] as a composition of plain tensor operations.
///
/// The one-hot columns of every position are laid side by side, so that the convolution is one
/// matrix product; a letter that is not A, C, G or T is a column of zeros, and so is a position
/// that pads a bin. The product there is 0, which the rectifier would make of the maximum anyway:
/// `max` and `relu` may be exchanged, and the smaller tensor is rectified.
pub fn plain(
    codes: Tensor<2, Int>,
    filters: Tensor<3>,
    pooling: Pooling,
    dropout: Dropout,
) -> Tensor<3> {
    let [n, _] = codes.dims();
    let [k, letters, w] = filters.dims();
    let (c, l, m) = (pooling.positions(), pooling.bins(), pooling.pool);

    // [n, length, 4]; code 4 equals none of the four letters.
    let alphabet = Tensor::<1, Int>::arange(0..letters as i64, &codes.device());
    let one_hot = codes
        .unsqueeze_dim::<3>(2)
        .equal(alphabet.reshape([1, 1, letters]))
        .float();
    // [n, c, w·4]: for each position the w columns that a filter sees there.
    let taps = (0..w)
        .map(|tap| one_hot.clone().slice([0..n, tap..tap + c]))
        .collect();
    let columns = Tensor::cat(taps, 2);
    // [n, l·m, w·4]
    let left = pooling.left();
    let padded = pad_positions(columns, left, l * m - c - left);
    // [w·4, k]
    let table = filters.permute([2, 1, 0]).reshape([w * letters, k]);
    // [n·l·m, w·4] · [w·4, k] → [n, l, m, k] → [n, l, 1, k]
    let positions = padded.reshape([n * l * m, w * letters]).matmul(table);
    let maxima = positions.reshape([n, l, m, k]).max_dim(2);
    dropout.apply(relu(maxima.reshape([n, l, k])))
}

/// Zeros before and after the positions: `[n, c, d]` → `[n, before + c + after, d]`.
fn pad_positions(x: Tensor<3>, before: usize, after: usize) -> Tensor<3> {
    let [n, _, d] = x.dims();
    let device = x.device();
    let zeros = |count: usize| Tensor::<3>::zeros([n, count, d], &device);
    Tensor::cat(vec![zeros(before), x, zeros(after)], 1)
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
