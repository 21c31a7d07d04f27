//! What attention is given, pair by pair, and the way there.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use rayon::prelude::*;

use super::scores::attention_of_pair;
use crate::network::kernels::attention::{Over, Parameters, Scoring};
use crate::network::kernels::flex::{Matrix, dims, floats, part, rows, tensor, unwritten, zeros};

/// What is computed on the way through one attention and needed again for the gradient.
#[derive(Debug, Clone)]
pub struct Kept {
    pub given: Given,
    /// `U h_E`: `[n, l_E, d]`.
    pub projected_enhancer: FloatTensor<Flex>,
    /// `V h_P`: `[n, l_P, d]`.
    pub projected_promoter: FloatTensor<Flex>,
    /// `[n, l_E, l_P]`
    pub attention: FloatTensor<Flex>,
}

/// What all pairs are given for one attention, row by row.
#[derive(Debug, Clone)]
pub struct Given {
    /// `h_E`: `[n, l_E, k]`.
    pub enhancer: FloatTensor<Flex>,
    /// `h_P`: `[n, l_P, k]`.
    pub promoter: FloatTensor<Flex>,
    pub parameters: Parameters<Flex>,
    pub scoring: Scoring,
    pub over: Over,
    pub n: usize,
    pub bins_e: usize,
    pub bins_p: usize,
    pub k: usize,
    pub d: usize,
}

impl Given {
    pub fn new(
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
    pub fn attended(self) -> (Kept, FloatTensor<Flex>) {
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
    pub fn bins_seeing(&self) -> usize {
        match self.over {
            Over::Enhancer => self.bins_p,
            Over::Promoter => self.bins_e,
        }
    }

    /// `h_E`, `[l_E, k]`, and `h_P`, `[l_P, k]`, of a pair.
    pub fn activations(&self, pair: usize) -> [Matrix<&[f32]>; 2] {
        let k = self.k;
        [(&self.enhancer, self.bins_e), (&self.promoter, self.bins_p)]
            .map(|(side, bins)| Matrix::of(part(floats(side), pair, bins * k), bins, k))
    }

    /// `U` and `V`: `[k, d]`.
    pub fn weights(&self) -> [Matrix<&[f32]>; 2] {
        [&self.parameters.enhancer, &self.parameters.promoter]
            .map(|weight| Matrix::of(floats(weight), self.k, self.d))
    }

    /// `v`: `[d]`.
    pub fn score(&self) -> &[f32] {
        floats(&self.parameters.score)
    }
}
