//! Attention on WGPU.

mod additive;
mod kernels;
mod multiplicative;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};

use super::{AttendForm, Attended, Inputs, Over, Scoring};
use crate::network::kernels::cube::{dims, elementwise, floats, reshaped, rows};
use crate::network::kernels::matrix_product::MatrixProduct;
use kernels::{lines, score_gradients, softmax};

impl AttendForm for CubeBackend {
    fn attended(
        inputs: &Inputs<Self>,
        scoring: Scoring,
        over: Over,
    ) -> (Attended<Self>, FloatTensor<Self>) {
        let Inputs {
            enhancer, promoter, ..
        } = inputs;
        let projected_enhancer = times(enhancer, inputs.enhancer_weight.clone());
        let projected_promoter = times(promoter, inputs.promoter_weight.clone());
        let attention = attention(
            projected_enhancer.clone(),
            projected_promoter.clone(),
            inputs.score.clone(),
            scoring,
            over,
        );
        let seen = match over {
            // [n, l_P, l_E] · [n, l_E, k]
            Over::Enhancer => {
                Self::product(Self::float_transpose(attention.clone()), enhancer.clone())
            }
            // [n, l_E, l_P] · [n, l_P, k]
            Over::Promoter => Self::product(attention.clone(), promoter.clone()),
        };
        let attended = Attended {
            projected_enhancer,
            projected_promoter,
            attention,
        };
        (attended, seen)
    }

    fn attended_gradients(
        inputs: Inputs<Self>,
        attended: Attended<Self>,
        scoring: Scoring,
        over: Over,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 5] {
        let Inputs {
            enhancer, promoter, ..
        } = inputs;
        let attention = attended.attention.clone();
        // What is seen comes from one side's activations, times the attention.
        let (of_attention, in_seen) = match over {
            // [n, l_E, k] · [n, k, l_P] and [n, l_E, l_P] · [n, l_P, k]
            Over::Enhancer => (
                Self::product(enhancer.clone(), Self::float_transpose(gradient.clone())),
                Self::product(attention, gradient),
            ),
            // [n, l_E, k] · [n, k, l_P] and [n, l_P, l_E] · [n, l_E, k]
            Over::Promoter => (
                Self::product(gradient.clone(), Self::float_transpose(promoter.clone())),
                Self::product(Self::float_transpose(attention), gradient),
            ),
        };
        let of_scores = gradients_of_scores(attended.attention, of_attention, over);
        let projected = [attended.projected_enhancer, attended.projected_promoter];
        let [of_enhancer, of_promoter, of_score] = match scoring {
            Scoring::Additive => additive::gradients(projected, inputs.score, of_scores),
            Scoring::Multiplicative => {
                multiplicative::gradients(projected, inputs.score, of_scores)
            }
        };
        // [n, l, d] · [d, k]
        let enhancer_weight = Self::float_transpose(inputs.enhancer_weight);
        let promoter_weight = Self::float_transpose(inputs.promoter_weight);
        let (in_enhancer, in_promoter) = match over {
            Over::Enhancer => (
                times_onto(in_seen, &of_enhancer, enhancer_weight),
                times(&of_promoter, promoter_weight),
            ),
            Over::Promoter => (
                times(&of_enhancer, enhancer_weight),
                times_onto(in_seen, &of_promoter, promoter_weight),
            ),
        };
        // [k, n·l] · [n·l, d]
        let weight = |activations, gradient| {
            Self::product(Self::float_transpose(flat(activations)), flat(gradient))
        };
        [
            in_enhancer,
            in_promoter,
            weight(enhancer, of_enhancer),
            weight(promoter, of_promoter),
            of_score,
        ]
    }
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

/// The attention, `[n, l_E, l_P]`, from projections `[n, l_E, d]` and `[n, l_P, d]` and the score
/// `[d, 1]`.
pub fn attention(
    enhancer: CubeTensor,
    promoter: CubeTensor,
    score: CubeTensor,
    scoring: Scoring,
    over: Over,
) -> CubeTensor {
    let scores = match scoring {
        Scoring::Additive => additive::scores(enhancer, promoter, score),
        Scoring::Multiplicative => multiplicative::scores(enhancer, promoter, score),
    };
    let [n, bins_e, bins_p] = dims(&scores);
    let (count, lines) = lines(n, bins_e, bins_p, over);
    let (cubes, units) = elementwise(&scores, count);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        softmax::launch_unchecked(
            &scores.client,
            cubes,
            units,
            scores.clone().into_buffer_arg(),
            count,
            lines,
        );
    }
    scores
}

/// The gradients of the scores from that of the attention: all `[n, l_E, l_P]`.
fn gradients_of_scores(attention: CubeTensor, gradient: CubeTensor, over: Over) -> CubeTensor {
    let shape: [usize; 3] = dims(&attention);
    let [n, bins_e, bins_p] = shape;
    let scores = floats(&attention, shape);
    let (count, lines) = lines(n, bins_e, bins_p, over);
    let (cubes, units) = elementwise(&scores, count);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        score_gradients::launch_unchecked(
            &scores.client,
            cubes,
            units,
            rows(attention).into_buffer_arg(),
            rows(gradient).into_buffer_arg(),
            scores.clone().into_buffer_arg(),
            count,
            lines,
        );
    }
    scores
}
