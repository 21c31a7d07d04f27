//! Attention on the CPU.
//!
//! Each pair by itself, whose arrays the second-level cache holds.

mod additive;
mod gradients;
mod multiplicative;
mod softmax;

use std::mem::MaybeUninit;

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::{AttendForm, Attended, Inputs, Over, Scoring};
use crate::network::kernels::flex::{
    Matrix, dims, floats, over_rows, part, rows, tensor, unwritten, zeros,
};
use gradients::Gradients;
use softmax::{score_gradients, softmax_of_columns, softmax_of_rows};

impl AttendForm for Flex {
    fn attended(
        inputs: &Inputs<Self>,
        scoring: Scoring,
        over: Over,
    ) -> (Attended<Self>, FloatTensor<Self>) {
        let given = Given::new(inputs.clone(), scoring, over);
        let Given { n, k, d, .. } = given;
        let (bins_e, bins_p, bins_seeing) = (given.bins_e, given.bins_p, given.bins_seeing());
        let mut projected_e = unwritten(n * bins_e * d);
        let mut projected_p = unwritten(n * bins_p * d);
        let mut attention = zeros(n * bins_e * bins_p);
        let mut seen = unwritten(n * bins_seeing * k);
        attention
            .par_chunks_mut(bins_e * bins_p)
            .zip(projected_e.par_chunks_mut(bins_e * d))
            .zip(projected_p.par_chunks_mut(bins_p * d))
            .zip(seen.par_chunks_mut(bins_seeing * k))
            .enumerate()
            .for_each(|(pair, (((attention, projected_e), projected_p), seen))| {
                let ([enhancer, promoter], [u, v]) = (given.activations(pair), given.weights());
                let projected_e = enhancer.times_into(&u, projected_e);
                let projected_p = promoter.times_into(&v, projected_p);
                let projected: [&[f32]; 2] = [projected_e, projected_p];
                attention_of_pair(projected, given.score(), scoring, over, attention);
                let attention = Matrix::of(attention, bins_e, bins_p);
                match over {
                    Over::Enhancer => attention.transposed().times_into(&enhancer, seen),
                    Over::Promoter => attention.times_into(&promoter, seen),
                };
            });
        // SAFETY: the products of all pairs fill them.
        let [projected_e, projected_p, seen] = [projected_e, projected_p, seen]
            .map(|products| unsafe { products.assume_init().into_vec() });
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
        scoring: Scoring,
        over: Over,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 5] {
        let given = Given::new(inputs, scoring, over);
        let Given { n, k, d, .. } = given;
        let (bins_e, bins_p) = (given.bins_e, given.bins_p);
        let gradient = rows(gradient);
        let [mut gradient_e, mut gradient_p] = [bins_e, bins_p].map(|bins| unwritten(n * bins * k));
        // Of the projections.
        let [mut gradient_pe, mut gradient_pp] =
            [bins_e, bins_p].map(|bins| vec![0.0; n * bins * d]);
        // Each pair's own part, added in the order of the pairs.
        let mut parts = vec![0.0; n * d];
        gradient_e
            .par_chunks_mut(bins_e * k)
            .zip(gradient_p.par_chunks_mut(bins_p * k))
            .zip(gradient_pe.par_chunks_mut(bins_e * d))
            .zip(gradient_pp.par_chunks_mut(bins_p * d))
            .zip(parts.par_chunks_mut(d))
            .enumerate()
            .for_each(|(pair, ((((in_e, in_p), of_e), of_p), of_v))| {
                given.gradients(pair, &attended, &gradient, [in_e, in_p], [of_e, of_p, of_v]);
            });
        let mut gradient_v = vec![0.0; d];
        for part in parts.chunks_exact(d) {
            for (sum, part) in gradient_v.iter_mut().zip(part) {
                *sum += part;
            }
        }
        // [k, n·l] · [n·l, d]
        let weight =
            |of: &FloatTensor<Self>, gradient: &[f32]| over_rows(floats(of), gradient, [k, d]);
        // SAFETY: the products of all pairs fill both.
        let [gradient_e, gradient_p] =
            [gradient_e, gradient_p].map(|products| unsafe { products.assume_init().into_vec() });
        [
            tensor(gradient_e, [n, bins_e, k]),
            tensor(gradient_p, [n, bins_p, k]),
            weight(&given.inputs.enhancer, &gradient_pe),
            weight(&given.inputs.promoter, &gradient_pp),
            tensor(gradient_v, [d, 1]),
        ]
    }
}

/// What all pairs are given, row by row.
struct Given {
    inputs: Inputs<Flex>,
    scoring: Scoring,
    over: Over,
    n: usize,
    bins_e: usize,
    bins_p: usize,
    k: usize,
    d: usize,
}

