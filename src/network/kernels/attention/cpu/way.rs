//! The way back through an attention, as far as its scores.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::given::{Given, Kept};
use super::scores::projection_gradients;
use crate::network::kernels::attention::{Over, Parameters};
use crate::network::kernels::flex::{Matrix, floats, over_rows, part, tensor};

/// The way back through one attention.
pub struct Way {
    /// What the way there kept.
    pub kept: Kept,
    /// Of what is seen: `[n, bins that see, k]`.
    pub gradient: FloatTensor<Flex>,
}

impl Way {
    /// The gradient of what a pair's bins see: `[bins that see, k]`.
    pub fn gradient(&self, pair: usize) -> Matrix<&[f32]> {
        let given = &self.kept.given;
        let (bins, k) = (given.bins_seeing(), given.k);
        Matrix::of(part(floats(&self.gradient), pair, bins * k), bins, k)
    }

    /// A pair's attention: `[l_E, l_P]`.
    pub fn attention(&self, pair: usize) -> Matrix<&[f32]> {
        let Given { bins_e, bins_p, .. } = self.kept.given;
        let cells = part(floats(&self.kept.attention), pair, bins_e * bins_p);
        Matrix::of(cells, bins_e, bins_p)
    }

    /// Fills in what flows through a pair's scores; the gradients of its projections, `[l, d]`.
    pub fn through_scores<'a>(
        &self,
        pair: usize,
        [gradient_e, gradient_p, gradient_v]: [&'a mut [f32]; 3],
    ) -> [Matrix<&'a [f32]>; 2] {
        let kept = &self.kept;
        let given = &kept.given;
        let &Given {
            d,
            bins_e,
            bins_p,
            over,
            ..
        } = given;
        let [enhancer, promoter] = given.activations(pair);
        let (attention, gradient) = (self.attention(pair), self.gradient(pair));
        // [l_E, k] · [k, l_P]
        let of_attention = match over {
            Over::Enhancer => enhancer.times(&gradient.transposed()),
            Over::Promoter => gradient.times(&promoter.transposed()),
        };
        let projected = [
            part(floats(&kept.projected_enhancer), pair, bins_e * d),
            part(floats(&kept.projected_promoter), pair, bins_p * d),
        ];
        projection_gradients(
            [attention.values(), of_attention.values()],
            projected,
            given.score(),
            given.scoring,
            over,
            [&mut *gradient_e, &mut *gradient_p, gradient_v],
        );
        [
            Matrix::of(&*gradient_e, bins_e, d),
            Matrix::of(&*gradient_p, bins_p, d),
        ]
    }
}

/// The gradients of what one attention's scores are made of, pair by pair.
pub struct OfScores {
    /// Of the projections: `[n, l_E, d]`.
    enhancer: Vec<f32>,
    /// `[n, l_P, d]`
    promoter: Vec<f32>,
    /// Each pair's part of that of `v`: `[n, d]`.
    score: Vec<f32>,
}

impl OfScores {
    /// Places for those of all pairs.
    pub fn zeros(given: &Given) -> Self {
        let Given {
            n,
            d,
            bins_e,
            bins_p,
            ..
        } = *given;
        Self {
            enhancer: vec![0.0; n * bins_e * d],
            promoter: vec![0.0; n * bins_p * d],
            score: vec![0.0; n * d],
        }
    }

    /// The places of each pair.
    pub fn pairs(&mut self, given: &Given) -> impl IndexedParallelIterator<Item = [&mut [f32]; 3]> {
        let Given {
            d, bins_e, bins_p, ..
        } = *given;
        self.enhancer
            .par_chunks_mut(bins_e * d)
            .zip(self.promoter.par_chunks_mut(bins_p * d))
            .zip(self.score.par_chunks_mut(d))
            .map(|((enhancer, promoter), score)| [enhancer, promoter, score])
    }

    /// Those of the parameters, summed over the pairs in their order.
    pub fn parameters(self, kept: &Kept) -> Parameters<Flex> {
        let Given { k, d, .. } = kept.given;
        let mut score = vec![0.0; d];
        for part in self.score.chunks_exact(d) {
            for (sum, part) in score.iter_mut().zip(part) {
                *sum += part;
            }
        }
        // [k, n·l] · [n·l, d]
        let weight =
            |of: &FloatTensor<Flex>, gradient: &[f32]| over_rows(floats(of), gradient, [k, d]);
        Parameters {
            enhancer: weight(&kept.given.enhancer, &self.enhancer),
            promoter: weight(&kept.given.promoter, &self.promoter),
            score: tensor(score, [d, 1]),
        }
    }
}
