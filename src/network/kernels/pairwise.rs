//! What a pair has of its own, from what is computed once for each element.
//!
//! A table names the same enhancers and promoters again and again. Their activations and
//! projections do not depend on the partner, and the interaction matrix can be regrouped so that
//! little of it does: with the attentions `A_E` and `A_P`, `[l_E, l_P]` each,
//! `P = r_E · W · r_Pᵀ + b = A_Eᵀ · (h_E · (h_P · Wᵀ)ᵀ) · A_Pᵀ + b`, in which `h_P · Wᵀ` is the
//! promoter's alone.

mod cpu;
mod gpu;

pub(super) use cpu::{attentions, interaction};

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, ExtensionType, backend_extension};
use burn::tensor::{Int, Tensor};

use super::attention::Scoring;

/// Elements of which each is computed once, and the parameters that their pairs need.
#[derive(Debug, Clone, ExtensionType)]
pub struct Elements<B: Backend> {
    /// `h_E`: `[u, l_E, k]`.
    pub enhancers: FloatTensor<B>,
    /// For the attention over the promoter, then for that over the enhancer: `[u, l_E, 2·d]`.
    pub projected_enhancers: FloatTensor<B>,
    /// `h_P · Wᵀ`: `[v, l_P, k]`.
    pub weighted_promoters: FloatTensor<B>,
    /// For the attention over the promoter, then for that over the enhancer: `[v, l_P, 2·d]`.
    pub projected_promoters: FloatTensor<B>,
    /// `v` of the attention over the promoter, then of that over the enhancer: `[2, d]`.
    pub scores: FloatTensor<B>,
    /// `b`: `[1]`.
    pub bias: FloatTensor<B>,
}

/// The maxima of pairs.
#[derive(Debug, Clone)]
pub struct Maxima {
    /// Marginal attention of each enhancer bin, `max_j attention_enhancer[i, j]`: `[n, l_E]`.
    pub enhancer: Tensor<2>,
    /// Marginal attention of each promoter bin, `max_i attention_promoter[i, j]`: `[n, l_P]`.
    pub promoter: Tensor<2>,
    /// The strongest interactions, in descending order: `[n, K]`.
    pub strongest: Tensor<2>,
}

/// Marginal attention and the `count` strongest interactions of pairs of elements.
///
/// # Shapes
///
/// - pairs: `[n, 2]`, the enhancer's and the promoter's place among the elements
pub fn pairwise(
    elements: Elements<Dispatch>,
    pairs: Tensor<2, Int>,
    scoring: Scoring,
    count: usize,
) -> Maxima {
    let (enhancer, promoter, strongest) =
        Dispatch::pairwise(elements, pairs.into_dispatch(), scoring, count);
    Maxima {
        enhancer: Tensor::from_dispatch(enhancer),
        promoter: Tensor::from_dispatch(promoter),
        strongest: Tensor::from_dispatch(strongest),
    }
}

/// [`pairwise`] as an extension of burn's backends. Nothing is learnt through it.
#[backend_extension(Cube, Flex)]
pub trait Pairwise: Backend {
    /// See [`pairwise`](pairwise()): what [`Maxima`] holds.
    fn pairwise(
        #[extension_type] elements: Elements<Self>,
        pairs: IntTensor<Self>,
        scoring: Scoring,
        count: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
