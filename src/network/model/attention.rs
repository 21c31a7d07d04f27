//! One of the two attentions: projections of both sides and the score.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::Tensor;

use crate::network::kernels::additive_attention::{Over, attend};

/// Additive attention with its own parameters, none of them a bias.
#[derive(Module, Debug)]
pub struct Attention {
    /// `U`: `[k, d]`
    pub enhancer: Linear,
    /// `V`: `[k, d]`
    pub promoter: Linear,
    /// `v`: `[d, 1]`
    pub score: Linear,
}

impl Attention {
    /// The attention, and what the other side sees through it.
    ///
    /// # Shapes
    ///
    /// - enhancer: `[n, l_E, k]`
    /// - promoter: `[n, l_P, k]`
    /// - returns: `[n, l_E, l_P]`; over the enhancer `[n, l_P, k]`, over the promoter `[n, l_E, k]`
    pub fn forward(
        &self,
        enhancer: Tensor<3>,
        promoter: Tensor<3>,
        over: Over,
    ) -> (Tensor<3>, Tensor<3>) {
        let weights = [&self.enhancer, &self.promoter].map(|linear| linear.weight.val());
        attend(enhancer, promoter, weights, self.score.weight.val(), over)
    }
}
