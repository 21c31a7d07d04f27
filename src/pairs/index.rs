//! Sorted regions, and which of them lie near a place.

use crate::genome::{ChromId, Region};

/// Different regions in order, and how far those before each one reach.
#[derive(Debug, Clone, Default)]
pub struct Index {
    regions: Vec<Region>,
    /// The largest end among a region and those before it on its chromosome.
    reach: Vec<u32>,
}

impl Index {
    /// Sorts regions and joins equal ones.
    pub fn new(mut regions: Vec<Region>) -> Self {
        regions.sort_unstable();
        regions.dedup();
        let mut reach: Vec<u32> = Vec::with_capacity(regions.len());
        let mut before: Option<(ChromId, u32)> = None;
        for region in &regions {
            let end = match before {
                Some((chrom, end)) if chrom == region.chrom => end.max(region.end),
                _ => region.end,
            };
            before = Some((region.chrom, end));
            reach.push(end);
        }
        Self { regions, reach }
    }

    /// The regions, in order.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The places of the regions that share a base with this one, in order.
    pub fn overlapping(&self, region: Region) -> impl Iterator<Item = usize> + '_ {
        self.between(region.chrom, region.start, region.end)
    }

    /// The places of the regions on the same chromosome with at most `distance` bases between them
    /// and this one, each with that number, in order.
    pub fn within(&self, region: Region, distance: u32) -> impl Iterator<Item = (usize, u32)> + '_ {
        // A base more on either side, so that what only touches is near, too.
        let margin = distance.saturating_add(1);
        let from = region.start.saturating_sub(margin);
        let to = region.end.saturating_add(margin);
        self.between(region.chrom, from, to)
            .map(move |place| (place, gap(region, self.regions[place])))
            .filter(move |&(_, gap)| gap <= distance)
    }

    /// The places of the regions that hold a base of `from..to`.
    fn between(&self, chrom: ChromId, from: u32, to: u32) -> impl Iterator<Item = usize> + '_ {
        let past = self
            .regions
            .partition_point(|region| (region.chrom, region.start) < (chrom, to));
        // Those before the first that reaches past `from` end before it.
        let first = self.first_reaching(chrom, from, past);
        (first..past).filter(move |&place| self.regions[place].end > from)
    }

    fn first_reaching(&self, chrom: ChromId, from: u32, past: usize) -> usize {
        let (mut low, mut high) = (0, past);
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.regions[middle].chrom, self.reach[middle]) <= (chrom, from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// Bases between two regions of one chromosome, 0 where they touch or overlap.
pub fn gap(a: Region, b: Region) -> u32 {
    a.start.max(b.start).saturating_sub(a.end.min(b.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn region((chrom, start, length): (u32, u32, u32)) -> Region {
        Region {
            chrom: ChromId(chrom),
            start,
            end: start + length,
        }
    }

    proptest! {
        #[test]
        fn what_is_near_is_found_and_nothing_else(
            regions in prop::collection::vec((0u32..3, 0u32..300, 1u32..80), 0..40),
            asked in (0u32..3, 0u32..300, 1u32..80),
            distance in 0u32..200,
        ) {
            let index = Index::new(regions.into_iter().map(region).collect());
            let asked = region(asked);
            let wanted: Vec<usize> = (0..index.regions().len())
                .filter(|&place| index.regions()[place].overlap(&asked) > 0)
                .collect();
            prop_assert_eq!(index.overlapping(asked).collect::<Vec<_>>(), wanted);
            let wanted: Vec<(usize, u32)> = index
                .regions()
                .iter()
                .enumerate()
                .filter(|(_, other)| other.chrom == asked.chrom)
                .map(|(place, other)| (place, gap(asked, *other)))
                .filter(|&(_, gap)| gap <= distance)
                .collect();
            prop_assert_eq!(index.within(asked, distance).collect::<Vec<_>>(), wanted);
        }
    }
}
