//! The scores `vᵀ tanh(e_i + p_j)` of a pair, and their gradient.
//!
//! `tanh(e + p) = 1 − 2 / (1 + e²ᵉ · e²ᵖ)`: the exponentials are taken once for each bin and the
//! hyperbolic tangent of each sum costs one division.

use macerator::{Scalar, Simd, Vector, vload_unaligned, vstore_unaligned, with_simd};
use rayon::prelude::*;

use super::gradients::Gradients;
use crate::network::kernels::exp::exp;

/// Enhancer bins that one thread works on at a time.
const BINS: usize = 64;
/// Projections beyond ±`LARGEST` have exponentials that f32 cannot multiply safely.
const LARGEST: f32 = 43.0;

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
        one / enhancer.splat::<S>().mul_add(promoter, one)
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
///
/// - enhancer: `[l_E, d]`, promoter: `[l_P, d]`, both projected; score: `[d]`
pub fn scores(enhancer: &[f32], promoter: &[f32], score: &[f32], scores: &mut [f32]) {
    if are_small(enhancer) && are_small(promoter) {
        scores_from(Factors, enhancer, promoter, score, scores);
    } else {
        scores_from(Sums, enhancer, promoter, score, scores);
    }
}

fn scores_from(
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
                sum = v
                    .splat::<S>()
                    .mul_add(parts_of.reciprocal(enhancer, promoter), sum);
            }
            let sum = values(sum * (-2f32).splat());
            scores.copy_from_slice(&sum[..scores.len()]);
        }
    }
}

/// Fills the gradients of a pair in.
pub fn gradients(pair: &mut Gradients) {
    if are_small(pair.enhancer) && are_small(pair.promoter) {
        add_gradients(Factors, pair);
    } else {
        add_gradients(Sums, pair);
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
