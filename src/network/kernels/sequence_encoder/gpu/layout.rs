//! What shared memory holds of filters and letters.

use super::sizes::LETTERS;
use crate::attention::Pooling;
use crate::network::kernels::cube::{GROUP, UNITS};

/// Filters of a cube: one for each unit that looks at the same letters.
pub const FILTERS: usize = GROUP;
/// Runs of bins that a cube looks through at a time.
pub const RUNS: usize = UNITS / FILTERS;

/// The most words that a cube has room for.
const WORDS: usize = 2048;

/// What a cube's shared memory is divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Taps that are looked up together.
    pub taps: usize,
    /// Tables: `ceil(w / taps)`.
    pub tables: usize,
    /// Words of letters of all runs: see `words.rs`.
    pub words: usize,
}

impl Layout {
    /// The layout with the fewest look-ups in so many bytes; none where no table fits.
    pub fn new(pooling: Pooling, bytes: usize) -> Option<Self> {
        let room = bytes / size_of::<f32>();
        let within = |taps: usize| {
            let tables = pooling.width.div_ceil(taps);
            let layout = Self {
                taps,
                tables,
                words: 0,
            };
            let words = room.checked_sub(layout.values())?.min(WORDS);
            let layout = Self { words, ..layout };
            (layout.bins(pooling.pool) > 0).then_some(layout)
        };
        [3, 2, 1].into_iter().find_map(within)
    }

    /// Rows of a table, one for each `taps` letters of the four.
    pub fn rows(&self) -> usize {
        LETTERS.pow(self.taps as u32)
    }

    /// Values in all tables.
    pub fn values(&self) -> usize {
        self.tables * self.rows() * FILTERS
    }

    /// Words of a run.
    pub fn of_run(&self) -> usize {
        self.words / RUNS
    }

    /// The most bins of a run.
    pub fn bins(&self, pool: usize) -> usize {
        (self.of_run() + 1).saturating_sub(self.tables) * self.taps / pool
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
    fn tables_and_letters_fit() {
        for kilobytes in [16, 32, 48, 64] {
            for (width, pool) in [(1, 1), (4, 7), (15, 30), (16, 30), (24, 5), (20, 70)] {
                let pooling = Pooling {
                    width,
                    pool,
                    ..PUBLISHED
                };
                let layout = Layout::new(pooling, kilobytes << 10).unwrap();
                assert!(4 * (layout.values() + layout.words) <= kilobytes << 10);
                let positions = layout.bins(pool) * pool;
                assert!(positions.div_ceil(layout.taps) + layout.tables - 1 <= layout.of_run());
            }
        }
    }

    #[test]
    fn the_published_size_is_looked_up_by_threes() {
        let found = [16, 32, 48].map(|kilobytes| Layout::new(PUBLISHED, kilobytes << 10).unwrap());
        assert_eq!(found.map(|layout| layout.taps), [1, 2, 3]);
        assert_eq!(found[2].bins(PUBLISHED.pool), 25);
    }

    #[test]
    fn what_does_not_fit_has_no_layout() {
        let refused = |width: usize, pool: usize| {
            let pooling = Pooling {
                width,
                pool,
                ..PUBLISHED
            };
            Layout::new(pooling, 16 << 10).is_none()
        };
        assert!(refused(1500, 30) && refused(15, 1490));
    }
}
