//! Ranks, and how far two orders of the same things agree.

/// Spearman's rank correlation: Pearson's of the ranks, equal numbers having the mean of theirs
/// (Spearman 1904, doi:10.2307/1412159). None where one of the two is the same everywhere.
///
/// # Panics
///
/// If there are not as many of one as of the other.
pub fn spearman(one: &[f32], other: &[f32]) -> Option<f64> {
    assert_eq!(one.len(), other.len(), "numbers of the same things");
    let [one, other] = [one, other].map(centred_ranks);
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let squares = product(&one, &one) * product(&other, &other);
    (squares > 0.0).then(|| (product(&one, &other) / squares.sqrt()).clamp(-1.0, 1.0))
}

/// The rank of each number, equal ones having the mean of theirs, less the mean of all: multiples of
/// a half, whose sums are exact.
fn centred_ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Both zeros are one number.
    order.sort_by(|&a, &b| (values[a] + 0.0).total_cmp(&(values[b] + 0.0)));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|&a, &b| values[a] == values[b]) {
        // The places before + 0 … before + equal − 1, about the middle of all.
        let middle = (2 * before + equal.len()) as f64 - values.len() as f64;
        equal.iter().for_each(|&place| ranks[place] = middle / 2.0);
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// From signs of differences, without ranks: the rank of a number is how many are smaller and half
    /// of how many are equal.
    fn brute_force(one: &[f32], other: &[f32]) -> Option<f64> {
        let rank = |values: &[f32], of: f32| -> f64 {
            let part = |&value: &f32| match value {
                value if value < of => 1.0,
                value if value == of => 0.5,
                _ => 0.0,
            };
            values.iter().map(part).sum()
        };
        let n = one.len() as f64;
        let ranks = |values: &[f32]| -> Vec<f64> {
            values.iter().map(|&value| rank(values, value)).collect()
        };
        let [one, other] = [one, other].map(ranks);
        let mean = |of: &mut dyn Iterator<Item = f64>| of.sum::<f64>() / n;
        let [a, b] = [&one, &other].map(|ranks| mean(&mut ranks.iter().copied()));
        let covariance = mean(&mut one.iter().zip(&other).map(|(x, y)| (x - a) * (y - b)));
        let variance = |ranks: &[f64], middle: f64| -> f64 {
            ranks
                .iter()
                .map(|rank| (rank - middle).powi(2))
                .sum::<f64>()
                / n
        };
        let variances = variance(&one, a) * variance(&other, b);
        (variances > 1e-12).then(|| covariance / variances.sqrt())
    }

    proptest! {
        #[test]
        fn it_is_that_of_counting(
            // Few values: many are equal.
            pairs in prop::collection::vec((-3i8..4, -20i8..20), 1..60)
        ) {
            let of = |(a, b): (i8, i8)| (f32::from(a), f32::from(b) / 4.0);
            let (one, other): (Vec<f32>, Vec<f32>) = pairs.into_iter().map(of).unzip();
            match (spearman(&one, &other), brute_force(&one, &other)) {
                (Some(got), Some(wanted)) => prop_assert!((got - wanted).abs() < 1e-9),
                (got, wanted) => prop_assert_eq!(got, wanted),
            }
        }
    }

    #[test]
    fn the_same_order_is_one_and_the_reverse_minus_one() {
        let values: Vec<f32> = (0..500).map(|at| ((at * 37) % 101) as f32).collect();
        let cubes: Vec<f32> = values.iter().map(|value| value.powi(3)).collect();
        let reverse: Vec<f32> = values.iter().map(|value| 7.0 - value).collect();
        assert_eq!(spearman(&values, &cubes), Some(1.0));
        assert_eq!(spearman(&values, &reverse), Some(-1.0));
        // scipy.stats.spearmanr([1, 2, 2, 3], [1, 3, 2, 4])
        let known = spearman(&[1.0, 2.0, 2.0, 3.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
        assert!((known - 0.948_683_298_050_513_8).abs() < 1e-12, "{known}");
        assert_eq!(spearman(&[0.0, -0.0, 0.0], &[1.0, 2.0, 3.0]), None);
        assert_eq!(spearman(&[], &[]), None);
    }
}
