//! Places for labels that would otherwise lie on each other.

/// Moves sorted places as little as may be (in squares), so that neighbours lie at least `apart`
/// from each other and all inside `low..=high`; where there is too little room, beyond `high`.
pub fn spread(places: &[f64], apart: f64, (low, high): (f64, f64)) -> Vec<f64> {
    // Without the room between them the places have to ascend: pool those that do not.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (number, place) in places.iter().enumerate() {
        let mut pool = (place - number as f64 * apart, 1);
        while let Some(&(sum, count)) = pools.last()
            && sum / count as f64 > pool.0 / pool.1 as f64
        {
            pools.pop();
            pool = (pool.0 + sum, pool.1 + count);
        }
        pools.push(pool);
    }
    let highest = (high - places.len().saturating_sub(1) as f64 * apart).max(low);
    pools
        .into_iter()
        .flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f64, count))
        .enumerate()
        .map(|(number, place)| place.clamp(low, highest) + number as f64 * apart)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn crowded_places_move_evenly_and_the_others_not_at_all() {
        assert_eq!(
            spread(&[1.0, 5.0, 5.0, 9.0], 2.0, (0.0, 10.0)),
            [1.0, 4.0, 6.0, 9.0]
        );
        assert_eq!(spread(&[0.0, 0.0], 2.0, (0.0, 10.0)), [0.0, 2.0]);
        assert_eq!(spread(&[10.0, 10.0], 2.0, (0.0, 10.0)), [8.0, 10.0]);
        assert_eq!(spread(&[], 2.0, (0.0, 10.0)), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn neighbours_lie_apart_and_inside(
            mut places in prop::collection::vec(0f64..100.0, 0..10), apart in 0f64..10.0,
        ) {
            places.sort_by(f64::total_cmp);
            let got = spread(&places, apart, (0.0, 100.0));
            prop_assert_eq!(got.len(), places.len());
            prop_assert!(got.windows(2).all(|two| two[1] - two[0] >= apart - 1e-9));
            prop_assert!(got.iter().all(|place| (-1e-9..100.0 + 1e-9).contains(place)));
        }
    }
}
