//! What bins of the side that changes say to all bins of its partner.

use burn::backend::ops::FloatTensorOps;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use crate::element::Element;
use crate::network::kernels::attention::Scoring;
use crate::network::kernels::attention::term::{of_terms, term};
use crate::network::kernels::cube::{GROUP, cubes, dims, elementwise, floats};
use crate::network::kernels::matrix_product::MatrixProduct;

/// The side that stays, of `m` bins, and the weights between both.
pub struct Partner {
    /// The side that changes.
    pub side: Element,
    pub scoring: Scoring,
    /// What projects the side that changes, first for the attention over the promoter: `[k, 2·d]`.
    pub projections: CubeTensor,
    /// This side's activations times the interactions' weight: `[m, k]`.
    pub weighted: CubeTensor,
    /// This side's projections, neighbouring bins beside each other: `[2·d, m]`.
    pub projected: CubeTensor,
    /// The weights of the scores: `[2, d]`.
    pub scores: CubeTensor,
}

/// What some bins say.
pub struct Answers {
    /// The scores `s1` of the attention over the side that changes, less what all have in common:
    /// `[bins, m]`.
    pub scores: CubeTensor,
    /// The attention `α` over the partner: `[bins, m]`.
    pub attention: CubeTensor,
    /// `X`: `[bins, m]`.
    pub products: CubeTensor,
}

impl Partner {
    /// What bins of the side that changes say.
    ///
    /// - activations: `[bins, k]`
    pub fn answers(&self, activations: CubeTensor) -> Answers {
        let [bins, _] = dims(&activations);
        let [_, m] = dims(&self.projected);
        let [_, d] = dims(&self.scores);
        // [bins, k] · [k, 2·d] and [bins, k] · [k, m]
        let projected = CubeBackend::product(activations.clone(), self.projections.clone());
        let weighted = CubeBackend::float_transpose(self.weighted.clone());
        let products = CubeBackend::product(activations, weighted);
        let [scores, attention] = [(); 2].map(|()| floats(&projected, [bins, m]));
        // The attention over the promoter stands first.
        let own = match self.side {
            Element::Promoter => 0,
            Element::Enhancer => 1usize,
        };
        let (of_bins, units) = elementwise(&scores, bins * m);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            score::launch_unchecked(
                &scores.client,
                of_bins,
                units,
                projected.into_buffer_arg(),
                self.projected.clone().into_buffer_arg(),
                self.scores.clone().into_buffer_arg(),
                scores.clone().into_buffer_arg(),
                attention.clone().into_buffer_arg(),
                bins * m,
                m,
                d,
                own,
                self.scoring,
            );
        }
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            soften::launch_unchecked(
                &attention.client,
                cubes(&attention, bins),
                CubeDim::new_1d(GROUP as u32),
                attention.clone().into_buffer_arg(),
                bins,
                m,
            );
        }
        Answers {
            scores,
            attention,
            products,
        }
    }
}

/// One unit for each of `count` pairs of bins: their scores in the attention over the side that
/// changes, which is number `own`, and in that over its partner.
#[cube(launch_unchecked)]
fn score(
    projected: &[f32],
    partner: &[f32],
    weights: &[f32],
    over_side: &mut [f32],
    over_partner: &mut [f32],
    count: usize,
    m: usize,
    d: usize,
    own: usize,
    #[comptime] scoring: Scoring,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let here = ABSOLUTE_POS / m * 2 * d;
    let there = ABSOLUTE_POS % m;
    let first = own * d;
    let second = d - first;
    let mut of_side = 0.0f32;
    let mut of_partner = 0.0f32;
    for part in 0..d {
        let a = first + part;
        of_side += weights[a] * term(projected[here + a], partner[a * m + there], scoring);
        let b = second + part;
        of_partner += weights[b] * term(projected[here + b], partner[b * m + there], scoring);
    }
    over_side[ABSOLUTE_POS] = of_terms(of_side, scoring);
    over_partner[ABSOLUTE_POS] = of_terms(of_partner, scoring);
}

/// One cube of [`GROUP`] for each of `count` rows of `m` scores, which become their softmax.
#[cube(launch_unchecked)]
fn soften(rows: &mut [f32], count: usize, m: usize) {
    if CUBE_POS >= count {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let first = CUBE_POS * m;
    let mut parts = Shared::<[f32]>::new_slice(GROUP);
    let mut largest = f32::min_value();
    let mut bin = UNIT_POS as usize;
    while bin < m {
        if rows[first + bin] > largest {
            largest = rows[first + bin];
        }
        bin += GROUP;
    }
    parts[unit] = largest;
    sync_cube();
    for other in 0..GROUP {
        if parts[other] > largest {
            largest = parts[other];
        }
    }
    // All have read this before any unit writes the next.
    sync_cube();
    let mut sum = 0.0f32;
    bin = unit;
    while bin < m {
        let power = (rows[first + bin] - largest).exp();
        rows[first + bin] = power;
        sum += power;
        bin += GROUP;
    }
    parts[unit] = sum;
    sync_cube();
    sum = 0.0f32;
    for other in 0..GROUP {
        sum += parts[other];
    }
    bin = unit;
    while bin < m {
        rows[first + bin] /= sum;
        bin += GROUP;
    }
}
