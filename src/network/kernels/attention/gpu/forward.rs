//! The scores of both attentions and their softmax, in one kernel.
//!
//! A cube computes the scores of a few lines. It holds a few bins of the side that competes at a time,
//! as many parts of their projections, and the same parts of its own lines'.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use super::line::{
    LINES, Line, SHARES, Sizes, SizesLaunch, UNITS, cubes_of_lines, has_lines, line, line_maximum,
    line_sum,
};
use super::term::{of_terms, term};
use crate::element::Sides;
use crate::network::kernels::attention::Scoring;
use crate::network::kernels::cube::{cubes, dims, floats, rows};

/// Parts of the projections that are held at a time.
const PARTS: usize = 32;
/// From a bin's parts to the next's: neighbours are in different banks.
const PITCH: usize = PARTS + 1;

/// Both attentions, `[n, l_E, l_P]` each, from what both sides are projected to, `[n, l_E, 2·d]` and
/// `[n, l_P, 2·d]`, and the scores' weights, `[2, d]`.
pub fn attentions(
    projected: Sides<CubeTensor>,
    scores: CubeTensor,
    scoring: Scoring,
) -> Sides<CubeTensor> {
    let [n, bins_e, _] = dims(&projected.enhancer);
    let [_, bins_p, _] = dims(&projected.promoter);
    let [_, d] = dims(&scores);
    let like = projected.enhancer.clone();
    let attention = Sides::from_fn(|_| floats(&like, [n, bins_e, bins_p]));
    // SAFETY: units read and write nothing outside the lines that are there.
    unsafe {
        fill_attentions::launch_unchecked(
            &like.client,
            cubes(&like, cubes_of_lines(n, bins_e, bins_p)),
            CubeDim::new_1d(UNITS as u32),
            rows(projected.enhancer).into_buffer_arg(),
            rows(projected.promoter).into_buffer_arg(),
            rows(scores).into_buffer_arg(),
            attention.enhancer.clone().into_buffer_arg(),
            attention.promoter.clone().into_buffer_arg(),
            SizesLaunch::new(n, bins_e, bins_p),
            d,
            scoring,
        );
    }
    attention
}

/// One cube of [`UNITS`] for every few lines.
#[cube(launch_unchecked)]
fn fill_attentions(
    enhancer: &[f32],
    promoter: &[f32],
    weights: &[f32],
    over_enhancer: &mut [f32],
    over_promoter: &mut [f32],
    sizes: Sizes,
    d: usize,
    #[comptime] scoring: Scoring,
) {
    if !has_lines(&sizes) {
        terminate!();
    }
    let line = line(&sizes);
    if line.over_promoter {
        fill_lines(
            enhancer,
            promoter,
            weights,
            over_promoter,
            &line,
            d,
            scoring,
        );
    } else {
        fill_lines(
            promoter,
            enhancer,
            weights,
            over_enhancer,
            &line,
            d,
            scoring,
        );
    }
}

/// The attention of a cube's lines.
///
/// - own: the projections of the side whose lines they are; other: those of the side that competes
#[cube]
fn fill_lines(
    own: &[f32],
    other: &[f32],
    weights: &[f32],
    attention: &mut [f32],
    line: &Line,
    d: usize,
    #[comptime] scoring: Scoring,
) {
    let mut largest = f32::min_value();
    let mut bin = line.share;
    let mut begin = 0usize;
    while begin < line.competing {
        let sum = score(own, other, weights, line, begin, d, scoring);
        if bin < line.length {
            attention[line.first + bin * line.next] = sum;
            if sum > largest {
                largest = sum;
            }
        }
        begin += SHARES;
        bin += SHARES;
    }
    // Each unit goes on with the scores that it wrote.
    let largest = line_maximum(largest, line);
    let mut sum = 0.0f32;
    bin = line.share;
    while bin < line.length {
        let place = line.first + bin * line.next;
        let power = (attention[place] - largest).exp();
        attention[place] = power;
        sum += power;
        bin += SHARES;
    }
    let sum = line_sum(sum, line);
    bin = line.share;
    while bin < line.length {
        attention[line.first + bin * line.next] /= sum;
        bin += SHARES;
    }
}

/// The score of a unit's line and its bin of those from `begin` on, less what all scores have in
/// common.
#[cube]
fn score(
    own: &[f32],
    other: &[f32],
    weights: &[f32],
    line: &Line,
    begin: usize,
    d: usize,
    #[comptime] scoring: Scoring,
) -> f32 {
    let mut own_parts = Shared::<[f32]>::new_slice(comptime!(LINES * PITCH));
    let mut other_parts = Shared::<[f32]>::new_slice(comptime!(SHARES * PITCH));
    let mut held_weights = Shared::<[f32]>::new_slice(PARTS);
    let offset = if line.over_promoter { 0usize } else { d };
    let unit = UNIT_POS as usize;
    let mut sum = 0.0f32;
    let mut part = 0usize;
    while part < d {
        let of_own = Bins {
            first: line.own_bins + line.begin,
            count: line.lines - line.begin,
            column: offset + part,
            parts: d - part,
            width: 2 * d,
        };
        let of_other = Bins {
            first: line.other_bins + begin,
            count: line.competing - begin,
            column: offset + part,
            parts: d - part,
            width: 2 * d,
        };
        hold(&mut own_parts, own, &of_own, LINES);
        hold(&mut other_parts, other, &of_other, SHARES);
        if unit < PARTS {
            let mut weight = 0.0f32;
            if part + unit < d {
                weight = weights[offset + part + unit];
            }
            held_weights[unit] = weight;
        }
        sync_cube();
        #[unroll]
        for next in 0..PARTS {
            let of_line = own_parts[line.line * PITCH + next];
            let of_bin = other_parts[line.share * PITCH + next];
            sum += held_weights[next] * term(of_line, of_bin, scoring);
        }
        sync_cube();
        part += PARTS;
    }
    of_terms(sum, scoring)
}

/// Bins' projections in memory.
#[derive(CubeType)]
struct Bins {
    /// The first bin and how many there are.
    first: usize,
    count: usize,
    /// The first part and how many there are.
    column: usize,
    parts: usize,
    /// From a bin to the next.
    width: usize,
}

/// Puts [`PARTS`] parts of some bins' projections down, zeros where there are none.
#[cube]
fn hold(held: &mut Shared<[f32]>, projected: &[f32], of: &Bins, #[comptime] bins: usize) {
    #[unroll]
    for round in 0..comptime!(bins * PARTS / UNITS) {
        let place = round * UNITS + UNIT_POS as usize;
        let bin = place / PARTS;
        let part = place % PARTS;
        let mut value = 0.0f32;
        if bin < of.count && part < of.parts {
            value = projected[(of.first + bin) * of.width + of.column + part];
        }
        held[bin * PITCH + part] = value;
    }
}
