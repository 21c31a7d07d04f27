//! Values of a long region, as few as can be told apart.

use std::ops::Range;

/// The most columns across a page: less than half a point each.
const MOST: u32 = 1_200;

/// Values of bases of a region, from left to right: as they are where they are few, and otherwise in columns of as
/// many bases each, of whose values the one that is farthest from 0; where a column has none, a gap.
pub fn columns(values: &[(Range<u32>, f32)], region: &Range<u32>) -> Vec<(Range<u32>, f32)> {
    let wide = (region.end - region.start).div_ceil(MOST);
    if values.len() <= MOST as usize || wide < 2 {
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
    fn few_values_stay_as_they_are() {
        let values = [(5..9, 1.0), (2_000_000..2_000_001, -3.0)];
        assert_eq!(columns(&values, &(5..5_000_000)), values);
        let bases: Vec<_> = (0..MOST + 1).map(|base| (base..base + 1, 1.0)).collect();
        assert_eq!(columns(&bases[..1200], &(0..MOST)), bases[..1200]);
    }

    proptest! {
        #[test]
        fn a_column_has_the_largest_of_its_values(
            start in 0u32..1_000_000,
            steps in prop::collection::vec((0u32..20, 1u32..20, -9f32..9.0), 1300..2000),
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
