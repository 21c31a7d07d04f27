//! Distance only: how often pairs about so far apart were positive in training.

use super::method::{Labelled, Method, classes};
use crate::error::Result;
use crate::pairs::Pair;
use rayon::prelude::*;

/// Training pairs of the prior's share of positives that every distance starts with.
const PRIOR_PAIRS: f64 = 1.0;

/// The share of positives among training pairs of a similar distance.
///
/// With `x = ln(1 + bases between the elements)` a pair's score is
/// `(Σ K(x − x_i) y_i + m π) / (Σ K(x − x_i) + m)` over the training pairs `i` with label `y_i`,
/// a kernel regression (Nadaraya 1964, Watson 1964) with `K(d) = exp(−d² / 2h²)`, the share of
/// positives `π` and `m = 1`, so that distances which training does not know have the prior. The
/// width `h` is Silverman's (Density Estimation, 1986, equation 3.31), at least 0.01. No shape is
/// assumed: interactions may be rare at either end. Elements on two chromosomes have no distance;
/// their score is `π`, and in training they only count for `π`.
#[derive(Debug, Clone)]
pub struct Distance {
    /// `x` for each pair.
    logs: Vec<Option<f64>>,
}

impl Distance {
    /// For the pairs of a table.
    pub fn new(pairs: &[Pair]) -> Self {
        let log = |distance: u32| f64::from(distance).ln_1p();
        Self {
            logs: pairs.iter().map(|pair| pair.distance().map(log)).collect(),
        }
    }
}

impl Method for Distance {
    fn scores(&self, train: &[Labelled], test: &[usize], _seed: u64) -> Result<Vec<f64>> {
        let (positives, negatives) = classes(train)?;
        let prior = positives / (positives + negatives);
        let mut known: Vec<(f64, bool)> = train
            .iter()
            .filter_map(|example| Some((self.logs[example.pair]?, example.positive)))
            .collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let width = width(&known);
        let score = |&pair: &usize| {
            let Some(x) = self.logs[pair] else {
                return prior;
            };
            let (mut hits, mut all) = (PRIOR_PAIRS * prior, PRIOR_PAIRS);
            for &(other, positive) in &known {
                let near = (-((x - other) / width).powi(2) / 2.0).exp();
                all += near;
                hits += if positive { near } else { 0.0 };
            }
            hits / all
        };
        Ok(test.par_iter().map(score).collect())
    }
}

/// Silverman's width for sorted values: `0.9 min(σ, IQR / 1.34) n^(−1/5)`.
fn width(sorted: &[(f64, bool)]) -> f64 {
    const LEAST: f64 = 0.01;
    if sorted.is_empty() {
        return LEAST;
    }
    let n = sorted.len() as f64;
    let mean = sorted.iter().map(|(x, _)| x).sum::<f64>() / n;
    let variance = sorted.iter().map(|(x, _)| (x - mean).powi(2)).sum::<f64>() / n;
    let quartile = |part: f64| sorted[((n - 1.0) * part).round() as usize].0;
    let range = quartile(0.75) - quartile(0.25);
    (0.9 * variance.sqrt().min(range / 1.34) * n.powf(-0.2)).max(LEAST)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{pair, train};
    use super::*;
    use crate::genome::ChromId;

    /// Pairs whose elements have this many bases between them.
    fn apart(distances: &[u32]) -> Vec<Pair> {
        distances
            .iter()
            .map(|&distance| pair(0, 10 + distance))
            .collect()
    }

    #[test]
    fn a_peak_in_the_middle_is_learned() {
        let mut distances: Vec<u32> = (0..300).map(|at| 1_000 + 300 * at).collect();
        let labels: Vec<u8> = distances
            .iter()
            .map(|distance| u8::from((20_000..60_000).contains(distance)))
            .collect();
        distances.extend([3_000, 40_000, 85_000]);
        let method = Distance::new(&apart(&distances));
        let scores = method.scores(&train(&labels), &[300, 301, 302], 1).unwrap();
        assert!(
            scores[1] > 0.8 && scores[0] < 0.1 && scores[2] < 0.1,
            "{scores:?}"
        );
    }

    #[test]
    fn as_the_formula_says() {
        let method = Distance::new(&apart(&[100, 200, 400, 300]));
        let scores = method.scores(&train(&[1, 0, 0]), &[3], 1).unwrap();
        let x = [100.0f64, 200.0, 400.0].map(f64::ln_1p);
        let mean = x.iter().sum::<f64>() / 3.0;
        let sigma = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 3.0).sqrt();
        // The quartiles of three values are the second and the third (rounded away from 0.5).
        let h = 0.9 * sigma.min((x[2] - x[1]) / 1.34) * 3.0f64.powf(-0.2);
        let near = x.map(|x| (-((300.0f64.ln_1p() - x) / h).powi(2) / 2.0).exp());
        let wanted = (near[0] + 1.0 / 3.0) / (near.iter().sum::<f64>() + 1.0);
        assert!((scores[0] - wanted).abs() < 1e-12);
    }

    #[test]
    fn pairs_of_two_chromosomes_and_unknown_distances_have_the_prior() {
        let mut pairs = apart(&[100, 200, 300, 400, 1_000_000_000, 500]);
        pairs[5].elements.promoter.chrom = ChromId(1);
        let method = Distance::new(&pairs);
        let scores = method.scores(&train(&[1, 0, 0, 0]), &[4, 5], 1).unwrap();
        assert!(
            scores.iter().all(|score| (score - 0.25).abs() < 1e-9),
            "{scores:?}"
        );
    }

    #[test]
    fn equal_distances_are_no_trouble() {
        let method = Distance::new(&apart(&[100; 5]));
        let scores = method.scores(&train(&[1, 0, 0, 0]), &[4], 1).unwrap();
        assert!((scores[0] - 0.25).abs() < 1e-12);
    }
}
