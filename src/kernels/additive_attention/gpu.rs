//! Additive attention on WGPU.
//!
//! `tanh(e + p) = 1 − 2 r` with `r = 1 / (1 + e^(2e + 2p))`; its derivative is `4 r (1 − r)`.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;
use burn_cubecl::CubeBackend;
use cubecl::prelude::*;

use super::{AdditiveAttentionForm, Attended, Inputs, Over};
use crate::kernels::cube::{column_sums, dims, elementwise, floats, rows};

/// Exponents are held below this, where `r` is 0 for all purposes: WGSL does not promise
/// infinities.
const LARGEST: f32 = 80.0;

impl AdditiveAttentionForm for CubeBackend {
    fn attended(inputs: &Inputs<Self>, over: Over) -> (Attended<Self>, FloatTensor<Self>) {
        let Inputs {
            enhancer, promoter, ..
        } = inputs;
        let projected_enhancer = times(enhancer, inputs.enhancer_weight.clone());
        let projected_promoter = times(promoter, inputs.promoter_weight.clone());
        let attention = attention(
            projected_enhancer.clone(),
            projected_promoter.clone(),
            inputs.score.clone(),
            over,
        );
        let seen = match over {
            // [n, l_P, l_E] · [n, l_E, k]
            Over::Enhancer => {
                Self::float_matmul(Self::float_transpose(attention.clone()), enhancer.clone())
            }
            // [n, l_E, l_P] · [n, l_P, k]
            Over::Promoter => Self::float_matmul(attention.clone(), promoter.clone()),
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
        over: Over,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 5] {
        let Inputs {
            enhancer, promoter, ..
        } = inputs;
        let (attention, transposed) = (
            attended.attention.clone(),
            Self::float_transpose(attended.attention.clone()),
        );
        // What is seen comes from one side's activations, times the attention.
        let (of_attention, in_seen) = match over {
            // [n, l_E, k] · [n, k, l_P] and [n, l_E, l_P] · [n, l_P, k]
            Over::Enhancer => (
                Self::float_matmul(enhancer.clone(), Self::float_transpose(gradient.clone())),
                Self::float_matmul(attention, gradient),
            ),
            // [n, l_E, k] · [n, k, l_P] and [n, l_P, l_E] · [n, l_E, k]
            Over::Promoter => (
                Self::float_matmul(gradient.clone(), Self::float_transpose(promoter.clone())),
                Self::float_matmul(transposed, gradient),
            ),
        };
        let [of_enhancer, of_promoter, of_score] = attention_gradients(
            attended.projected_enhancer,
            attended.projected_promoter,
            inputs.score,
            attended.attention,
            of_attention,
            over,
        );
        // [n, l, d] · [d, k]
        let in_enhancer = times(&of_enhancer, Self::float_transpose(inputs.enhancer_weight));
        let in_promoter = times(&of_promoter, Self::float_transpose(inputs.promoter_weight));
        let (in_enhancer, in_promoter) = match over {
            Over::Enhancer => (Self::float_add(in_enhancer, in_seen), in_promoter),
            Over::Promoter => (in_enhancer, Self::float_add(in_promoter, in_seen)),
        };
        // [k, n·l] · [n·l, d]
        let weight = |activations, gradient| {
            Self::float_matmul(Self::float_transpose(flat(activations)), flat(gradient))
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
fn flat(tensor: FloatTensor<CubeBackend>) -> FloatTensor<CubeBackend> {
    let [n, bins, columns] = dims(&tensor);
    CubeBackend::float_reshape(tensor, Shape::new([n * bins, columns]))
}

/// Every bin times a matrix: `[n, l, a] · [a, b]` → `[n, l, b]`.
fn times(
    tensor: &FloatTensor<CubeBackend>,
    matrix: FloatTensor<CubeBackend>,
) -> FloatTensor<CubeBackend> {
    let [n, bins, _] = dims(tensor);
    let [_, columns] = dims(&matrix);
    let product = CubeBackend::float_matmul(flat(tensor.clone()), matrix);
    CubeBackend::float_reshape(product, Shape::new([n, bins, columns]))
}

/// The attention, `[n, l_E, l_P]`, from projections `[n, l_E, d]` and `[n, l_P, d]` and the score
/// `[d, 1]`.
pub fn attention(
    enhancer: FloatTensor<CubeBackend>,
    promoter: FloatTensor<CubeBackend>,
    score: FloatTensor<CubeBackend>,
    over: Over,
) -> FloatTensor<CubeBackend> {
    let [n, bins_e, d] = dims(&enhancer);
    let [_, bins_p, _] = dims(&promoter);
    let (enhancer, score) = (rows(enhancer), rows(score));
    // [n, d, l_P]: neighbouring units read neighbouring values.
    let promoter = rows(CubeBackend::float_swap_dims(promoter, 1, 2));
    let scores = floats(&enhancer, [n, bins_e, bins_p]);
    let count = n * bins_e * bins_p;
    let (cubes, units) = elementwise(&scores, count);
    add_scores::launch(
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
    let (count, lines) = lines(n, bins_e, bins_p, over);
    let (cubes, units) = elementwise(&scores, count);
    softmax::launch(
        &scores.client,
        cubes,
        units,
        scores.clone().into_buffer_arg(),
        count,
        lines,
    );
    scores
}

/// The gradients of projections and score from that of the attention.
fn attention_gradients(
    enhancer: FloatTensor<CubeBackend>,
    promoter: FloatTensor<CubeBackend>,
    score: FloatTensor<CubeBackend>,
    attention: FloatTensor<CubeBackend>,
    gradient: FloatTensor<CubeBackend>,
    over: Over,
) -> [FloatTensor<CubeBackend>; 3] {
    let [n, bins_e, d] = dims(&enhancer);
    let [_, bins_p, _] = dims(&promoter);
    let (enhancer, promoter, score) = (rows(enhancer), rows(promoter), rows(score));
    let (attention, gradient) = (rows(attention), rows(gradient));
    let client = enhancer.client.clone();

    let scores = floats(&enhancer, [n, bins_e, bins_p]);
    let (count, lines) = lines(n, bins_e, bins_p, over);
    let (cubes, units) = elementwise(&scores, count);
    score_gradients::launch(
        &client,
        cubes,
        units,
        attention.into_buffer_arg(),
        gradient.into_buffer_arg(),
        scores.clone().into_buffer_arg(),
        count,
        lines,
    );

    let gradient_e = floats(&enhancer, [n, bins_e, d]);
    // Each enhancer bin's own part.
    let parts = floats(&enhancer, [n, bins_e, d]);
    let count = n * bins_e * d;
    let (cubes, units) = elementwise(&gradient_e, count);
    enhancer_gradients::launch(
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

    let gradient_p = floats(&enhancer, [n, bins_p, d]);
    let count = n * bins_p * d;
    let (cubes, units) = elementwise(&gradient_p, count);
    promoter_gradients::launch(
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

    // As the gradients of the scores of a softmax sum to 0, so do the ones of tanh.
    let gradient_v = column_sums(parts, n * bins_e, d, -2.0);
    let gradient_v = CubeBackend::float_reshape(gradient_v, Shape::new([d, 1]));
    [gradient_e, gradient_p, gradient_v]
}

/// Both sides' bins and the width of the projections.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    bins_e: usize,
    bins_p: usize,
    d: usize,
}

/// The cells that compete with each other, among the `[l_E, l_P]` of every pair.
#[derive(CubeLaunch, CubeType)]
struct Lines {
    /// Cells of a pair.
    cells: usize,
    /// Lines of a pair.
    lines: usize,
    /// From the first cell of a line to that of the next.
    next_line: usize,
    /// Cells of a line.
    length: usize,
    /// From a cell of a line to the next.
    next_cell: usize,
}

/// How many lines there are, and where.
fn lines(n: usize, bins_e: usize, bins_p: usize, over: Over) -> (usize, LinesLaunch) {
    let cells = bins_e * bins_p;
    match over {
        Over::Enhancer => (
            n * bins_p,
            LinesLaunch::new(cells, bins_p, 1, bins_e, bins_p),
        ),
        Over::Promoter => (
            n * bins_e,
            LinesLaunch::new(cells, bins_e, bins_p, bins_p, 1),
        ),
    }
}

/// The place of the first cell of a line.
#[cube]
fn first_cell(line: usize, lines: &Lines) -> usize {
    line / lines.lines * lines.cells + line % lines.lines * lines.next_line
}

/// `r`
#[cube]
fn ratio(enhancer: f32, promoter: f32) -> f32 {
    let exponent = 2.0f32 * (enhancer + promoter);
    // A comparison that keeps NaN, which `min` may not.
    let exponent = if exponent > LARGEST {
        LARGEST
    } else {
        exponent
    };
    1.0f32 / (1.0f32 + exponent.exp())
}

/// One unit for each of `count` scores, less what they have in common: `Σ_d −2 v_d r`.
///
/// - promoter: `[n, d, l_P]`
#[cube(launch)]
fn add_scores(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &mut [f32],
    count: usize,
    sizes: Sizes,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let bin_p = ABSOLUTE_POS % sizes.bins_p;
    let row = ABSOLUTE_POS / sizes.bins_p;
    let of_enhancer = row * sizes.d;
    let of_promoter = row / sizes.bins_e * sizes.d * sizes.bins_p + bin_p;
    let mut sum = 0.0f32;
    for part in 0..sizes.d {
        let e = enhancer[part + of_enhancer];
        let p = promoter[part * sizes.bins_p + of_promoter];
        sum += score[part] * ratio(e, p);
    }
    scores[ABSOLUTE_POS] = sum * -2.0f32;
}

/// One unit for each of `count` lines.
#[cube(launch)]
fn softmax(scores: &mut [f32], count: usize, lines: Lines) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let first = first_cell(ABSOLUTE_POS, &lines);
    let mut largest = scores[first];
    for cell in 1..lines.length {
        let score = scores[cell * lines.next_cell + first];
        if score > largest {
            largest = score;
        }
    }
    let mut sum = 0.0f32;
    for cell in 0..lines.length {
        let place = cell * lines.next_cell + first;
        let power = (scores[place] - largest).exp();
        scores[place] = power;
        sum += power;
    }
    for cell in 0..lines.length {
        scores[cell * lines.next_cell + first] /= sum;
    }
}

/// One unit for each of `count` lines: the gradient of a softmax's input, `a (g − Σ a g)`.
#[cube(launch)]
fn score_gradients(
    attention: &[f32],
    gradient: &[f32],
    scores: &mut [f32],
    count: usize,
    lines: Lines,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let first = first_cell(ABSOLUTE_POS, &lines);
    let mut common = 0.0f32;
    for cell in 0..lines.length {
        let place = cell * lines.next_cell + first;
        common += attention[place] * gradient[place];
    }
    for cell in 0..lines.length {
        let place = cell * lines.next_cell + first;
        scores[place] = attention[place] * (gradient[place] - common);
    }
}

/// One unit for each of `count` values of the enhancer's gradient, `[n, l_E, d]`; and `Σ_j g r`,
/// of the same shape.
///
/// - scores: the gradients of the scores, `[n, l_E, l_P]`
#[cube(launch)]
fn enhancer_gradients(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &[f32],
    gradient: &mut [f32],
    parts: &mut [f32],
    count: usize,
    sizes: Sizes,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let part = ABSOLUTE_POS % sizes.d;
    let row = ABSOLUTE_POS / sizes.d;
    let of_scores = row * sizes.bins_p;
    let of_promoter = row / sizes.bins_e * sizes.bins_p * sizes.d + part;
    let own = enhancer[ABSOLUTE_POS];
    let mut by_enhancer = 0.0f32;
    let mut by_weight = 0.0f32;
    for bin in 0..sizes.bins_p {
        let r = ratio(own, promoter[bin * sizes.d + of_promoter]);
        let x = scores[bin + of_scores] * r;
        by_weight += x;
        by_enhancer += x - x * r;
    }
    gradient[ABSOLUTE_POS] = 4.0f32 * score[part] * by_enhancer;
    parts[ABSOLUTE_POS] = by_weight;
}

/// One unit for each of `count` values of the promoter's gradient, `[n, l_P, d]`.
///
/// - scores: the gradients of the scores, `[n, l_E, l_P]`
#[cube(launch)]
fn promoter_gradients(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &[f32],
    gradient: &mut [f32],
    count: usize,
    sizes: Sizes,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let part = ABSOLUTE_POS % sizes.d;
    let row = ABSOLUTE_POS / sizes.d;
    let first = row / sizes.bins_p * sizes.bins_e;
    let bin_p = row % sizes.bins_p;
    let own = promoter[ABSOLUTE_POS];
    let mut by_promoter = 0.0f32;
    for bin in 0..sizes.bins_e {
        let row_e = bin + first;
        let r = ratio(enhancer[row_e * sizes.d + part], own);
        let x = scores[row_e * sizes.bins_p + bin_p] * r;
        by_promoter += x - x * r;
    }
    gradient[ABSOLUTE_POS] = 4.0f32 * score[part] * by_promoter;
}
