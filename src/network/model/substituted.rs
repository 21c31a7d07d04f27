//! How the log-odds of a pair change with substitutions in its windows, on WGPU.

use burn::tensor::{Int, Tensor};

use super::ByElement;
use crate::element::{Element, Sides};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::matrix_product::product;
use crate::network::kernels::sequence_encoder::encode;
use crate::network::kernels::substitutions::{
    Changing, Inputs, Piece, Values, substituted_strongest,
};

/// A pair's windows on a device of WGPU's.
pub struct Unchanged {
    /// Base codes: `[1, L_E]` and `[1, L_P]`.
    codes: Sides<Tensor<2, Int>>,
    /// `h_E`, `[l_E, k]`, and `h_P`, `[l_P, k]`.
    activations: Sides<Tensor<2>>,
}

impl ByElement {
    /// The windows of a pair as they are.
    ///
    /// # Shapes
    ///
    /// - codes: `[1, L_E]` and `[1, L_P]`, base codes
    pub fn unchanged(&self, codes: Sides<Tensor<2, Int>>) -> Unchanged {
        let activations = codes.clone().zip(self.config.pooling());
        let activations = activations.map(|(codes, pooling)| {
            let encoded = encode(codes, self.filters.clone(), pooling, Dropout::NONE);
            let [_, l, k] = encoded.dims();
            // [1, l, k] → [l, k]
            encoded.reshape([l, k])
        });
        Unchanged { codes, activations }
    }

    /// How many values a substitution in a window of this side has.
    pub fn values(&self, side: Element) -> Values {
        let bins = |side| self.config.pooling().get(side).bins();
        let (l, m) = (bins(side), bins(side.other()));
        let (k, d) = (self.config.filters, self.config.attention_dim);
        Values {
            interactions: l * m,
            of_bin: l.max(m).max(k).max(2 * d),
        }
    }

    /// The log-odds with each of some substitutions, at least one, as they come piece after piece:
    /// `[n, 1]`.
    ///
    /// # Panics
    ///
    /// On another device than WGPU's.
    pub fn substituted(&self, windows: &Unchanged, side: Element, pieces: Vec<Piece>) -> Tensor<2> {
        let (own, other) = (side, side.other());
        let projections = Sides::new(&self.enhancer, &self.promoter);
        let partner = windows.activations.get(other).clone();
        let interaction = self.interaction.clone();
        let interaction = match side {
            Element::Enhancer => interaction,
            Element::Promoter => interaction.swap_dims(0, 1),
        };
        let inputs = Inputs {
            codes: windows.codes.get(own).clone().into_dispatch(),
            filters: self.filters.clone().into_dispatch(),
            activations: windows.activations.get(own).clone().into_dispatch(),
            projections: (*projections.get(own)).clone().into_dispatch(),
            // [m, k] · [k, k] and [m, k] · [k, 2·d]
            weighted_partner: product(partner.clone(), interaction).into_dispatch(),
            projected_partner: product(partner, (*projections.get(other)).clone()).into_dispatch(),
            scores: self.scores.clone().into_dispatch(),
            bias: self.bias.clone().into_dispatch(),
        };
        let changing = Changing {
            side,
            pooling: *self.config.pooling().get(side),
            values: self.values(side),
        };
        let (scoring, count) = (self.config.attention.scoring(), self.config.top_k);
        let strongest = substituted_strongest(inputs, pieces, changing, scoring, count);
        // [n, K] → [n, 1]
        self.classifier.forward(strongest, Dropout::NONE)
    }
}
