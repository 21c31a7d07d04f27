//! From base codes to pooled filter activations.
//!
//! A convolution of one-hot columns is a sum of filter taps, one for each base; nothing of the
//! size of the convolution ever exists. Only the position of each bin's maximum, where that is
//! positive, receives any gradient.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::OpsKind;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Dispatch, ExtensionType, backend_extension};
use burn::tensor::{Int, Tensor};

use super::dropout::Dropout;
use super::learnt::{Saved, prepare};
use crate::attention::Pooling;

/// What is encoded, and how.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// `[n, length]`, 0–3 for ACGT, 4 for all else.
    pub codes: IntTensor<B>,
    /// `[k, 4, w]`
    pub filters: FloatTensor<B>,
    /// The bins.
    pub pooling: Pooling,
    /// What is dropped of the activations.
    pub dropout: Dropout,
}

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
    Tensor::from_dispatch(Dispatch::encode(Inputs {
        codes: codes.into_dispatch(),
        filters: filters.into_dispatch(),
        pooling,
        dropout,
    }))
}

/// The activations of [`encode`], none of them dropped, and of each the position in the sequence
/// where what its filter saw begins: the first maximum's, or −1 where the activation is 0.
///
/// # Shapes
///
/// - codes and filters as there
/// - returns: `[n, l, k]` each
pub fn encode_with_positions(
    codes: Tensor<2, Int>,
    filters: Tensor<3>,
    pooling: Pooling,
) -> (Tensor<3>, Tensor<3, Int>) {
    let inputs = Inputs {
        codes: codes.into_dispatch(),
        filters: filters.into_dispatch(),
        pooling,
        dropout: Dropout::NONE,
    };
    let (activations, positions) = Dispatch::encode_with_positions(inputs);
    (
        Tensor::from_dispatch(activations),
        Tensor::from_dispatch(positions),
    )
}

/// [`encode`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait SequenceEncoder: Backend {
    /// See [`encode`](encode()).
    fn encode(#[extension_type] inputs: Inputs<Self>) -> FloatTensor<Self>;
}

/// [`encode_with_positions`](encode_with_positions()) as an extension of burn's backends. Nothing is
/// learnt through it.
#[backend_extension(Cube, Flex)]
pub trait LocatingEncoder: Backend {
    /// See [`encode_with_positions`](encode_with_positions()).
    fn encode_with_positions(
        #[extension_type] inputs: Inputs<Self>,
    ) -> (FloatTensor<Self>, IntTensor<Self>);
}

/// What the gradient of the filters is made from.
#[derive(Debug, Clone)]
pub struct Encoded<B: Backend> {
    /// `[n, length]`
    pub codes: IntTensor<B>,
    /// See [`activations_and_positions`](SequenceEncoderForm::activations_and_positions).
    pub positions: IntTensor<B>,
    /// The bins.
    pub pooling: Pooling,
    /// What dropout multiplied the activations by.
    pub scale: f32,
}

/// What a backend computes for [`SequenceEncoder`].
pub trait SequenceEncoderForm: Backend {
    /// The activations: `[n, l, k]`.
    fn activations(inputs: Inputs<Self>) -> FloatTensor<Self>;

    /// The activations, and of each the position in the sequence that gradient flows to: the first
    /// maximum, or −1 where the activation is 0. Both `[n, l, k]`.
    fn activations_and_positions(inputs: Inputs<Self>) -> (FloatTensor<Self>, IntTensor<Self>);

    /// The gradient of the filters, `[k, 4, w]`, from that of the activations, `[n, l, k]`.
    fn filter_gradient(encoded: Encoded<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl<B: SequenceEncoderForm> SequenceEncoder for B {
    fn encode(inputs: Inputs<B>) -> FloatTensor<B> {
        B::activations(inputs)
    }
}

impl<B: SequenceEncoderForm> LocatingEncoder for B {
    fn encode_with_positions(inputs: Inputs<B>) -> (FloatTensor<B>, IntTensor<B>) {
        B::activations_and_positions(inputs)
    }
}

impl<B: SequenceEncoderForm, C: CheckpointStrategy> SequenceEncoder for Autodiff<B, C> {
    fn encode(inputs: Inputs<Self>) -> FloatTensor<Self> {
        let Inputs {
            codes,
            filters,
            pooling,
            dropout,
        } = inputs;
        let (filters, node) = filters.into_parts();
        let inputs = Inputs {
            codes: codes.clone(),
            filters,
            pooling,
            dropout,
        };
        match prepare::<B, C, Encoded<B>, 1>([node]) {
            OpsKind::Tracked(prep) => {
                let (activations, positions) = B::activations_and_positions(inputs);
                let encoded = Encoded {
                    codes,
                    positions,
                    pooling,
                    scale: dropout.scale,
                };
                prep.finish(encoded, activations)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::activations(inputs)),
        }
    }
}

impl<B: SequenceEncoderForm> Saved<B, 1> for Encoded<B> {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 1] {
        [B::filter_gradient(self, gradient)]
    }
}
