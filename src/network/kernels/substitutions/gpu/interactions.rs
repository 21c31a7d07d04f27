//! All interactions with each of some substitutions.

use burn_wgpu::CubeTensor;
use cubecl::prelude::*;

use super::answers::Answers;
use super::listed::{Listed, change};
use super::rest::Rest;
use crate::network::kernels::cube::{dims, elementwise, floats};

/// Interactions of one bin that a unit sees to.
const COLUMNS: usize = 16;

/// The interactions `P` with each substitution, without the bias: `[n, m, l]`.
///
/// - answers: of the bins that change: `[n·most, m]`
/// - weighted: what these add to the interactions of the bins that stay, `X αᵀ`: `[n·most, l]`
pub fn interactions(
    listed: &Listed,
    rest: &Rest,
    answers: Answers,
    weighted: CubeTensor,
) -> CubeTensor {
    let [_, l] = dims(&weighted);
    let [_, m] = dims(&rest.sums);
    let (n, most) = (listed.count, listed.most);
    let own = own_products(listed, &answers);
    let weights = Weights::new(listed, rest, answers.scores);
    let columns = floats(&weighted, [n * most, m]);
    let cells = floats(&weighted, [n, m, l]);
    let client = weighted.client.clone();
    let (cubes, units) = elementwise(&columns, n * most * m);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        fill_columns::launch_unchecked(
            &client,
            cubes,
            units,
            listed.changes.clone().into_buffer_arg(),
            listed.bins.clone().into_buffer_arg(),
            weights.stays.clone().into_buffer_arg(),
            weights.changes.clone().into_buffer_arg(),
            rest.products.clone().into_buffer_arg(),
            answers.attention.into_buffer_arg(),
            own.into_buffer_arg(),
            columns.clone().into_buffer_arg(),
            n * most * m,
            most,
            m,
        );
    }
    let (cubes, units) = elementwise(&cells, n * m.div_ceil(COLUMNS) * l);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        fill_cells::launch_unchecked(
            &client,
            cubes,
            units,
            listed.changes.clone().into_buffer_arg(),
            listed.bins.clone().into_buffer_arg(),
            weights.stays.into_buffer_arg(),
            weights.changes.into_buffer_arg(),
            rest.weighted.clone().into_buffer_arg(),
            weighted.into_buffer_arg(),
            columns.into_buffer_arg(),
            cells.clone().into_buffer_arg(),
            n,
            most,
            m,
            l,
        );
    }
    cells
}

/// `X αᵀ` of the bins that change with each other: `[n·most, most]`.
fn own_products(listed: &Listed, answers: &Answers) -> CubeTensor {
    let [rows, m] = dims(&answers.products);
    let products = floats(&answers.products, [rows, listed.most]);
    let (cubes, units) = elementwise(&products, rows * listed.most);
    // SAFETY: units without work of their own end at once, the others stay inside the arrays.
    unsafe {
        multiply_own::launch_unchecked(
            &products.client,
            cubes,
            units,
            answers.products.clone().into_buffer_arg(),
            answers.attention.clone().into_buffer_arg(),
            products.clone().into_buffer_arg(),
            rows * listed.most,
            listed.most,
            m,
        );
    }
    products
}

/// The softmax over all bins of the side that changes, for each of the partner's.
struct Weights {
    /// The weight of the sum over the bins that stay: `[n, m]`.
    stays: CubeTensor,
    /// The weight of each bin that changes, 0 where there is none: `[n·most, m]`.
    changes: CubeTensor,
}

impl Weights {
    /// - scores: of the bins that change: `[n·most, m]`
    fn new(listed: &Listed, rest: &Rest, scores: CubeTensor) -> Self {
        let [_, m] = dims(&rest.sums);
        let (n, most) = (listed.count, listed.most);
        let stays = floats(&scores, [n, m]);
        let changes = floats(&scores, [n * most, m]);
        let (cubes, units) = elementwise(&scores, n * m);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            weigh::launch_unchecked(
                &stays.client,
                cubes,
                units,
                listed.changes.clone().into_buffer_arg(),
                listed.bins.clone().into_buffer_arg(),
                rest.largest.clone().into_buffer_arg(),
                rest.sums.clone().into_buffer_arg(),
                scores.into_buffer_arg(),
                stays.clone().into_buffer_arg(),
                changes.clone().into_buffer_arg(),
                n * m,
                most,
                m,
            );
        }
        Self { stays, changes }
    }
}

