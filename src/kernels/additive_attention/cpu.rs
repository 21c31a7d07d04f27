//! Additive attention on the CPU.
//!
//! `tanh(e + p) = 1 − 2 / (1 + e²ᵉ · e²ᵖ)`: the exponentials are taken once for each bin and the
//! hyperbolic tangent of each sum costs one division.

use burn::backend::Flex;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use macerator::{Scalar, Simd, Vector, vload_unaligned, vstore_unaligned, with_simd};
use rayon::prelude::*;

use super::{AdditiveAttentionForm, Attended, Inputs, Over};
use crate::kernels::exp::exp;
use crate::kernels::flex::{Matrix, dims, floats, part, rows, tensor, zeros};

/// Enhancer bins that one thread works on at a time.
const BINS: usize = 32;
/// Projections beyond ±`LARGEST` have exponentials that f32 cannot multiply safely.
const LARGEST: f32 = 43.0;

impl AdditiveAttentionForm for Flex {
    fn attended(inputs: &Inputs<Self>, over: Over) -> (Attended<Self>, FloatTensor<Self>) {
        let [n, bins_e, k] = dims(&inputs.enhancer);
        let [_, bins_p, _] = dims(&inputs.promoter);
        let [d, _] = dims(&inputs.score);
        let held = inputs.clone().rows();
        let inputs = Slices::of(&held);
        let bins_seeing = match over {
            Over::Enhancer => bins_p,
            Over::Promoter => bins_e,
        };
        let mut projected_e = vec![0.0; n * bins_e * d];
        let mut projected_p = vec![0.0; n * bins_p * d];
        let mut attention = zeros(n * bins_e * bins_p);
        let mut seen = zeros(n * bins_seeing * k);
        attention
            .par_chunks_mut(bins_e * bins_p)
            .zip(projected_e.par_chunks_mut(bins_e * d))
            .zip(projected_p.par_chunks_mut(bins_p * d))
            .zip(seen.par_chunks_mut(bins_seeing * k))
            .enumerate()
            .for_each(|(pair, (((attention, projected_e), projected_p), seen))| {
                let enhancer = Matrix::of(part(inputs.enhancer, pair, bins_e * k), bins_e, k);
                let promoter = Matrix::of(part(inputs.promoter, pair, bins_p * k), bins_p, k);
                enhancer.times_into(&Matrix::of(inputs.enhancer_weight, k, d), projected_e);
                promoter.times_into(&Matrix::of(inputs.promoter_weight, k, d), projected_p);
                attention_of_pair(projected_e, projected_p, inputs.score, over, attention);
                let attention = Matrix::of(attention, bins_e, bins_p);
                match over {
                    Over::Enhancer => attention.transposed().times_into(&enhancer, seen),
                    Over::Promoter => attention.times_into(&promoter, seen),
                }
            });
        let attended = Attended {
            projected_enhancer: tensor(projected_e, [n, bins_e, d]),
            projected_promoter: tensor(projected_p, [n, bins_p, d]),
            attention: tensor(attention, [n, bins_e, bins_p]),
        };
        (attended, tensor(seen, [n, bins_seeing, k]))
    }

