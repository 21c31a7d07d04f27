//! Attention on the CPU.
//!
//! Each pair by itself, whose arrays the second-level cache holds.

mod additive;
mod gradients;
mod multiplicative;
mod softmax;
mod way;

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::{AttendForm, Attended, Inputs, Over, Parameters, Scoring};
use crate::element::Sides;
use crate::network::kernels::flex::{Matrix, dims, floats, part, rows, tensor, unwritten, zeros};
use gradients::Gradients;
use softmax::score_gradients;
pub use softmax::{softmax_of_columns, softmax_of_rows};
use way::{OfScores, Way};

impl AttendForm for Flex {
    type Kept = Sides<Kept>;

    fn attended(inputs: Inputs<Self>, scoring: Scoring) -> Attended<Self> {
        let (enhancer, promoter) = (rows(inputs.enhancer), rows(inputs.promoter));
        let through = |parameters, over| {
            let (enhancer, promoter) = (enhancer.clone(), promoter.clone());
            Given::new([enhancer, promoter], parameters, scoring, over).attended()
        };
        let (of_enhancer, seen_enhancer) = through(inputs.over_enhancer, Over::Enhancer);
        let (of_promoter, seen_promoter) = through(inputs.over_promoter, Over::Promoter);
        Attended {
            attention: Sides::new(of_enhancer.attention.clone(), of_promoter.attention.clone()),
            seen: Sides::new(seen_enhancer, seen_promoter),
            kept: Sides::new(of_enhancer, of_promoter),
        }
    }

    fn attended_gradients(kept: Sides<Kept>, gradients: Sides<FloatTensor<Self>>) -> Inputs<Self> {
        let Given {
            n,
            k,
            bins_e,
            bins_p,
            ..
        } = kept.enhancer.given;
        let ways = kept.zip(gradients.map(rows));
        let ways = ways.map(|(kept, gradient)| Way { kept, gradient });
        let mut of_scores = ways.as_ref().map(|way| OfScores::zeros(&way.kept.given));
        let [mut gradient_e, mut gradient_p] = [bins_e, bins_p].map(|bins| unwritten(n * bins * k));
        gradient_e
            .par_chunks_mut(bins_e * k)
            .zip(gradient_p.par_chunks_mut(bins_p * k))
            .zip(of_scores.enhancer.pairs(&ways.enhancer.kept.given))
            .zip(of_scores.promoter.pairs(&ways.promoter.kept.given))
            .enumerate()
            .for_each(|(pair, (((in_e, in_p), over_e), over_p))| {
                let Sides { enhancer, promoter } = &ways;
                let [of_e, of_p] = enhancer.through_scores(pair, over_e);
                let [also_of_e, also_of_p] = promoter.through_scores(pair, over_p);
                let ([u, v], [also_u, also_v]) =
                    (enhancer.kept.given.weights(), promoter.kept.given.weights());
                // [l, d] · [d, k]
                let in_e = of_e.times_into(&u.transposed(), in_e);
                let in_p = of_p.times_into(&v.transposed(), in_p);
                also_of_e.times_onto(&also_u.transposed(), in_e);
                also_of_p.times_onto(&also_v.transposed(), in_p);
                // [l_E, l_P] · [l_P, k] and [l_P, l_E] · [l_E, k]
                let [attention_e, attention_p] =
                    [enhancer, promoter].map(|way| way.attention(pair));
                attention_e.times_onto(&enhancer.gradient(pair), in_e);
                attention_p
                    .transposed()
                    .times_onto(&promoter.gradient(pair), in_p);
            });
        // SAFETY: the products of all pairs fill both.
        let [gradient_e, gradient_p] =
            [gradient_e, gradient_p].map(|products| unsafe { products.assume_init().into_vec() });
        let of_parameters = ways.zip(of_scores);
        let of_parameters = of_parameters.map(|(way, of_scores)| of_scores.parameters(&way.kept));
        Inputs {
            enhancer: tensor(gradient_e, [n, bins_e, k]),
            promoter: tensor(gradient_p, [n, bins_p, k]),
            over_enhancer: of_parameters.enhancer,
            over_promoter: of_parameters.promoter,
        }
    }
}

