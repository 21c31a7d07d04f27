//! The two attentions between two sequences of bins, one over the bins of each side.
//!
//! What the score of two bins is made of, `e_i + p_j` or `e_i ⊙ p_j`, of which there are
//! `n · l_E · l_P · d`, is never written down, and the gradient computes it anew.

mod cpu;
mod gpu;

use std::fmt::Debug;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::ops::NodeGuard;
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, AutodiffBackend, Backend, Dispatch, ExtensionType, backend_extension,
};
use burn::tensor::Tensor;

pub(super) use cpu::{attention_of_pair, projection_gradients};
pub(in crate::network) use cpu::{scores_of_pair, softmax_of_columns, softmax_of_rows};
pub(super) use gpu::{attentions, term};

use super::learnt::{SavedOfSeveral, learnt_of_several};
use crate::element::Sides;

/// What the score of two bins is, from their projections `e = U h_E,i` and `p = V h_P,j`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// An attention's parameters.
#[derive(Debug, Clone, ExtensionType)]
pub struct Parameters<B: Backend> {
    /// `U`: `[k, d]`.
    pub enhancer: FloatTensor<B>,
    /// `V`: `[k, d]`.
    pub promoter: FloatTensor<B>,
    /// `v`: `[d, 1]`.
    pub score: FloatTensor<B>,
}

/// The activations of both sides and the parameters of both attentions.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// `h_E`: `[n, l_E, k]`.
    pub enhancer: FloatTensor<B>,
    /// `h_P`: `[n, l_P, k]`.
    pub promoter: FloatTensor<B>,
    /// Of the attention over the enhancer.
    #[extension_type]
    pub over_enhancer: Parameters<B>,
    /// Of the attention over the promoter.
    #[extension_type]
    pub over_promoter: Parameters<B>,
}

/// Both attentions, each under the side whose bins compete.
#[derive(Debug, Clone)]
pub struct Attentions {
    /// The softmax of the scores over that side: `[n, l_E, l_P]` each.
    pub attention: Sides<Tensor<3>>,
    /// What the other side's bins see of that side: `r_E`, `[n, l_P, k]`, and `r_P`, `[n, l_E, k]`.
    pub seen: Sides<Tensor<3>>,
}

impl Parameters<Dispatch> {
    /// `U` and `V`, `[k, d]` each, and `v`, `[d, 1]`.
    pub fn new(weights: Sides<Tensor<2>>, score: Tensor<2>) -> Self {
        Self {
            enhancer: weights.enhancer.into_dispatch(),
            promoter: weights.promoter.into_dispatch(),
            score: score.into_dispatch(),
        }
    }
}

/// The softmax of the scores over each side, with scores of its own, and what the other side sees
/// through it: `r_E,j = Σ_i attention[i, j] h_E,i` over the enhancer, `r_P,i = Σ_j attention[i, j]
/// h_P,j` over the promoter.
///
/// Gradient flows through what is seen, not through the attentions themselves.
///
/// # Shapes
///
/// - enhancer, `h_E`: `[n, l_E, k]`; promoter, `h_P`: `[n, l_P, k]`
/// - parameters: of the attention over each side
pub fn attend(
    enhancer: Tensor<3>,
    promoter: Tensor<3>,
    parameters: Sides<Parameters<Dispatch>>,
    scoring: Scoring,
) -> Attentions {
    let inputs = Inputs {
        enhancer: enhancer.into_dispatch(),
        promoter: promoter.into_dispatch(),
        over_enhancer: parameters.enhancer,
        over_promoter: parameters.promoter,
    };
    let (attention_e, attention_p, seen_e, seen_p) = Dispatch::attend(inputs, scoring);
    let sides = |enhancer, promoter| Sides::new(enhancer, promoter).map(Tensor::from_dispatch);
    Attentions {
        attention: sides(attention_e, attention_p),
        seen: sides(seen_e, seen_p),
    }
}

/// [`attend`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait Attend: Backend {
    /// See [`attend`](attend()): the attentions over enhancer and promoter, and what is seen of both.
    fn attend(
        #[extension_type] inputs: Inputs<Self>,
        scoring: Scoring,
    ) -> (
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
    );
}

