//! From the largest interactions to the log-odds of a pair.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

use crate::network::kernels::dropout::Dropout;

/// Linear → ReLU → dropout → linear.
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
        let hidden = relu(self.hidden.forward(largest));
        self.output.forward(dropout.apply(hidden))
    }
}
