//! The scores `vᵀ tanh(e_i + p_j)` and their gradient.

use burn::backend::ops::FloatTensorOps;
use burn_wgpu::{CubeBackend, CubeTensor};

use super::kernels::{SizesLaunch, add_scores, enhancer_gradients, promoter_gradients};
use crate::network::kernels::cube::{column_sums, dims, elementwise, floats, reshaped, rows};

/// The scores, `[n, l_E, l_P]`, less what they have in common, from projections `[n, l_E, d]` and
/// `[n, l_P, d]` and the score `[d, 1]`.
pub fn scores(enhancer: CubeTensor, promoter: CubeTensor, score: CubeTensor) -> CubeTensor {
    let [n, bins_e, d] = dims(&enhancer);
    let [_, bins_p, _] = dims(&promoter);
    let (enhancer, score) = (rows(enhancer), rows(score));
    // [n, d, l_P]: neighbouring units read neighbouring values.
    let promoter = rows(CubeBackend::float_swap_dims(promoter, 1, 2));
    let scores = floats(&enhancer, [n, bins_e, bins_p]);
    let count = n * bins_e * bins_p;
    let (cubes, units) = elementwise(&scores, count);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        add_scores::launch_unchecked(
            &scores.client,
            cubes,
            units,
            enhancer.into_buffer_arg(),
            promoter.into_buffer_arg(),
            score.into_buffer_arg(),
            scores.clone().into_buffer_arg(),
            count,
            SizesLaunch::new(bins_e, bins_p, d),
        );
    }
    scores
}

/// The gradients of both projections and of the score from those of the scores, `[n, l_E, l_P]`.
pub fn gradients(
    [enhancer, promoter]: [CubeTensor; 2],
    score: CubeTensor,
    scores: CubeTensor,
) -> [CubeTensor; 3] {
    let [n, bins_e, d] = dims(&enhancer);
    let [_, bins_p, _] = dims(&promoter);
    let (enhancer, promoter, score) = (rows(enhancer), rows(promoter), rows(score));
    let client = enhancer.client.clone();

    let gradient_e = floats(&enhancer, [n, bins_e, d]);
    // Each enhancer bin's own part.
    let parts = floats(&enhancer, [n, bins_e, d]);
    let count = n * bins_e * d;
    let (cubes, units) = elementwise(&gradient_e, count);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        enhancer_gradients::launch_unchecked(
            &client,
            cubes,
            units,
            enhancer.clone().into_buffer_arg(),
            promoter.clone().into_buffer_arg(),
            score.clone().into_buffer_arg(),
            scores.clone().into_buffer_arg(),
            gradient_e.clone().into_buffer_arg(),
            parts.clone().into_buffer_arg(),
            count,
            SizesLaunch::new(bins_e, bins_p, d),
        );
    }

    let gradient_p = floats(&enhancer, [n, bins_p, d]);
    let count = n * bins_p * d;
    let (cubes, units) = elementwise(&gradient_p, count);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        promoter_gradients::launch_unchecked(
            &client,
            cubes,
            units,
            enhancer.into_buffer_arg(),
            promoter.into_buffer_arg(),
            score.into_buffer_arg(),
            scores.into_buffer_arg(),
            gradient_p.clone().into_buffer_arg(),
            count,
            SizesLaunch::new(bins_e, bins_p, d),
        );
    }

    // As the gradients of the scores of a softmax sum to 0, so do the ones of tanh.
    let gradient_v = reshaped(column_sums(parts, n * bins_e, d, -2.0), [d, 1]);
    [gradient_e, gradient_p, gradient_v]
}
