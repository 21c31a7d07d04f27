//! Substitutions on WGPU, as many together as fit into memory.

mod activations;
mod answers;
mod interactions;
mod listed;
mod rest;

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::{CubeBackend, CubeTensor};

use super::{Changing, Inputs, Piece, SubstitutedStrongest};
use crate::network::kernels::attention::Scoring;
use crate::network::kernels::cube::{dims, reshaped, rows};
use crate::network::kernels::matrix_product::MatrixProduct;
use crate::network::kernels::strongest::StrongestInteractionsForm;
use activations::Sums;
use answers::{Answers, Partner};
use interactions::interactions;
use listed::{Listed, together};
use rest::Rest;

impl SubstitutedStrongest for CubeBackend {
    fn substituted_strongest(
        inputs: Inputs<Self>,
        pieces: Vec<Piece>,
        changing: Changing,
        scoring: Scoring,
        count: usize,
    ) -> FloatTensor<Self> {
        let sums = Sums::new(inputs.codes, inputs.filters, changing.pooling);
        let partner = Partner {
            side: changing.side,
            scoring,
            projections: inputs.projections,
            weighted: inputs.weighted_partner,
            // [m, 2·d] → [2·d, m]
            projected: rows(Self::float_transpose(inputs.projected_partner)),
            scores: rows(inputs.scores),
        };
        let unchanged = partner.answers(inputs.activations);
        let known = Known::new(unchanged);
        let found = together(&pieces, changing.values, known.bins())
            .into_iter()
            .map(|pieces| {
                let listed = Listed::new(pieces, &known.weighted);
                let answers = partner.answers(sums.substituted(&listed));
                let cells = known.interactions(&listed, answers);
                let (strongest, _) = Self::largest(cells, inputs.bias.clone(), count);
                strongest
            });
        Self::float_cat(found.collect(), 0)
    }
}

/// What is known of a pair before anything changes, as `contribution/ism/known.rs` has it: the side
/// that changes has `l` bins, the other one `m`.
struct Known {
    unchanged: Answers,
    /// `Q = X αᵀ`: `[l, l]`.
    weighted: CubeTensor,
}

impl Known {
    fn new(unchanged: Answers) -> Self {
        let attention = CubeBackend::float_transpose(unchanged.attention.clone());
        // [l, m] · [m, l]
        let weighted = CubeBackend::product(unchanged.products.clone(), attention);
        Self {
            unchanged,
            weighted,
        }
    }

    /// `[l, m]`
    fn bins(&self) -> [usize; 2] {
        dims(&self.unchanged.products)
    }

    /// All interactions with each of some substitutions, without the bias: `[n, m·l]`.
    fn interactions(&self, listed: &Listed, answers: Answers) -> CubeTensor {
        let [l, m] = self.bins();
        let rest = Rest::new(&self.unchanged, &self.weighted, listed);
        let attention = CubeBackend::float_transpose(self.unchanged.attention.clone());
        // [n·bins, m] · [m, l]
        let weighted = CubeBackend::product(answers.products.clone(), attention);
        let cells = interactions(listed, &rest, answers, weighted);
        // [n, m, l] → [n, m·l]
        reshaped(cells, [listed.count, m * l])
    }
}
