//! Cuts as they are counted.

use crate::genome::Region;

/// The cuts at each base of a region, by the strand of the read that tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CutCounts {
    /// Of forward reads.
    pub forward: Vec<u32>,
    /// Of reverse reads, as long.
    pub reverse: Vec<u32>,
}

impl CutCounts {
    /// No cuts.
    pub(super) fn none(region: Region) -> Self {
        let bases = region.len() as usize;
        Self {
            forward: vec![0; bases],
            reverse: vec![0; bases],
        }
    }

    /// Cuts of (forward, reverse) reads.
    pub fn totals(&self) -> (u64, u64) {
        let sum = |counts: &[u32]| counts.iter().map(|&count| u64::from(count)).sum();
        (sum(&self.forward), sum(&self.reverse))
    }
}

/// The most cuts of a strand that count at a base: those of a shoulder and a footprint of any
/// length that is allowed must not leave 32 bits.
pub const MOST: u32 = 1 << 21;
