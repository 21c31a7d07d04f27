//! Attention between two sequences of bins.
//!
//! What the score of two bins is made of, `e_i + p_j` or `e_i ⊙ p_j`, of which there are
//! `n · l_E · l_P · d`, is never written down, and the gradient computes it anew.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, AutodiffBackend, Backend, Dispatch, ExtensionType, backend_extension,
};
use burn::tensor::Tensor;

pub(super) use cpu::attention_of_pair;
pub(super) use gpu::attention;

use super::learnt::{Saved, learnt};

/// What the score of two bins is, from their projections `e = U h_E,i` and `p = V h_P,j`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scoring {
    /// `vᵀ tanh(e + p)` (Bahdanau, Cho & Bengio 2015, arXiv:1409.0473).
    Additive,
    /// `vᵀ (e ⊙ p)`: the "general" score `h_E,iᵀ M h_P,j` of Luong, Pham & Manning 2015
    /// (arXiv:1508.04025) with `M = Uᵀ diag(v) V`, of rank `d`.
    Multiplicative,
}

/// Which side's bins compete with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// The softmax runs over the enhancer's bins: `Σ_i attention[i, j] = 1` for every `j`.
    Enhancer,
    /// The softmax runs over the promoter's bins: `Σ_j attention[i, j] = 1` for every `i`.
    Promoter,
}

/// The activations of both sides and an attention's parameters.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// `h_E`: `[n, l_E, k]`.
    pub enhancer: FloatTensor<B>,
    /// `h_P`: `[n, l_P, k]`.
    pub promoter: FloatTensor<B>,
    /// `U`: `[k, d]`.
    pub enhancer_weight: FloatTensor<B>,
    /// `V`: `[k, d]`.
    pub promoter_weight: FloatTensor<B>,
    /// `v`: `[d, 1]`.
    pub score: FloatTensor<B>,
}

/// The softmax of the scores over one side, and what the other side sees through it:
/// `Σ_i attention[i, j] h_E,i` over the enhancer, `Σ_j attention[i, j] h_P,j` over the promoter.
///
/// Gradient flows through what is seen, not through the attention itself.
///
/// # Shapes
///
/// - enhancer, `h_E`: `[n, l_E, k]`; promoter, `h_P`: `[n, l_P, k]`
/// - weights, `U` and `V`: `[k, d]` each
/// - score, `v`: `[d, 1]`
/// - returns: the attention `[n, l_E, l_P]`; over the enhancer `[n, l_P, k]`, over the promoter
///   `[n, l_E, k]`
pub fn attend(
    enhancer: Tensor<3>,
    promoter: Tensor<3>,
    weights: [Tensor<2>; 2],
    score: Tensor<2>,
    scoring: Scoring,
    over: Over,
) -> (Tensor<3>, Tensor<3>) {
    let [enhancer_weight, promoter_weight] = weights.map(Tensor::into_dispatch);
    let inputs = Inputs {
        enhancer: enhancer.into_dispatch(),
        promoter: promoter.into_dispatch(),
        enhancer_weight,
        promoter_weight,
        score: score.into_dispatch(),
    };
    let (attention, seen) = Dispatch::attend(inputs, scoring, over);
    (
        Tensor::from_dispatch(attention),
        Tensor::from_dispatch(seen),
    )
}

/// [`attend`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait Attend: Backend {
    /// See [`attend`](attend()).
    fn attend(
        #[extension_type] inputs: Inputs<Self>,
        scoring: Scoring,
        over: Over,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// What is computed on the way and needed again for the gradient.
#[derive(Debug, Clone)]
pub struct Attended<B: Backend> {
    /// `U h_E`: `[n, l_E, d]`.
    pub projected_enhancer: FloatTensor<B>,
    /// `V h_P`: `[n, l_P, d]`.
    pub projected_promoter: FloatTensor<B>,
    /// `[n, l_E, l_P]`
    pub attention: FloatTensor<B>,
}

/// What a backend computes for [`Attend`].
pub trait AttendForm: Backend {
    /// The attention, and what is seen through it.
    fn attended(
        inputs: &Inputs<Self>,
        scoring: Scoring,
        over: Over,
    ) -> (Attended<Self>, FloatTensor<Self>);

    /// The gradients of the inputs, in their order, from that of what is seen.
    fn attended_gradients(
        inputs: Inputs<Self>,
        attended: Attended<Self>,
        scoring: Scoring,
        over: Over,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 5];
}

impl<B: AttendForm> Attend for B {
    fn attend(inputs: Inputs<B>, scoring: Scoring, over: Over) -> (FloatTensor<B>, FloatTensor<B>) {
        let (attended, seen) = B::attended(&inputs, scoring, over);
        (attended.attention, seen)
    }
}

impl<B: AttendForm, C: CheckpointStrategy> Attend for Autodiff<B, C> {
    fn attend(
        inputs: Inputs<Self>,
        scoring: Scoring,
        over: Over,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (enhancer, node_e) = inputs.enhancer.into_parts();
        let (promoter, node_p) = inputs.promoter.into_parts();
        let (enhancer_weight, node_u) = inputs.enhancer_weight.into_parts();
        let (promoter_weight, node_v) = inputs.promoter_weight.into_parts();
        let (score, node_s) = inputs.score.into_parts();
        let inputs = Inputs {
            enhancer,
            promoter,
            enhancer_weight,
            promoter_weight,
            score,
        };
        let (attended, seen) = B::attended(&inputs, scoring, over);
        let attention = <Self as AutodiffBackend>::from_inner(attended.attention.clone());
        let nodes = [node_e, node_p, node_u, node_v, node_s];
        let seen = learnt::<B, C, _, 5>(nodes, (inputs, attended, scoring, over), seen);
        (attention, seen)
    }
}

impl<B: AttendForm> Saved<B, 5> for (Inputs<B>, Attended<B>, Scoring, Over) {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 5] {
        let (inputs, attended, scoring, over) = self;
        B::attended_gradients(inputs, attended, scoring, over, gradient)
    }
}