    fn attended_gradients(
        inputs: Inputs<Self>,
        attended: Attended<Self>,
        over: Over,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 5] {
        let [n, bins_e, k] = dims(&inputs.enhancer);
        let [_, bins_p, _] = dims(&inputs.promoter);
        let [d, _] = dims(&inputs.score);
        let held = inputs.rows();
        let inputs = Slices::of(&held);
        let gradient = rows(gradient);
        let gradient = floats(&gradient);
        let (projected_e, projected_p, attention) = (
            floats(&attended.projected_enhancer),
            floats(&attended.projected_promoter),
            floats(&attended.attention),
        );
        let [mut gradient_e, mut gradient_p] =
            [bins_e, bins_p].map(|bins| zeros(n * bins * k));
        // Of the projections.
        let [mut gradient_pe, mut gradient_pp] =
            [bins_e, bins_p].map(|bins| vec![0.0; n * bins * d]);
        // Each pair's own part, added in the order of the pairs.
        let mut parts = vec![0.0; n * d];
        gradient_e
            .par_chunks_mut(bins_e * k)
            .zip(gradient_p.par_chunks_mut(bins_p * k))
            .zip(gradient_pe.par_chunks_mut(bins_e * d))
            .zip(gradient_pp.par_chunks_mut(bins_p * d))
            .zip(parts.par_chunks_mut(d))
            .enumerate()
            .for_each(|(pair, ((((in_e, in_p), gradient_e), gradient_p), gradient_v))| {
                let enhancer = Matrix::of(part(inputs.enhancer, pair, bins_e * k), bins_e, k);
                let promoter = Matrix::of(part(inputs.promoter, pair, bins_p * k), bins_p, k);
                let cells = part(attention, pair, bins_e * bins_p);
                let attention = Matrix::of(cells, bins_e, bins_p);
                let of_attention = match over {
                    Over::Enhancer => {
                        let gradient = part(gradient, pair, bins_p * k);
                        let gradient = Matrix::of(gradient, bins_p, k);
                        // [l_E, l_P] · [l_P, k] and [l_E, k] · [k, l_P]
                        attention.times_into(&gradient, in_e);
                        enhancer.times(&gradient.transposed())
                    }
                    Over::Promoter => {
                        let gradient = part(gradient, pair, bins_e * k);
                        let gradient = Matrix::of(gradient, bins_e, k);
                        // [l_P, l_E] · [l_E, k] and [l_E, k] · [k, l_P]
                        attention.transposed().times_into(&gradient, in_p);
                        gradient.times(&promoter.transposed())
                    }
                };
                let mut scores = vec![0.0; bins_e * bins_p];
                score_gradients(cells, of_attention.values(), over, bins_p, &mut scores);
                let pair = Gradients {
                    enhancer: part(projected_e, pair, bins_e * d),
                    promoter: part(projected_p, pair, bins_p * d),
                    score: inputs.score,
                    scores: &scores,
                    gradient_e,
                    gradient_p,
                    gradient_v,
                };
                let (gradient_e, gradient_p) = pair.add();
                // [l, d] · [d, k]
                let weight = Matrix::of(inputs.enhancer_weight, k, d);
                Matrix::of(gradient_e, bins_e, d).times_onto(&weight.transposed(), in_e);
                let weight = Matrix::of(inputs.promoter_weight, k, d);
                Matrix::of(gradient_p, bins_p, d).times_onto(&weight.transposed(), in_p);
            });
        let mut gradient_v = vec![0.0; d];
        for part in parts.chunks_exact(d) {
            for (sum, part) in gradient_v.iter_mut().zip(part) {
                *sum += part;
            }
        }
        // [k, n·l] · [n·l, d]
        let weight = |of: &FloatTensor<Self>, gradient: Vec<f32>| {
            let gradient = tensor(gradient, [dims::<3>(of)[0] * dims::<3>(of)[1], d]);
            let rows = Flex::float_reshape(of.clone(), [dims::<2>(&gradient)[0], k].into());
            Flex::float_matmul(Flex::float_transpose(rows), gradient)
        };
        [
            tensor(gradient_e, [n, bins_e, k]),
            tensor(gradient_p, [n, bins_p, k]),
            weight(&held.enhancer, gradient_pe),
            weight(&held.promoter, gradient_pp),
            tensor(gradient_v, [d, 1]),
        ]
    }
}

impl Inputs<Flex> {
    /// The same tensors row by row.
    fn rows(self) -> Self {
        Self {
            enhancer: rows(self.enhancer),
            promoter: rows(self.promoter),
            enhancer_weight: rows(self.enhancer_weight),
            promoter_weight: rows(self.promoter_weight),
            score: rows(self.score),
        }
    }
}

/// [`Inputs`] that have no gaps.
#[derive(Clone, Copy)]
struct Slices<'a> {
    enhancer: &'a [f32],
    promoter: &'a [f32],
    enhancer_weight: &'a [f32],
    promoter_weight: &'a [f32],
    score: &'a [f32],
}

impl<'a> Slices<'a> {
    fn of(inputs: &'a Inputs<Flex>) -> Self {
        Self {
            enhancer: floats(&inputs.enhancer),
            promoter: floats(&inputs.promoter),
            enhancer_weight: floats(&inputs.enhancer_weight),
            promoter_weight: floats(&inputs.promoter_weight),
            score: floats(&inputs.score),
        }
    }
}

