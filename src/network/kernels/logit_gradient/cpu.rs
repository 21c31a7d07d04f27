//! Each pair by itself: there as `pairwise` goes, and back.

use std::mem::MaybeUninit;
use std::ops::Range;

use burn::backend::Flex;
use burn::backend::tensor::{FloatTensor, IntTensor};
use rayon::prelude::*;

use super::{Inputs, LogitGradient};
use crate::network::kernels::attention::{Over, Scoring, projection_gradients};
use crate::network::kernels::flex::{Matrix, dims, floats, ints, part, rows, tensor, unwritten};
use crate::network::kernels::pairwise::{attentions, interaction};
use crate::network::kernels::strongest::largest_of;

impl LogitGradient for Flex {
    fn logit_gradient(
        inputs: Inputs<Self>,
        pairs: IntTensor<Self>,
        scoring: Scoring,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let [n, _] = dims(&pairs);
        let [_, bins_e, k] = dims(&inputs.elements.enhancers);
        let [_, bins_p, _] = dims(&inputs.promoters);
        let pairs = rows(pairs);
        let elements = inputs.elements;
        let elements = [
            elements.enhancers,
            elements.projected_enhancers,
            inputs.promoters,
            elements.weighted_promoters,
            elements.projected_promoters,
            elements.scores,
            elements.bias,
        ]
        .map(rows);
        let weights = [
            inputs.enhancer_weights,
            inputs.promoter_weights,
            inputs.interaction,
            inputs.hidden_weight,
            inputs.hidden_bias,
            inputs.output_weight,
        ]
        .map(rows);
        let given = Given {
            elements: elements.each_ref().map(floats),
            weights: weights.each_ref().map(floats),
            bins: [bins_e, bins_p],
            k,
            scoring,
        };
        let mut enhancer = unwritten(n * bins_e * k);
        let mut promoter = unwritten(n * bins_p * k);
        enhancer
            .par_chunks_mut(bins_e * k)
            .zip(promoter.par_chunks_mut(bins_p * k))
            .zip(ints(&pairs).par_chunks_exact(2))
            .for_each(|((enhancer, promoter), places)| {
                let places = [places[0], places[1]].map(|place| place as usize);
                given.pair(places).gradients([enhancer, promoter]);
            });
        // SAFETY: the products of all pairs fill both.
        let [enhancer, promoter] =
            [enhancer, promoter].map(|values| unsafe { values.assume_init().into_vec() });
        (
            tensor(enhancer, [n, bins_e, k]),
            tensor(promoter, [n, bins_p, k]),
        )
    }
}

