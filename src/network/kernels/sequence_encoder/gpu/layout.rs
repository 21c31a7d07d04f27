//! What shared memory holds of filters and letters.

use crate::attention::Pooling;
use crate::network::kernels::cube::{GROUP, UNITS};

/// Filters that a unit looks up together: 16 bytes.
pub const TOGETHER: usize = 4;
/// Letters that have a row of their own: A, C, G, T, and all else.
pub const CODES: usize = 5;

/// A cube's share of the work, small enough for its shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Taps that are looked up together.
    pub taps: usize,
    /// Tables: `ceil(w / taps)`.
    pub tables: usize,
    /// Rows of a table, one for each word of `taps` letters.
    pub rows: usize,
    /// Filters of a cube.
    pub filters: usize,
    /// Bins that a cube looks through at a time, all of one sequence.
    pub bins: usize,
    /// Words of letters that those bins see.
    pub words: usize,
}

impl Layout {
    /// The layout with the fewest look-ups in so many bytes, and of these the one with most filters;
    /// none where no table fits.
    pub fn new(pooling: Pooling, bytes: usize) -> Option<Self> {
        let room = bytes / size_of::<f32>();
        [3, 2, 1]
            .into_iter()
            .flat_map(|taps| [16, 8, 4].map(|filters| (taps, filters)))
            .find_map(|(taps, filters)| Self::within(room, pooling, taps, filters))
    }

    /// The layout of so many taps and filters, unless `room` values are too few for it.
    fn within(room: usize, pooling: Pooling, taps: usize, filters: usize) -> Option<Self> {
        let (tables, rows) = (pooling.width.div_ceil(taps), CODES.pow(taps as u32));
        // Words that begin behind the first tap of the last position.
        let behind = taps * (tables - 1);
        let room = room.checked_sub(tables * rows * filters + behind)?;
        let of_bin = filters / TOGETHER;
        let most = (room / pooling.pool).min(UNITS / of_bin);
        // A cube of fewer units would hardly be worth its tables.
        if most < pooling.bins().min(GROUP / of_bin) {
            return None;
        }
        // As evenly divided as can be.
        let bins = pooling.bins().div_ceil(pooling.bins().div_ceil(most));
        Some(Self {
            taps,
            tables,
            rows,
            filters,
            bins,
            words: bins * pooling.pool + behind,
        })
    }

    /// Units of a cube.
    pub fn units(&self) -> usize {
        self.bins * self.of_row()
    }

    /// Values of [`TOGETHER`] filters in a row of a table.
    pub fn of_row(&self) -> usize {
        self.filters / TOGETHER
    }

    /// Values of [`TOGETHER`] filters in all tables.
    pub fn values(&self) -> usize {
        self.tables * self.rows * self.of_row()
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
            for (width, pool) in [(1, 1), (4, 7), (15, 30), (16, 30), (31, 5), (70, 30)] {
                let pooling = Pooling {
                    width,
                    pool,
                    ..PUBLISHED
                };
                let layout = Layout::new(pooling, kilobytes << 10).unwrap();
                assert!(4 * (TOGETHER * layout.values() + layout.words) <= kilobytes << 10);
                assert!(layout.units() <= UNITS);
            }
        }
    }

    #[test]
    fn the_published_size_is_looked_up_by_threes() {
        let found = [16, 32, 48].map(|kilobytes| Layout::new(PUBLISHED, kilobytes << 10).unwrap());
        assert_eq!(found.map(|layout| layout.taps), [3; 3]);
        assert_eq!(found.map(|layout| layout.filters), [4, 8, 16]);
        assert_eq!(found[2].bins, 50);
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