/// The attention of one pair, `[l_E, l_P]`, from projections `[l_E, d]` and `[l_P, d]`.
pub fn attention_of_pair(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    over: Over,
    attention: &mut [f32],
) {
    if are_small(enhancer) && are_small(promoter) {
        scores(Factors, enhancer, promoter, score, attention);
    } else {
        scores(Sums, enhancer, promoter, score, attention);
    }
    let columns = promoter.len() / score.len();
    match over {
        Over::Enhancer => softmax_of_columns(attention, columns),
        Over::Promoter => softmax_of_rows(attention, columns),
    }
}

/// How `1 / (1 + e^(2e + 2p))` is computed from a part of each side.
trait Parts: Copy + Sync {
    /// What is kept of a projection.
    fn of(self, projection: f32) -> f32;
    /// From the part of an enhancer bin and those of some promoter bins.
    fn reciprocal<S: Simd>(self, enhancer: f32, promoter: Vector<S, f32>) -> Vector<S, f32>;
}

/// From the exponentials of both sides.
#[derive(Clone, Copy)]
struct Factors;

impl Parts for Factors {
    #[inline(always)]
    fn of(self, projection: f32) -> f32 {
        exp(2.0 * projection)
    }

    #[inline(always)]
    fn reciprocal<S: Simd>(self, enhancer: f32, promoter: Vector<S, f32>) -> Vector<S, f32> {
        let one = 1f32.splat::<S>();
        one / (one + enhancer.splat() * promoter)
    }
}

/// From the sums, for projections whose exponentials would leave the numbers.
#[derive(Clone, Copy)]
struct Sums;

impl Parts for Sums {
    #[inline(always)]
    fn of(self, projection: f32) -> f32 {
        2.0 * projection
    }

    #[inline(always)]
    fn reciprocal<S: Simd>(self, enhancer: f32, promoter: Vector<S, f32>) -> Vector<S, f32> {
        let mut values = [0f32; WIDEST];
        // SAFETY: no vector is wider.
        unsafe { vstore_unaligned(values.as_mut_ptr(), promoter) };
        let values = values.map(|promoter| 1.0 / (1.0 + exp(enhancer + promoter)));
        // SAFETY: likewise.
        unsafe { vload_unaligned(values.as_ptr()) }
    }
}

/// Values in the widest vector there is, of 512 bits.
const WIDEST: usize = 16;

/// Whether [`Factors`] will do; not so for NaN.
fn are_small(projections: &[f32]) -> bool {
    projections.iter().all(|x| x.abs() <= LARGEST)
}

/// The parts of the promoter's bins in vectors of as many bins: `[tiles, d]`. What fills the last
/// tile up is 0.
#[inline(always)]
fn tiles<S: Simd>(parts_of: impl Parts, promoter: &[f32], d: usize) -> Vec<Vector<S, f32>> {
    let lanes = f32::lanes::<S>();
    let bins = promoter.len() / d;
    let mut tiles = vec![0f32.splat::<S>(); bins.div_ceil(lanes) * d];
    let mut values = vec![0.0; lanes * d];
    for (tile, promoter) in tiles.chunks_exact_mut(d).zip(promoter.chunks(lanes * d)) {
        for (value, &projection) in values.iter_mut().zip(promoter) {
            *value = parts_of.of(projection);
        }
        for (place, vector) in tile.iter_mut().enumerate() {
            let mut lane = [0f32; WIDEST];
            for (lane, bin) in lane.iter_mut().zip(0..promoter.len() / d) {
                *lane = values[bin * d + place];
            }
            *vector = load(&lane);
        }
    }
    tiles
}

/// A vector of the first values of a slice that has enough of them.
#[inline(always)]
fn load<S: Simd>(values: &[f32]) -> Vector<S, f32> {
    assert!(values.len() >= f32::lanes::<S>());
    // SAFETY: there are as many values as the vector has.
    unsafe { vload_unaligned(values.as_ptr()) }
}

/// The values of a vector; of the widest one all are used.
#[inline(always)]
fn values<S: Simd>(vector: Vector<S, f32>) -> [f32; WIDEST] {
    let mut values = [0.0; WIDEST];
    // SAFETY: no vector is wider.
    unsafe { vstore_unaligned(values.as_mut_ptr(), vector) };
    values
}

