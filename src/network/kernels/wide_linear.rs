//! A linear layer with far more inputs than outputs: the first of those that find the coordinates
//! (`docs/methods.md`, "The network", step 5). Its weights are most of the network.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};

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

/// What a backend computes for [`WideLinear`].
pub trait WideLinearForm: Backend {
    /// Each of many matrices with rows and columns exchanged: `[n, a, b]` → `[n, b, a]`.
    fn exchanged(matrices: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The outputs: `[n, l·k] · [l·k, outputs]`.
    fn outputs(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradients of the inputs and of the weight from that of the outputs, `[n, outputs]`.
    fn wide_linear_gradients(
        inputs: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2];
}

/// The inputs, in the order: `[n, l, k]` → `[n, l·k]`.
fn inputs<B: WideLinearForm>(seen: FloatTensor<B>, order: Order) -> FloatTensor<B> {
    let [n, l, k] = seen.shape().dims();
    let seen = match order {
        Order::Bins => seen,
        Order::Filters => B::exchanged(seen),
    };
    B::float_reshape(seen, Shape::new([n, l * k]))
}

impl<B: WideLinearForm> WideLinear for B {
    fn wide_linear(seen: FloatTensor<B>, weight: FloatTensor<B>, order: Order) -> FloatTensor<B> {
        B::outputs(inputs::<B>(seen, order), weight)
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
        let [_, l, k] = seen.shape().dims();
        let inputs = inputs::<B>(seen, order);
        let outputs = B::outputs(inputs.clone(), weight.clone());
        let saved = Inputs {
            inputs,
            weight,
            bins: [l, k],
            order,
        };
        learnt::<B, C, _, 2>([node_x, node_w], saved, outputs)
    }
}

/// What the layer was given.
#[derive(Debug, Clone)]
struct Inputs<B: Backend> {
    /// In the order: `[n, l·k]`.
    inputs: FloatTensor<B>,
    weight: FloatTensor<B>,
    /// `[l, k]`
    bins: [usize; 2],
    order: Order,
}

impl<B: WideLinearForm> Saved<B, 2> for Inputs<B> {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 2] {
        let [n, _] = gradient.shape().dims();
        let [l, k] = self.bins;
        let [of_inputs, of_weight] = B::wide_linear_gradients(self.inputs, self.weight, gradient);
        let of_seen = match self.order {
            Order::Bins => B::float_reshape(of_inputs, Shape::new([n, l, k])),
            // [n, k, l] → [n, l, k]
            Order::Filters => B::exchanged(B::float_reshape(of_inputs, Shape::new([n, k, l]))),
        };
        [of_seen, of_weight]
    }
}