/// What all pairs are given, row by row.
struct Given<'a> {
    /// `h_E` and its projections, `h_P`, `h_P · Wᵀ` and its projections, `v` twice, `b`: see
    /// [`Inputs`].
    elements: [&'a [f32]; 7],
    /// `U`, `V`, `Wᵀ`, and the classifier's two layers, of which the last bias has no part in this.
    weights: [&'a [f32]; 6],
    bins: [usize; 2],
    k: usize,
    scoring: Scoring,
}

impl<'a> Given<'a> {
    fn pair(&'a self, [e, p]: [usize; 2]) -> Pair<'a> {
        let ([bins_e, bins_p], k) = (self.bins, self.k);
        let [
            enhancers,
            projected_e,
            promoters,
            weighted,
            projected_p,
            scores,
            _,
        ] = self.elements;
        let width = scores.len();
        let of = |all: &'a [f32], place: usize, bins: usize| {
            Matrix::of(part(all, place, bins * k), bins, k)
        };
        Pair {
            given: self,
            enhancer: of(enhancers, e, bins_e),
            promoter: of(promoters, p, bins_p),
            weighted: of(weighted, p, bins_p),
            projected: [
                part(projected_e, e, bins_e * width),
                part(projected_p, p, bins_p * width),
            ],
        }
    }

    /// The strongest of a pair's interactions, `[l_P, l_E]`, and what they add to its log-odds.
    fn strongest(&self, interaction: &[f32]) -> Strongest {
        let [.., weight, hidden_bias, _] = self.weights;
        let count = weight.len() / hidden_bias.len();
        let (mut values, mut places) = (vec![0.0; count], vec![0; count]);
        largest_of(interaction, &mut values, &mut places);
        let [.., bias] = self.elements;
        values.iter_mut().for_each(|value| *value += bias[0]);
        let cell = |&place: &i32| {
            let place = place as usize;
            [place / self.bins[0], place % self.bins[0]]
        };
        let cells: Vec<[usize; 2]> = places.iter().map(cell).collect();
        let [promoters, enhancers] = [0, 1].map(|side| {
            let mut bins: Vec<usize> = cells.iter().map(|cell| cell[side]).collect();
            bins.sort_unstable();
            bins.dedup();
            bins
        });
        let mut slopes = vec![0.0; promoters.len() * enhancers.len()];
        for (&[p, e], slope) in cells.iter().zip(self.slopes(values)) {
            let row = promoters.partition_point(|&bin| bin < p);
            let column = enhancers.partition_point(|&bin| bin < e);
            slopes[row * enhancers.len() + column] = slope;
        }
        Strongest {
            slopes: Matrix::of(slopes, promoters.len(), enhancers.len()),
            promoters,
            enhancers,
        }
    }

    /// The gradient of the log-odds by the strongest interactions: `[K]` each.
    fn slopes(&self, strongest: Vec<f32>) -> Vec<f32> {
        let [.., weight, bias, output] = self.weights;
        let (count, width) = (strongest.len(), bias.len());
        let weight = Matrix::of(weight, count, width);
        // [1, K] · [K, hidden]
        let hidden = Matrix::of(strongest, 1, count).times(&weight);
        let hidden = hidden.values().iter().zip(bias).zip(output);
        let of_hidden = |((x, b), &w): ((&f32, &f32), &f32)| if x + b <= 0.0 { 0.0 } else { w };
        let of_hidden: Vec<f32> = hidden.map(of_hidden).collect();
        // [K, hidden] · [hidden, 1]
        weight.times(&Matrix::of(of_hidden, width, 1)).into_values()
    }
}

/// The strongest interactions by their bins.
struct Strongest {
    /// `J`, from left to right.
    promoters: Vec<usize>,
    /// `I`, from left to right.
    enhancers: Vec<usize>,
    /// The gradient of the interactions of these bins, 0 of those that are none of the strongest:
    /// `[J, I]`.
    slopes: Matrix<Vec<f32>>,
}

/// What a pair is given.
struct Pair<'a> {
    given: &'a Given<'a>,
    /// `h_E`: `[l_E, k]`.
    enhancer: Matrix<&'a [f32]>,
    /// `h_P`: `[l_P, k]`.
    promoter: Matrix<&'a [f32]>,
    /// `h_P · Wᵀ`: `[l_P, k]`.
    weighted: Matrix<&'a [f32]>,
    /// Both sides': `[l, 2·d]`.
    projected: [&'a [f32]; 2],
}

/// An attention between some bins of either side: all of the side that the softmax runs over.
struct Between<'a> {
    over: Over,
    /// Which half of the projections is this attention's.
    side: usize,
    /// The enhancer's and the promoter's.
    bins: [&'a [usize]; 2],
    /// `[a, b]`
    attention: &'a [f32],
    /// `[a, b]`
    gradient: &'a [f32],
}

impl Pair<'_> {
    /// Fills the gradients of `h_E`, `[l_E, k]`, and `h_P`, `[l_P, k]`, in.
    fn gradients(&self, [in_e, in_p]: [&mut [MaybeUninit<f32>]; 2]) {
        let given = self.given;
        let ([bins_e, bins_p], k) = (given.bins, given.k);
        let [.., scores, _] = given.elements;
        let (attention_p, attention_e) =
            attentions(self.projected, given.bins, scores, given.scoring);
        let products = self.enhancer.times(&self.weighted.transposed());
        let cells = interaction(&attention_e, &products, &attention_p);
        let strongest = given.strongest(&cells);
        // [l_E, J] and [I, l_P]
        let attention_e = some_columns(&attention_e, &strongest.promoters);
        let attention_p = some_rows(&attention_p, &strongest.enhancers);

        let [u, v, interaction, ..] = given.weights;
        let interaction = Matrix::of(interaction, k, k);
        // What the bins see, r_E · W, [J, l_E] · [l_E, k] · [k, k], and r_P · Wᵀ, [I, l_P] · [l_P, k].
        let seen_e = attention_e.transposed().times(&self.enhancer);
        let seen_e = seen_e.times(&interaction.transposed());
        let seen_p = attention_p.times(&self.weighted);
        // Of r_E, [J, I] · [I, k], and of r_P, [I, J] · [J, k].
        let of_seen_e = strongest.slopes.times(&seen_p);
        let of_seen_p = strongest.slopes.transposed().times(&seen_e);
        // Of the attentions, [l_E, k] · [k, J] and [I, k] · [k, l_P].
        let of_attention_e = self.enhancer.times(&of_seen_e.transposed());
        let of_attention_p = of_seen_p.times(&self.promoter.transposed());

        let all = given.bins.map(|bins| (0..bins).collect::<Vec<usize>>());
        let over_promoter = Between {
            over: Over::Promoter,
            side: 0,
            bins: [&strongest.enhancers, &all[1]],
            attention: attention_p.values(),
            gradient: of_attention_p.values(),
        };
        let over_enhancer = Between {
            over: Over::Enhancer,
            side: 1,
            bins: [&all[0], &strongest.promoters],
            attention: attention_e.values(),
            gradient: of_attention_e.values(),
        };
        let width = scores.len();
        let mut of_projected = given.bins.map(|bins| vec![0.0; bins * width]);
        self.of_projected(&over_promoter, &mut of_projected);
        self.of_projected(&over_enhancer, &mut of_projected);

        let [of_e, of_p] = of_projected;
        let [u, v] = [u, v].map(|weight| Matrix::of(weight, k, width));
        // [l, 2·d] · [2·d, k]; [l_E, J] · [J, k]; [l_P, I] · [I, k]
        let in_e = Matrix::of(of_e, bins_e, width).times_into(&u.transposed(), in_e);
        attention_e.times_onto(&of_seen_e, in_e);
        let in_p = Matrix::of(of_p, bins_p, width).times_into(&v.transposed(), in_p);
        attention_p.transposed().times_onto(&of_seen_p, in_p);
    }

    /// Writes the gradients of the projections of one attention, of its bins alone, into those of both
    /// sides, `[l, 2·d]`.
    fn of_projected(&self, between: &Between, sums: &mut [Vec<f32>; 2]) {
        let [.., scores, _] = self.given.elements;
        let (width, d) = (scores.len(), scores.len() / 2);
        let half = between.side * d..(between.side + 1) * d;
        let [enhancer, promoter] = [0, 1].map(|side| {
            taken(
                self.projected[side],
                width,
                half.clone(),
                between.bins[side],
            )
        });
        let mut found = [enhancer.len(), promoter.len(), d].map(|len| vec![0.0; len]);
        projection_gradients(
            [between.attention, between.gradient],
            [&enhancer, &promoter],
            part(scores, between.side, d),
            self.given.scoring,
            between.over,
            found.each_mut().map(Vec::as_mut_slice),
        );
        for ((sums, bins), found) in sums.iter_mut().zip(between.bins).zip(&found) {
            for (bin, values) in bins.iter().zip(found.chunks_exact(d)) {
                sums[bin * width..][half.clone()].copy_from_slice(values);
            }
        }
    }
}

/// Some columns of a matrix.
fn some_columns(matrix: &Matrix<Vec<f32>>, columns: &[usize]) -> Matrix<Vec<f32>> {
    let [rows, width] = matrix.shape();
    let mut values = Vec::with_capacity(rows * columns.len());
    for row in matrix.values().chunks_exact(width) {
        values.extend(columns.iter().map(|&column| row[column]));
    }
    Matrix::of(values, rows, columns.len())
}

/// Some rows of a matrix.
fn some_rows(matrix: &Matrix<Vec<f32>>, rows: &[usize]) -> Matrix<Vec<f32>> {
    let [_, width] = matrix.shape();
    let values = taken(matrix.values(), width, 0..width, rows);
    Matrix::of(values, rows.len(), width)
}

/// Some columns of some rows of `width` values.
fn taken(all: &[f32], width: usize, columns: Range<usize>, rows: &[usize]) -> Vec<f32> {
    let mut taken = Vec::with_capacity(rows.len() * columns.len());
    for &row in rows {
        taken.extend_from_slice(&part(all, row, width)[columns.clone()]);
    }
    taken
}
