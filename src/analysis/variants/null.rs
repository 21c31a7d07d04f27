//! Variants drawn at random, to compare one with.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::change::Change;
use super::stretch::Stretch;
use crate::element::Element;
use crate::seed::{Purpose, stream};

/// How many variants each one is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Null {
    /// Variants drawn in each window; 0 for none.
    pub draws: u32,
    /// What they depend on, beside the variant and the window.
    pub seed: u64,
}

impl Null {
    /// Changes of a window that remove and add as many bases as this one, each at a place and of bases
    /// drawn at random. They depend on the seed, the change and the window, not on what else a file
    /// holds.
    pub fn of(self, change: &Change, stretch: &Stretch, element: Element) -> Vec<Change> {
        let mut rng = stream(
            self.seed,
            Purpose::Variants,
            number(change, stretch, element),
        );
        (0..self.draws)
            .map(|_| alike(change, stretch, &mut rng))
            .collect()
    }
}

/// A change like this one. As with an allele that is trimmed to what differs, the first and the last base
/// that it adds are others than the first and the last that it removes.
fn alike(change: &Change, stretch: &Stretch, rng: &mut ChaCha8Rng) -> Change {
    let (window, removed) = (stretch.window, change.removed());
    // An insertion stands between two bases of the window.
    let inside = u32::from(removed == 0);
    let start = rng.random_range(window.start + inside..=window.end - removed - inside);
    let there = &stretch.codes()[(start - window.start) as usize..][..removed as usize];
    let added = change.bases.len();
    let mut base = |at: usize| {
        let first = there.first().filter(|_| at == 0);
        let last = there.last().filter(|_| at + 1 == added);
        loop {
            let base = rng.random_range(0..4u8);
            if first != Some(&base) && last != Some(&base) {
                return base;
            }
        }
    };
    Change {
        chrom: window.chrom,
        start,
        end: start + removed,
        bases: (0..added).map(&mut base).collect(),
    }
}

/// A number that the change and the window have to themselves: FNV-1a,
/// <http://www.isthe.com/chongo/tech/comp/fnv/>, of 64 bits.
fn number(change: &Change, stretch: &Stretch, element: Element) -> u64 {
    let window = stretch.window;
    let places = [
        window.chrom.0,
        window.start,
        window.end,
        change.start,
        change.end,
    ];
    let places = places.into_iter().flat_map(u32::to_le_bytes);
    let bytes = places
        .chain([element as u8])
        .chain(change.bases.iter().copied());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// The part of some differences that are at least as large as the observed one, which counts as one of
/// them: (1 + so many) / (1 + all).
pub fn share(observed: f64, drawn: impl IntoIterator<Item = f64>) -> f64 {
    let (mut reached, mut all) = (1u32, 1u32);
    for difference in drawn {
        reached += u32::from(difference.abs() >= observed.abs());
        all += 1;
    }
    f64::from(reached) / f64::from(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::{ChromId, Reference, Region};

    /// A window of the middle of a chromosome, and the rest of it.
    fn stretch() -> Stretch {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("genome.fa");
        let letters: String = (0..400usize)
            .map(|at| ['A', 'C', 'G', 'T'][at * at % 11 % 4])
            .collect();
        std::fs::write(&path, format!(">chr1\n{letters}\n")).unwrap();
        let window = Region::new(ChromId(0), 100, 300).unwrap();
        Stretch::read(&mut Reference::open(&path).unwrap(), window, 5).unwrap()
    }

    fn change(start: u32, removed: u32, bases: &[u8]) -> Change {
        Change {
            chrom: ChromId(0),
            start,
            end: start + removed,
            bases: bases.to_vec(),
        }
    }

    #[test]
    fn draws_are_of_the_same_kind_and_inside_the_window() {
        let stretch = stretch();
        for (removed, added) in [(1, 1), (3, 3), (0, 2), (4, 0), (3, 1)] {
            let change = change(200, removed, &vec![3; added]);
            let null = Null {
                draws: 300,
                seed: 1,
            };
            let draws = null.of(&change, &stretch, Element::Enhancer);
            assert_eq!(draws.len(), 300);
            for draw in &draws {
                assert_eq!((draw.removed(), draw.bases.len()), (removed, added));
                let touched = draw.touched();
                assert_eq!(touched.overlap(&stretch.window), touched.len());
                let there = |base: u32| stretch.codes()[(base - 100) as usize];
                if removed > 0 && added > 0 {
                    assert_ne!(draw.bases[0], there(draw.start));
                    assert_ne!(draw.bases[added - 1], there(draw.end - 1));
                }
            }
            // Both edges are reached.
            let first = draws.iter().map(|draw| draw.touched().start).min();
            let last = draws.iter().map(|draw| draw.touched().end).max();
            assert!(first < Some(110) && last > Some(290), "{first:?} {last:?}");
            assert_eq!(draws, null.of(&change, &stretch, Element::Enhancer));
            assert_ne!(draws, null.of(&change, &stretch, Element::Promoter));
        }
    }

    #[test]
    fn the_observed_one_counts() {
        assert_eq!(share(-2.0, [1.0, -3.0, 2.0]), 0.75);
        assert_eq!(share(4.0, [1.0, -3.0, 2.0]), 0.25);
        assert_eq!(share(4.0, []), 1.0);
    }

    /// Where a variant is itself drawn at random, its share is uniform.
    #[test]
    fn shares_of_random_variants_are_uniform() {
        let stretch = stretch();
        // What a change of one base does in a network that nobody trained: anything.
        let effect = |change: &Change| {
            let at = u64::from(change.start) * 4 + u64::from(change.bases[0]);
            (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
        };
        let shares = (0..40u64).map(|seed| {
            let mut rng = stream(seed, Purpose::Simulation, 0);
            let observed = alike(&change(200, 1, &[0]), &stretch, &mut rng);
            let null = Null { draws: 199, seed };
            let drawn = null.of(&observed, &stretch, Element::Promoter);
            share(effect(&observed), drawn.iter().map(effect))
        });
        let mut shares: Vec<f64> = shares.collect();
        shares.sort_by(f64::total_cmp);
        // Kolmogorov and Smirnov's distance of 40 numbers, which one in a thousand sets exceeds.
        let distance = shares.iter().zip(0..).map(|(share, rank)| {
            let below = f64::from(rank) / 40.0;
            (share - below)
                .abs()
                .max((share - below - 1.0 / 40.0).abs())
        });
        let distance = distance.fold(0.0, f64::max);
        assert!(distance < 0.31, "{distance}: {shares:?}");
    }
}
