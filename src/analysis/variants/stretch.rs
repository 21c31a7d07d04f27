//! A window's sequence, and what it is with a change in it.

use super::change::Change;
use crate::error::Result;
use crate::genome::{N, Reference, Region};

/// A window's base codes, with some bases more on either side of it, N beyond the chromosome's ends.
pub struct Stretch {
    /// The window.
    pub window: Region,
    margin: usize,
    codes: Vec<u8>,
}

impl Stretch {
    /// Reads a window and `margin` bases on either side.
    ///
    /// # Errors
    ///
    /// A reference that cannot be read.
    pub fn read(reference: &mut Reference, window: Region, margin: u32) -> Result<Self> {
        let wide = window.widened(margin).cut(reference.chroms());
        let missing = margin - (window.start - wide.start);
        let mut codes = vec![N; missing as usize];
        codes.extend(reference.codes(wide)?);
        codes.resize(window.len() as usize + 2 * margin as usize, N);
        Ok(Self {
            window,
            margin: margin as usize,
            codes,
        })
    }

    /// The window's own codes: as many as it has bases.
    pub fn codes(&self) -> &[u8] {
        &self.codes[self.margin..self.codes.len() - self.margin]
    }

    /// The window's codes with a change that lies inside it, as many as before. The base at `centre`
    /// (of the chromosome) keeps its place: where the change lies right of it or over it, what stands
    /// right of the change moves, and else what stands left of it; what comes in at the window's edge is
    /// the reference's sequence beyond, and what is pushed over it is lost. The margin must be at least
    /// the number of bases that the window loses.
    pub fn with(&self, change: &Change, centre: u32) -> Vec<u8> {
        let place = |base: u32| self.margin + (base - self.window.start) as usize;
        let (from, to) = (place(change.start), place(change.end));
        let length = self.window.len() as usize;
        let end = self.margin + length;
        if change.end <= centre {
            let right = &self.codes[to..end];
            let left = [&self.codes[..from], change.bases.as_slice()].concat();
            let kept = &left[left.len() + right.len() - length..];
            return [kept, right].concat();
        }
        let mut codes = self.codes[self.margin..from].to_vec();
        codes.extend_from_slice(&change.bases);
        codes.extend_from_slice(&self.codes[to..]);
        codes.truncate(length);
        codes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::genome::ChromId;

    /// A stretch of a chromosome of which all bases are known.
    fn stretch(chrom: &[u8], window: (u32, u32), margin: u32) -> Stretch {
        let at = |place: i64| {
            let known = usize::try_from(place).ok();
            known
                .and_then(|place| chrom.get(place))
                .copied()
                .unwrap_or(N)
        };
        let (start, end) = (i64::from(window.0), i64::from(window.1));
        let margin = i64::from(margin);
        Stretch {
            window: Region::new(ChromId(0), window.0, window.1).unwrap(),
            margin: margin as usize,
            codes: (start - margin..end + margin).map(at).collect(),
        }
    }

    fn change(start: u32, end: u32, bases: &[u8]) -> Change {
        Change {
            chrom: ChromId(0),
            start,
            end,
            bases: bases.to_vec(),
        }
    }

    #[test]
    fn the_centre_keeps_its_place() {
        let chrom: Vec<u8> = (0..20).collect();
        let with = |change: &Change, margin| stretch(&chrom, (5, 13), margin).with(change, 9);
        assert_eq!(with(&change(7, 8, &[99]), 0), [5, 6, 99, 8, 9, 10, 11, 12]);
        // A deletion and an insertion right of the centre, and left of it.
        assert_eq!(with(&change(10, 12, &[]), 2), [5, 6, 7, 8, 9, 12, 13, 14]);
        assert_eq!(with(&change(10, 10, &[99]), 0), [5, 6, 7, 8, 9, 99, 10, 11]);
        assert_eq!(with(&change(6, 8, &[]), 2), [3, 4, 5, 8, 9, 10, 11, 12]);
        assert_eq!(
            with(&change(9, 9, &[98, 99]), 0),
            [7, 8, 98, 99, 9, 10, 11, 12]
        );
        // Over the centre: what is right of it moves.
        assert_eq!(
            with(&change(8, 11, &[99]), 2),
            [5, 6, 7, 99, 11, 12, 13, 14]
        );
    }

    #[test]
    fn n_stands_beyond_the_chromosome() {
        let chrom: Vec<u8> = (0..8).map(|base| base % 4).collect();
        let with = stretch(&chrom, (0, 8), 3).with(&change(5, 8, &[]), 4);
        assert_eq!(with, [0, 1, 2, 3, 0, N, N, N]);
        let with = stretch(&chrom, (0, 8), 2).with(&change(1, 3, &[]), 4);
        assert_eq!(with, [N, N, 0, 3, 0, 1, 2, 3]);
    }

    proptest! {
        #[test]
        fn what_the_opposite_change_gives_on_the_changed_chromosome_is_the_reference(
            chrom in prop::collection::vec(0u8..4, 60),
            start in 20u32..40, removed in 0u32..10, bases in prop::collection::vec(0u8..4, 0..10),
            centre in 20u32..40,
        ) {
            let end = (start + removed).min(40);
            let (removed, added) = (end - start, bases.len() as u32);
            let there = chrom[start as usize..end as usize].to_vec();
            let forth = change(start, end, &bases);
            let with = stretch(&chrom, (20, 40), removed.saturating_sub(added)).with(&forth, centre);
            prop_assert_eq!(with.len(), 20);

            let changed = [&chrom[..start as usize], bases.as_slice(), &chrom[end as usize..]].concat();
            // What lies right of the change has moved by so much, and the window with its centre too.
            let moved = |base: u32| if end <= centre { base + added - removed } else { base };
            let window = (moved(20), moved(40));
            let back = change(start, start + added, &there);
            let other = stretch(&changed, window, 30);
            // An allele that is longer than the part of the window on its side has no way back.
            prop_assume!(window.0 <= start && start + added <= window.1);
            prop_assert_eq!(other.codes(), with);
            if (end <= centre) == (start + added <= moved(centre)) {
                prop_assert_eq!(other.with(&back, moved(centre)), &chrom[20..40]);
            }
        }
    }
}
