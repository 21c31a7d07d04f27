//! How the gradient of the filters is divided over cubes.

use super::sizes::CODES;
use crate::attention::Pooling;
use crate::network::kernels::cube::GROUP;

/// Filters of a cube, whose values lie together.
pub const FILTERS: usize = GROUP;
/// Units of a cube that share a filter.
pub const LANES: usize = 4;
/// Units of a cube.
pub const UNITS: usize = FILTERS * LANES;
/// Letters of a word.
pub const TOGETHER: usize = 4;

/// The most taps whose sums a cube has: 2.5 KiB each.
const TAPS: usize = 16;
/// Words of letters that a cube has room for, unless that were more than a quarter of its memory.
const WORDS: usize = 1152;
/// Cubes that fill a device: four for each multiprocessor of the largest there are.
const CUBES: usize = 512;

/// What a cube keeps in its shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Held {
    /// Taps whose sums it has.
    pub taps: usize,
    /// Words of letters of a stretch; none where a bin does not fit.
    pub words: usize,
}

impl Held {
    /// Sums of a unit: one for each letter, and for all else, of each tap.
    pub fn sums(&self) -> usize {
        CODES * self.taps
    }

    /// Words that a maximum is made of.
    pub fn of_maximum(&self) -> usize {
        self.taps.div_ceil(TOGETHER)
    }
}

/// The cubes' shares of the work.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// What each holds.
    pub held: Held,
    /// Bins of a stretch.
    pub bins: usize,
    /// Stretches of a sequence.
    pub of_sequence: usize,
    /// Stretches of a part.
    pub of_part: usize,
    /// Parts of all stretches.
    pub parts: usize,
    /// One for each part and block of filters and of taps.
    pub cubes: usize,
}

impl Share {
    /// The shares in the bins of `n` sequences and in `k` filters, for cubes of so many bytes.
    pub fn new(n: usize, k: usize, pooling: Pooling, bytes: usize) -> Self {
        let room = bytes / size_of::<f32>();
        let words = WORDS.min(room / 4);
        let most = ((room - words) / (CODES * UNITS)).clamp(1, TAPS);
        // As evenly divided as can be.
        let taps = pooling.width.div_ceil(pooling.width.div_ceil(most));
        let held = Held { taps, words };
        let fit = (words - TOGETHER * (held.of_maximum() - 1)) / pooling.pool;
        let held = Held {
            words: if fit > 0 { words } else { 0 },
            ..held
        };

        let blocks = k.div_ceil(FILTERS) * pooling.width.div_ceil(taps);
        let parts = (CUBES / blocks).max(1);
        let bins = (n * pooling.bins()).div_ceil(parts).max(LANES);
        let bins = if fit > 0 { bins.min(fit) } else { bins }.min(pooling.bins());
        let of_sequence = pooling.bins().div_ceil(bins);
        let of_part = (n * of_sequence).div_ceil(parts);
        let parts = (n * of_sequence).div_ceil(of_part);
        Self {
            held,
            bins: pooling.bins().div_ceil(of_sequence),
            of_sequence,
            of_part,
            parts,
            cubes: parts * blocks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: Pooling = Pooling {
        length: 3000,
        width: 15,
        pool: 30,
    };

    #[test]
    fn sums_and_words_fit() {
        for kilobytes in [16, 32, 48, 64] {
            for (width, pool) in [(1, 1), (4, 7), (15, 30), (31, 5), (70, 400), (15, 2000)] {
                let pooling = Pooling {
                    width,
                    pool,
                    ..PUBLISHED
                };
                let Share { held, bins, .. } = Share::new(3, 40, pooling, kilobytes << 10);
                assert!(4 * (CODES * held.taps * UNITS + held.words) <= kilobytes << 10);
                let words = bins * pool + TOGETHER * (held.of_maximum() - 1);
                assert!(words <= held.words || held.words == 0, "{width} {pool}");
            }
        }
    }

    #[test]
    fn every_bin_is_in_one_stretch_and_every_stretch_in_one_part() {
        for n in [1, 2, 7, 64, 500] {
            let share = Share::new(n, 256, PUBLISHED, 48 << 10);
            assert!((share.of_sequence - 1) * share.bins < PUBLISHED.bins());
            assert!(share.of_sequence * share.bins >= PUBLISHED.bins());
            assert!((share.parts - 1) * share.of_part < n * share.of_sequence);
            assert!(share.parts * share.of_part >= n * share.of_sequence);
        }
    }

    #[test]
    fn a_batch_of_the_published_size_fills_a_device() {
        let share = Share::new(64, 256, PUBLISHED, 48 << 10);
        assert_eq!((share.held.taps, share.bins), (15, 34));
        assert_eq!((share.of_part, share.cubes), (3, CUBES));
        assert!(Share::new(1, 256, PUBLISHED, 48 << 10).cubes >= CUBES / 4);
    }
}