impl Given {
    fn new(inputs: Inputs<Flex>, scoring: Scoring, over: Over) -> Self {
        let [n, bins_e, k] = dims(&inputs.enhancer);
        let [_, bins_p, _] = dims(&inputs.promoter);
        let [d, _] = dims(&inputs.score);
        let inputs = Inputs {
            enhancer: rows(inputs.enhancer),
            promoter: rows(inputs.promoter),
            enhancer_weight: rows(inputs.enhancer_weight),
            promoter_weight: rows(inputs.promoter_weight),
            score: rows(inputs.score),
        };
        Self {
            inputs,
            scoring,
            over,
            n,
            bins_e,
            bins_p,
            k,
            d,
        }
    }

    /// The bins that see the other side's.
    fn bins_seeing(&self) -> usize {
        match self.over {
            Over::Enhancer => self.bins_p,
            Over::Promoter => self.bins_e,
        }
    }

    /// `h_E`, `[l_E, k]`, and `h_P`, `[l_P, k]`, of a pair.
    fn activations(&self, pair: usize) -> [Matrix<&[f32]>; 2] {
        let (inputs, k) = (&self.inputs, self.k);
        [
            (&inputs.enhancer, self.bins_e),
            (&inputs.promoter, self.bins_p),
        ]
        .map(|(side, bins)| Matrix::of(part(floats(side), pair, bins * k), bins, k))
    }

    /// `U` and `V`: `[k, d]`.
    fn weights(&self) -> [Matrix<&[f32]>; 2] {
        [&self.inputs.enhancer_weight, &self.inputs.promoter_weight]
            .map(|weight| Matrix::of(floats(weight), self.k, self.d))
    }

    /// `v`: `[d]`.
    fn score(&self) -> &[f32] {
        floats(&self.inputs.score)
    }

    /// The gradients of a pair's activations, and of its projections and the score, from that of what
    /// is seen.
    fn gradients(
        &self,
        pair: usize,
        attended: &Attended<Flex>,
        gradient: &FloatTensor<Flex>,
        [in_e, in_p]: [&mut [MaybeUninit<f32>]; 2],
        [gradient_e, gradient_p, gradient_v]: [&mut [f32]; 3],
    ) {
        let (bins_e, bins_p, k, d) = (self.bins_e, self.bins_p, self.k, self.d);
        let ([enhancer, promoter], [u, v]) = (self.activations(pair), self.weights());
        let cells = part(floats(&attended.attention), pair, bins_e * bins_p);
        let attention = Matrix::of(cells, bins_e, bins_p);
        let bins_seeing = self.bins_seeing();
        let gradient = part(floats(gradient), pair, bins_seeing * k);
        let gradient = Matrix::of(gradient, bins_seeing, k);
        // [l_E, k] · [k, l_P]
        let of_attention = match self.over {
            Over::Enhancer => enhancer.times(&gradient.transposed()),
            Over::Promoter => gradient.times(&promoter.transposed()),
        };
        let mut scores = vec![0.0; bins_e * bins_p];
        score_gradients(cells, of_attention.values(), self.over, bins_p, &mut scores);
        let mut of_projections = Gradients {
            enhancer: part(floats(&attended.projected_enhancer), pair, bins_e * d),
            promoter: part(floats(&attended.projected_promoter), pair, bins_p * d),
            score: self.score(),
            scores: &scores,
            gradient_e,
            gradient_p,
            gradient_v,
        };
        match self.scoring {
            Scoring::Additive => additive::gradients(&mut of_projections),
            Scoring::Multiplicative => multiplicative::gradients(&mut of_projections),
        }
        let Gradients {
            gradient_e,
            gradient_p,
            ..
        } = of_projections;
        // [l, d] · [d, k]
        let in_e = Matrix::of(&*gradient_e, bins_e, d).times_into(&u.transposed(), in_e);
        let in_p = Matrix::of(&*gradient_p, bins_p, d).times_into(&v.transposed(), in_p);
        match self.over {
            // [l_E, l_P] · [l_P, k]
            Over::Enhancer => attention.times_onto(&gradient, in_e),
            // [l_P, l_E] · [l_E, k]
            Over::Promoter => attention.transposed().times_onto(&gradient, in_p),
        }
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
    match scoring {
        Scoring::Additive => additive::scores(enhancer, promoter, score, attention),
        Scoring::Multiplicative => multiplicative::scores(enhancer, promoter, score, attention),
    }
    let columns = promoter.len() / score.len();
    match over {
        Over::Enhancer => softmax_of_columns(attention, columns),
        Over::Promoter => softmax_of_rows(attention, columns),
    }
}
