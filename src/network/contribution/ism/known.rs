//! What is known of a pair before anything of one of its sides changes.

use super::host::Network;
use super::partner::{Answers, Partner};
use super::window::Window;
use crate::element::{Element, Sides};
use crate::network::kernels::attention::softmax_of_columns;
use crate::network::kernels::flex::Matrix;
use crate::network::kernels::strongest::largest_of;

/// A pair as the changes of one side, of `l` bins, need it; the other has `m`.
pub struct Known<'a> {
    /// The weights.
    pub network: &'a Network,
    /// The side that stays.
    pub partner: Partner<'a>,
    /// What the bins of the side that changes say to it: `l` rows.
    pub answers: Answers,
    /// `Q = X αᵀ`: `[l, l]`.
    pub weighted: Matrix<Vec<f32>>,
    /// The places of the `K` largest interactions in `P`, `[m, l]`, row by row.
    pub strongest: Vec<usize>,
}

impl<'a> Known<'a> {
    /// - side: the one that changes
    pub fn new(network: &'a Network, side: Element, windows: &Sides<Window>) -> Self {
        let partner = Partner::new(network, side, &windows.get(side.other()).activations);
        let answers = partner.answers(&windows.get(side).activations);
        let [l, m] = answers.products.shape();
        // [l, m] · [m, l]
        let weighted = answers.products.times(&answers.attention.transposed());
        let mut attention = answers.scores.clone();
        softmax_of_columns(&mut attention, m);
        // [m, l] · [l, l]
        let interactions = Matrix::of(attention, l, m).transposed().times(&weighted);
        let (mut values, mut places) = (vec![0.0; network.kept], vec![0; network.kept]);
        largest_of(interactions.values(), &mut values, &mut places);
        Self {
            network,
            partner,
            answers,
            weighted,
            strongest: places.into_iter().map(|place| place as usize).collect(),
        }
    }
}
