//! Whether numbers are what p-values are where there is nothing to be found.

/// Data sets of each simulation.
pub const SEEDS: u64 = 40;
/// The one-sided Kolmogorov–Smirnov distance of 40 numbers that one in a thousand sets of uniform
/// ones exceeds.
pub const FURTHEST: f64 = 0.29;
/// The most of 40 data sets that may have a small q-value: one in twenty may, and more than seven of
/// forty are seen less than once in a thousand times.
pub const MOST: usize = 7;

/// How far above the diagonal the part of the numbers up to each of them lies: the one-sided distance
/// in the direction of too many small ones. p-values that count what is as large as the observation,
/// itself among it, are larger than uniform numbers where that is often equal.
pub fn too_many_small(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len() as f64;
    let above = numbers
        .iter()
        .zip(1..)
        .map(|(p, rank)| f64::from(rank) / count - p);
    above.fold(0.0, f64::max)
}

/// The distance in the direction of too few small ones.
pub fn too_many_large(numbers: Vec<f64>) -> f64 {
    too_many_small(numbers.into_iter().map(|p| 1.0 - p).collect())
}
