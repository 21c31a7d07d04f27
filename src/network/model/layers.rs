//! The parts of the network that have weights of their own.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::Tensor;

use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::perceptron::{Layers, perceptron};

/// The filters, the same ones for both windows.
#[derive(Module, Debug)]
pub struct Filters {
    /// `[k, 4, w]`
    pub weight: Param<Tensor<3>>,
}

/// An attention's own parameters, none of them a bias.
#[derive(Module, Debug)]
pub struct Attention {
    /// `U`: `[k, d]`
    pub enhancer: Linear,
    /// `V`: `[k, d]`
    pub promoter: Linear,
    /// `v`, where it is learnt: `[d, 1]`
    pub score: Option<Linear>,
}

impl Attention {
    /// `v`: `[d, 1]`; where it is not learnt, 1/√d, which makes a scaled dot product of the
    /// multiplicative form (Vaswani et al. 2017, arXiv:1706.03762, equation 1).
    pub fn score(&self) -> Tensor<2> {
        if let Some(score) = &self.score {
            return score.weight.val();
        }
        let projection = self.enhancer.weight.val();
        let [_, d] = projection.dims();
        Tensor::full([d, 1], (d as f64).sqrt().recip(), &projection.device())
    }
}

/// How well what a promoter bin sees fits what an enhancer bin sees: the bilinear form
/// `P = r_E · W · r_Pᵀ + b`.
#[derive(Module, Debug)]
pub struct Interaction {
    /// `W`: `[k, k]`
    pub weight: Param<Tensor<2>>,
    /// `b`: `[1]`
    pub bias: Param<Tensor<1>>,
}

/// From the largest interactions to the log-odds of a pair: linear → ReLU → dropout → linear.
#[derive(Module, Debug)]
pub struct Classifier {
    /// `[K, hidden]`
    pub hidden: Linear,
    /// `[hidden, 1]`
    pub output: Linear,
}

impl Classifier {
    /// # Shapes
    ///
    /// - largest: `[n, K]`
    /// - returns: `[n, 1]`
    pub fn forward(&self, largest: Tensor<2>, dropout: Dropout) -> Tensor<2> {
        // [n, K] → [n, hidden] → [n, 1]
        perceptron(largest, small(&self.hidden, &self.output), dropout)
    }
}

/// The parameters of two layers.
pub fn small(hidden: &Linear, output: &Linear) -> Layers {
    Layers {
        hidden: (hidden.weight.val(), bias(hidden)),
        output: (output.weight.val(), bias(output)),
    }
}

/// The bias of a layer; zeros where it has none.
pub fn bias(layer: &Linear) -> Tensor<1> {
    match &layer.bias {
        Some(bias) => bias.val(),
        None => {
            let [_, outputs] = layer.weight.dims();
            Tensor::zeros([outputs], &layer.weight.device())
        }
    }
}
