//! Pairs on the CPU: each in what the second-level cache holds; the elements stay where they are. A
//! pair by itself is shared out too.

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use rayon::prelude::*;

use super::{Elements, Pairwise};
use crate::network::kernels::attention::{Over, Scoring, attention_of_pair};
use crate::network::kernels::flex::{
    Matrix, dims, floats, ints, part, part_of, rows, tensor, unwritten,
};
use crate::network::kernels::strongest::largest_of;

/// Promoter bins whose interactions one thread computes at a time: half of the published 67.
const BINS: usize = 34;

impl Pairwise for Flex {
    fn pairwise(
        elements: Elements<Self>,
        pairs: IntTensor<Self>,
        scoring: Scoring,
        count: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [n, _] = dims(&pairs);
        let [_, bins_e, k] = dims(&elements.enhancers);
        let [_, bins_p, width] = dims(&elements.projected_promoters);
        let pairs = rows(pairs);
        let held = [
            elements.enhancers,
            elements.projected_enhancers,
            elements.weighted_promoters,
            elements.projected_promoters,
            elements.scores,
            elements.bias,
        ]
        .map(rows);
        let [enhancers, projected_e, promoters, projected_p, scores, bias] =
            held.each_ref().map(floats);

        let mut enhancer = vec![0.0; n * bins_e];
        let mut promoter = vec![0.0; n * bins_p];
        let mut strongest = vec![0.0; n * count];
        enhancer
            .par_chunks_mut(bins_e)
            .zip(promoter.par_chunks_mut(bins_p))
            .zip(strongest.par_chunks_mut(count))
            .zip(ints(&pairs).par_chunks_exact(2))
            .for_each(|(((enhancer, promoter), strongest), places)| {
                let [e, p] = [places[0], places[1]].map(|place| place as usize);
                let projected = [
                    part(projected_e, e, bins_e * width),
                    part(projected_p, p, bins_p * width),
                ];
                let activations = Matrix::of(part(enhancers, e, bins_e * k), bins_e, k);
                let weighted = Matrix::of(part(promoters, p, bins_p * k), bins_p, k);
                let ((attention_p, attention_e), products) = rayon::join(
                    || attentions(projected, [bins_e, bins_p], scores, scoring),
                    || activations.times(&weighted.transposed()),
                );
                row_maxima(attention_e.values(), bins_p, enhancer);
                column_maxima(attention_p.values(), bins_p, promoter);
                let interaction = interaction(&attention_e, &products, &attention_p);
                let mut places = vec![0; count];
                largest_of(&interaction, strongest, &mut places);
                strongest.iter_mut().for_each(|value| *value += bias[0]);
            });
        (
            tensor(enhancer, [n, bins_e]),
            tensor(promoter, [n, bins_p]),
            tensor(strongest, [n, count]),
        )
    }
}

/// The attentions of a pair over the promoter and over the enhancer, `[l_E, l_P]` each, from what
/// both sides are projected to, `[l, 2·d]`, and the scores, `[2, d]`.
pub fn attentions(
    projected: [&[f32]; 2],
    [bins_e, bins_p]: [usize; 2],
    scores: &[f32],
    scoring: Scoring,
) -> (Matrix<Vec<f32>>, Matrix<Vec<f32>>) {
    let width = scores.len();
    let attention = |side: usize, over: Over| {
        let [e, p] = projected.map(|x| half(x, width, side));
        let mut attention = vec![0.0; bins_e * bins_p];
        let score = part(scores, side, width / 2);
        attention_of_pair([&e, &p], score, scoring, over, &mut attention);
        Matrix::of(attention, bins_e, bins_p)
    };
    rayon::join(
        || attention(0, Over::Promoter),
        || attention(1, Over::Enhancer),
    )
}

/// `A_Eᵀ · X · A_Pᵀ`: `[l_P, l_E] · [l_E, l_P] · [l_P, l_E]`, row by row.
pub fn interaction(
    attention_e: &Matrix<Vec<f32>>,
    products: &Matrix<Vec<f32>>,
    attention_p: &Matrix<Vec<f32>>,
) -> Vec<f32> {
    let [bins_e, bins_p] = products.shape();
    let mut interaction = unwritten(bins_p * bins_e);
    interaction
        .par_chunks_mut(BINS * bins_e)
        .enumerate()
        .for_each(|(part, rows)| {
            let seen_by = attention_e.columns(part_of(bins_p, part, BINS));
            seen_by
                .transposed()
                .times(products)
                .times_into(&attention_p.transposed(), rows);
        });
    // SAFETY: the products fill all rows.
    unsafe { interaction.assume_init().into_vec() }
}

/// The first or the second half of each row, `width` values long.
fn half(rows: &[f32], width: usize, side: usize) -> Vec<f32> {
    let mut halves = Vec::with_capacity(rows.len() / 2);
    for row in rows.chunks_exact(width) {
        let (first, second) = row.split_at(width / 2);
        halves.extend_from_slice([first, second][side]);
    }
    halves
}

fn row_maxima(matrix: &[f32], columns: usize, maxima: &mut [f32]) {
    for (maximum, row) in maxima.iter_mut().zip(matrix.chunks_exact(columns)) {
        *maximum = row.iter().fold(f32::NEG_INFINITY, larger);
    }
}

fn column_maxima(matrix: &[f32], columns: usize, maxima: &mut [f32]) {
    maxima.fill(f32::NEG_INFINITY);
    for row in matrix.chunks_exact(columns) {
        for (maximum, value) in maxima.iter_mut().zip(row) {
            *maximum = larger(*maximum, value);
        }
    }
}

/// The larger of two; NaN where the second is: a softmax with one is NaN throughout, so that along it none
/// is lost.
fn larger(a: f32, &b: &f32) -> f32 {
    if b <= a { a } else { b }
}
