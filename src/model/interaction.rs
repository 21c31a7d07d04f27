//! The interaction matrix: how well what a promoter bin sees fits what an enhancer bin sees.

use burn::module::{Module, Param};
use burn::tensor::Tensor;

/// The bilinear form `P = r_E · W · r_Pᵀ + b`.
#[derive(Module, Debug)]
pub struct Interaction {
    /// `W`: `[k, k]`
    pub weight: Param<Tensor<2>>,
    /// `b`: `[1]`
    pub bias: Param<Tensor<1>>,
}

impl Interaction {
    /// # Shapes
    ///
    /// - seen_enhancer, `r_E`: `[n, l_P, k]`
    /// - seen_promoter, `r_P`: `[n, l_E, k]`
    /// - returns: `[n, l_P, l_E]`
    pub fn forward(&self, seen_enhancer: Tensor<3>, seen_promoter: Tensor<3>) -> Tensor<3> {
        let [n, bins_p, k] = seen_enhancer.dims();
        // [n·l_P, k] · [k, k] → [n, l_P, k]
        let weighted = seen_enhancer
            .reshape([n * bins_p, k])
            .matmul(self.weight.val())
            .reshape([n, bins_p, k]);
        // [n, l_P, k] · [n, k, l_E]
        let products = weighted.matmul(seen_promoter.swap_dims(1, 2));
        products + self.bias.val().reshape([1, 1, 1])
    }
}
