//! Sequence held in memory: only what a set of regions covers, each base once.

use super::{ChromId, Reference, Region};
use crate::error::Result;

/// The base codes of a set of regions, one byte a base, overlaps held once.
#[derive(Debug, Clone, Default)]
pub struct Sequences {
    /// Regions that neither touch nor overlap, sorted.
    spans: Vec<(Region, Vec<u8>)>,
}

impl Sequences {
    /// Reads what the regions cover.
    ///
    /// # Errors
    ///
    /// See [`Reference::codes`].
    pub fn read(
        reference: &mut Reference,
        regions: impl IntoIterator<Item = Region>,
    ) -> Result<Self> {
        let spans = merge(regions)
            .into_iter()
            .map(|span| Ok((span, reference.codes(span)?)))
            .collect::<Result<_>>()?;
        Ok(Self { spans })
    }

    /// Sequence that is already in memory: that of one region.
    pub fn of(region: Region, codes: Vec<u8>) -> Self {
        Self {
            spans: vec![(region, codes)],
        }
    }

    /// The codes of a region that lies inside those that were read.
    ///
    /// # Panics
    ///
    /// On any other region: the caller asked for what it had not announced. No input leads here: every
    /// caller reads the very windows that it then asks for.
    pub fn codes(&self, region: Region) -> &[u8] {
        let after = self
            .spans
            .partition_point(|(span, _)| span.start_key() <= region.start_key());
        let (span, codes) = after
            .checked_sub(1)
            .map(|at| &self.spans[at])
            .filter(|(span, _)| span.chrom == region.chrom && region.end <= span.end)
            .unwrap_or_else(|| panic!("{region:?} was not read"));
        &codes[(region.start - span.start) as usize..(region.end - span.start) as usize]
    }

    /// Bases held.
    pub fn len(&self) -> usize {
        self.spans.iter().map(|(_, codes)| codes.len()).sum()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

impl Region {
    fn start_key(&self) -> (ChromId, u32) {
        (self.chrom, self.start)
    }
}

/// The union of regions, as sorted regions that neither touch nor overlap.
pub fn merge(regions: impl IntoIterator<Item = Region>) -> Vec<Region> {
    let mut sorted: Vec<Region> = regions.into_iter().collect();
    sorted.sort_unstable();
    let mut merged: Vec<Region> = Vec::new();
    for region in sorted {
        match merged.last_mut() {
            Some(last) if last.chrom == region.chrom && region.start <= last.end => {
                last.end = last.end.max(region.end);
            }
            _ => merged.push(region),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn region((chrom, start, len): (u32, u32, u32)) -> Region {
        Region {
            chrom: ChromId(chrom),
            start,
            end: start + len,
        }
    }

    proptest! {
        #[test]
        fn every_region_lies_in_one_span(
            regions in prop::collection::vec((0u32..3, 0u32..300, 1u32..40), 1..40)
        ) {
            let regions: Vec<Region> = regions.into_iter().map(region).collect();
            let code = |region: &Region, at: u32| (region.chrom.0 * 7 + at % 31) as u8;
            let spans = merge(regions.iter().copied());
            let apart = |pair: &[Region]| {
                pair[0].chrom < pair[1].chrom || pair[0].end < pair[1].start
            };
            prop_assert!(spans.windows(2).all(apart));
            let sequences = Sequences {
                spans: spans
                    .into_iter()
                    .map(|span| (span, (span.start..span.end).map(|at| code(&span, at)).collect()))
                    .collect(),
            };
            for region in regions {
                let wanted: Vec<u8> = (region.start..region.end).map(|at| code(&region, at)).collect();
                prop_assert_eq!(sequences.codes(region), wanted);
            }
        }
    }
}
