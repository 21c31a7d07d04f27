//! The bins that stay, of the side of which some others change.

use std::ops::Range;

use macerator::{Simd, with_simd};

use super::known::Known;
use crate::network::kernels::exp::exp;
use crate::network::kernels::flex::Matrix;

/// Sums over the bins that stay, for each of the partner's `m` bins. With `E = exp(s1 − largest)`,
/// and 0 for the bins that change:
pub struct Rest {
    /// The largest score `s1`; −∞ where no bin stays: `[m]`.
    pub largest: Vec<f32>,
    /// `Σ_i E[i, j]`: `[m]`.
    pub sums: Vec<f32>,
    /// `Eᵀ Q`: `[m, l]`.
    pub weighted: Matrix<Vec<f32>>,
    /// `Eᵀ X`: `[m, m]`.
    pub products: Matrix<Vec<f32>>,
}

impl Rest {
    /// - bins: those that change
    pub fn new(known: &Known, bins: &Range<usize>) -> Self {
        let [l, m] = known.answers.products.shape();
        let (mut largest, mut sums) = (vec![f32::NEG_INFINITY; m], vec![0.0; m]);
        let mut exponentials = vec![0.0; l * m];
        let scores = &known.answers.scores;
        exponentiate(
            scores,
            bins.clone(),
            &mut largest,
            &mut sums,
            &mut exponentials,
        );
        let exponentials = Matrix::of(exponentials, l, m);
        Self {
            largest,
            sums,
            // [m, l] · [l, l] and [m, l] · [l, m]
            weighted: exponentials.transposed().times(&known.weighted),
            products: exponentials.transposed().times(&known.answers.products),
        }
    }
}

/// Fills in what a column's largest score is, the exponentials less it, and their sums, all without
/// the bins that change.
///
/// - scores, exponentials: `[l, m]`; largest, −∞ at first, and sums, 0 at first: `[m]`
#[with_simd]
fn exponentiate<S: Simd>(
    scores: &[f32],
    bins: Range<usize>,
    largest: &mut [f32],
    sums: &mut [f32],
    exponentials: &mut [f32],
) {
    let m = largest.len();
    for (bin, scores) in scores.chunks_exact(m).enumerate() {
        if bins.contains(&bin) {
            continue;
        }
        for (largest, &score) in largest.iter_mut().zip(scores) {
            *largest = if score > *largest { score } else { *largest };
        }
    }
    let rows = exponentials.chunks_exact_mut(m);
    for (bin, (exponentials, scores)) in rows.zip(scores.chunks_exact(m)).enumerate() {
        if bins.contains(&bin) {
            continue;
        }
        let columns = scores.iter().zip(&*largest).zip(&mut *sums);
        for (exponential, ((score, largest), sum)) in exponentials.iter_mut().zip(columns) {
            *exponential = exp(score - largest);
            *sum += *exponential;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_that_change_are_in_no_sum() {
        let scores = [1.0, 50.0, 3.0, -20.0, 1.0, 7.0];
        let (mut largest, mut sums) = (vec![f32::NEG_INFINITY; 2], vec![0.0; 2]);
        let mut exponentials = vec![0.0; 6];
        exponentiate(&scores, 0..1, &mut largest, &mut sums, &mut exponentials);
        assert_eq!(largest, [3.0, 7.0]);
        assert_eq!(exponentials[..3], [0.0, 0.0, 1.0]);
        assert!((sums[0] - 1.0 - (-2f32).exp()).abs() < 1e-6);
        assert!((sums[1] - 1.0).abs() < 1e-6);
    }
}
