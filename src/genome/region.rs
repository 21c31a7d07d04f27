//! A stretch of one chromosome.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::chroms::{ChromId, Chroms};
use crate::text::thousands;

/// A stretch of one chromosome, 0-based and half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Region {
    /// The chromosome.
    pub chrom: ChromId,
    /// First base.
    pub start: u32,
    /// One past the last base.
    pub end: u32,
}

impl Chroms {
    /// All chromosomes, each as a whole, in order.
    pub fn regions(&self) -> impl Iterator<Item = Region> {
        let start = 0;
        let whole = move |((_, end), chrom)| Region { chrom, start, end };
        self.iter().zip((0..).map(ChromId)).map(whole)
    }
}

impl Region {
    /// The bases from `start` up to `end`; nothing where there is none.
    pub fn new(chrom: ChromId, start: u32, end: u32) -> Option<Self> {
        (start < end).then_some(Self { chrom, start, end })
    }

    /// The number of bases.
    pub fn len(&self) -> u32 {
        self.end - self.start
    }

    /// Whether the region holds no base, as the stretch between two elements may.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// The region and so many bases on either side of it, as far as there can be some.
    pub fn widened(self, bases: u32) -> Self {
        Self {
            start: self.start.saturating_sub(bases),
            end: self.end.saturating_add(bases),
            ..self
        }
    }

    /// What the region's chromosome has of it.
    pub fn cut(self, chroms: &Chroms) -> Self {
        let end = self.end.min(chroms.length(self.chrom));
        Self { end, ..self }
    }

    /// The region in pieces of this length, the last of which may be shorter.
    pub fn pieces(self, length: u32) -> impl Iterator<Item = Self> {
        let starts = (self.start..self.end).step_by(length as usize);
        starts.map(move |start| Self {
            start,
            end: self.end.min(start.saturating_add(length)),
            ..self
        })
    }

    /// The bases of the region at these places, counted from its first.
    pub fn part(self, places: Range<u32>) -> Self {
        Self {
            chrom: self.chrom,
            start: self.start + places.start,
            end: self.start + places.end,
        }
    }

    /// Displays the region as `chrom:start-end`, 0-based half-open.
    pub fn named(self, chroms: &Chroms) -> impl fmt::Display {
        let name = chroms.name(self.chrom);
        fmt::from_fn(move |f| write!(f, "{name}:{}-{}", self.start, self.end))
    }

    /// Displays the region as people and browsers have it: `chrom:1,001-2,000`, from 1 and with the last base.
    pub fn told(self, chroms: &Chroms) -> impl fmt::Display {
        let name = chroms.name(self.chrom);
        let (start, end) = (thousands(self.start + 1), thousands(self.end));
        fmt::from_fn(move |f| write!(f, "{name}:{start}-{end}"))
    }

    /// Displays the region as the first three columns of BED.
    pub fn bed(self, chroms: &Chroms) -> impl fmt::Display {
        let name = chroms.name(self.chrom);
        fmt::from_fn(move |f| write!(f, "{name}\t{}\t{}", self.start, self.end))
    }

    /// The number of bases that two regions share.
    pub fn overlap(&self, other: &Region) -> u32 {
        if self.chrom != other.chrom {
            return 0;
        }
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        end.saturating_sub(start)
    }

    /// The number of bases between two regions of one chromosome, 0 where they touch or overlap.
    pub fn gap(&self, other: &Region) -> u32 {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        start.saturating_sub(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_a_base() {
        let chrom = ChromId(0);
        assert_eq!(Region::new(chrom, 3, 4).unwrap().len(), 1);
        assert_eq!(Region::new(chrom, 3, 3), None);
        assert_eq!(Region::new(chrom, 4, 3), None);
    }

    #[test]
    fn people_count_bases_from_one() {
        let chroms = Chroms::new([("chr1".to_string(), 5000)]).unwrap();
        let region = Region::new(ChromId(0), 1000, 2000).unwrap();
        assert_eq!(region.told(&chroms).to_string(), "chr1:1,001-2,000");
        assert_eq!(region.named(&chroms).to_string(), "chr1:1000-2000");
    }

    #[test]
    fn regions_overlap_or_lie_apart() {
        let [a, b] =
            [(10, 20), (23, 30)].map(|(start, end)| Region::new(ChromId(0), start, end).unwrap());
        assert_eq!((a.gap(&b), b.gap(&a), a.overlap(&b)), (3, 3, 0));
        assert_eq!((a.gap(&a), a.overlap(&a)), (0, 10));
    }
}
