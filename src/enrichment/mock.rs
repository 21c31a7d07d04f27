//! Mock regions: as many and as long as a window's top regions, at random.
//!
//! Top regions are the places of a window with the most attention, the best one first, none over
//! another. Mock regions are chosen in the same way by a random rank. A draw gives every place of
//! the genome its rank, and every window that covers the place finds the same one. So a window
//! that comes back in many pairs has the same mock regions in all of them, and two windows that
//! overlap share those in their common part, as they share the sequence that attention depends
//! on. A set of such windows is worth fewer independent ones, and the spread over draws shows it.
//! (Regions of one window that change with its partner only make the real spread smaller.)

use std::ops::Range;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::genome::Region;
use crate::seed::{Purpose, stream};

/// Draws that share a stream of random numbers, so that starting one costs little.
pub const BLOCK: u32 = 25;

/// Bases whose ranks come from one stream: a power of two.
const TILE: u32 = 512;

/// The mean number of places of a tile in a layer.
const IN_TILE: f64 = 4.0;

/// What mock regions have to be like in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The window.
    pub window: Region,
    /// Bases of a region.
    pub length: u32,
    /// Regions, at most as many as fit.
    pub count: u32,
}

impl Room {
    /// Whether regions chosen one after another always find a place: each rules out
    /// `2 · length − 1` starts.
    fn is_wide(&self) -> bool {
        let starts = u64::from(self.window.len() - self.length + 1);
        starts > u64::from(self.count - 1) * u64::from(2 * self.length - 1)
    }
}

/// The random ranks of all places, in every draw.
///
/// Ranks are the arrival times of a Poisson process over the genome: places come in layers of
/// `IN_TILE` a tile on average, in random order within a layer, and only as many layers are
/// looked at as a window needs.
pub struct Mock {
    seed: u64,
    /// `cumulative[n]`: the random numbers under which a tile has at most `n` places in a layer.
    cumulative: Vec<u32>,
}

impl Mock {
    /// The ranks of a seed.
    pub fn new(seed: u64) -> Self {
        let (mut term, mut sum) = ((-IN_TILE).exp(), 0.0);
        let cumulative = (1..30).map(|n| {
            sum += term;
            term *= IN_TILE / f64::from(n);
            (sum * f64::from(u32::MAX)) as u32
        });
        Self {
            seed,
            cumulative: cumulative.collect(),
        }
    }

    /// Hands the starts of the mock regions in some draws, in bases from the window's first, to
    /// `each`. The draws lie within one block: `[n · BLOCK, (n + 1) · BLOCK)`, from its first on.
    ///
    /// Where a window is so narrow that the first regions could leave no room for the last, the
    /// regions are placed by [`divide`] instead; then only equal windows share them.
    pub fn draws(&self, room: &Room, draws: Range<u32>, mut each: impl FnMut(u32, &[u32])) {
        if room.count == 0 {
            return draws.for_each(|draw| each(draw, &[]));
        }
        if !room.is_wide() {
            let mut rng = self.stream(room.window.chrom.0, room.window.start, draws.start, 0);
            let mut divide = || divide(room.window.len(), room.length, room.count, &mut rng);
            return draws.for_each(|draw| each(draw, &divide()));
        }
        let tiles = room.window.start / TILE..=(room.window.end - room.length) / TILE;
        let mut streams: Vec<(u32, ChaCha8Rng)> = tiles
            .map(|tile| (tile, self.stream(room.window.chrom.0, tile, draws.start, 0)))
            .collect();
        let (mut places, mut starts) = (Vec::new(), Vec::new());
        for draw in draws {
            starts.clear();
            for (tile, rng) in &mut streams {
                self.layer(*tile, rng, &mut places);
            }
            choose(room, &mut places, &mut starts);
            for layer in 1.. {
                if starts.len() == room.count as usize {
                    break;
                }
                for (tile, _) in &streams {
                    let mut rng = self.stream(room.window.chrom.0, *tile, draw, layer);
                    self.layer(*tile, &mut rng, &mut places);
                }
                choose(room, &mut places, &mut starts);
            }
            each(draw, &starts);
        }
    }

    fn stream(&self, chrom: u32, place: u32, draw: u32, layer: u32) -> ChaCha8Rng {
        let index = u64::from(chrom) << 32 | u64::from(place);
        let mut rng = stream(self.seed, Purpose::MockRegions, index);
        rng.set_stream(u64::from(layer) << 32 | u64::from(draw));
        rng
    }

    /// Adds a layer's places of a tile: the rank in the upper half, the place in the lower.
    fn layer(&self, tile: u32, rng: &mut ChaCha8Rng, places: &mut Vec<u64>) {
        let number = rng.random::<u32>();
        let count = self.cumulative.iter().take_while(|&&under| number >= under);
        for _ in 0..count.count() {
            let number = rng.random::<u32>();
            let place = tile * TILE + number % TILE;
            places.push(u64::from(number / TILE) << 32 | u64::from(place));
        }
    }
}

/// Takes the places of a layer in the order of their ranks, each that fits.
fn choose(room: &Room, places: &mut Vec<u64>, starts: &mut Vec<u32>) {
    places.sort_unstable();
    for place in places.drain(..) {
        let place = place as u32;
        let inside = place >= room.window.start && place <= room.window.end - room.length;
        if starts.len() < room.count as usize && inside {
            let start = place - room.window.start;
            let apart = |other: &u32| start.abs_diff(*other) >= room.length;
            if starts.iter().all(apart) {
                starts.push(start);
            }
        }
    }
}

