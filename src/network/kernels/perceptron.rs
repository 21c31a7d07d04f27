//! The small layers behind the large ones: linear → ReLU → dropout → linear. Layer by layer they
//! would be a dozen operations each way, of a few values each.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, ExtensionType, backend_extension};
use burn::tensor::Tensor;

use super::dropout::Dropout;
use super::learnt::{Saved, learnt};

/// What goes into the layers, and their parameters.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// `[n, inputs]`
    pub x: FloatTensor<B>,
    /// `[inputs, hidden]`
    pub hidden_weight: FloatTensor<B>,
    /// `[hidden]`
    pub hidden_bias: FloatTensor<B>,
    /// `[hidden, outputs]`
    pub output_weight: FloatTensor<B>,
    /// `[outputs]`
    pub output_bias: FloatTensor<B>,
}

/// The weights and the biases of two linear layers.
#[derive(Debug, Clone)]
pub struct Layers {
    /// `[inputs, hidden]` and `[hidden]`
    pub hidden: (Tensor<2>, Tensor<1>),
    /// `[hidden, outputs]` and `[outputs]`
    pub output: (Tensor<2>, Tensor<1>),
}

impl Layers {
    fn after(self, x: Tensor<2>) -> Inputs<Dispatch> {
        Inputs {
            x: x.into_dispatch(),
            hidden_weight: self.hidden.0.into_dispatch(),
            hidden_bias: self.hidden.1.into_dispatch(),
            output_weight: self.output.0.into_dispatch(),
            output_bias: self.output.1.into_dispatch(),
        }
    }
}

/// `dropout(relu(x · W₁ + b₁)) · W₂ + b₂`
///
/// # Shapes
///
/// - x: `[n, inputs]`
/// - returns: `[n, outputs]`
pub fn perceptron(x: Tensor<2>, layers: Layers, dropout: Dropout) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::perceptron(layers.after(x), dropout))
}

/// [`perceptron`] of `relu(x + b)`: behind a layer that was only a matrix product.
///
/// # Shapes
///
/// - x: `[n, inputs]`
/// - bias: `[inputs]`
/// - returns: `[n, outputs]`
pub fn rectified_perceptron(
    x: Tensor<2>,
    bias: Tensor<1>,
    layers: Layers,
    dropout: Dropout,
) -> Tensor<2> {
    let (inputs, bias) = (layers.after(x), bias.into_dispatch());
    Tensor::from_dispatch(Dispatch::rectified_perceptron(inputs, bias, dropout))
}

/// [`perceptron`](perceptron()) as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait Perceptron: Backend {
    /// See [`perceptron`](perceptron()).
    fn perceptron(#[extension_type] inputs: Inputs<Self>, dropout: Dropout) -> FloatTensor<Self>;

    /// See [`rectified_perceptron`].
    fn rectified_perceptron(
        #[extension_type] inputs: Inputs<Self>,
        bias: FloatTensor<Self>,
        dropout: Dropout,
    ) -> FloatTensor<Self>;
}

/// What is needed again for the gradient.
#[derive(Debug, Clone)]
pub struct Kept<B: Backend> {
    /// What went into the first layer: `x`, or `relu(x + b)`; and the parameters.
    pub inputs: Inputs<B>,
    /// Whether it was rectified.
    pub rectified: bool,
    /// `dropout(relu(…))`: `[n, hidden]`.
    pub hidden: FloatTensor<B>,
    /// What dropout multiplied the rest by.
    pub scale: f32,
}

/// What a backend computes for [`Perceptron`].
pub trait PerceptronForm: Backend {
    /// What is kept, and the outputs, `[n, outputs]`; with a bias, `[inputs]`, of `relu(x + b)`.
    fn layered(
        inputs: Inputs<Self>,
        bias: Option<FloatTensor<Self>>,
        dropout: Dropout,
    ) -> (Kept<Self>, FloatTensor<Self>);

    /// The gradients of the inputs, in their order, and of the bias from that of the outputs; what is
    /// found for a bias that there is not is of no use.
    fn layered_gradients(kept: Kept<Self>, gradient: FloatTensor<Self>) -> [FloatTensor<Self>; 6];
}

impl<B: PerceptronForm> Saved<B, 5> for Kept<B> {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 5] {
        let [x, hidden_weight, hidden_bias, output_weight, output_bias, _] =
            B::layered_gradients(self, gradient);
        [x, hidden_weight, hidden_bias, output_weight, output_bias]
    }
}

impl<B: PerceptronForm> Saved<B, 6> for Kept<B> {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 6] {
        B::layered_gradients(self, gradient)
    }
}

impl<B: PerceptronForm> Perceptron for B {
    fn perceptron(inputs: Inputs<B>, dropout: Dropout) -> FloatTensor<B> {
        B::layered(inputs, None, dropout).1
    }

    fn rectified_perceptron(
        inputs: Inputs<B>,
        bias: FloatTensor<B>,
        dropout: Dropout,
    ) -> FloatTensor<B> {
        B::layered(inputs, Some(bias), dropout).1
    }
}

/// The inputs without their nodes in the graph, and these.
macro_rules! apart {
    ($inputs:expr) => {{
        let (x, node_x) = $inputs.x.into_parts();
        let (hidden_weight, node_w) = $inputs.hidden_weight.into_parts();
        let (hidden_bias, node_b) = $inputs.hidden_bias.into_parts();
        let (output_weight, node_v) = $inputs.output_weight.into_parts();
        let (output_bias, node_c) = $inputs.output_bias.into_parts();
        let inputs = Inputs::<B> {
            x,
            hidden_weight,
            hidden_bias,
            output_weight,
            output_bias,
        };
        (inputs, [node_x, node_w, node_b, node_v, node_c])
    }};
}

impl<B: PerceptronForm, C: CheckpointStrategy> Perceptron for Autodiff<B, C> {
    fn perceptron(inputs: Inputs<Self>, dropout: Dropout) -> FloatTensor<Self> {
        let (inputs, nodes) = apart!(inputs);
        let (kept, outputs) = B::layered(inputs, None, dropout);
        learnt::<B, C, _, 5>(nodes, kept, outputs)
    }

    fn rectified_perceptron(
        inputs: Inputs<Self>,
        bias: FloatTensor<Self>,
        dropout: Dropout,
    ) -> FloatTensor<Self> {
        let (inputs, [x, w, b, v, c]) = apart!(inputs);
        let (bias, node) = bias.into_parts();
        let (kept, outputs) = B::layered(inputs, Some(bias), dropout);
        learnt::<B, C, _, 6>([x, w, b, v, c, node], kept, outputs)
    }
}
