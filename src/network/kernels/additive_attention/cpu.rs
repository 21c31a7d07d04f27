//! Additive attention on the CPU.
//!
//! Each pair by itself, whose arrays the second-level cache holds.

mod scores;
mod softmax;

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::{AdditiveAttentionForm, Attended, Inputs, Over};
use crate::network::kernels::flex::{Matrix, Unwritten, dims, floats, part, rows, tensor, zeros};
use scores::{Gradients, scores};
use softmax::{score_gradients, softmax_of_columns, softmax_of_rows};

impl AdditiveAttentionForm for Flex {
    fn attended(inputs: &Inputs<Self>, over: Over) -> (Attended<Self>, FloatTensor<Self>) {
        let [n, bins_e, k] = dims(&inputs.enhancer);
        let [_, bins_p, _] = dims(&inputs.promoter);
        let [d, _] = dims(&inputs.score);
        let held = inputs.clone().rows();
        let inputs = Slices::of(&held);
        let bins_seeing = match over {
            Over::Enhancer => bins_p,
            Over::Promoter => bins_e,
        };
        let mut projected_e = Unwritten::new(n * bins_e * d);
        let mut projected_p = Unwritten::new(n * bins_p * d);
        let mut attention = zeros(n * bins_e * bins_p);
        let mut seen = Unwritten::new(n * bins_seeing * k);
        attention
            .par_chunks_mut(bins_e * bins_p)
            .zip(projected_e.places().par_chunks_mut(bins_e * d))
            .zip(projected_p.places().par_chunks_mut(bins_p * d))
            .zip(seen.places().par_chunks_mut(bins_seeing * k))
            .enumerate()
            .for_each(|(pair, (((attention, projected_e), projected_p), seen))| {
                let enhancer = Matrix::of(part(inputs.enhancer, pair, bins_e * k), bins_e, k);
                let promoter = Matrix::of(part(inputs.promoter, pair, bins_p * k), bins_p, k);
                let weight = Matrix::of(inputs.enhancer_weight, k, d);
                let projected_e = enhancer.times_into(&weight, projected_e);
                let weight = Matrix::of(inputs.promoter_weight, k, d);
                let projected_p = promoter.times_into(&weight, projected_p);
                attention_of_pair(projected_e, projected_p, inputs.score, over, attention);
                let attention = Matrix::of(attention, bins_e, bins_p);
                match over {
                    Over::Enhancer => attention.transposed().times_into(&enhancer, seen),
                    Over::Promoter => attention.times_into(&promoter, seen),
                };
            });
        // SAFETY: the products of all pairs fill them.
        let [projected_e, projected_p, seen] =
            [projected_e, projected_p, seen].map(|products| unsafe { products.written() });
        let attended = Attended {
            projected_enhancer: tensor(projected_e, [n, bins_e, d]),
            projected_promoter: tensor(projected_p, [n, bins_p, d]),
            attention: tensor(attention, [n, bins_e, bins_p]),
        };
        (attended, tensor(seen, [n, bins_seeing, k]))
    }

