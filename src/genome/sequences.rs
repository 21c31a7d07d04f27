//! Sequence held in memory: only what a set of regions covers, each base once.

use super::reference::Reference;
use super::region::Region;
use crate::error::Result;

/// The base codes of a set of regions, one byte a base, overlaps held once.
#[derive(Debug, Clone, Default)]
pub struct Sequences {
    /// Regions that neither touch nor overlap, sorted, and the place of each one's first base.
    spans: Vec<(Region, usize)>,
    /// Span after span.
    codes: Vec<u8>,
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
        let spans = merge(regions);
        let bases = spans.iter().map(|span| span.len() as usize).sum();
        let mut sequences = Self {
            spans: Vec::with_capacity(spans.len()),
            codes: Vec::with_capacity(bases),
        };
        for span in spans {
            sequences.push(span, reference.codes(span)?);
        }
        Ok(sequences)
    }

    /// Adds a region behind all others, and its codes.
    fn push(&mut self, span: Region, codes: impl IntoIterator<Item = u8>) {
        self.spans.push((span, self.codes.len()));
        self.codes.extend(codes);
    }

    /// Sequence that is already in memory: that of one region.
    pub fn of(region: Region, codes: Vec<u8>) -> Self {
        Self {
            spans: vec![(region, 0)],
            codes,
        }
    }

    /// The place among [`all`](Self::all) codes of the first base of a region that lies inside those
    /// that were read.
    ///
    /// # Panics
    ///
    /// On any other region: the caller asked for what it had not announced. No input leads here: every
    /// caller reads the very windows that it then asks for.
    pub fn place(&self, region: Region) -> usize {
        let start = |of: &Region| (of.chrom, of.start);
        let spans = &self.spans;
        let after = spans.partition_point(|(span, _)| start(span) <= start(&region));
        let (span, place) = after
            .checked_sub(1)
            .map(|at| self.spans[at])
            .filter(|(span, _)| span.chrom == region.chrom && region.end <= span.end)
            .unwrap_or_else(|| panic!("{region:?} was not read"));
        place + (region.start - span.start) as usize
    }

    /// The codes of a region that lies inside those that were read.
    ///
    /// # Panics
    ///
    /// See [`place`](Self::place).
    pub fn codes(&self, region: Region) -> &[u8] {
        &self.codes[self.place(region)..][..region.len() as usize]
    }

    /// All codes.
    pub fn all(&self) -> &[u8] {
        &self.codes
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
    use crate::genome::ChromId;
    use proptest::prelude::*;

    fn region((chrom, start, len): (u32, u32, u32)) -> Region {
        Region::new(ChromId(chrom), start, start + len).unwrap()
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
            let mut sequences = Sequences::default();
            for span in spans {
                sequences.push(span, (span.start..span.end).map(|at| code(&span, at)));
            }
            for region in regions {
                let wanted: Vec<u8> = (region.start..region.end).map(|at| code(&region, at)).collect();
                prop_assert_eq!(sequences.codes(region), wanted);
            }
        }
    }
}
