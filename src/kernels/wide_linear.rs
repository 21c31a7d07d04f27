//! A linear layer with far more inputs than outputs: the first of those that find the coordinates
//! (design section 2, point 5). Its weights are most of the network.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// The matrix product of inputs and weights; no bias.
///
/// # Shapes
///
/// - inputs: `[n, inputs]`
/// - weight: `[inputs, outputs]`
/// - returns: `[n, outputs]`
pub fn wide_linear(inputs: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::wide_linear(
        inputs.into_dispatch(),
        weight.into_dispatch(),
    ))
}

/// [`wide_linear`] as a plain tensor operation.
pub fn plain(inputs: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    inputs.matmul(weight)
}

/// [`wide_linear`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait WideLinear: Backend {
    /// See [`wide_linear`](wide_linear()).
    fn wide_linear(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// What a backend computes for [`WideLinear`].
pub trait WideLinearForm: Backend {
    /// The outputs: `[n, outputs]`.
    fn outputs(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradients of inputs and weight from that of the outputs, `[n, outputs]`.
    fn wide_linear_gradients(
        inputs: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2];
}

impl<B: WideLinearForm> WideLinear for B {
    fn wide_linear(inputs: FloatTensor<B>, weight: FloatTensor<B>) -> FloatTensor<B> {
        B::outputs(inputs, weight)
    }
}

impl<B: WideLinearForm, C: CheckpointStrategy> WideLinear for Autodiff<B, C> {
    fn wide_linear(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let (inputs, node_x) = inputs.into_parts();
        let (weight, node_w) = weight.into_parts();
        let outputs = B::outputs(inputs.clone(), weight.clone());
        match WideLinearBackward
            .prepare::<C>([node_x, node_w])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish((inputs, weight), outputs),
            OpsKind::UnTracked(prep) => prep.finish(outputs),
        }
    }
}

#[derive(Debug)]
struct WideLinearBackward;

impl<B: WideLinearForm> Backward<B, 2> for WideLinearBackward {
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (inputs, weight) = ops.state;
        let gradients = B::wide_linear_gradients(inputs, weight, gradient);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}
