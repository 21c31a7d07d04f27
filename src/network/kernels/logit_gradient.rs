//! How the log-odds of pairs depend on the activations of their windows, on the CPU.
//!
//! Gradient flows through the `K` strongest interactions alone. Of the promoter bins, `J` have one of
//! them, of the enhancer bins `I`, at most `K` each: only their columns of the attention over the
//! enhancer and their rows of that over the promoter carry any. What training computes for all bins is
//! computed for those here, pair by pair in what the cache holds. Other devices go the way back through
//! burn's graph, with which the tests compare this (`model/slopes.rs`).

mod cpu;

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, ExtensionType, backend_extension};
use burn::tensor::{Int, Tensor};

use super::attention::Scoring;
use super::pairwise::Elements;
use crate::element::Sides;

/// Elements of which each is computed once, and the parameters that the way back needs.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// What the way there needs.
    #[extension_type]
    pub elements: Elements<B>,
    /// `h_P`: `[v, l_P, k]`.
    pub promoters: FloatTensor<B>,
    /// `U` of the attention over the promoter, then of that over the enhancer: `[k, 2·d]`.
    pub enhancer_weights: FloatTensor<B>,
    /// `V` likewise: `[k, 2·d]`.
    pub promoter_weights: FloatTensor<B>,
    /// `Wᵀ`: `[k, k]`.
    pub interaction: FloatTensor<B>,
    /// The classifier's first layer: `[K, hidden]`.
    pub hidden_weight: FloatTensor<B>,
    /// `[hidden]`
    pub hidden_bias: FloatTensor<B>,
    /// Its second layer: `[hidden, 1]`.
    pub output_weight: FloatTensor<B>,
}

/// The gradient of the log-odds of each pair by its activations.
///
/// # Shapes
///
/// - pairs: `[n, 2]`, the enhancer's and the promoter's place among the elements
/// - returns: of `h_E`, `[n, l_E, k]`, and of `h_P`, `[n, l_P, k]`
///
/// # Panics
///
/// On another device than the CPU.
pub fn logit_gradient(
    inputs: Inputs<Dispatch>,
    pairs: Tensor<2, Int>,
    scoring: Scoring,
) -> Sides<Tensor<3>> {
    let (enhancer, promoter) = Dispatch::logit_gradient(inputs, pairs.into_dispatch(), scoring);
    Sides::new(enhancer, promoter).map(Tensor::from_dispatch)
}

/// [`logit_gradient`](logit_gradient()) as an extension of burn's backends.
#[backend_extension(Flex)]
pub trait LogitGradient: Backend {
    /// See [`logit_gradient`](logit_gradient()).
    fn logit_gradient(
        #[extension_type] inputs: Inputs<Self>,
        pairs: IntTensor<Self>,
        scoring: Scoring,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}
