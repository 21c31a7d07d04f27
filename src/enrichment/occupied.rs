//! Which stretches of a window a footprint shows to be occupied.

use std::ops::Range;

/// The occupancy of a window, and where it reaches the minimum.
#[derive(Debug, Clone)]
pub struct Occupied {
    /// The occupancy of each base.
    pub occupancy: Vec<f32>,
    /// For each base the first one, from it on, whose occupancy reaches the minimum; the window's
    /// length where none does.
    next: Vec<u32>,
}

impl Occupied {
    /// Of the occupancy of each base.
    pub fn new(occupancy: Vec<f32>, minimum: f32) -> Self {
        let mut next = vec![occupancy.len() as u32; occupancy.len()];
        let mut first = occupancy.len() as u32;
        for (place, &value) in occupancy.iter().enumerate().rev() {
            if value >= minimum {
                first = place as u32;
            }
            next[place] = first;
        }
        Self { occupancy, next }
    }

    /// Whether a stretch is occupied: at least one of its bases reaches the minimum.
    pub fn touches(&self, stretch: Range<u32>) -> bool {
        let next = self.next.get(stretch.start as usize);
        next.is_some_and(|&first| first < stretch.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_stretch_is_occupied_when_one_of_its_bases_is(
            occupancy in prop::collection::vec(0f32..6.0, 1..40), start in 0u32..40, len in 1u32..20,
        ) {
            let start = start.min(occupancy.len() as u32 - 1);
            let end = (start + len).min(occupancy.len() as u32);
            let wanted = occupancy[start as usize..end as usize].iter().any(|&value| value >= 3.0);
            let length = occupancy.len() as u32;
            let occupied = Occupied::new(occupancy, 3.0);
            prop_assert_eq!(occupied.touches(start..end), wanted);
            prop_assert!(!occupied.touches(length..length + 1));
        }
    }
}
