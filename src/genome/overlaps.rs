//! Sorted regions, and which of them lie at or near a place.

use super::chroms::ChromId;
use super::region::Region;

/// Regions in order, with something about each, and how far those before each one reach.
#[derive(Debug, Clone)]
pub struct Overlaps<T> {
    sorted: Vec<(Region, T)>,
    /// The largest end among a region and those before it on its chromosome.
    reach: Vec<u32>,
}

impl<T> Overlaps<T> {
    /// Sorts regions; equal ones stay in their order.
    pub fn new(mut regions: Vec<(Region, T)>) -> Self {
        regions.sort_by_key(|&(region, _)| region);
        let mut reach = Vec::with_capacity(regions.len());
        for on_chrom in regions.chunk_by(|a, b| a.0.chrom == b.0.chrom) {
            let mut largest = 0;
            for (region, _) in on_chrom {
                largest = region.end.max(largest);
                reach.push(largest);
            }
        }
        Self {
            sorted: regions,
            reach,
        }
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The region at a place of the order.
    pub fn region(&self, place: usize) -> Region {
        self.sorted[place].0
    }

    /// The regions, in order.
    pub fn regions(&self) -> impl Iterator<Item = Region> {
        self.sorted.iter().map(|&(region, _)| region)
    }

    /// The regions with what is about them, in order.
    pub fn items(&self) -> impl Iterator<Item = &(Region, T)> {
        self.sorted.iter()
    }

    /// The regions that share a base with this one, in order.
    pub fn overlapping(&self, region: Region) -> impl Iterator<Item = &(Region, T)> {
        let places = self.places(region);
        places.map(move |place| &self.sorted[place])
    }

    /// The places of the regions that share a base with this one, in order.
    pub fn places(&self, region: Region) -> impl Iterator<Item = usize> {
        self.between(region.chrom, region.start, region.end)
    }

    /// The places of the regions on the same chromosome with at most `distance` bases between them
    /// and this one, each with that number, in order.
    pub fn within(&self, region: Region, distance: u32) -> impl Iterator<Item = (usize, u32)> {
        // A base more on either side, so that what only touches is near, too.
        self.places(region.widened(distance.saturating_add(1)))
            .map(move |place| (place, region.gap(&self.region(place))))
            .filter(move |&(_, gap)| gap <= distance)
    }

    /// The places of the regions that hold a base of `from..to`.
    fn between(&self, chrom: ChromId, from: u32, to: u32) -> impl Iterator<Item = usize> {
        let before = |key: (ChromId, u32)| {
            self.sorted
                .partition_point(|(region, _)| (region.chrom, region.start) < key)
        };
        let (first, past) = (before((chrom, 0)), before((chrom, to)));
        // Those before the first that reaches past `from` end before it.
        let first = first + self.reach[first..past].partition_point(|&end| end <= from);
        (first..past).filter(move |&place| self.sorted[place].0.end > from)
    }
}

impl Overlaps<()> {
    /// Regions alone, of which equal ones are one.
    pub fn of(mut regions: Vec<Region>) -> Self {
        regions.sort_unstable();
        regions.dedup();
        Self::new(regions.into_iter().map(|region| (region, ())).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn region((chrom, start, length): (u32, u32, u32)) -> Region {
        Region::new(ChromId(chrom), start, start + length).unwrap()
    }

    proptest! {
        #[test]
        fn what_is_near_is_found_and_nothing_else(
            regions in prop::collection::vec((0u32..3, 0u32..300, 1u32..80), 0..40),
            asked in (0u32..3, 0u32..300, 1u32..80),
            distance in 0u32..200,
        ) {
            let index = Overlaps::of(regions.into_iter().map(region).collect());
            let asked = region(asked);
            let sorted: Vec<Region> = index.regions().collect();
            prop_assert!(sorted.is_sorted_by(|a, b| a < b));
            let wanted: Vec<usize> = (0..index.len())
                .filter(|&place| sorted[place].overlap(&asked) > 0)
                .collect();
            prop_assert_eq!(index.places(asked).collect::<Vec<_>>(), wanted);
            let wanted: Vec<(usize, u32)> = sorted
                .iter()
                .enumerate()
                .filter(|(_, other)| other.chrom == asked.chrom)
                .map(|(place, other)| (place, asked.gap(other)))
                .filter(|&(_, gap)| gap <= distance)
                .collect();
            prop_assert_eq!(index.within(asked, distance).collect::<Vec<_>>(), wanted);
        }

        #[test]
        fn equal_regions_keep_what_is_about_them_in_order(
            regions in prop::collection::vec((0u32..2, 0u32..20, 1u32..4), 0..40),
            asked in (0u32..2, 0u32..20, 1u32..9),
        ) {
            let numbered = regions.into_iter().map(region).zip(0..);
            let mut sorted: Vec<(Region, u32)> = numbered.collect();
            let index = Overlaps::new(sorted.clone());
            sorted.sort();
            let asked = region(asked);
            sorted.retain(|(other, _)| other.overlap(&asked) > 0);
            prop_assert_eq!(index.overlapping(asked).copied().collect::<Vec<_>>(), sorted);
        }
    }
}
