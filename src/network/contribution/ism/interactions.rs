//! The strongest interactions with some bins changed.

use std::ops::Range;

use macerator::{Simd, with_simd};

use super::rest::Rest;
use crate::network::kernels::exp::exp;
use crate::network::kernels::flex::part;

/// Interactions that are looked at together.
const CELLS: usize = 64;
/// As many candidates for each of the largest interactions may be held before most are let go.
const HELD: usize = 4;

/// Bins of the side that changes, as one substitution leaves them.
pub struct Changed<'a> {
    /// Which of the `l` bins they are.
    pub bins: Range<usize>,
    /// `s1`: `[bins, m]`
    pub scores: &'a [f32],
    /// `α`: `[bins, m]`
    pub attention: &'a [f32],
    /// `X`: `[bins, m]`
    pub products: &'a [f32],
    /// What these bins add to the interactions of the bins that stay, `X αᵀ`: `[bins, l]`. The columns
    /// of the bins that change are not used.
    pub weighted: &'a [f32],
    /// What the bins that stay add to the interactions of these, `α (Eᵀ X)ᵀ`: `[bins, m]`.
    pub by_rest: &'a [f32],
}

/// Room for the interactions of a pair, used again for each substitution.
pub struct Interactions {
    /// The weight of the sum over the bins that stay: `[m]`.
    stays: Vec<f32>,
    /// Reciprocals of all weights together: `[m]`.
    total: Vec<f32>,
    /// The weight of each bin that changes: `[bins, m]`.
    changes: Vec<f32>,
    /// `P` without its bias: `[m, l]`.
    cells: Vec<f32>,
    /// The largest of them.
    found: Vec<f32>,
}

impl Interactions {
    /// Room for a change of `size` of `l` bins whose partner has `m`.
    pub fn new(size: usize, [l, m]: [usize; 2]) -> Self {
        let [stays, total] = [(); 2].map(|()| vec![0.0; m]);
        Self {
            stays,
            total,
            changes: vec![0.0; size * m],
            cells: vec![0.0; m * l],
            found: Vec::new(),
        }
    }

    /// The largest interactions, without the bias, in descending order: as many as there are `places`,
    /// which are those of the largest before the change.
    pub fn strongest(&mut self, rest: &Rest, changed: &Changed, places: &[usize]) -> &[f32] {
        weigh(
            &rest.largest,
            &rest.sums,
            changed.scores,
            &mut self.stays,
            &mut self.total,
            &mut self.changes,
        );
        interact(
            &self.stays,
            &self.changes,
            rest.weighted.values(),
            changed.weighted,
            &mut self.cells,
        );
        for place in 0..changed.bins.len() {
            self.interact_with(changed, place);
        }
        // As many interactions are no smaller than the smallest of these.
        let before = places.iter().map(|&place| self.cells[place]);
        let least = before.fold(f32::INFINITY, f32::min);
        largest(&self.cells, least, places.len(), &mut self.found);
        &self.found
    }

    /// The interactions of one of the bins that change: a column.
    fn interact_with(&mut self, changed: &Changed, place: usize) {
        let m = self.stays.len();
        let (l, bin) = (self.cells.len() / m, changed.bins.start + place);
        let attention = part(changed.attention, place, m);
        let column = self.cells[bin..].iter_mut().step_by(l);
        let by_rest = part(changed.by_rest, place, m);
        for ((cell, weight), sum) in column.zip(&self.stays).zip(by_rest) {
            *cell = weight * sum;
        }
        let rows = changed.products.chunks_exact(m);
        for (products, weights) in rows.zip(self.changes.chunks_exact(m)) {
            let products = products.iter().zip(attention);
            let sum: f32 = products.map(|(product, share)| product * share).sum();
            let column = self.cells[bin..].iter_mut().step_by(l);
            for (cell, weight) in column.zip(weights) {
                *cell += weight * sum;
            }
        }
    }
}

/// The softmax over all bins, for each of the partner's: the weights of the bins that change, and that
/// of the sum over those that stay.
///
/// - largest, sums: of those that stay, `[m]`; scores: of those that change, `[bins, m]`
/// - stays, total: `[m]`, changes: `[bins, m]`, all of which are written
#[with_simd]
fn weigh<S: Simd>(
    largest: &[f32],
    sums: &[f32],
    scores: &[f32],
    stays: &mut [f32],
    total: &mut [f32],
    changes: &mut [f32],
) {
    let m = largest.len();
    stays.copy_from_slice(largest);
    for scores in scores.chunks_exact(m) {
        for (most, &score) in stays.iter_mut().zip(scores) {
            *most = if score > *most { score } else { *most };
        }
    }
    total.fill(0.0);
    for (changes, scores) in changes.chunks_exact_mut(m).zip(scores.chunks_exact(m)) {
        let columns = scores.iter().zip(&*stays).zip(&mut *total);
        for (change, ((score, most), total)) in changes.iter_mut().zip(columns) {
            *change = exp(score - most);
            *total += *change;
        }
    }
    let columns = stays.iter_mut().zip(&mut *total);
    for ((stays, total), (largest, sum)) in columns.zip(largest.iter().zip(sums)) {
        let share = exp(largest - *stays);
        *total = 1.0 / (share * sum + *total);
        *stays = share * *total;
    }
    for changes in changes.chunks_exact_mut(m) {
        for (change, total) in changes.iter_mut().zip(&*total) {
            *change *= total;
        }
    }
}