/// The scores of a pair, `[l_E, l_P]`, less what they have in common: `Σ_d −2 v_d / (1 + …)`.
fn scores(
    parts_of: impl Parts,
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &mut [f32],
) {
    let d = score.len();
    let bins_p = promoter.len() / d;
    scores
        .par_chunks_mut(BINS * bins_p)
        .zip(enhancer.par_chunks(BINS * d))
        .for_each(|(scores, enhancer)| {
            scores_of_bins(parts_of, enhancer, promoter, score, scores);
        });
}

#[with_simd]
fn scores_of_bins<S: Simd, P: Parts>(
    parts_of: P,
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &mut [f32],
) {
    let d = score.len();
    let lanes = f32::lanes::<S>();
    let tiles = tiles::<S>(parts_of, promoter, d);
    let mut parts = vec![0.0; d];
    for (scores, enhancer) in scores
        .chunks_exact_mut(promoter.len() / d)
        .zip(enhancer.chunks_exact(d))
    {
        for (part, &projection) in parts.iter_mut().zip(enhancer) {
            *part = parts_of.of(projection);
        }
        for (scores, tile) in scores.chunks_mut(lanes).zip(tiles.chunks_exact(d)) {
            let mut sum = 0f32.splat::<S>();
            for ((&promoter, &enhancer), &v) in tile.iter().zip(&parts).zip(score) {
                sum += v.splat() * parts_of.reciprocal(enhancer, promoter);
            }
            let sum = values(sum * (-2f32).splat());
            scores.copy_from_slice(&sum[..scores.len()]);
        }
    }
}

#[with_simd]
fn softmax_of_rows<S: Simd>(scores: &mut [f32], columns: usize) {
    for row in scores.chunks_exact_mut(columns) {
        let largest = row.iter().fold(f32::NEG_INFINITY, |max, &x| max.max(x));
        for value in row.iter_mut() {
            *value = exp(*value - largest);
        }
        let sum: f32 = row.iter().sum();
        for value in row.iter_mut() {
            *value /= sum;
        }
    }
}

#[with_simd]
fn softmax_of_columns<S: Simd>(scores: &mut [f32], columns: usize) {
    let mut largest = vec![f32::NEG_INFINITY; columns];
    for row in scores.chunks_exact(columns) {
        for (largest, &value) in largest.iter_mut().zip(row) {
            *largest = if value > *largest { value } else { *largest };
        }
    }
    let mut sums = vec![0.0; columns];
    for row in scores.chunks_exact_mut(columns) {
        for ((value, largest), sum) in row.iter_mut().zip(&largest).zip(&mut sums) {
            *value = exp(*value - largest);
            *sum += *value;
        }
    }
    for row in scores.chunks_exact_mut(columns) {
        for (value, sum) in row.iter_mut().zip(&sums) {
            *value /= sum;
        }
    }
}

/// The gradient of a softmax's input: `a (g − Σ a g)`, all `[l_E, l_P]`.
#[with_simd]
fn score_gradients<S: Simd>(
    attention: &[f32],
    gradient: &[f32],
    over: Over,
    columns: usize,
    scores: &mut [f32],
) {
    let cells = || {
        let rows = attention.chunks_exact(columns);
        rows.zip(gradient.chunks_exact(columns))
    };
    match over {
        Over::Promoter => {
            for (scores, (attention, gradient)) in scores.chunks_exact_mut(columns).zip(cells()) {
                let products = attention.iter().zip(gradient).map(|(a, g)| a * g);
                let common: f32 = products.sum();
                for ((score, a), g) in scores.iter_mut().zip(attention).zip(gradient) {
                    *score = a * (g - common);
                }
            }
        }
        Over::Enhancer => {
            let mut common = vec![0.0; columns];
            for (attention, gradient) in cells() {
                for ((common, a), g) in common.iter_mut().zip(attention).zip(gradient) {
                    *common += a * g;
                }
            }
            for (scores, (attention, gradient)) in scores.chunks_exact_mut(columns).zip(cells()) {
                let sides = attention.iter().zip(gradient).zip(&common);
                for (score, ((a, g), common)) in scores.iter_mut().zip(sides) {
                    *score = a * (g - common);
                }
            }
        }
    }
}

