//! The gradients of both sides' projections and of the scores' weights, for both attentions.
//!
//! A cube has some columns of a pair's projections. A unit holds its column of some enhancer bins and
//! goes through the promoter's bins, so that a term is computed once for both sides.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use super::term::{of_terms, slopes, term};
use crate::element::Sides;
use crate::network::kernels::attention::Scoring;
use crate::network::kernels::cube::{column_sums, cubes, dims, floats, reshaped, rows};

/// Columns of a cube.
const COLUMNS: usize = 32;
/// Units that share a column, each with enhancer bins of its own.
const SHARES: usize = 8;
/// Promoter bins after which the shares' sums are put together: one for each share.
const TOGETHER: usize = SHARES;
/// The most enhancer bins that a unit holds.
const HELD: usize = 16;

/// The gradients of the projections, `[n, l_E, 2·d]` and `[n, l_P, 2·d]`, and of the scores' weights,
/// `[2, d]`, from those of the scores, `[2, n, l_E, l_P]`.
pub fn projection_gradients(
    projected: Sides<CubeTensor>,
    weights: CubeTensor,
    scores: CubeTensor,
    scoring: Scoring,
) -> (Sides<CubeTensor>, CubeTensor) {
    let [n, bins_e, width] = dims(&projected.enhancer);
    let [_, bins_p, _] = dims(&projected.promoter);
    let enhancer = floats(&scores, [n, bins_e, width]);
    let promoter = floats(&scores, [n, bins_p, width]);
    // Each pair's own part.
    let parts = floats(&scores, [n, width]);
    // SAFETY: a unit reads and writes where the sizes say that there is a value.
    unsafe {
        fill_projection_gradients::launch_unchecked(
            &scores.client,
            cubes(&scores, n * width.div_ceil(COLUMNS)),
            CubeDim::new_1d((COLUMNS * SHARES) as u32),
            rows(projected.enhancer).into_buffer_arg(),
            rows(projected.promoter).into_buffer_arg(),
            rows(weights).into_buffer_arg(),
            scores.clone().into_buffer_arg(),
            enhancer.clone().into_buffer_arg(),
            promoter.clone().into_buffer_arg(),
            parts.clone().into_buffer_arg(),
            SizesLaunch::new(n, bins_e, bins_p, width),
            bins_e.div_ceil(SHARES).min(HELD),
            scoring,
        );
    }
    let of_weights = reshaped(column_sums(parts, n, width, 1.0), [2, width / 2]);
    (Sides::new(enhancer, promoter), of_weights)
}

/// Pairs, both sides' bins and the width of both attentions' projections.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    n: usize,
    bins_e: usize,
    bins_p: usize,
    width: usize,
}

/// A unit's column, and which of those that share it the unit is.
#[derive(CubeType)]
struct Column {
    /// The pair.
    pair: usize,
    /// Among all columns of the pair; the last one in place of those that are not there.
    column: usize,
    /// Whether it is there.
    there: bool,
    /// Among the cube's columns.
    of_cube: usize,
    share: usize,
    /// The place of the first of the pair's scores, of the attention that the column is for.
    scores: usize,
    /// The column's weight.
    weight: f32,
}

/// One cube of [`COLUMNS`] · [`SHARES`] for each pair and that many columns; a unit holds `held`
/// enhancer bins at a time.
#[cube(launch_unchecked)]
fn fill_projection_gradients(
    enhancer: &[f32],
    promoter: &[f32],
    weights: &[f32],
    scores: &[f32],
    of_enhancer: &mut [f32],
    of_promoter: &mut [f32],
    parts: &mut [f32],
    sizes: Sizes,
    #[comptime] held: usize,
    #[comptime] scoring: Scoring,
) {
    let groups = sizes.width.div_ceil(COLUMNS);
    if CUBE_POS >= sizes.n * groups {
        terminate!();
    }
    let at = column(weights, &sizes, CUBE_POS / groups, CUBE_POS % groups);
    let mut of_weight = 0.0f32;
    let mut begin = 0usize;
    while begin < sizes.bins_e {
        of_weight += block(
            enhancer,
            promoter,
            scores,
            of_enhancer,
            of_promoter,
            begin,
            &at,
            &sizes,
            held,
            scoring,
        );
        begin += comptime!(held * SHARES);
    }
    let mut shares = Shared::<[f32]>::new_slice(comptime!(COLUMNS * SHARES));
    shares[UNIT_POS as usize] = of_weight;
    sync_cube();
    if at.share == 0 && at.there {
        let mut sum = 0.0f32;
        #[unroll]
        for share in 0..SHARES {
            sum += shares[share * COLUMNS + at.of_cube];
        }
        parts[at.pair * sizes.width + at.column] = of_terms(sum, scoring);
    }
}

