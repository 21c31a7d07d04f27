//! What is left of p-values after many tests.

/// The false discovery rate at which each of some p-values would be called: Benjamini and
/// Hochberg 1995, <https://doi.org/10.1111/j.2517-6161.1995.tb02031.x>.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (above, &place) in order.iter().enumerate() {
        let rank = p.len() - above;
        least = least.min(p[place] * (p.len() as f64 / rank as f64));
        q[place] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_false_discovery_rates_of_a_worked_example() {
        // The fourth would be 0.042 · 5 / 4 = 0.0525; the fifth is 0.05, and is less.
        let p = [0.042, 0.01, 0.05, 0.002, 0.03];
        for (got, wanted) in benjamini_hochberg(&p)
            .into_iter()
            .zip([0.05, 0.025, 0.05, 0.01, 0.05])
        {
            assert!((got / wanted - 1.0).abs() < 1e-9, "{got} is not {wanted}");
        }
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn rates_follow_their_p_values(p in prop::collection::vec(0f64..=1.0, 1..40)) {
            let q = benjamini_hochberg(&p);
            for (p_a, q_a) in p.iter().zip(&q) {
                prop_assert!(q_a >= p_a && *q_a <= 1.0);
                for (p_b, q_b) in p.iter().zip(&q) {
                    prop_assert!(p_a > p_b || q_a <= q_b);
                }
            }
        }
    }
}
