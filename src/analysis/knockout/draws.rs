//! What stands where sites were, and which other places are replaced to compare with.

use std::ops::Range;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::genome::N;

/// Draws of a stretch that make a site again, and of places that have no room, before it is left at that.
const TRIES: usize = 20;

/// How often each base follows each other one in a window.
pub struct Dinucleotides {
    after: [[u32; 4]; 4],
    bases: [u32; 4],
}

impl Dinucleotides {
    /// Counted in base codes; N stands in no dinucleotide.
    pub fn of(codes: &[u8]) -> Self {
        let mut after = [[0; 4]; 4];
        let mut bases = [0; 4];
        for &code in codes.iter().filter(|&&code| code < N) {
            bases[usize::from(code)] += 1;
        }
        for two in codes.windows(2).filter(|two| two[0] < N && two[1] < N) {
            after[usize::from(two[0])][usize::from(two[1])] += 1;
        }
        Self { after, bases }
    }

    /// A base behind another one: of those that follow it in the window, as often as they do; where
    /// none does, or none or N stands before, of all bases.
    fn draw(&self, before: Option<u8>, rng: &mut ChaCha8Rng) -> u8 {
        let follow = before.and_then(|before| self.after.get(usize::from(before)));
        let follow = follow.filter(|of| of.iter().any(|&count| count > 0));
        let counts = follow.unwrap_or(&self.bases);
        let all: u32 = counts.iter().sum();
        let mut left = rng.random_range(0..all.max(1));
        for (base, &count) in (0..).zip(counts) {
            if left < count {
                return base;
            }
            left -= count;
        }
        N
    }

    /// Replaces a stretch, base by base from the left, the first one by what follows the base before it.
    fn fill(&self, codes: &mut [u8], stretch: &Range<usize>, rng: &mut ChaCha8Rng) {
        for place in stretch.clone() {
            let before = place.checked_sub(1).map(|before| codes[before]);
            codes[place] = self.draw(before, rng);
        }
    }
}

/// A window with stretches, which come from left to right, replaced; a draw of which `again` says that it
/// holds a site again is made anew. How many of them hold one after the last.
pub fn replaced(
    codes: &[u8],
    stretches: &[Range<usize>],
    chances: &Dinucleotides,
    again: impl Fn(&[u8], &Range<usize>) -> bool,
    rng: &mut ChaCha8Rng,
) -> (Vec<u8>, usize) {
    let mut changed = codes.to_vec();
    let mut kept = 0;
    for stretch in stretches {
        let mut tries = 0..TRIES;
        kept += usize::from(tries.all(|_| {
            chances.fill(&mut changed, stretch, rng);
            again(&changed, stretch)
        }));
    }
    (changed, kept)
}

/// Where places to compare with may lie: known bases that no site covers, in one of some regions, if there
/// are any.
pub fn free(codes: &[u8], sites: &[Range<usize>], regions: Option<&[Range<u32>]>) -> Vec<bool> {
    let mut free = vec![regions.is_none(); codes.len()];
    for region in regions.unwrap_or_default() {
        free[region.start as usize..region.end as usize].fill(true);
    }
    for site in sites {
        free[site.clone()].fill(false);
    }
    for (free, &code) in free.iter_mut().zip(codes) {
        *free &= code < N;
    }
    free
}

/// As many places of the same lengths at random, each anywhere where it is free and none over another, from
/// left to right; none where they find no room.
pub fn moved(
    stretches: &[Range<usize>],
    free: &[bool],
    rng: &mut ChaCha8Rng,
) -> Option<Vec<Range<usize>>> {
    let mut lengths: Vec<usize> = stretches.iter().map(Range::len).collect();
    // The longest find room first.
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    (0..TRIES).find_map(|_| {
        let mut free = free.to_vec();
        let mut places = Vec::with_capacity(lengths.len());
        for &length in &lengths {
            let starts = starts(&free, length);
            let last = starts.len().checked_sub(1)?;
            let start = starts[rng.random_range(0..=last)];
            free[start..start + length].fill(false);
            places.push(start..start + length);
        }
        places.sort_unstable_by_key(|place| place.start);
        Some(places)
    })
}

