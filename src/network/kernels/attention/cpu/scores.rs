//! The scores of a pair in either form, and their gradient.

use super::gradients::Gradients;
use super::softmax::{score_gradients, softmax_of_columns, softmax_of_rows};
use super::{additive, multiplicative};
use crate::network::kernels::attention::{Over, Scoring};

/// The scores of one pair, `[l_E, l_P]`, less what they have in common; the projections may change
/// sides.
pub fn scores_of_pair(
    [enhancer, promoter]: [&[f32]; 2],
    score: &[f32],
    scoring: Scoring,
    scores: &mut [f32],
) {
    match scoring {
        Scoring::Additive => additive::scores(enhancer, promoter, score, scores),
        Scoring::Multiplicative => multiplicative::scores(enhancer, promoter, score, scores),
    }
}

/// The attention of one pair, `[l_E, l_P]`, from projections `[l_E, d]` and `[l_P, d]` and the score
/// `[d]`.
pub fn attention_of_pair(
    [enhancer, promoter]: [&[f32]; 2],
    score: &[f32],
    scoring: Scoring,
    over: Over,
    attention: &mut [f32],
) {
    scores_of_pair([enhancer, promoter], score, scoring, attention);
    let columns = promoter.len() / score.len();
    match over {
        Over::Enhancer => softmax_of_columns(attention, columns),
        Over::Promoter => softmax_of_rows(attention, columns),
    }
}

/// The gradients of a pair's projections, `[a, d]` and `[b, d]`, and of the score, `[d]`, all of
/// which are written, from its attention and the gradient of that, `[a, b]` each. Of the side that the
/// softmax runs over these are all bins; of the other they may be some.
pub fn projection_gradients(
    [attention, gradient]: [&[f32]; 2],
    [enhancer, promoter]: [&[f32]; 2],
    score: &[f32],
    scoring: Scoring,
    over: Over,
    [gradient_e, gradient_p, gradient_v]: [&mut [f32]; 3],
) {
    let columns = promoter.len() / score.len();
    let mut scores = vec![0.0; attention.len()];
    score_gradients(attention, gradient, over, columns, &mut scores);
    let mut of_projections = Gradients {
        enhancer,
        promoter,
        score,
        scores: &scores,
        gradient_e,
        gradient_p,
        gradient_v,
    };
    match scoring {
        Scoring::Additive => additive::gradients(&mut of_projections),
        Scoring::Multiplicative => multiplicative::gradients(&mut of_projections),
    }
}
