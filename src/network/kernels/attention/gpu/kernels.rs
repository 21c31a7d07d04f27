//! The kernels: one unit for each value that is written.
//!
//! `tanh(e + p) = 1 − 2 r` with `r = 1 / (1 + e^(2e + 2p))`; its derivative is `4 r (1 − r)`.

use cubecl::prelude::*;

use crate::network::kernels::attention::Over;

/// Exponents are held below this, where `r` is 0 for all purposes: WGSL does not promise
/// infinities.
const LARGEST: f32 = 80.0;

/// Both sides' bins and the width of the projections.
#[derive(CubeLaunch, CubeType)]
pub struct Sizes {
    bins_e: usize,
    bins_p: usize,
    d: usize,
}

/// The cells that compete with each other, among the `[l_E, l_P]` of every pair.
#[derive(CubeLaunch, CubeType)]
pub struct Lines {
    /// Cells of a pair.
    cells: usize,
    /// Lines of a pair.
    lines: usize,
    /// From the first cell of a line to that of the next.
    next_line: usize,
    /// Cells of a line.
    length: usize,
    /// From a cell of a line to the next.
    next_cell: usize,
}

/// How many lines there are, and where.
pub fn lines(n: usize, bins_e: usize, bins_p: usize, over: Over) -> (usize, LinesLaunch) {
    let cells = bins_e * bins_p;
    match over {
        Over::Enhancer => (
            n * bins_p,
            LinesLaunch::new(cells, bins_p, 1, bins_e, bins_p),
        ),
        Over::Promoter => (
            n * bins_e,
            LinesLaunch::new(cells, bins_e, bins_p, bins_p, 1),
        ),
    }
}

/// The place of the first cell of a line.
#[cube]
fn first_cell(line: usize, lines: &Lines) -> usize {
    line / lines.lines * lines.cells + line % lines.lines * lines.next_line
}

/// `r`
#[cube]
fn ratio(enhancer: f32, promoter: f32) -> f32 {
    let exponent = 2.0f32 * (enhancer + promoter);
    // A comparison that keeps NaN, which `min` may not.
    let exponent = if exponent > LARGEST {
        LARGEST
    } else {
        exponent
    };
    1.0f32 / (1.0f32 + exponent.exp())
}

/// One unit for each of `count` scores, less what they have in common: `Σ_d −2 v_d r`.
///
/// - promoter: `[n, d, l_P]`
#[cube(launch_unchecked)]
pub fn add_scores(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &mut [f32],
    count: usize,
    sizes: Sizes,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let bin_p = ABSOLUTE_POS % sizes.bins_p;
    let row = ABSOLUTE_POS / sizes.bins_p;
    let of_enhancer = row * sizes.d;
    let of_promoter = row / sizes.bins_e * sizes.d * sizes.bins_p + bin_p;
    let mut sum = 0.0f32;
    for part in 0..sizes.d {
        let e = enhancer[part + of_enhancer];
        let p = promoter[part * sizes.bins_p + of_promoter];
        sum += score[part] * ratio(e, p);
    }
    scores[ABSOLUTE_POS] = sum * -2.0f32;
}

/// One unit for each of `count` lines.
#[cube(launch_unchecked)]
pub fn softmax(scores: &mut [f32], count: usize, lines: Lines) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let first = first_cell(ABSOLUTE_POS, &lines);
    let mut largest = scores[first];
    for cell in 1..lines.length {
        let score = scores[cell * lines.next_cell + first];
        if score > largest {
            largest = score;
        }
    }
    let mut sum = 0.0f32;
    for cell in 0..lines.length {
        let place = cell * lines.next_cell + first;
        let power = (scores[place] - largest).exp();
        scores[place] = power;
        sum += power;
    }
    for cell in 0..lines.length {
        scores[cell * lines.next_cell + first] /= sum;
    }
}

/// One unit for each of `count` lines: the gradient of a softmax's input, `a (g − Σ a g)`.
#[cube(launch_unchecked)]
pub fn score_gradients(
    attention: &[f32],
    gradient: &[f32],
    scores: &mut [f32],
    count: usize,
    lines: Lines,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let first = first_cell(ABSOLUTE_POS, &lines);
    let mut common = 0.0f32;
    for cell in 0..lines.length {
        let place = cell * lines.next_cell + first;
        common += attention[place] * gradient[place];
    }
    for cell in 0..lines.length {
        let place = cell * lines.next_cell + first;
        scores[place] = attention[place] * (gradient[place] - common);
    }
}

/// One unit for each of `count` values of the enhancer's gradient, `[n, l_E, d]`; and `Σ_j g r`,
/// of the same shape.
///
/// - scores: the gradients of the scores, `[n, l_E, l_P]`
#[cube(launch_unchecked)]
pub fn enhancer_gradients(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &[f32],
    gradient: &mut [f32],
    parts: &mut [f32],
    count: usize,
    sizes: Sizes,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let part = ABSOLUTE_POS % sizes.d;
    let row = ABSOLUTE_POS / sizes.d;
    let of_scores = row * sizes.bins_p;
    let of_promoter = row / sizes.bins_e * sizes.bins_p * sizes.d + part;
    let own = enhancer[ABSOLUTE_POS];
    let mut by_enhancer = 0.0f32;
    let mut by_weight = 0.0f32;
    for bin in 0..sizes.bins_p {
        let r = ratio(own, promoter[bin * sizes.d + of_promoter]);
        let x = scores[bin + of_scores] * r;
        by_weight += x;
        by_enhancer += x - x * r;
    }
    gradient[ABSOLUTE_POS] = 4.0f32 * score[part] * by_enhancer;
    parts[ABSOLUTE_POS] = by_weight;
}

/// One unit for each of `count` values of the promoter's gradient, `[n, l_P, d]`.
///
/// - scores: the gradients of the scores, `[n, l_E, l_P]`
#[cube(launch_unchecked)]
pub fn promoter_gradients(
    enhancer: &[f32],
    promoter: &[f32],
    score: &[f32],
    scores: &[f32],
    gradient: &mut [f32],
    count: usize,
    sizes: Sizes,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let part = ABSOLUTE_POS % sizes.d;
    let row = ABSOLUTE_POS / sizes.d;
    let first = row / sizes.bins_p * sizes.bins_e;
    let bin_p = row % sizes.bins_p;
    let own = promoter[ABSOLUTE_POS];
    let mut by_promoter = 0.0f32;
    for bin in 0..sizes.bins_e {
        let row_e = bin + first;
        let r = ratio(enhancer[row_e * sizes.d + part], own);
        let x = scores[row_e * sizes.bins_p + bin_p] * r;
        by_promoter += x - x * r;
    }
    gradient[ABSOLUTE_POS] = 4.0f32 * score[part] * by_promoter;
}