/// Where a stretch of free bases of a length begins.
fn starts(free: &[bool], length: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut run = 0;
    for (place, &free) in free.iter().enumerate() {
        run = if free { run + 1 } else { 0 };
        if run >= length {
            starts.push(place + 1 - length);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, stream};
    use proptest::prelude::*;

    fn rng(index: u64) -> ChaCha8Rng {
        stream(1, Purpose::KnockOut, index)
    }

    #[test]
    fn what_is_drawn_has_the_windows_dinucleotides() {
        // A is followed by C alone, C by A or G, G by C.
        let codes = [0, 1, 2, 1, 0, 1, 2, 1].repeat(100);
        let chances = Dinucleotides::of(&codes);
        let stretch = 1..700;
        let (drawn, kept) = replaced(&codes, &[stretch], &chances, |_, _| false, &mut rng(0));
        assert_eq!(kept, 0);
        assert_eq!(drawn[700..], codes[700..]);
        let follows = |two: [u8; 2]| drawn[..700].windows(2).filter(|of| **of == two).count();
        assert_eq!(
            follows([0, 0]) + follows([0, 2]) + follows([1, 1]) + follows([3, 3]),
            0
        );
        // One half of 350 each, with a deviation of 9.
        assert!((135..215).contains(&follows([1, 0])), "{}", follows([1, 0]));
        assert!((135..215).contains(&follows([1, 2])), "{}", follows([1, 2]));
    }

    #[test]
    fn draws_are_made_anew_and_not_for_ever() {
        let codes = [0, 1, 2, 3].repeat(10);
        let chances = Dinucleotides::of(&codes);
        // Behind T nothing but A comes, and so on: every draw is the same.
        let stretches = [4..8, 12..14];
        let again = |_: &[u8], stretch: &Range<usize>| stretch.start == 4;
        let (drawn, kept) = replaced(&codes, &stretches, &chances, again, &mut rng(0));
        assert_eq!((drawn, kept), (codes, 1));
    }

    proptest! {
        #[test]
        fn moved_places_are_free_and_apart(
            mask in prop::collection::vec(prop::bool::weighted(0.95), 300),
            lengths in prop::collection::vec(1usize..12, 1..5), index in 0u64..100,
        ) {
            let stretches: Vec<Range<usize>> = lengths.iter().map(|&length| 0..length).collect();
            let found = moved(&stretches, &mask, &mut rng(index));
            if let Some(places) = found {
                let mut got: Vec<usize> = places.iter().map(Range::len).collect();
                let mut wanted = lengths.clone();
                got.sort_unstable();
                wanted.sort_unstable();
                prop_assert_eq!(got, wanted);
                prop_assert!(places.iter().all(|place| mask[place.clone()].iter().all(|&free| free)));
                prop_assert!(places.windows(2).all(|two| two[0].end <= two[1].start));
            }
        }
    }

    #[test]
    fn every_free_place_is_drawn_and_no_room_is_said() {
        let codes = [0, 1, 4, 3, 2, 1, 0, 3, 2, 1];
        let [site, one] = [5..7, 0..2].map(|stretch| vec![stretch]);
        let free = free(&codes, &site, Some(&[0..2, 3..10]));
        assert_eq!(starts(&free, 2), [0, 3, 7, 8]);
        let mut seen: Vec<usize> = (0..100)
            .filter_map(|index| Some(moved(&one, &free, &mut rng(index))?[0].start))
            .collect();
        assert_eq!(seen.len(), 100);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, [0, 3, 7, 8]);
        assert_eq!(moved(&[0..4, 0..2], &free, &mut rng(0)), None);
    }
}
