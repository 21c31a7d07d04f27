//! The network at work on a table of pairs, in which the same elements come back many times: what an
//! element does not owe to its partner is computed once.

use burn::backend::{Dispatch, DispatchTensor};
use burn::tensor::{Int, Tensor};

use super::layers::{Attention, Classifier};
use super::{Epiann, ModelConfig};
use crate::attention::Pooling;
use crate::element::Sides;
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::matrix_product::product;
use crate::network::kernels::pairwise;
use crate::network::kernels::pairwise::pairwise;
use crate::network::kernels::sequence_encoder::encode;

/// The weights that tracks need, side by side where one product serves several of them.
#[derive(Debug)]
pub struct ByElement {
    /// `[k, 4, w]`
    pub(super) filters: Tensor<3>,
    /// `U` of the attention over the promoter, then of that over the enhancer: `[k, 2·d]`.
    pub(super) enhancer: Tensor<2>,
    /// `V` likewise: `[k, 2·d]`.
    pub(super) promoter: Tensor<2>,
    /// `v` likewise: `[2, d]`.
    pub(super) scores: Tensor<2>,
    /// `Wᵀ`: `[k, k]`.
    pub(super) interaction: Tensor<2>,
    /// `b`: `[1]`.
    pub(super) bias: Tensor<1>,
    pub(super) classifier: Classifier,
    pub(super) config: ModelConfig,
}

/// Enhancers and promoters that are each computed once, for all pairs of them.
pub struct Elements(pub(super) pairwise::Elements<Dispatch>);

/// What tracks are made of: the probability's log-odds and the marginal attentions.
#[derive(Debug, Clone)]
pub struct Marginals {
    /// Log-odds of an interaction: `[n, 1]`.
    pub logit: Tensor<2>,
    /// Marginal attention of each bin: of the enhancer `max_j attention_enhancer[i, j]`, `[n, l_E]`,
    /// of the promoter `max_i attention_promoter[i, j]`, `[n, l_P]`.
    pub attention: Sides<Tensor<2>>,
}

impl ByElement {
    /// The weights of a network without a graph.
    pub fn new(network: &Epiann) -> Self {
        // [k, d] and [k, d] → [k, 2·d]
        let both = |of: fn(&Attention) -> Tensor<2>| {
            let attentions = [&network.attend_promoter, &network.attend_enhancer];
            Tensor::cat(attentions.map(of).to_vec(), 1)
        };
        Self {
            filters: network.conv.weight.val(),
            enhancer: both(|attention| attention.enhancer.weight.val()),
            promoter: both(|attention| attention.promoter.weight.val()),
            // [d, 2] → [2, d]
            scores: both(Attention::score).swap_dims(0, 1),
            interaction: network.interaction.weight.val().swap_dims(0, 1),
            bias: network.interaction.bias.val(),
            classifier: network.classifier.clone(),
            config: network.config.clone(),
        }
    }

    /// How the windows are pooled.
    pub fn pooling(&self) -> Sides<Pooling> {
        self.config.pooling()
    }

    /// The filters: `[k, 4, w]`.
    pub fn filters(&self) -> Tensor<3> {
        self.filters.clone()
    }

    /// What pairs of `u` enhancers and `v` promoters have in common.
    ///
    /// # Shapes
    ///
    /// - sequences: `[u, L_E]` and `[v, L_P]`, base codes
    pub fn elements(&self, sequences: Sides<Tensor<2, Int>>) -> Elements {
        let encode = |codes: Tensor<2, Int>, pooling: Pooling| {
            encode(codes, self.filters.clone(), pooling, Dropout::NONE)
        };
        let (pooling, Sides { enhancer, promoter }) = (self.config.pooling(), sequences);
        self.elements_of(
            || encode(enhancer, pooling.enhancer),
            || encode(promoter, pooling.promoter),
        )
    }

    /// The activations of windows: `h_E`, `[u, l_E, k]`, and `h_P`, `[v, l_P, k]`.
    ///
    /// # Shapes
    ///
    /// - sequences: `[u, L_E]` and `[v, L_P]`, base codes
    pub fn activations(&self, sequences: Sides<Tensor<2, Int>>) -> Sides<Tensor<3>> {
        let encode = |codes: Tensor<2, Int>, pooling: Pooling| {
            encode(codes, self.filters.clone(), pooling, Dropout::NONE)
        };
        let (pooling, Sides { enhancer, promoter }) = (self.config.pooling(), sequences);
        let (enhancer, promoter) = rayon::join(
            || encode(enhancer, pooling.enhancer),
            || encode(promoter, pooling.promoter),
        );
        Sides::new(enhancer, promoter)
    }

    /// What pairs of elements have in common whose activations are known: see [`elements`](Self::elements).
    pub fn elements_from(&self, activations: Sides<Tensor<3>>) -> Elements {
        let Sides { enhancer, promoter } = activations;
        self.elements_of(|| enhancer, || promoter)
    }

    /// The same, from what computes the activations of either side: `[u, l_E, k]` and `[v, l_P, k]`.
    pub(super) fn elements_of(
        &self,
        enhancers: impl FnOnce() -> Tensor<3> + Send,
        promoters: impl FnOnce() -> Tensor<3> + Send,
    ) -> Elements {
        // Nothing of one side waits for the other, nor either product for the other.
        let (of_enhancers, of_promoters) = rayon::join(
            || {
                let enhancers = enhancers();
                let projected = times(&enhancers, &self.enhancer);
                (enhancers.into_dispatch(), projected)
            },
            || {
                let promoters = promoters();
                rayon::join(
                    || times(&promoters, &self.interaction),
                    || times(&promoters, &self.promoter),
                )
            },
        );
        let (enhancers, projected_enhancers) = of_enhancers;
        let (weighted_promoters, projected_promoters) = of_promoters;
        Elements(pairwise::Elements {
            enhancers,
            projected_enhancers,
            weighted_promoters,
            projected_promoters,
            scores: self.scores.clone().into_dispatch(),
            bias: self.bias.clone().into_dispatch(),
        })
    }

    /// What is found about pairs of elements.
    ///
    /// # Shapes
    ///
    /// - pairs: `[n, 2]`, the places of enhancer and promoter among the elements
    pub fn pairs(&self, elements: &Elements, pairs: Tensor<2, Int>) -> Marginals {
        let scoring = self.config.attention.scoring();
        let found = pairwise(elements.0.clone(), pairs, scoring, self.config.top_k);
        Marginals {
            logit: self.classifier.forward(found.strongest, Dropout::NONE),
            attention: Sides::new(found.enhancer, found.promoter),
        }
    }
}

/// Every bin times a matrix: `[n, l, k] · [k, c]` → `[n, l, c]`.
fn times(activations: &Tensor<3>, matrix: &Tensor<2>) -> DispatchTensor {
    let [n, l, k] = activations.dims();
    let [_, columns] = matrix.dims();
    // [n, l, k] → [n·l, k] → [n·l, c] → [n, l, c]
    let rows = activations.clone().reshape([n * l, k]);
    product(rows, matrix.clone())
        .reshape([n, l, columns])
        .into_dispatch()
}