/// Where a unit is.
#[cube]
fn column(weights: &[f32], sizes: &Sizes, pair: usize, group: usize) -> Column {
    let of_cube = UNIT_POS as usize % COLUMNS;
    let wanted = group * COLUMNS + of_cube;
    let column = min(wanted, sizes.width - 1);
    let attention = column / (sizes.width / 2);
    Column {
        pair,
        column,
        there: wanted < sizes.width,
        of_cube,
        share: UNIT_POS as usize / COLUMNS,
        scores: (attention * sizes.n + pair) * sizes.bins_e * sizes.bins_p,
        weight: weights[column],
    }
}

/// The gradients of the enhancer bins from `begin` on that the cube holds, and what they contribute to
/// the promoter's; returns the unit's sum of the scores' gradients times their terms.
#[cube]
fn block(
    enhancer: &[f32],
    promoter: &[f32],
    scores: &[f32],
    of_enhancer: &mut [f32],
    of_promoter: &mut [f32],
    begin: usize,
    at: &Column,
    sizes: &Sizes,
    #[comptime] held: usize,
    #[comptime] scoring: Scoring,
) -> f32 {
    let mut shares = Shared::<[f32]>::new_slice(comptime!(TOGETHER * SHARES * COLUMNS));
    let mut own = Array::<f32>::new(held);
    let mut sums = Array::<f32>::new(held);
    let first = begin + at.share;
    #[unroll]
    for bin in 0..held {
        let bin_e = min(first + comptime!(bin * SHARES), sizes.bins_e - 1);
        own[bin] = enhancer[(at.pair * sizes.bins_e + bin_e) * sizes.width + at.column];
        sums[bin] = 0.0f32;
    }
    let mut of_weight = 0.0f32;
    let mut begin_p = 0usize;
    while begin_p < sizes.bins_p {
        for next in 0..min(TOGETHER, sizes.bins_p - begin_p) {
            let bin_p = begin_p + next;
            let other = promoter[(at.pair * sizes.bins_p + bin_p) * sizes.width + at.column];
            let mut of_bin = 0.0f32;
            #[unroll]
            for bin in 0..held {
                let bin_e = first + comptime!(bin * SHARES);
                // Asked for in any case, so that a unit waits for all of its scores at once.
                let place = min(bin_e, sizes.bins_e - 1) * sizes.bins_p + bin_p;
                let score = scores[at.scores + place];
                let score = if bin_e < sizes.bins_e { score } else { 0.0f32 };
                let term = term(own[bin], other, scoring);
                let (slope_e, slope_p) = slopes(own[bin], other, term, scoring);
                of_weight += score * term;
                sums[bin] += score * slope_e;
                of_bin += score * slope_p;
            }
            shares[(next * SHARES + at.share) * COLUMNS + at.of_cube] = of_bin;
        }
        sync_cube();
        add_shares(&shares, of_promoter, begin_p, begin > 0, at, sizes);
        sync_cube();
        begin_p += TOGETHER;
    }
    #[unroll]
    for bin in 0..held {
        let bin_e = first + comptime!(bin * SHARES);
        if bin_e < sizes.bins_e && at.there {
            let place = (at.pair * sizes.bins_e + bin_e) * sizes.width + at.column;
            of_enhancer[place] = at.weight * sums[bin];
        }
    }
    of_weight
}

/// Puts together what the shares found of promoter bins, one bin for each share; the sums are added to
/// what is there where that is asked for.
#[cube]
fn add_shares(
    shares: &Shared<[f32]>,
    of_promoter: &mut [f32],
    begin_p: usize,
    add: bool,
    at: &Column,
    sizes: &Sizes,
) {
    let bin_p = begin_p + at.share;
    if bin_p < sizes.bins_p && at.there {
        let mut sum = 0.0f32;
        #[unroll]
        for share in 0..SHARES {
            sum += shares[(at.share * SHARES + share) * COLUMNS + at.of_cube];
        }
        let place = (at.pair * sizes.bins_p + bin_p) * sizes.width + at.column;
        let mut before = 0.0f32;
        if add {
            before = of_promoter[place];
        }
        of_promoter[place] = before + at.weight * sum;
    }
}
