//! A linear layer with far more inputs than outputs: the first of those that find the coordinates
//! (`docs/methods.md`, "The network", step 5). Its weights are most of the network.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::learnt::{Saved, learnt};

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

/// What a layer computes with.
#[derive(Debug, Clone)]
pub struct Layer<B: Backend> {
    /// `[n, l·k]`, in the order in which the backend multiplies them.
    pub inputs: FloatTensor<B>,
    /// `[l·k, outputs]`, its rows in the layer's order.
    pub weight: FloatTensor<B>,
    /// `[l, k]`
    pub bins: [usize; 2],
    /// Of the inputs.
    pub order: Order,
}

/// What a backend computes for [`WideLinear`].
pub trait WideLinearForm: Backend {
    /// The inputs as they are multiplied: `[n, l, k]` → `[n, l·k]`.
    fn arranged(seen: FloatTensor<Self>, order: Order) -> FloatTensor<Self>;

    /// The outputs: `[n, outputs]`.
    fn outputs(layer: &Layer<Self>) -> FloatTensor<Self>;

    /// The gradients of what is seen, `[n, l, k]`, and of the weight from that of the outputs,
    /// `[n, outputs]`.
    fn wide_linear_gradients(
        layer: Layer<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2];
}

impl<B: WideLinearForm> Layer<B> {
    fn new(seen: FloatTensor<B>, weight: FloatTensor<B>, order: Order) -> Self {
        let [_, l, k] = seen.shape().dims();
        let [height, _] = weight.shape().dims();
        assert_eq!(l * k, height);
        Self {
            inputs: B::arranged(seen, order),
            weight,
            bins: [l, k],
            order,
        }
    }
}

impl<B: WideLinearForm> WideLinear for B {
    fn wide_linear(seen: FloatTensor<B>, weight: FloatTensor<B>, order: Order) -> FloatTensor<B> {
        B::outputs(&Layer::<B>::new(seen, weight, order))
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
        let layer = Layer::<B>::new(seen, weight, order);
        let outputs = B::outputs(&layer);
        learnt::<B, C, _, 2>([node_x, node_w], layer, outputs)
    }
}

impl<B: WideLinearForm> Saved<B, 2> for Layer<B> {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 2] {
        B::wide_linear_gradients(self, gradient)
    }
}