/// One unit for each of `count` pairs of a substitution and a bin of the partner.
#[cube(launch_unchecked)]
fn weigh(
    changes: &[i32],
    bins: &[i32],
    largest: &[f32],
    sums: &[f32],
    scores: &[f32],
    of_rest: &mut [f32],
    of_changes: &mut [f32],
    count: usize,
    most: usize,
    m: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let place = ABSOLUTE_POS / m;
    let column = ABSOLUTE_POS % m;
    let change = change(changes, bins, place);
    let size = change.end - change.first;
    let first = place * most * m + column;
    let of_piece = change.piece * m + column;
    let mut highest = largest[of_piece];
    for bin in 0..size {
        if scores[first + bin * m] > highest {
            highest = scores[first + bin * m];
        }
    }
    let share = (largest[of_piece] - highest).exp();
    let mut total = share * sums[of_piece];
    for bin in 0..size {
        total += (scores[first + bin * m] - highest).exp();
    }
    of_rest[ABSOLUTE_POS] = share / total;
    for bin in 0..most {
        let mut weight = 0.0f32;
        if bin < size {
            weight = (scores[first + bin * m] - highest).exp() / total;
        }
        of_changes[first + bin * m] = weight;
    }
}

/// One unit for each of `count` pairs of bins that change.
#[cube(launch_unchecked)]
fn multiply_own(
    answers: &[f32],
    attention: &[f32],
    products: &mut [f32],
    count: usize,
    most: usize,
    m: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let row = ABSOLUTE_POS / most;
    let other = row / most * most + ABSOLUTE_POS % most;
    let mut product = 0.0f32;
    for bin in 0..m {
        product += answers[other * m + bin] * attention[row * m + bin];
    }
    products[ABSOLUTE_POS] = product;
}

/// One unit for each of `count` interactions of bins that change: what the bins that stay add,
/// `α (Eᵀ X)ᵀ`, and what those that change do.
///
/// - products: `Xᵀ E`, `[r, m, m]`; attention: `α` of the bins that change, `[n·most, m]`; own: their
///   `X αᵀ` with each other, `[n·most, most]`
#[cube(launch_unchecked)]
fn fill_columns(
    changes: &[i32],
    bins: &[i32],
    of_rest: &[f32],
    of_changes: &[f32],
    products: &[f32],
    attention: &[f32],
    own: &[f32],
    columns: &mut [f32],
    count: usize,
    most: usize,
    m: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let row = ABSOLUTE_POS / m;
    let column = ABSOLUTE_POS % m;
    let place = row / most;
    let change = change(changes, bins, place);
    let size = change.end - change.first;
    let mut sum = 0.0f32;
    if row % most < size {
        let from = change.piece * m * m + column;
        for bin in 0..m {
            sum += attention[row * m + bin] * products[from + bin * m];
        }
        sum *= of_rest[place * m + column];
        for other in 0..size {
            sum += of_changes[(place * most + other) * m + column] * own[row * most + other];
        }
    }
    columns[ABSOLUTE_POS] = sum;
}

/// One unit for [`COLUMNS`] interactions of a bin of the side that changes, with each of `n`
/// substitutions.
///
/// - rest: `Eᵀ Q`, `[r, m, l]`; weighted: `[n·most, l]`; columns: `[n·most, m]`
#[cube(launch_unchecked)]
fn fill_cells(
    changes: &[i32],
    bins: &[i32],
    of_rest: &[f32],
    of_changes: &[f32],
    rest: &[f32],
    weighted: &[f32],
    columns: &[f32],
    cells: &mut [f32],
    n: usize,
    most: usize,
    m: usize,
    l: usize,
) {
    let bin = ABSOLUTE_POS % l;
    let group = ABSOLUTE_POS / l;
    let groups = m.div_ceil(COLUMNS);
    let place = group / groups;
    if place >= n {
        terminate!();
    }
    let begin = group % groups * COLUMNS;
    let change = change(changes, bins, place);
    let first = place * most;
    for column in begin..min(begin + COLUMNS, m) {
        let to = (place * m + column) * l + bin;
        if bin >= change.first && bin < change.end {
            cells[to] = columns[(first + bin - change.first) * m + column];
        } else {
            let mut sum = of_rest[place * m + column] * rest[(change.piece * m + column) * l + bin];
            for from in first..first + change.end - change.first {
                sum += of_changes[from * m + column] * weighted[from * l + bin];
            }
            cells[to] = sum;
        }
    }
}
