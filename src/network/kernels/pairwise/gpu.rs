//! Pairs on WGPU: the elements of each pair side by side, and burn's own products.

use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn_wgpu::CubeBackend;

use super::{Elements, Pairwise};
use crate::element::Sides;
use crate::network::kernels::attention::{Scoring, attentions};
use crate::network::kernels::cube::{dims, reshaped};
use crate::network::kernels::matrix_product::MatrixProduct;
use crate::network::kernels::strongest::StrongestInteractionsForm;

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
        // [n, 2] → [n] of each side
        let column = |side: usize| {
            let column = Self::int_slice(pairs.clone(), &[(0..n).into(), (side..side + 1).into()]);
            Self::int_reshape(column, [n].into())
        };
        let (of_enhancer, of_promoter) = (column(0), column(1));
        let enhancers = |x| Self::float_select(x, 0, of_enhancer.clone());
        let promoters = |x| Self::float_select(x, 0, of_promoter.clone());
        let projected_enhancers = enhancers(elements.projected_enhancers);
        let projected_promoters = promoters(elements.projected_promoters);
        let projected = Sides::new(projected_enhancers, projected_promoters);
        let attention = attentions(projected, elements.scores, scoring);
        // [n, l_E, k] · [n, k, l_P] → [n, l_E, l_P]
        let weighted = Self::float_transpose(promoters(elements.weighted_promoters));
        let products = Self::product(enhancers(elements.enhancers), weighted);
        // [n, l_P, l_E] · [n, l_E, l_P] · [n, l_P, l_E] → [n, l_P·l_E]
        let rows = Self::float_transpose(attention.enhancer.clone());
        let columns = Self::float_transpose(attention.promoter.clone());
        let interaction = Self::product(Self::product(rows, products), columns);
        let interaction = reshaped(interaction, [n, bins_p * bins_e]);
        let (strongest, _) = Self::largest(interaction, elements.bias, count);
        // [n, l_E, 1] and [n, 1, l_P]
        let enhancer = Self::float_max_dim(attention.enhancer, 2);
        let promoter = Self::float_max_dim(attention.promoter, 1);
        (
            reshaped(enhancer, [n, bins_e]),
            reshaped(promoter, [n, bins_p]),
            strongest,
        )
    }
}
