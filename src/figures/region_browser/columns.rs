//! Values of a long region, as few as can be told apart.

use std::ops::Range;

/// The most columns across a page: less than half a point each.
const MOST: u32 = 1_200;

/// Values of bases of a region, from left to right: as they are where none is narrower than a column, and otherwise
/// in columns of as many bases each, of whose values the one that is farthest from 0; where a column has none, a gap.
pub fn columns(values: &[(Range<u32>, f32)], region: &Range<u32>) -> Vec<(Range<u32>, f32)> {
    let wide = (region.end - region.start).div_ceil(MOST);
    // A few narrow values in a long region are as hard to see as many.
    if values
        .iter()
        .all(|(bases, _)| bases.end - bases.start >= wide)
    {
        return values.to_vec();
    }
    let mut columns: Vec<(Range<u32>, f32)> = Vec::new();
    for (bases, value) in values {
        let [first, last] = [bases.start, bases.end - 1].map(|base| (base - region.start) / wide);
        for column in first..=last {
            let start = region.start + column * wide;
            let end = start.saturating_add(wide).min(region.end);
            match columns.last_mut() {
                Some((last, farthest)) if last.start == start => {
                    if value.abs() > farthest.abs() {
                        *farthest = *value;
                    }
                }
                _ => columns.push((start..end, *value)),
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_as_wide_as_a_column_stay_as_they_are() {
        let values = [(5..9_000, 1.0), (2_000_000..2_004_167, -3.0)];
        assert_eq!(columns(&values, &(5..5_000_000)), values);
        let bases: Vec<_> = (0..MOST + 1).map(|base| (base..base + 1, 1.0)).collect();
        assert_eq!(columns(&bases[..1200], &(0..MOST)), bases[..1200]);
    }

    #[test]
    fn the_peak_of_a_few_narrow_values_is_a_column_wide() {
        // The hundred steps of a window in ten million bases, whose columns have 8334 each.
        let step = |at: u32| {
            let start = 101_000 + 20 * at;
            (start..start + 20, if at == 40 { 9.0 } else { 1.0 })
        };
        let values: Vec<_> = (0..100).map(step).collect();
        let shown = columns(&values, &(0..10_000_000));
        assert_eq!(shown, [(100_008..108_342, 9.0)]);
    }

    proptest! {
        #[test]
        fn a_column_has_the_largest_of_its_values(
            start in 0u32..1_000_000,
            steps in prop::collection::vec((0u32..20, 1u32..20, -9f32..9.0), 1..2000),
        ) {
            let mut end = start;
            let values: Vec<(Range<u32>, f32)> = steps
                .into_iter()
                .map(|(gap, length, value)| {
                    let first = end + gap;
                    end = first + length;
                    (first..end, value)
                })
                .collect();
            let region = start..end;
            let shown = columns(&values, &region);
            prop_assert!(shown.len() <= MOST as usize);
            prop_assert!(shown.windows(2).all(|two| two[0].0.end <= two[1].0.start));
            prop_assert!(shown.iter().all(|(bases, _)| bases.end <= region.end));
            for (bases, value) in &shown {
                let inside = values.iter().filter(|(other, _)| {
                    other.start < bases.end && bases.start < other.end
                });
                let largest = inside.map(|(_, value)| value.abs()).fold(0.0, f32::max);
                prop_assert_eq!(value.abs(), largest);
            }
            // No value is lost.
            for (bases, _) in &values {
                let mut columns = shown.iter().map(|(column, _)| column);
                let is_shown = columns.any(|column| column.contains(&bases.start));
                prop_assert!(is_shown);
            }
        }
    }
}
