//! What a part of the projections contributes to a score.
//!
//! `tanh(e + p) = 1 − 2 r` with `r = 1 / (1 + e^(2e + 2p))`; its derivative is `4 r (1 − r)`. What all
//! scores have in common, `Σ_d v_d`, is left out: a softmax does not see it, and the gradients of its
//! scores sum to 0.

use cubecl::prelude::*;

use crate::network::kernels::attention::Scoring;

/// Exponents are held below this, where `r` is 0 for all purposes: WGSL does not promise
/// infinities.
const LARGEST: f32 = 80.0;

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

/// `r`, or `e p`.
#[cube]
pub fn term(enhancer: f32, promoter: f32, #[comptime] scoring: Scoring) -> f32 {
    if comptime!(scoring == Scoring::Additive) {
        ratio(enhancer, promoter)
    } else {
        enhancer * promoter
    }
}

/// What multiplies the sum of weighted terms: a score is that of `v_d tanh`, or of `v_d e p`.
#[cube]
pub fn of_terms(sum: f32, #[comptime] scoring: Scoring) -> f32 {
    if comptime!(scoring == Scoring::Additive) {
        sum * -2.0f32
    } else {
        sum
    }
}

/// The derivatives of a score to both projections, over its weight: `4 r (1 − r)`, or `p` and `e`.
#[cube]
pub fn slopes(enhancer: f32, promoter: f32, term: f32, #[comptime] scoring: Scoring) -> (f32, f32) {
    if comptime!(scoring == Scoring::Additive) {
        let slope = 4.0f32 * (term - term * term);
        (slope, slope)
    } else {
        (promoter, enhancer)
    }
}
