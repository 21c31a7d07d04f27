//! Pairs on WGPU: the elements of each pair side by side, and products of all pairs at once.

mod gather;
mod marginal;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_wgpu::CubeBackend;

use super::{Elements, Pairwise};
use crate::element::Sides;
use crate::network::kernels::attention::{Scoring, attentions};
use crate::network::kernels::cube::{dims, reshaped};
use crate::network::kernels::matrix_product::MatrixProduct;
use crate::network::kernels::strongest::StrongestInteractionsForm;
use gather::{Side, gathered};
use marginal::marginal;

impl Pairwise for CubeBackend {
    fn pairwise(
        elements: Elements<Self>,
        pairs: IntTensor<Self>,
        scoring: Scoring,
        count: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [n, _] = dims(&pairs);
        let [_, bins_e, _] = dims(&elements.projected_enhancers);
        let [_, bins_p, _] = dims(&elements.projected_promoters);
        let enhancers = Side {
            activations: elements.enhancers,
            projected: elements.projected_enhancers,
        };
        let promoters = Side {
            activations: elements.weighted_promoters,
            projected: elements.projected_promoters,
        };
        let Sides { enhancer, promoter } = gathered(Sides::new(enhancers, promoters), pairs);
        let projected = Sides::new(enhancer.projected, promoter.projected);
        let attention = attentions(projected, elements.scores, scoring);
        // [n, l_E, k] · [n, k, l_P] → [n, l_E, l_P]
        let weighted = Self::float_transpose(promoter.activations);
        let products = Self::product(enhancer.activations, weighted);
        // [n, l_P, l_E] · [n, l_E, l_P] · [n, l_P, l_E] → [n, l_P·l_E]
        let rows = Self::float_transpose(attention.enhancer.clone());
        let columns = Self::float_transpose(attention.promoter.clone());
        let interaction = Self::product(Self::product(rows, products), columns);
        let interaction = reshaped(interaction, [n, bins_p * bins_e]);
        let (strongest, _) = Self::largest(interaction, elements.bias, count);
        let Sides { enhancer, promoter } = marginal(attention);
        (enhancer, promoter, strongest)
    }
}
