//! The scores `vᵀ (e_i ⊙ p_j)` and their gradient: matrix products.

use burn::backend::ops::FloatTensorOps;
use burn_wgpu::{CubeBackend, CubeTensor};

use crate::network::kernels::cube::{column_sums, dims, own, reshaped, rows};
use crate::network::kernels::matrix_product::MatrixProduct;

/// The scores, `[n, l_E, l_P]`, in memory of their own, from projections `[n, l_E, d]` and
/// `[n, l_P, d]` and the score `[d, 1]`.
pub fn scores(enhancer: CubeTensor, promoter: CubeTensor, score: CubeTensor) -> CubeTensor {
    let weighted = CubeBackend::float_mul(enhancer, row(score));
    // [n, l_E, d] · [n, d, l_P]
    let promoter = CubeBackend::float_transpose(promoter);
    own(CubeBackend::product(weighted, promoter))
}

/// The gradients of both projections and of the score from those of the scores, `[n, l_E, l_P]`.
pub fn gradients(
    [enhancer, promoter]: [CubeTensor; 2],
    score: CubeTensor,
    scores: CubeTensor,
) -> [CubeTensor; 3] {
    let [n, bins_e, d] = dims(&enhancer);
    let score = row(score);
    // [n, l_E, l_P] · [n, l_P, d] and [n, l_P, l_E] · [n, l_E, d]
    let by_enhancer = CubeBackend::product(scores.clone(), promoter);
    let columns = CubeBackend::float_transpose(scores);
    let by_promoter = CubeBackend::product(columns, enhancer.clone());
    // [n, l_E, d] → [d]
    let parts = rows(CubeBackend::float_mul(enhancer, by_enhancer.clone()));
    let gradient_v = column_sums(parts, n * bins_e, d, 1.0);
    [
        CubeBackend::float_mul(by_enhancer, score.clone()),
        CubeBackend::float_mul(by_promoter, score),
        reshaped(gradient_v, [d, 1]),
    ]
}

/// `[d, 1]` → `[1, 1, d]`
fn row(score: CubeTensor) -> CubeTensor {
    let [d, _] = dims(&score);
    reshaped(score, [1, 1, d])
}