    fn attended_gradients(
        inputs: Inputs<Self>,
        attended: Attended<Self>,
        over: Over,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 5] {
        let [n, bins_e, k] = dims(&inputs.enhancer);
        let [_, bins_p, _] = dims(&inputs.promoter);
        let [d, _] = dims(&inputs.score);
        let held = inputs.rows();
        let inputs = Slices::of(&held);
        let gradient = rows(gradient);
        let gradient = floats(&gradient);
        let (projected_e, projected_p, attention) = (
            floats(&attended.projected_enhancer),
            floats(&attended.projected_promoter),
            floats(&attended.attention),
        );
        let [mut gradient_e, mut gradient_p] =
            [bins_e, bins_p].map(|bins| Unwritten::new(n * bins * k));
        // Of the projections.
        let [mut gradient_pe, mut gradient_pp] =
            [bins_e, bins_p].map(|bins| vec![0.0; n * bins * d]);
        // Each pair's own part, added in the order of the pairs.
        let mut parts = vec![0.0; n * d];
        gradient_e
            .places()
            .par_chunks_mut(bins_e * k)
            .zip(gradient_p.places().par_chunks_mut(bins_p * k))
            .zip(gradient_pe.par_chunks_mut(bins_e * d))
            .zip(gradient_pp.par_chunks_mut(bins_p * d))
            .zip(parts.par_chunks_mut(d))
            .enumerate()
            .for_each(
                |(pair, ((((in_e, in_p), gradient_e), gradient_p), gradient_v))| {
                    let enhancer = Matrix::of(part(inputs.enhancer, pair, bins_e * k), bins_e, k);
                    let promoter = Matrix::of(part(inputs.promoter, pair, bins_p * k), bins_p, k);
                    let cells = part(attention, pair, bins_e * bins_p);
                    let attention = Matrix::of(cells, bins_e, bins_p);
                    let bins_seeing = gradient.len() / n / k;
                    let gradient = part(gradient, pair, bins_seeing * k);
                    let gradient = Matrix::of(gradient, bins_seeing, k);
                    // [l_E, k] · [k, l_P]
                    let of_attention = match over {
                        Over::Enhancer => enhancer.times(&gradient.transposed()),
                        Over::Promoter => gradient.times(&promoter.transposed()),
                    };
                    let mut scores = vec![0.0; bins_e * bins_p];
                    score_gradients(cells, of_attention.values(), over, bins_p, &mut scores);
                    let pair = Gradients {
                        enhancer: part(projected_e, pair, bins_e * d),
                        promoter: part(projected_p, pair, bins_p * d),
                        score: inputs.score,
                        scores: &scores,
                        gradient_e,
                        gradient_p,
                        gradient_v,
                    };
                    let (gradient_e, gradient_p) = pair.add();
                    // [l, d] · [d, k]
                    let weight = Matrix::of(inputs.enhancer_weight, k, d);
                    let gradient_e = Matrix::of(gradient_e, bins_e, d);
                    let in_e = gradient_e.times_into(&weight.transposed(), in_e);
                    let weight = Matrix::of(inputs.promoter_weight, k, d);
                    let gradient_p = Matrix::of(gradient_p, bins_p, d);
                    let in_p = gradient_p.times_into(&weight.transposed(), in_p);
                    match over {
                        // [l_E, l_P] · [l_P, k]
                        Over::Enhancer => attention.times_onto(&gradient, in_e),
                        // [l_P, l_E] · [l_E, k]
                        Over::Promoter => attention.transposed().times_onto(&gradient, in_p),
                    }
                },
            );
        let mut gradient_v = vec![0.0; d];
        for part in parts.chunks_exact(d) {
            for (sum, part) in gradient_v.iter_mut().zip(part) {
                *sum += part;
            }
        }
        // [k, n·l] · [n·l, d]
        let weight = |of: &FloatTensor<Self>, gradient: Vec<f32>| {
            let gradient = tensor(gradient, [dims::<3>(of)[0] * dims::<3>(of)[1], d]);
            let rows = Flex::float_reshape(of.clone(), [dims::<2>(&gradient)[0], k].into());
            Flex::float_matmul(Flex::float_transpose(rows), gradient)
        };
        // SAFETY: the products of all pairs fill both.
        let [gradient_e, gradient_p] =
            [gradient_e, gradient_p].map(|products| unsafe { products.written() });
        [
            tensor(gradient_e, [n, bins_e, k]),
            tensor(gradient_p, [n, bins_p, k]),
            weight(&held.enhancer, gradient_pe),
            weight(&held.promoter, gradient_pp),
            tensor(gradient_v, [d, 1]),
        ]
    }
}

impl Inputs<Flex> {
    /// The same tensors row by row.
    fn rows(self) -> Self {
        Self {
            enhancer: rows(self.enhancer),
            promoter: rows(self.promoter),
            enhancer_weight: rows(self.enhancer_weight),
            promoter_weight: rows(self.promoter_weight),
            score: rows(self.score),
        }
    }
}

/// [`Inputs`] that have no gaps.
#[derive(Clone, Copy)]
struct Slices<'a> {
    enhancer: &'a [f32],
    promoter: &'a [f32],
    enhancer_weight: &'a [f32],
    promoter_weight: &'a [f32],
    score: &'a [f32],
}

impl<'a> Slices<'a> {
    fn of(inputs: &'a Inputs<Flex>) -> Self {
        Self {
            enhancer: floats(&inputs.enhancer),
            promoter: floats(&inputs.promoter),
            enhancer_weight: floats(&inputs.enhancer_weight),
            promoter_weight: floats(&inputs.promoter_weight),
            score: floats(&inputs.score),
        }
    }
}

/// The attention of one pair, `[l_E, l_P]`, from projections `[l_E, d]` and `[l_P, d]`.
pub fn attention_of_pair(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    over: Over,
    attention: &mut [f32],
) {
    scores(enhancer, promoter, score, attention);
    let columns = promoter.len() / score.len();
    match over {
        Over::Enhancer => softmax_of_columns(attention, columns),
        Over::Promoter => softmax_of_rows(attention, columns),
    }
}