/// What is computed on the way through one attention and needed again for the gradient.
#[derive(Debug, Clone)]
pub struct Kept {
    given: Given,
    /// `U h_E`: `[n, l_E, d]`.
    projected_enhancer: FloatTensor<Flex>,
    /// `V h_P`: `[n, l_P, d]`.
    projected_promoter: FloatTensor<Flex>,
    /// `[n, l_E, l_P]`
    attention: FloatTensor<Flex>,
}

/// What all pairs are given for one attention, row by row.
#[derive(Debug, Clone)]
struct Given {
    /// `h_E`: `[n, l_E, k]`.
    enhancer: FloatTensor<Flex>,
    /// `h_P`: `[n, l_P, k]`.
    promoter: FloatTensor<Flex>,
    parameters: Parameters<Flex>,
    scoring: Scoring,
    over: Over,
    n: usize,
    bins_e: usize,
    bins_p: usize,
    k: usize,
    d: usize,
}

impl Given {
    fn new(
        [enhancer, promoter]: [FloatTensor<Flex>; 2],
        parameters: Parameters<Flex>,
        scoring: Scoring,
        over: Over,
    ) -> Self {
        let [n, bins_e, k] = dims(&enhancer);
        let [_, bins_p, _] = dims(&promoter);
        let [d, _] = dims(&parameters.score);
        let parameters = Parameters {
            enhancer: rows(parameters.enhancer),
            promoter: rows(parameters.promoter),
            score: rows(parameters.score),
        };
        Self {
            enhancer,
            promoter,
            parameters,
            scoring,
            over,
            n,
            bins_e,
            bins_p,
            k,
            d,
        }
    }

    /// The attention and what goes with it, and what is seen through it.
    fn attended(self) -> (Kept, FloatTensor<Flex>) {
        let Self {
            n,
            k,
            d,
            bins_e,
            bins_p,
            scoring,
            over,
            ..
        } = self;
        let bins_seeing = self.bins_seeing();
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
                let ([enhancer, promoter], [u, v]) = (self.activations(pair), self.weights());
                let projected_e = enhancer.times_into(&u, projected_e);
                let projected_p = promoter.times_into(&v, projected_p);
                let projected: [&[f32]; 2] = [projected_e, projected_p];
                attention_of_pair(projected, self.score(), scoring, over, attention);
                let attention = Matrix::of(attention, bins_e, bins_p);
                match over {
                    Over::Enhancer => attention.transposed().times_into(&enhancer, seen),
                    Over::Promoter => attention.times_into(&promoter, seen),
                };
            });
        // SAFETY: the products of all pairs fill them.
        let [projected_e, projected_p, seen] = [projected_e, projected_p, seen]
            .map(|products| unsafe { products.assume_init().into_vec() });
        let kept = Kept {
            given: self,
            projected_enhancer: tensor(projected_e, [n, bins_e, d]),
            projected_promoter: tensor(projected_p, [n, bins_p, d]),
            attention: tensor(attention, [n, bins_e, bins_p]),
        };
        (kept, tensor(seen, [n, bins_seeing, k]))
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
        let k = self.k;
        [(&self.enhancer, self.bins_e), (&self.promoter, self.bins_p)]
            .map(|(side, bins)| Matrix::of(part(floats(side), pair, bins * k), bins, k))
    }

    /// `U` and `V`: `[k, d]`.
    fn weights(&self) -> [Matrix<&[f32]>; 2] {
        [&self.parameters.enhancer, &self.parameters.promoter]
            .map(|weight| Matrix::of(floats(weight), self.k, self.d))
    }

    /// `v`: `[d]`.
    fn score(&self) -> &[f32] {
        floats(&self.parameters.score)
    }
}

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