/// The starts, from left to right, of `count` regions of a length in a window, none over another,
/// all arrangements alike: the free bases are divided at random among the gaps. Fewer where the
/// window has no room.
pub fn divide(window: u32, length: u32, count: u32, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let count = count.min(window / length);
    let free = window - count * length;
    // Regions and free bases in a row: which of these are regions, is a choice without repeats.
    let mut chosen: Vec<u32> = Vec::with_capacity(count as usize);
    while chosen.len() < count as usize {
        let place = rng.random_range(0..free + count);
        if !chosen.contains(&place) {
            chosen.push(place);
        }
    }
    chosen.sort_unstable();
    let start = |(place, before): (u32, u32)| place + before * (length - 1);
    chosen.into_iter().zip(0..).map(start).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn room(start: u32, window: u32, length: u32, count: u32) -> Room {
        Room {
            window: Region {
                chrom: ChromId(0),
                start,
                end: start + window,
            },
            length,
            count,
        }
    }

    fn drawn(mock: &Mock, room: &Room, blocks: u32) -> Vec<Vec<u32>> {
        let mut all = Vec::new();
        for block in 0..blocks {
            let draws = block * BLOCK..(block + 1) * BLOCK;
            mock.draws(room, draws, |_, starts| all.push(starts.to_vec()));
        }
        all
    }

    /// The probability that a site lies in one of some regions which are chosen one after another,
    /// each anywhere that is free.
    fn captured(room: &Room, site: &Range<u32>, chosen: &mut Vec<u32>) -> f64 {
        let holds = |&start: &u32| start <= site.start && site.end <= start + room.length;
        if chosen.len() == room.count as usize {
            return f64::from(u8::from(chosen.iter().any(holds)));
        }
        let free: Vec<u32> = (0..=room.window.len() - room.length)
            .filter(|start| {
                chosen
                    .iter()
                    .all(|other| start.abs_diff(*other) >= room.length)
            })
            .collect();
        let after = |start: &u32| {
            chosen.push(*start);
            let captured = captured(room, site, chosen);
            chosen.pop();
            captured
        };
        free.iter().map(after).sum::<f64>() / free.len() as f64
    }

    #[test]
    fn sites_are_captured_as_often_as_an_enumeration_says() {
        for (window, length, count) in [(20, 3, 2), (40, 4, 3)] {
            for site in [0..2, 1..3, 7..9, window - 3..window - 1] {
                let wanted = captured(&room(0, window, length, count), &site, &mut Vec::new());
                let (mut hits, mut all) = (0.0, 0.0);
                for place in 0..400 {
                    let room = room(700 * place, window, length, count);
                    for starts in drawn(&Mock::new(1), &room, 1) {
                        let holds =
                            |start: &u32| *start <= site.start && site.end <= start + length;
                        hits += f64::from(u8::from(starts.iter().any(holds)));
                        all += 1.0;
                    }
                }
                let error = (wanted * (1.0 - wanted) / all).sqrt();
                assert!(
                    (hits / all - wanted).abs() < 4.0 * error,
                    "{hits} of {all}, {wanted}"
                );
            }
        }
    }

    #[test]
    fn all_arrangements_in_a_narrow_window_are_alike() {
        let mut rng = stream(1, Purpose::MockRegions, 0);
        let mut seen: HashMap<Vec<u32>, u32> = HashMap::new();
        for _ in 0..20_000 {
            *seen.entry(divide(7, 2, 2, &mut rng)).or_default() += 1;
        }
        // Two regions among three free bases: 5 · 4 / 2 arrangements, two thousand of each.
        assert_eq!(seen.len(), 10);
        assert!(
            seen.values().all(|&times| times.abs_diff(2000) < 180),
            "{seen:?}"
        );
    }

    #[test]
    fn windows_share_the_regions_of_their_common_part() {
        let mock = Mock::new(1);
        let (left, right) = (room(10_000, 3000, 45, 5), room(11_000, 3000, 45, 5));
        let (left, right) = (drawn(&mock, &left, 40), drawn(&mock, &right, 40));
        let (mut common, mut shared) = (0, 0);
        for (left, right) in left.iter().zip(&right) {
            for start in left.iter().filter(|start| **start >= 1000) {
                common += 1;
                shared += u32::from(right.contains(&(start - 1000)));
            }
        }
        assert!(3 * shared > 2 * common, "{shared} of {common}");
        // And another seed, or another draw, shares none but by chance.
        let other = drawn(&Mock::new(2), &room(11_000, 3000, 45, 5), 40);
        assert_ne!(right, other);
        assert_ne!(right[0], right[1]);
    }

    proptest! {
        #[test]
        fn mock_regions_fit_and_never_overlap(
            start in 0u32..100_000, length in 1u32..60, count in 0u32..7, extra in 0u32..3000,
        ) {
            let room = room(start, length * count.max(1) + extra, length, count);
            for mut starts in drawn(&Mock::new(3), &room, 1) {
                prop_assert_eq!(starts.len(), count as usize);
                starts.sort_unstable();
                prop_assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= length));
                prop_assert!(starts.iter().all(|start| start + length <= room.window.len()));
            }
        }
    }
}
