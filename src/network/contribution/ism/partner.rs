//! What the activations of a side that changes meet on the other side, which stays.

use std::ops::Range;

use super::host::Network;
use crate::element::Element;
use crate::network::kernels::attention::{Scoring, scores_of_pair, softmax_of_rows};
use crate::network::kernels::flex::{Matrix, part};

/// The side that stays, of `m` bins, and the weights between both.
pub struct Partner<'a> {
    /// `v` of the attention over the side that changes, and of that over this one: `[d]` each.
    scores: [&'a [f32]; 2],
    scoring: Scoring,
    /// This side's projections in both attentions: `[m, d]` each.
    projected: [Vec<f32>; 2],
    /// What the other side's activations are multiplied by: its projections in both attentions, and
    /// `W h_Tᵀ`: `[k, 2·d + m]`.
    joined: Matrix<Vec<f32>>,
}

/// What bins of the side that changes say to all `m` bins of its partner.
pub struct Answers {
    /// The scores `s1` of the attention over the side that changes: `[bins, m]`.
    pub scores: Vec<f32>,
    /// The attention `α` over the partner: `[bins, m]`.
    pub attention: Matrix<Vec<f32>>,
    /// `X`: `[bins, m]`
    pub products: Matrix<Vec<f32>>,
}

impl<'a> Partner<'a> {
    /// - side: the one that changes
    /// - activations: of the other one, `h_T`: `[m, k]`
    pub fn new(network: &'a Network, side: Element, activations: &[f32]) -> Self {
        let k = network.filters.count;
        let activations = Matrix::of(activations, activations.len() / k, k);
        let attentions = [side, side.other()].map(|over| network.attention.get(over));
        // [k, d] each
        let projections = |of: Element| {
            attentions.map(|attention| {
                let d = attention.score.len();
                Matrix::of(attention.projections.get(of).as_slice(), k, d)
            })
        };
        // [m, k] · [k, d]
        let projected =
            projections(side.other()).map(|weight| activations.times(&weight).into_values());
        let interaction = Matrix::of(network.interaction.as_slice(), k, k);
        // [k, k] · [k, m]
        let weighted = match side {
            Element::Enhancer => interaction.times(&activations.transposed()),
            Element::Promoter => interaction.transposed().times(&activations.transposed()),
        };
        let [over_side, over_other] = projections(side);
        let joined = [over_side.values(), over_other.values(), weighted.values()];
        Self {
            scores: attentions.map(|attention| attention.score.as_slice()),
            scoring: network.scoring,
            projected,
            joined: beside(joined, k),
        }
    }

    /// What bins of the side that changes say.
    ///
    /// - activations: `[bins, k]`
    pub fn answers(&self, activations: &[f32]) -> Answers {
        let ([k, columns], d) = (self.joined.shape(), self.scores[0].len());
        let (bins, m) = (activations.len() / k, columns - 2 * d);
        // [bins, k] · [k, 2·d + m]
        let joined = Matrix::of(activations, bins, k).times(&self.joined);
        let cut = |columns| cut(&joined, columns);
        let scores = |attention: usize| {
            let projected = cut(attention * d..(attention + 1) * d);
            let projected = [&projected, &self.projected[attention]];
            let mut scores = vec![0.0; bins * m];
            let weights = self.scores[attention];
            scores_of_pair(
                projected.map(Vec::as_slice),
                weights,
                self.scoring,
                &mut scores,
            );
            scores
        };
        let mut attention = scores(1);
        softmax_of_rows(&mut attention, m);
        Answers {
            scores: scores(0),
            attention: Matrix::of(attention, bins, m),
            products: Matrix::of(cut(2 * d..columns), bins, m),
        }
    }
}

/// Matrices of so many rows side by side.
fn beside(matrices: [&[f32]; 3], rows: usize) -> Matrix<Vec<f32>> {
    let widths = matrices.map(|values| values.len() / rows);
    let columns: usize = widths.iter().sum();
    let mut joined = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        for (values, width) in matrices.into_iter().zip(widths) {
            joined.extend_from_slice(part(values, row, width));
        }
    }
    Matrix::of(joined, rows, columns)
}

/// Some columns of a matrix, row by row.
fn cut(matrix: &Matrix<Vec<f32>>, columns: Range<usize>) -> Vec<f32> {
    let [rows, all] = matrix.shape();
    let mut cut = Vec::with_capacity(rows * columns.len());
    for row in matrix.values().chunks_exact(all) {
        cut.extend_from_slice(&row[columns.clone()]);
    }
    cut
}
