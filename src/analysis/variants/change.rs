//! An allele as what it changes of the reference.

use crate::genome::{ChromId, Region};

/// Some bases in the place of others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Change {
    /// The chromosome.
    pub chrom: ChromId,
    /// The first base that is replaced; of an insertion, the base that it stands before.
    pub start: u32,
    /// One past the last base that is replaced; of an insertion, `start`.
    pub end: u32,
    /// The codes of the bases that come in their place.
    pub bases: Vec<u8>,
}

impl Change {
    /// What an alternate allele changes of the reference's at a place, both as base codes, without the
    /// bases that both have at the end and then at the beginning; nothing where they are the same.
    pub fn new(place: Region, reference: &[u8], alternate: &[u8]) -> Option<Self> {
        let backwards = reference.iter().rev().zip(alternate.iter().rev());
        let suffix = same(backwards);
        let reference = &reference[..reference.len() - suffix];
        let alternate = &alternate[..alternate.len() - suffix];
        let prefix = same(reference.iter().zip(alternate));
        let bases = alternate[prefix..].to_vec();
        let start = place.start + prefix as u32;
        let end = place.start + reference.len() as u32;
        let changes = start < end || !bases.is_empty();
        changes.then_some(Self {
            chrom: place.chrom,
            start,
            end,
            bases,
        })
    }

    /// How many bases are replaced.
    pub fn removed(&self) -> u32 {
        self.end - self.start
    }

    /// How many bases come in their place.
    pub fn added(&self) -> u32 {
        self.bases.len() as u32
    }

    /// The bases that are replaced; of an insertion, those on either side of it.
    pub fn touched(&self) -> Region {
        let beside = u32::from(self.start == self.end);
        Region {
            chrom: self.chrom,
            start: self.start.saturating_sub(beside),
            end: self.end.saturating_add(beside),
        }
    }
}

/// How many pairs of bases are the same until the first that are not.
fn same<'a>(pairs: impl Iterator<Item = (&'a u8, &'a u8)>) -> usize {
    pairs.take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::base_code;

    fn change(reference: &str, alternate: &str) -> Option<(u32, u32, Vec<u8>)> {
        let codes = |text: &str| -> Vec<u8> { text.bytes().map(base_code).collect() };
        let chrom = ChromId(0);
        let place = Region::new(chrom, 100, 100 + reference.len() as u32).unwrap();
        let change = Change::new(place, &codes(reference), &codes(alternate))?;
        Some((change.start, change.end, change.bases))
    }

    #[test]
    fn alleles_are_trimmed_to_what_differs() {
        assert_eq!(change("A", "C"), Some((100, 101, vec![1])));
        assert_eq!(change("ACT", "AGT"), Some((101, 102, vec![2])));
        assert_eq!(change("A", "AGG"), Some((101, 101, vec![2, 2])));
        assert_eq!(change("TA", "A"), Some((100, 101, vec![])));
        assert_eq!(change("CAA", "CA"), Some((101, 102, vec![])));
        assert_eq!(change("ACGT", "TT"), Some((100, 103, vec![3])));
        assert_eq!(change("ac", "AC"), None);
    }

    #[test]
    fn an_insertion_touches_the_bases_beside_it() {
        let chrom = ChromId(0);
        let touched = |start, end| {
            let bases = vec![0];
            let change = Change {
                chrom,
                start,
                end,
                bases,
            };
            let region = change.touched();
            (region.start, region.end)
        };
        assert_eq!(touched(10, 10), (9, 11));
        assert_eq!(touched(10, 12), (10, 12));
        assert_eq!(touched(0, 0), (0, 1));
    }
}
