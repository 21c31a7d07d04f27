//! The interaction matrix: how well what a promoter bin sees fits what an enhancer bin sees.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

use crate::network::kernels::strongest::{interaction, strongest};

/// The bilinear form `P = r_E · W · r_Pᵀ + b`.
#[derive(Module, Debug)]
pub struct Interaction {
    /// `W`: `[k, k]`
    pub weight: Param<Tensor<2>>,
    /// `b`: `[1]`
    pub bias: Param<Tensor<1>>,
}

impl Interaction {
    /// The `count` largest values, in descending order.
    ///
    /// # Shapes
    ///
    /// - seen_enhancer, `r_E`: `[n, l_P, k]`
    /// - seen_promoter, `r_P`: `[n, l_E, k]`
    /// - returns: `[n, count]`
    pub fn strongest(
        &self,
        seen_enhancer: Tensor<3>,
        seen_promoter: Tensor<3>,
        count: usize,
    ) -> Tensor<2> {
        let (weight, bias) = (self.weight.val(), self.bias.val());
        strongest(seen_enhancer, seen_promoter, weight, bias, count)
    }

    /// The whole matrix: `[n, l_P, l_E]`.
    pub fn matrix(&self, seen_enhancer: Tensor<3>, seen_promoter: Tensor<3>) -> Tensor<3> {
        let (weight, bias) = (self.weight.val(), self.bias.val());
        interaction(seen_enhancer, seen_promoter, weight, bias)
    }
}
