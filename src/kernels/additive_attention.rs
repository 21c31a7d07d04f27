//! Additive attention between two sequences of bins.

use burn::tensor::Tensor;
use burn::tensor::activation::softmax;

/// Which side's bins compete with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The softmax runs over the enhancer's bins: `Σ_i attention[i, j] = 1` for every `j`.
    Enhancer,
    /// The softmax runs over the promoter's bins: `Σ_j attention[i, j] = 1` for every `i`.
    Promoter,
}

/// `softmax(vᵀ tanh(e_i + p_j))` over one side (design section 2, point 3).
///
/// # Shapes
///
/// - enhancer: `[n, l_E, d]`, already projected
/// - promoter: `[n, l_P, d]`, already projected
/// - score: `[d, 1]`
/// - returns: `[n, l_E, l_P]`
pub fn attend(enhancer: Tensor<3>, promoter: Tensor<3>, score: Tensor<2>, over: Over) -> Tensor<3> {
    let [n, bins_e, d] = enhancer.dims();
    let [_, bins_p, _] = promoter.dims();
    // [n, l_E, 1, d] + [n, 1, l_P, d] → [n, l_E, l_P, d]
    let sum = enhancer.unsqueeze_dim::<4>(2) + promoter.unsqueeze_dim::<4>(1);
    // [n·l_E·l_P, d] · [d, 1] → [n, l_E, l_P]
    let scores = sum
        .tanh()
        .reshape([n * bins_e * bins_p, d])
        .matmul(score)
        .reshape([n, bins_e, bins_p]);
    match over {
        Over::Enhancer => softmax(scores, 1),
        Over::Promoter => softmax(scores, 2),
    }
}
