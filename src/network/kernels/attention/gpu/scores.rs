//! The gradients of both attentions' scores.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use super::line::Line;
use super::line::{SHARES, Sizes, SizesLaunch, UNITS, cubes_of_lines, has_lines, line, line_sum};
use crate::element::Sides;
use crate::network::kernels::cube::{cubes, dims, floats, rows};

/// The gradients of the scores of the attention over the promoter, then of that over the enhancer,
/// `[2, n, l_E, l_P]`, from those of the attentions, `[n, l_E, l_P]` each.
pub fn score_gradients(attention: Sides<CubeTensor>, gradient: Sides<CubeTensor>) -> CubeTensor {
    let [n, bins_e, bins_p] = dims(&attention.enhancer);
    let scores = floats(&attention.enhancer, [2, n, bins_e, bins_p]);
    let [attention, gradient] =
        [attention, gradient].map(|sides| sides.map(|side| rows(side).into_buffer_arg()));
    // SAFETY: units read and write nothing outside the lines that are there.
    unsafe {
        fill_score_gradients::launch_unchecked(
            &scores.client,
            cubes(&scores, cubes_of_lines(n, bins_e, bins_p)),
            CubeDim::new_1d(UNITS as u32),
            attention.enhancer,
            attention.promoter,
            gradient.enhancer,
            gradient.promoter,
            scores.clone().into_buffer_arg(),
            SizesLaunch::new(n, bins_e, bins_p),
        );
    }
    scores
}

/// One cube of [`UNITS`] for every few lines.
#[cube(launch_unchecked)]
fn fill_score_gradients(
    over_enhancer: &[f32],
    over_promoter: &[f32],
    of_over_enhancer: &[f32],
    of_over_promoter: &[f32],
    scores: &mut [f32],
    sizes: Sizes,
) {
    if !has_lines(&sizes) {
        terminate!();
    }
    let line = line(&sizes);
    if line.over_promoter {
        fill_lines(
            over_promoter,
            of_over_promoter,
            scores,
            0usize.runtime(),
            &line,
        );
    } else {
        let begin = sizes.n * sizes.bins_e * sizes.bins_p;
        fill_lines(over_enhancer, of_over_enhancer, scores, begin, &line);
    }
}

/// The gradients of a softmax's inputs, `a (g − Σ a g)`, for a cube's lines.
#[cube]
fn fill_lines(attention: &[f32], gradient: &[f32], scores: &mut [f32], begin: usize, line: &Line) {
    let mut common = 0.0f32;
    let mut bin = line.share;
    while bin < line.length {
        let place = line.first + bin * line.next;
        common += attention[place] * gradient[place];
        bin += SHARES;
    }
    let common = line_sum(common, line);
    bin = line.share;
    while bin < line.length {
        let place = line.first + bin * line.next;
        scores[begin + place] = attention[place] * (gradient[place] - common);
        bin += SHARES;
    }
}
