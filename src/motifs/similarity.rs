//! How like a matrix is to known ones, and how probable as much is by chance.
//!
//! After Tomtom (Gupta et al. 2007, doi:10.1186/gb-2007-8-2-r24): two columns are the more alike the
//! smaller the Euclidean distance of their probabilities; a matrix lies at every offset over each known
//! one and over its other strand; the score of an offset is the sum over the columns that lie over each
//! other. What is probable by chance is exact: each column of the matrix meets the columns of all known
//! ones, both strands of them, with equal probability, and the distributions of its positions are
//! convolved. Of the best offset's p-value and `n` offsets, 1 − (1 − p)ⁿ.

#[cfg(test)]
mod tests;

use super::background::Background;
use super::matrix::Matrix;
use crate::genome::Strand;

/// The score of two equal columns; that of the two most different ones is 0. Scores are whole, so that
/// their distributions are exact.
const EQUAL: f64 = 100.0;
/// The fewest columns that lie over each other, where both matrices have as many.
pub const LEAST_OVERLAP: usize = 5;

/// The probabilities of A, C, G and T at each position.
type Columns = Vec<[f64; 4]>;

/// Known matrices to compare others with.
#[derive(Debug, Clone)]
pub struct Library {
    /// Both strands of each.
    matrices: Vec<[Columns; 2]>,
    /// All their columns.
    columns: Columns,
}

/// How a matrix is most like a known one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// The position of the known matrix, on `strand`, where the first one of the other lies, from 0;
    /// negative where that begins before it.
    pub offset: i32,
    /// Which strand of the known matrix it is.
    pub strand: Strand,
    /// Columns that lie over each other.
    pub overlap: usize,
    /// The probability that some offset is as good by chance.
    pub p: f64,
}

impl Library {
    /// Of matrices, whose probabilities have this background's pseudocount.
    pub fn new(matrices: &[Matrix], background: &Background) -> Self {
        let both = |matrix: &Matrix| {
            let forward = matrix.probabilities(background);
            let reverse = forward.iter().rev().map(|&[a, c, g, t]| [t, g, c, a]);
            let reverse = reverse.collect();
            [forward, reverse]
        };
        let matrices: Vec<[Columns; 2]> = matrices.iter().map(both).collect();
        let columns = matrices.iter().flatten().flatten().copied().collect();
        Self { matrices, columns }
    }

    /// How a matrix of these columns is most like each known one, in their order.
    pub fn compare(&self, query: &[[f64; 4]]) -> Vec<Likeness> {
        let widths = self.matrices.iter().map(|[known, _]| known.len());
        let null = Null::new(query, &self.columns, widths.max().unwrap_or(0));
        let matrices = self.matrices.iter();
        matrices.map(|known| best(query, known, &null)).collect()
    }
}

/// The best offset; of equally good ones the first.
fn best(query: &[[f64; 4]], known: &[Columns; 2], null: &Null) -> Likeness {
    let (own, other) = (query.len() as i32, known[0].len() as i32);
    let least = (LEAST_OVERLAP as i32).min(own).min(other);
    let offsets = least - own..=other - least;
    let mut best = Likeness {
        offset: 0,
        strand: Strand::Forward,
        overlap: 0,
        p: f64::INFINITY,
    };
    for (strand, known) in [Strand::Forward, Strand::Reverse].into_iter().zip(known) {
        for offset in offsets.clone() {
            // The positions of the query that lie over one of the known matrix.
            let (start, end) = ((-offset).max(0), own.min(other - offset));
            let pairs =
                (start..end).map(|at| (&query[at as usize], &known[(at + offset) as usize]));
            let score: usize = pairs.map(|(one, other)| score(one, other)).sum();
            let overlap = (end - start).max(0) as usize;
            let p = null.tail(start as usize, overlap, score);
            if p < best.p {
                best = Likeness {
                    offset,
                    strand,
                    overlap,
                    p,
                };
            }
        }
    }
    let tries = 2.0 * f64::from(other - least - (least - own) + 1);
    best.p = -(tries * (-best.p.min(1.0)).ln_1p()).exp_m1();
    best
}

/// How alike two columns are, from 0 to [`EQUAL`]: the largest distance of two is √2.
fn score(one: &[f64; 4], other: &[f64; 4]) -> usize {
    let square: f64 = (0..4).map(|base| (one[base] - other[base]).powi(2)).sum();
    let alike = 1.0 - (square / 2.0).sqrt();
    (alike.max(0.0) * EQUAL).round() as usize
}

/// The probabilities of sums of scores of a query's positions with columns drawn from a library: by
/// first position, by number of positions less one, and by the least sum.
struct Null(Vec<Vec<Vec<f64>>>);

impl Null {
    /// - longest: of the library's matrices, over which no more positions lie
    fn new(query: &[[f64; 4]], columns: &[[f64; 4]], longest: usize) -> Self {
        let single: Vec<Vec<f64>> = query.iter().map(|own| distribution(own, columns)).collect();
        let from = |first: usize| -> Vec<Vec<f64>> {
            let mut sums = vec![1.0];
            let mut all = Vec::new();
            for position in single[first..].iter().take(longest) {
                sums = convolved(&sums, position);
                all.push(tails(&sums));
            }
            all
        };
        Self((0..query.len()).map(from).collect())
    }

    /// The probability of a sum of at least `score` over `count` positions from `first` on.
    fn tail(&self, first: usize, count: usize, score: usize) -> f64 {
        let from = self.0.get(first);
        let tails = from.and_then(|from| from.get(count.checked_sub(1)?));
        let tail = tails.and_then(|tails| tails.get(score));
        tail.map_or(1.0, |tail| tail.min(1.0))
    }
}

/// The probability of each score of a column with one of some others.
fn distribution(own: &[f64; 4], columns: &[[f64; 4]]) -> Vec<f64> {
    let mut distribution = vec![0.0; EQUAL as usize + 1];
    for column in columns {
        distribution[score(own, column)] += 1.0 / columns.len() as f64;
    }
    distribution
}

/// The distribution of the sum of two independent numbers.
fn convolved(one: &[f64], other: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; one.len() + other.len() - 1];
    for (at, p) in one.iter().enumerate().filter(|(_, p)| **p > 0.0) {
        for (sum, q) in sums[at..].iter_mut().zip(other) {
            *sum += p * q;
        }
    }
    sums
}

/// The probability of each number or a larger one, the smallest parts summed first.
fn tails(distribution: &[f64]) -> Vec<f64> {
    let mut tails = distribution.to_vec();
    let mut above = 0.0;
    for tail in tails.iter_mut().rev() {
        above += *tail;
        *tail = above;
    }
    tails
}
