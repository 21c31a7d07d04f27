//! Both attentions' parameters side by side, and apart again.

use burn::backend::ops::FloatTensorOps;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use crate::element::Sides;
use crate::network::kernels::attention::Parameters;
use crate::network::kernels::cube::{dims, elementwise, floats, reshaped, rows};

/// Of the attention over the promoter, then of that over the enhancer.
#[derive(Debug, Clone)]
pub struct Packed {
    /// `U` and `V`: `[k, 2·d]` each.
    pub weights: Sides<CubeTensor>,
    /// `v`: `[2, d]`.
    pub scores: CubeTensor,
}

/// Side by side.
pub fn packed(
    over_promoter: Parameters<CubeBackend>,
    over_enhancer: Parameters<CubeBackend>,
) -> Packed {
    let [k, d] = dims(&over_promoter.enhancer);
    let like = over_promoter.enhancer.clone();
    let weights = Sides::from_fn(|_| floats(&like, [k, 2 * d]));
    let scores = floats(&like, [2, d]);
    let count = (k + 1) * 2 * d;
    let (cubes, units) = elementwise(&like, count);
    let [first, second] = [over_promoter, over_enhancer].map(|parameters| {
        [parameters.enhancer, parameters.promoter, parameters.score]
            .map(|part| rows(part).into_buffer_arg())
    });
    let ([u1, v1, s1], [u2, v2, s2]) = (first, second);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        pack::launch_unchecked(
            &like.client,
            cubes,
            units,
            PairLaunch::new(u1, u2),
            PairLaunch::new(v1, v2),
            PairLaunch::new(s1, s2),
            weights.enhancer.clone().into_buffer_arg(),
            weights.promoter.clone().into_buffer_arg(),
            scores.clone().into_buffer_arg(),
            k,
            d,
        );
    }
    Packed { weights, scores }
}

/// Of the attention over the promoter and of that over the enhancer, from `U` and `V`, `[2, k, d]` each,
/// and `v`, `[2, d]`. Copies nothing where the device can begin to read between two attentions.
pub fn unpacked(
    weights: Sides<CubeTensor>,
    scores: CubeTensor,
) -> (Parameters<CubeBackend>, Parameters<CubeBackend>) {
    let [_, k, d] = dims(&weights.enhancer);
    let of = |attention: usize| {
        let only = attention..attention + 1;
        // [2, k, d] → [1, k, d] → [k, d]
        let weight = |both: &CubeTensor| {
            let all = [only.clone().into(), (0..k).into(), (0..d).into()];
            reshaped(CubeBackend::float_slice(both.clone(), &all), [k, d])
        };
        // [2, d] → [1, d] → [d, 1]
        let all = [only.clone().into(), (0..d).into()];
        let score = CubeBackend::float_slice(scores.clone(), &all);
        Parameters {
            enhancer: weight(&weights.enhancer),
            promoter: weight(&weights.promoter),
            score: reshaped(score, [d, 1]),
        }
    };
    (of(0), of(1))
}

/// A parameter of both attentions.
#[derive(CubeLaunch, CubeType)]
struct Pair {
    first: Box<[f32]>,
    second: Box<[f32]>,
}

/// One unit for each value of a side's weights, `[k, 2·d]`, and of the scores, `[2, d]`.
#[cube(launch_unchecked)]
fn pack(
    from_enhancer: Pair,
    from_promoter: Pair,
    from_scores: Pair,
    enhancer: &mut [f32],
    promoter: &mut [f32],
    scores: &mut [f32],
    k: usize,
    d: usize,
) {
    let row = ABSOLUTE_POS / (2 * d);
    let column = ABSOLUTE_POS % (2 * d);
    if row < k {
        let place = row * d + column % d;
        enhancer[ABSOLUTE_POS] = value(&from_enhancer, column < d, place);
        promoter[ABSOLUTE_POS] = value(&from_promoter, column < d, place);
    } else if row == k {
        scores[column] = value(&from_scores, column < d, column % d);
    }
}

/// A value of one of two arrays.
#[cube]
fn value(pair: &Pair, first: bool, place: usize) -> f32 {
    if first {
        pair.first[place]
    } else {
        pair.second[place]
    }
}
