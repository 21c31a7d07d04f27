//! Attention on WGPU: what both attentions do with a side, one kernel or product does for both.
//!
//! Projections stand side by side, that for the attention over the promoter first.

mod forward;
mod line;
mod parameters;
mod projections;
mod scores;
pub mod term;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};

use super::{AttendForm, Attended, Inputs, Scoring};
use crate::element::Sides;
use crate::network::kernels::cube::{dims, reshaped};
use crate::network::kernels::matrix_product::MatrixProduct;
pub use forward::attentions;
use parameters::{Packed, packed, unpacked};
use projections::projection_gradients;
use scores::score_gradients;

/// What the gradient needs.
#[derive(Debug, Clone)]
pub struct Kept {
    scoring: Scoring,
    /// `h_E`, `[n, l_E, k]`, and `h_P`, `[n, l_P, k]`.
    activations: Sides<CubeTensor>,
    parameters: Packed,
    /// `[n, l_E, 2·d]` and `[n, l_P, 2·d]`.
    projected: Sides<CubeTensor>,
    /// `[n, l_E, l_P]` each.
    attention: Sides<CubeTensor>,
}

impl AttendForm for CubeBackend {
    type Kept = Kept;

    fn attended(inputs: Inputs<Self>, scoring: Scoring) -> Attended<Self> {
        let parameters = packed(inputs.over_promoter, inputs.over_enhancer);
        let activations = Sides::new(inputs.enhancer, inputs.promoter);
        // [n, l, k] · [k, 2·d]
        let projected = Sides::new(
            times(&activations.enhancer, parameters.weights.enhancer.clone()),
            times(&activations.promoter, parameters.weights.promoter.clone()),
        );
        let attention = attentions(projected.clone(), parameters.scores.clone(), scoring);
        let Sides { enhancer, promoter } = activations.clone();
        let seen = Sides::new(
            // [n, l_P, l_E] · [n, l_E, k]
            Self::product(Self::float_transpose(attention.enhancer.clone()), enhancer),
            // [n, l_E, l_P] · [n, l_P, k]
            Self::product(attention.promoter.clone(), promoter),
        );
        let kept = Kept {
            scoring,
            activations,
            parameters,
            projected,
            attention: attention.clone(),
        };
        Attended {
            attention,
            seen,
            kept,
        }
    }

    fn attended_gradients(kept: Kept, gradients: Sides<FloatTensor<Self>>) -> Inputs<Self> {
        let transposed = |x: &CubeTensor| Self::float_transpose(x.clone());
        let (activations, attention) = (&kept.activations, &kept.attention);
        let of_attention = Sides::new(
            // [n, l_E, k] · [n, k, l_P]
            Self::product(
                activations.enhancer.clone(),
                transposed(&gradients.enhancer),
            ),
            Self::product(
                gradients.promoter.clone(),
                transposed(&activations.promoter),
            ),
        );
        // What is seen comes from the activations, times the attention.
        let in_seen = Sides::new(
            // [n, l_E, l_P] · [n, l_P, k]
            Self::product(attention.enhancer.clone(), gradients.enhancer),
            // [n, l_P, l_E] · [n, l_E, k]
            Self::product(transposed(&attention.promoter), gradients.promoter),
        );
        let of_scores = score_gradients(kept.attention, of_attention);
        let scores = kept.parameters.scores;
        let (of_projected, of_score) =
            projection_gradients(kept.projected, scores, of_scores, kept.scoring);
        // [n, l, 2·d] · [2·d, k]
        let back = kept.parameters.weights.map(Self::float_transpose);
        let enhancer = times_onto(in_seen.enhancer, &of_projected.enhancer, back.enhancer);
        let promoter = times_onto(in_seen.promoter, &of_projected.promoter, back.promoter);
        let of_weights = kept.activations.zip(of_projected).map(weight_gradients);
        let (over_promoter, over_enhancer) = unpacked(of_weights, of_score);
        Inputs {
            enhancer,
            promoter,
            over_enhancer,
            over_promoter,
        }
    }
}

/// The gradients of both attentions' weights of a side, `[2, k, d]`, from its activations,
/// `[n, l, k]`, and those of its projections, `[n, l, 2·d]`.
fn weight_gradients((activations, gradient): (CubeTensor, CubeTensor)) -> CubeTensor {
    let [n, bins, k] = dims(&activations);
    let [_, _, width] = dims(&gradient);
    let activations = reshaped(activations, [1, n * bins, k]);
    // [n·l, 2, d] → [2, n·l, d], as it lies in memory
    let gradient = reshaped(gradient, [n * bins, 2, width / 2]);
    let gradient = CubeBackend::float_swap_dims(gradient, 0, 1);
    // [1, k, n·l] · [2, n·l, d]
    CubeBackend::product(CubeBackend::float_transpose(activations), gradient)
}

/// `[n, l, c]` → `[n·l, c]`
fn flat(tensor: CubeTensor) -> CubeTensor {
    let [n, bins, columns] = dims(&tensor);
    reshaped(tensor, [n * bins, columns])
}

/// Every bin times a matrix: `[n, l, a] · [a, b]` → `[n, l, b]`.
fn times(tensor: &CubeTensor, matrix: CubeTensor) -> CubeTensor {
    let [n, bins, _] = dims(tensor);
    let [_, columns] = dims(&matrix);
    let product = CubeBackend::product(flat(tensor.clone()), matrix);
    reshaped(product, [n, bins, columns])
}

/// The same, added to `sum`: `[n, l, b]`.
fn times_onto(sum: CubeTensor, tensor: &CubeTensor, matrix: CubeTensor) -> CubeTensor {
    let shape: [usize; 3] = dims(&sum);
    let product = CubeBackend::product_onto(flat(sum), flat(tensor.clone()), matrix);
    reshaped(product, shape)
}
