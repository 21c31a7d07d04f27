//! Which stretches of a window a footprint shows to be occupied.

use std::ops::Range;

use super::settings::{FootprintSettings, Normalisation};

/// Steps in a unit of occupancy. Sums of whole steps are the same in every order.
pub const STEPS: f32 = 4096.0;

/// The occupancy of a window, and where it reaches the minimum.
#[derive(Debug, Clone)]
pub struct Occupied {
    /// The occupancy of each base.
    pub occupancy: Vec<f32>,
    /// The highest of these; 0 where there is none.
    pub highest: f32,
    /// What each base adds to a profile, in whole steps of [`STEPS`] to a unit, where that is the same
    /// for all regions of the window; else, and where no base reaches the minimum, none.
    pub steps: Vec<u32>,
    /// For each base the first one, from it on, whose occupancy reaches the minimum; the window's
    /// length where none does.
    next: Vec<u32>,
}

impl Occupied {
    /// Of the occupancy of each base.
    pub fn new(occupancy: Vec<f32>, asked: FootprintSettings) -> Self {
        let mut next = vec![occupancy.len() as u32; occupancy.len()];
        let mut first = occupancy.len() as u32;
        for (place, &value) in occupancy.iter().enumerate().rev() {
            if value >= asked.minimum {
                first = place as u32;
            }
            next[place] = first;
        }
        let highest = occupancy.iter().copied().fold(0.0, f32::max);
        let unit = match asked.normalisation {
            // A window that counts has a highest occupancy above 0.
            Normalisation::WindowMedian => Some(highest),
            Normalisation::None => Some(1.0),
            Normalisation::RegionPeak | Normalisation::RegionMean => None,
        };
        let unit = unit.filter(|_| highest >= asked.minimum);
        let steps = |unit: f32| {
            let bases = occupancy.iter();
            bases.map(|&value| whole(value, STEPS / unit)).collect()
        };
        Self {
            steps: unit.map_or(Vec::new(), steps),
            occupancy,
            highest,
            next,
        }
    }

    /// Whether a stretch is occupied: at least one of its bases reaches the minimum.
    pub fn touches(&self, stretch: Range<u32>) -> bool {
        let next = self.next.get(stretch.start as usize);
        next.is_some_and(|&first| first < stretch.end)
    }

    /// Whether the window is: at least one of its bases reaches the minimum.
    pub fn anywhere(&self) -> bool {
        self.touches(0..self.next.len() as u32)
    }
}

/// An occupancy in whole steps, `scale` to a unit. Rounded; a call of `round` would keep loops from being vectorised.
pub fn whole(occupancy: f32, scale: f32) -> u32 {
    (occupancy * scale + 0.5) as u32
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
            let highest = occupancy.iter().copied().fold(0.0, f32::max);
            let occupied = Occupied::new(occupancy, FootprintSettings::default());
            prop_assert_eq!(occupied.touches(start..end), wanted);
            prop_assert!(!occupied.touches(length..length + 1));
            prop_assert_eq!(occupied.anywhere(), highest >= 3.0);
            // Every window that counts reaches the same height.
            let top = occupied.steps.iter().copied().max();
            prop_assert_eq!(top, (highest >= 3.0).then_some(STEPS as u32));
        }
    }
}