/// The interactions of the bins that stay, all of which are written, and those of the others with
/// something that is to be replaced.
///
/// - stays: `[m]`, changes: `[bins, m]`
/// - rest, cells: `[m, l]`, weighted: `[bins, l]`
#[with_simd]
fn interact<S: Simd>(
    stays: &[f32],
    changes: &[f32],
    rest: &[f32],
    weighted: &[f32],
    cells: &mut [f32],
) {
    let m = stays.len();
    let l = cells.len() / m;
    let (first, others) = weighted.split_at(l);
    let rows = cells.chunks_exact_mut(l).zip(rest.chunks_exact(l));
    for (row, ((cells, rest), &stays)) in rows.zip(stays).enumerate() {
        let change = changes[row];
        for ((cell, rest), weighted) in cells.iter_mut().zip(rest).zip(first) {
            *cell = stays * rest + change * weighted;
        }
        let changes = changes[m..].chunks_exact(m);
        for (changes, weighted) in changes.zip(others.chunks_exact(l)) {
            let change = changes[row];
            for (cell, weighted) in cells.iter_mut().zip(weighted) {
                *cell += change * weighted;
            }
        }
    }
}

/// The `count` largest values in descending order, of which as many are at least `least`.
///
/// Candidates are held until there are too many, of which the largest then set the bar for the rest.
#[with_simd]
fn largest<S: Simd>(values: &[f32], least: f32, count: usize, found: &mut Vec<f32>) {
    let mut least = least;
    let passes = |value: f32, least: f32| (value >= least) | value.is_nan();
    found.clear();
    for values in values.chunks(CELLS) {
        if !values
            .iter()
            .fold(false, |any, &value| any | passes(value, least))
        {
            continue;
        }
        found.extend(values.iter().filter(|&&value| passes(value, least)));
        if found.len() > HELD * count.max(CELLS) {
            keep(found, count);
            least = found[count - 1];
        }
    }
    keep(found, count);
    found.sort_unstable_by(|a, b| b.total_cmp(a));
}

/// Lets all but the `count` largest go, the least of which is the last then.
fn keep(found: &mut Vec<f32>, count: usize) {
    if found.len() > count {
        found.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
        found.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_largest_are_those_of_a_sort(
            values in prop::collection::vec((-99i8..99).prop_map(f32::from), 40..2000),
            count in 1usize..40,
            below in 0usize..60,
            rising in any::<bool>(),
        ) {
            let mut values = values;
            let mut sorted = values.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            if rising {
                // The bar is raised again and again.
                values.sort_by(f32::total_cmp);
            }
            let least = sorted[(count - 1 + below).min(sorted.len() - 1)];
            let mut found = vec![1.0];
            largest(&values, least, count, &mut found);
            prop_assert_eq!(&found, &sorted[..count]);
        }

        /// Whatever part of the bins counts as changing, the weights are those of the softmax.
        #[test]
        fn weights_are_those_of_a_softmax(
            scores in prop::collection::vec(-30f32..30.0, 1..9), changing in 1usize..9,
        ) {
            let changing = changing.min(scores.len());
            let (change, stay) = scores.split_at(changing);
            let most = stay.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = stay.iter().map(|score| (score - most).exp()).sum();
            let (mut stays, mut total, mut changes) = (vec![0.0], vec![0.0], vec![0.0; changing]);
            weigh(&[most], &[sum], change, &mut stays, &mut total, &mut changes);
            let all: f64 = scores.iter().map(|&score| f64::from(score).exp()).sum();
            let mut shares = 0.0;
            for (found, &score) in changes.iter().zip(change) {
                let wanted = f64::from(score).exp() / all;
                prop_assert!((f64::from(*found) - wanted).abs() < 1e-5);
                shares += wanted;
            }
            let found = f64::from(stays[0]) * f64::from(sum);
            prop_assert!((found - (1.0 - shares)).abs() < 1e-5);
        }
    }
}
