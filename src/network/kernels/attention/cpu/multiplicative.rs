//! The scores `vᵀ (e_i ⊙ p_j)` of a pair, and their gradient: matrix products.

use super::gradients::Gradients;
use crate::network::kernels::flex::Matrix;

/// The scores of a pair: `E · diag(v) · Pᵀ`.
///
/// # Shapes
///
/// - enhancer, `E`: `[l_E, d]`, promoter, `P`: `[l_P, d]`, both projected
/// - score, `v`: `[d]`
/// - scores, all of which are written: `[l_E, l_P]`
pub fn scores(enhancer: &[f32], promoter: &[f32], score: &[f32], scores: &mut [f32]) {
    let d = score.len();
    let rows = enhancer.chunks_exact(d);
    let weighted = rows.flat_map(|row| row.iter().zip(score).map(|(e, v)| e * v));
    let weighted = of_bins(weighted.collect::<Vec<f32>>(), d);
    scores.fill(0.0);
    // [l_E, d] · [d, l_P]
    weighted.times_onto(&of_bins(promoter, d).transposed(), scores);
}

/// Fills the gradients in: with `G` those of the scores, `(G · P) ∘ v` for the enhancer,
/// `(Gᵀ · E) ∘ v` for the promoter and `Σ_i E ∘ (G · P)` for `v`.
pub fn gradients(pair: &mut Gradients) {
    let d = pair.score.len();
    let [enhancer, promoter] = [pair.enhancer, pair.promoter].map(|side| of_bins(side, d));
    let [bins_e, bins_p] = [&enhancer, &promoter].map(|side| side.shape()[0]);
    let scores = Matrix::of(pair.scores, bins_e, bins_p);
    pair.gradient_e.fill(0.0);
    pair.gradient_p.fill(0.0);
    pair.gradient_v.fill(0.0);
    // [l_E, l_P] · [l_P, d] and [l_P, l_E] · [l_E, d]
    scores.times_onto(&promoter, pair.gradient_e);
    scores.transposed().times_onto(&enhancer, pair.gradient_p);
    let rows = pair.gradient_e.chunks_exact_mut(d);
    for (gradient, enhancer) in rows.zip(pair.enhancer.chunks_exact(d)) {
        let of_weight = pair.gradient_v.iter_mut().zip(pair.score);
        for ((gradient, e), (sum, v)) in gradient.iter_mut().zip(enhancer).zip(of_weight) {
            *sum += e * *gradient;
            *gradient *= v;
        }
    }
    for gradient in pair.gradient_p.chunks_exact_mut(d) {
        for (gradient, v) in gradient.iter_mut().zip(pair.score) {
            *gradient *= v;
        }
    }
}

/// The projections of a side: `[l, d]`.
fn of_bins<V: AsRef<[f32]>>(values: V, d: usize) -> Matrix<V> {
    let bins = values.as_ref().len() / d;
    Matrix::of(values, bins, d)
}