/// What the gradients of a pair are made from, and where they go.
struct Gradients<'a> {
    /// `[l_E, d]`
    enhancer: &'a [f32],
    /// `[l_P, d]`
    promoter: &'a [f32],
    /// `[d]`
    score: &'a [f32],
    /// The gradients of the scores: `[l_E, l_P]`.
    scores: &'a [f32],
    /// `[l_E, d]`
    gradient_e: &'a mut [f32],
    /// `[l_P, d]`
    gradient_p: &'a mut [f32],
    /// `[d]`
    gradient_v: &'a mut [f32],
}

impl<'a> Gradients<'a> {
    /// Fills them in; those of the projections of enhancer and promoter.
    fn add(mut self) -> (&'a [f32], &'a [f32]) {
        if are_small(self.enhancer) && are_small(self.promoter) {
            add_gradients(Factors, &mut self);
        } else {
            add_gradients(Sums, &mut self);
        }
        (self.gradient_e, self.gradient_p)
    }
}

/// With `r = 1 / (1 + e^(2e + 2p))`, `tanh = 1 − 2r` and its derivative is `4 r (1 − r)`. As the
/// gradients of the scores of a softmax sum to 0, that of `v` is `Σ −2 r` times them.
#[with_simd]
fn add_gradients<'a, 'b, S: Simd, P: Parts>(parts_of: P, pair: &'b mut Gradients<'a>) {
    let d = pair.score.len();
    let lanes = f32::lanes::<S>();
    let bins_p = pair.promoter.len() / d;
    let tiles = tiles::<S>(parts_of, pair.promoter, d);
    // [tiles, d] of `Σ_i g r (1 − r)`, [d] of `Σ_ij g r`
    let mut by_promoter = vec![0f32.splat::<S>(); tiles.len()];
    let mut by_weight = vec![0f32.splat::<S>(); d];
    let mut by_enhancer = by_weight.clone();
    let mut parts = vec![0.0; d];
    let rows = pair.scores.chunks_exact(bins_p);
    let rows = rows.zip(pair.enhancer.chunks_exact(d));
    for ((scores, enhancer), gradient_e) in rows.zip(pair.gradient_e.chunks_exact_mut(d)) {
        for (part, &projection) in parts.iter_mut().zip(enhancer) {
            *part = parts_of.of(projection);
        }
        // [d] of `Σ_j g r (1 − r)`
        by_enhancer.fill(0f32.splat::<S>());
        let of_tiles = tiles.chunks_exact(d).zip(by_promoter.chunks_exact_mut(d));
        for (scores, (tile, by_promoter)) in scores.chunks(lanes).zip(of_tiles) {
            let mut gradient = [0f32; WIDEST];
            gradient[..scores.len()].copy_from_slice(scores);
            let gradient = load::<S>(&gradient);
            let sums = by_promoter.iter_mut().zip(&mut by_enhancer);
            let sums = sums.zip(&mut by_weight);
            for ((&promoter, &enhancer), ((by_promoter, by_enhancer), by_weight)) in
                tile.iter().zip(&parts).zip(sums)
            {
                let r = parts_of.reciprocal(enhancer, promoter);
                let x = gradient * r;
                let y = x - x * r;
                *by_weight += x;
                *by_promoter += y;
                *by_enhancer += y;
            }
        }
        for ((gradient, &sum), v) in gradient_e.iter_mut().zip(&by_enhancer).zip(pair.score) {
            *gradient = 4.0 * v * sum.reduce_add();
        }
    }
    for (bins, tile) in pair
        .gradient_p
        .chunks_mut(lanes * d)
        .zip(by_promoter.chunks_exact(d))
    {
        for (place, (&sum, v)) in tile.iter().zip(pair.score).enumerate() {
            let sums = values(sum);
            for (bin, sum) in bins.chunks_exact_mut(d).zip(sums) {
                bin[place] = 4.0 * v * sum;
            }
        }
    }
    for (gradient, sum) in pair.gradient_v.iter_mut().zip(by_weight) {
        *gradient = -2.0 * sum.reduce_add();
    }
}