/// [`Attentions`] of a backend.
#[derive(Debug, Clone)]
pub struct Attended<B: AttendForm> {
    /// `[n, l_E, l_P]` each.
    pub attention: Sides<FloatTensor<B>>,
    /// `r_E`, `[n, l_P, k]`, and `r_P`, `[n, l_E, k]`.
    pub seen: Sides<FloatTensor<B>>,
    /// For the gradient.
    pub kept: B::Kept,
}

/// What a backend computes for [`Attend`].
pub trait AttendForm: Backend {
    /// What is computed on the way and needed again for the gradient.
    type Kept: Clone + Debug + Send + 'static;

    /// Both attentions, and what is seen through them.
    fn attended(inputs: Inputs<Self>, scoring: Scoring) -> Attended<Self>;

    /// The gradients of the inputs from those of `r_E`, `[n, l_P, k]`, and `r_P`, `[n, l_E, k]`.
    fn attended_gradients(kept: Self::Kept, gradients: Sides<FloatTensor<Self>>) -> Inputs<Self>;
}

impl<B: AttendForm> Attend for B {
    fn attend(
        inputs: Inputs<B>,
        scoring: Scoring,
    ) -> (
        FloatTensor<B>,
        FloatTensor<B>,
        FloatTensor<B>,
        FloatTensor<B>,
    ) {
        let Attended {
            attention, seen, ..
        } = B::attended(inputs, scoring);
        (
            attention.enhancer,
            attention.promoter,
            seen.enhancer,
            seen.promoter,
        )
    }
}

impl<B: AttendForm, C: CheckpointStrategy> Attend for Autodiff<B, C> {
    fn attend(
        inputs: Inputs<Self>,
        scoring: Scoring,
    ) -> (
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
        FloatTensor<Self>,
    ) {
        let (enhancer, node_e) = inputs.enhancer.into_parts();
        let (promoter, node_p) = inputs.promoter.into_parts();
        let (over_enhancer, nodes_e) = parts(inputs.over_enhancer);
        let (over_promoter, nodes_p) = parts(inputs.over_promoter);
        let inputs = Inputs {
            enhancer,
            promoter,
            over_enhancer,
            over_promoter,
        };
        let attended = B::attended(inputs, scoring);
        let attention = attended
            .attention
            .map(<Self as AutodiffBackend>::from_inner);
        let ([node_ue, node_ve, node_se], [node_up, node_vp, node_sp]) = (nodes_e, nodes_p);
        let nodes = [
            node_e, node_p, node_ue, node_ve, node_se, node_up, node_vp, node_sp,
        ];
        let Sides { enhancer, promoter } = attended.seen;
        let seen = [enhancer, promoter];
        let [enhancer, promoter] =
            learnt_of_several::<B, C, _, 8, 2>(nodes, Way::<B>(attended.kept), seen);
        (attention.enhancer, attention.promoter, enhancer, promoter)
    }
}

/// An attention's parameters and their nodes.
fn parts<B: Backend, C: CheckpointStrategy>(
    parameters: Parameters<Autodiff<B, C>>,
) -> (Parameters<B>, [NodeGuard; 3]) {
    let (enhancer, node_u) = parameters.enhancer.into_parts();
    let (promoter, node_v) = parameters.promoter.into_parts();
    let (score, node_s) = parameters.score.into_parts();
    let parameters = Parameters {
        enhancer,
        promoter,
        score,
    };
    (parameters, [node_u, node_v, node_s])
}

/// The way back.
#[derive(Debug, Clone)]
struct Way<B: AttendForm>(B::Kept);

impl<B: AttendForm> SavedOfSeveral<B, 8, 2> for Way<B> {
    fn gradients(self, [enhancer, promoter]: [FloatTensor<B>; 2]) -> [FloatTensor<B>; 8] {
        let of = B::attended_gradients(self.0, Sides::new(enhancer, promoter));
        let (over_e, over_p) = (of.over_enhancer, of.over_promoter);
        [
            of.enhancer,
            of.promoter,
            over_e.enhancer,
            over_e.promoter,
            over_e.score,
            over_p.enhancer,
            over_p.promoter,
            over_p.score,
        ]
    }
}
