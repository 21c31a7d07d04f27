//! Where a reference has sequence.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::genome::{ChromId, N, Reference, Region};

/// Bases that are read at once.
const PIECE: u32 = 1 << 20;
/// So many tenths of a window's bases have to be known.
const TENTHS: u64 = 9;

/// Where chromosomes have bases that are A, C, G or T: a reference of which only parts have sequence is
/// N elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Known {
    chroms: BTreeMap<ChromId, Stretches>,
}

/// Stretches of known bases, from left to right, that do not touch; and how many known bases lie before
/// each.
#[derive(Debug, Clone, Default)]
struct Stretches {
    regions: Vec<Region>,
    before: Vec<u32>,
    total: u32,
}

impl Known {
    /// Reads whole chromosomes through, a piece at a time.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn read(reference: &mut Reference, chroms: &[Region]) -> Result<Self> {
        let mut known = Self::default();
        for &chrom in chroms {
            let mut stretches = Stretches::default();
            for piece in chrom.pieces(PIECE) {
                stretches.add(piece, &reference.codes(piece)?);
            }
            if stretches.total > 0 {
                known.chroms.insert(chrom.chrom, stretches);
            }
        }
        Ok(known)
    }

    /// The chromosomes that were read and have a known base, in order.
    pub fn chroms(&self) -> impl Iterator<Item = ChromId> {
        self.chroms.keys().copied()
    }

    /// How many known bases a chromosome has.
    pub fn total(&self, chrom: ChromId) -> u32 {
        self.chroms.get(&chrom).map_or(0, |of| of.total)
    }

    /// How many bases of a region are known; none of a chromosome that was not read.
    pub fn bases(&self, region: Region) -> u32 {
        let count = |of: &Stretches| of.up_to(region.end) - of.up_to(region.start);
        self.chroms.get(&region.chrom).map_or(0, count)
    }

    /// Whether at least nine tenths of a region are known.
    pub fn is_enough(&self, region: Region) -> bool {
        u64::from(self.bases(region)) * 10 >= u64::from(region.len()) * TENTHS
    }

    /// The known base of a chromosome with so many before it; none where it has no more.
    pub fn nth(&self, chrom: ChromId, number: u32) -> Option<Region> {
        let of = self.chroms.get(&chrom).filter(|of| number < of.total)?;
        let at = of.before.partition_point(|&before| before <= number) - 1;
        let start = of.regions[at].start + (number - of.before[at]);
        Region::new(chrom, start, start + 1)
    }
}

impl Stretches {
    /// Adds the bases behind those that were added.
    fn add(&mut self, piece: Region, codes: &[u8]) {
        let mut start = piece.start;
        for run in codes.chunk_by(|&a, &b| (a < N) == (b < N)) {
            let end = start + run.len() as u32;
            if run[0] < N {
                match self.regions.last_mut() {
                    Some(last) if last.end == start => last.end = end,
                    _ => {
                        self.regions.push(Region {
                            start,
                            end,
                            ..piece
                        });
                        self.before.push(self.total);
                    }
                }
                self.total += end - start;
            }
            start = end;
        }
    }

    /// How many known bases lie before a place.
    fn up_to(&self, place: u32) -> u32 {
        let begun = self.regions.partition_point(|of| of.start < place);
        let Some(at) = begun.checked_sub(1) else {
            return 0;
        };
        let last = self.regions[at];
        self.before[at] + (last.end.min(place) - last.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::activity::testing::Genome;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn known_bases_are_counted_and_found(
            text in "[ACGTN]{0,3}[ACGT]{1,20}N{0,30}[acgtn]{0,30}R{0,2}[ACGTN]{1,9}",
            (start, length) in (0u32..60, 1u32..60),
        ) {
            let genome = Genome::of(&[("chr1", text.as_str()), ("chr2", "NNNN"), ("chr3", "ACGT")]);
            let mut reference = genome.reference();
            let chroms: Vec<Region> = reference.chroms().regions().take(2).collect();
            let known = Known::read(&mut reference, &chroms).unwrap();
            prop_assert_eq!(known.chroms().collect::<Vec<_>>(), [ChromId(0)]);
            let is_known = |letter: &u8| b"ACGTacgt".contains(letter);
            let places: Vec<u32> = (0u32..)
                .zip(text.as_bytes())
                .filter(|&(_, letter)| is_known(letter))
                .map(|(place, _)| place)
                .collect();
            prop_assert_eq!(known.total(ChromId(0)) as usize, places.len());
            for (number, &place) in (0u32..).zip(&places) {
                prop_assert_eq!(
                    known.nth(ChromId(0), number),
                    Region::new(ChromId(0), place, place + 1)
                );
            }
            prop_assert_eq!(known.nth(ChromId(0), places.len() as u32), None);
            let region = Region { chrom: ChromId(0), start, end: start + length };
            let inside = places.iter().filter(|place| (start..start + length).contains(place));
            let inside = inside.count() as u32;
            prop_assert_eq!(known.bases(region), inside);
            prop_assert_eq!(
                known.is_enough(region),
                f64::from(inside) / f64::from(length) >= 0.9 - 1e-9
            );
            prop_assert_eq!(known.bases(Region { chrom: ChromId(2), ..region }), 0);
        }
    }

    #[test]
    fn a_stretch_goes_on_over_pieces() {
        let text = "A".repeat(PIECE as usize + 7);
        let genome = Genome::of(&[("chr1", text.as_str())]);
        let mut reference = genome.reference();
        let chroms: Vec<Region> = reference.chroms().regions().collect();
        let known = Known::read(&mut reference, &chroms).unwrap();
        let of = &known.chroms[&ChromId(0)];
        assert_eq!((of.regions.as_slice(), of.total), (&chroms[..], PIECE + 7));
    }
}
