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

/// The order of a pair's inputs, which is that of the weights' rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Bin by bin: `[l, k]`.
    Bins,
    /// Filter by filter: `[k, l]`.
    Filters,
}

/// The matrix product of what all bins of a pair see with weights; no bias.
///
/// # Shapes
///
/// - seen: `[n, l, k]`
/// - weight: `[l·k, outputs]`, its rows in the order
/// - returns: `[n, outputs]`
pub fn wide_linear(seen: Tensor<3>, weight: Tensor<2>, order: Order) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::wide_linear(
        seen.into_dispatch(),
        weight.into_dispatch(),
        order,
    ))
}

/// [`wide_linear`] as a composition of plain tensor operations.
pub fn plain(seen: Tensor<3>, weight: Tensor<2>, order: Order) -> Tensor<2> {
    let seen = match order {
        Order::Bins => seen,
        // [n, l, k] → [n, k, l]
        Order::Filters => seen.swap_dims(1, 2),
    };
    // [n, l·k] · [l·k, outputs]
    seen.flatten::<2>(1, 2).matmul(weight)
}

/// [`wide_linear`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait WideLinear: Backend {
    /// See [`wide_linear`](wide_linear()).
    fn wide_linear(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
    ) -> FloatTensor<Self>;
}

/// What a backend computes for [`WideLinear`].
pub trait WideLinearForm: Backend {
    /// The outputs: `[n, outputs]`.
    fn outputs(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
    ) -> FloatTensor<Self>;

    /// The gradients of what is seen and of the weight from that of the outputs, `[n, outputs]`.
    fn wide_linear_gradients(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2];
}

impl<B: WideLinearForm> WideLinear for B {
    fn wide_linear(seen: FloatTensor<B>, weight: FloatTensor<B>, order: Order) -> FloatTensor<B> {
        B::outputs(seen, weight, order)
    }
}

impl<B: WideLinearForm, C: CheckpointStrategy> WideLinear for Autodiff<B, C> {
    fn wide_linear(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
    ) -> FloatTensor<Self> {
        let (seen, node_x) = seen.into_parts();
        let (weight, node_w) = weight.into_parts();
        let outputs = B::outputs(seen.clone(), weight.clone(), order);
        match WideLinearBackward
            .prepare::<C>([node_x, node_w])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish((seen, weight, order), outputs),
            OpsKind::UnTracked(prep) => prep.finish(outputs),
        }
    }
}

#[derive(Debug)]
struct WideLinearBackward;

impl<B: WideLinearForm> Backward<B, 2> for WideLinearBackward {
    type State = (FloatTensor<B>, FloatTensor<B>, Order);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let (seen, weight, order) = ops.state;
        let gradients = B::wide_linear_gradients(seen, weight, order, gradient);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}
