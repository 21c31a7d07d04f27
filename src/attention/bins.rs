//! Which bases a pooling bin stands for.

use crate::attention::Pooling;
use crate::genome::Region;

/// The bins of a window, in bases from the window's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bins(pub Pooling);

impl Bins {
    /// Number of bins, `l`.
    pub fn count(&self) -> usize {
        self.0.bins()
    }

    /// The bases that get the bin's value in a track: those that lie in the middle of a filter
    /// which the bin pools. Every base of the window belongs to exactly one bin.
    ///
    /// Bin `b` pools the filters that begin at `[b·m − left, b·m − left + m)`; their middles lie
    /// `(w − 1) / 2` further right. The first and the last bin take what is left at the ends.
    pub fn tile(&self, bin: usize) -> std::ops::Range<u32> {
        let Pooling {
            length,
            width,
            pool,
        } = self.0;
        let edge = |bin: usize| match bin {
            0 => 0,
            bin if bin == self.count() => length,
            bin => bin * pool + (width - 1) / 2 - self.0.left(),
        };
        edge(bin) as u32..edge(bin + 1) as u32
    }

    /// Where the bins' tiles begin, and the end of the last one.
    pub fn edges(&self) -> Vec<u32> {
        let starts = (0..self.count()).map(|bin| self.tile(bin).start);
        starts.chain([self.0.length as u32]).collect()
    }

    /// The region of `m + w` bases that stands for the bin (45 bp at the published size): what it
    /// sees, `[b·m − left, b·m − left + m + w − 1)`, and one base more, as the paper counts;
    /// moved inside the window at its ends, and cut to a window that is shorter.
    pub fn region(&self, bin: usize) -> std::ops::Range<u32> {
        let Pooling {
            length,
            width,
            pool,
        } = self.0;
        let size = (pool + width).min(length);
        let start = (bin * pool)
            .saturating_sub(self.0.left())
            .min(length - size);
        start as u32..(start + size) as u32
    }

    /// The most regions that can be chosen, none over another.
    pub fn apart(&self) -> usize {
        // The one that ends first, then the first of those behind it, and so on: no other choice has more.
        let mut end = 0;
        let beside = (0..self.count()).map(|bin| self.region(bin));
        let beside = beside.filter(|region| {
            let free = region.start >= end;
            if free {
                end = region.end;
            }
            free
        });
        beside.count()
    }

    /// The bins whose tiles share a base with a stretch of the window's chromosome; of a stretch beside the
    /// window the nearest one.
    pub fn over(&self, window: Region, stretch: Region) -> std::ops::Range<usize> {
        let last = window.end - 1;
        let place = |base: u32| base.clamp(window.start, last) - window.start;
        let edges = self.edges();
        // The first edge is 0, and the end of the last tile lies behind every base.
        let bin = |base: u32| edges.partition_point(|&edge| edge <= place(base)) - 1;
        let first = bin(stretch.start);
        first..bin(stretch.end.saturating_sub(1)).max(first) + 1
    }

    /// [`Bins::region`] on the genome.
    pub fn region_in(&self, window: Region, bin: usize) -> Region {
        window.part(self.region(bin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use proptest::prelude::*;

    fn bins(length: usize, width: usize, pool: usize) -> Bins {
        Bins(Pooling {
            length,
            width,
            pool,
        })
    }

    #[test]
    fn the_published_enhancer_has_a_hundred_tiles_of_thirty() {
        let bins = bins(3000, 15, 30);
        for bin in 0..100 {
            assert_eq!(bins.tile(bin), 30 * bin as u32..30 * (bin as u32 + 1));
        }
        assert_eq!(bins.region(0), 0..45);
        assert_eq!(bins.region(1), 23..68);
        assert_eq!(bins.region(99), 2955..3000);
    }

    #[test]
    fn a_stretch_beside_the_window_has_the_nearest_bin() {
        let bins = bins(3000, 15, 30);
        let region = |start, end| Region::new(ChromId(0), start, end).unwrap();
        let over = |start, end| bins.over(region(1000, 4000), region(start, end));
        assert_eq!(over(1000, 1001), 0..1);
        assert_eq!(over(1029, 1031), 0..2);
        assert_eq!(over(1030, 1060), 1..2);
        assert_eq!(over(10, 9000), 0..100);
        assert_eq!(over(10, 1000), 0..1);
        assert_eq!(over(0, 1), 0..1);
        assert_eq!(over(4000, 4500), 99..100);
    }

    proptest! {
        /// As a count over all bases has it.
        #[test]
        fn bins_over_a_stretch_are_those_whose_tiles_it_meets(
            width in 1usize..20, extra in 0usize..400, pool in 1usize..50,
            (start, length) in (0u32..600, 1u32..600),
        ) {
            let bins = bins(width + extra, width, pool);
            let window = Region::new(ChromId(3), 100, 100 + (width + extra) as u32).unwrap();
            let stretch = Region::new(ChromId(3), start, start + length).unwrap();
            let wanted = (0..bins.count()).filter(|&bin| {
                window.part(bins.tile(bin)).overlap(&stretch) > 0
            });
            let wanted: Vec<usize> = wanted.collect();
            let found: Vec<usize> = bins.over(window, stretch).collect();
            match wanted.is_empty() {
                false => prop_assert_eq!(found, wanted),
                true if start < 100 => prop_assert_eq!(found, [0]),
                true => prop_assert_eq!(found, [bins.count() - 1]),
            }
        }

        #[test]
        fn tiles_cover_the_window_once_and_lie_in_their_regions(
            width in 1usize..20, extra in 0usize..400, pool in 1usize..50,
        ) {
            let bins = bins(width + extra, width, pool);
            let mut end = 0;
            for bin in 0..bins.count() {
                let (tile, region) = (bins.tile(bin), bins.region(bin));
                prop_assert_eq!(tile.start, end);
                prop_assert!(tile.end > tile.start);
                prop_assert!(region.end as usize <= width + extra);
                prop_assert_eq!(region.len(), (pool + width).min(width + extra));
                prop_assert!(region.start <= tile.start && tile.end <= region.end);
                end = tile.end;
            }
            prop_assert_eq!(end as usize, width + extra);
        }

        /// A base in the middle of a filter belongs to the bin that pools that filter.
        #[test]
        fn a_filters_middle_has_its_filters_bin(
            width in 1usize..20, extra in 0usize..400, pool in 1usize..50,
        ) {
            let bins = bins(width + extra, width, pool);
            for position in 0..bins.0.positions() {
                let bin = (position + bins.0.left()) / pool;
                let middle = (position + (width - 1) / 2) as u32;
                prop_assert!(bins.tile(bin).contains(&middle));
            }
        }
    }
}
