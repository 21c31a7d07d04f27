//! How a product is divided over cubes.

use super::kernels::Tile;
use super::side::Side;

/// Units of a cube, whatever its tile.
pub const UNITS: usize = 128;
/// Cubes that fill a device: four for each multiprocessor of the largest there are.
const FILL: usize = 512;
/// The fewest inner positions that are worth a cube of their own.
const LEAST_INNER: usize = 128;
/// The fewest parts that are worth adding up.
const LEAST_PARTS: usize = 4;

// All hold a stage of at most 16 KiB, which every device has.

/// For results that fill a device with them.
const LARGE: Tile = Tile {
    cube: [128, 64],
    unit: [8, 8],
    depth: 16,
};
/// For all other results.
const MEDIUM: Tile = Tile {
    cube: [64, 64],
    unit: [8, 4],
    depth: 32,
};
/// For results of few columns.
const NARROW: Tile = Tile {
    cube: [64, 32],
    unit: [4, 4],
    depth: 32,
};

/// Sizes, tiles and parts of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    batch: usize,
    rows: usize,
    columns: usize,
    /// The dimension that the sums run over.
    pub inner: usize,
    /// Of the result.
    pub tile: Tile,
    /// Parts of the inner dimension, at least one.
    pub parts: usize,
    /// Inner positions in a part, whole stages.
    pub of_part: usize,
}

impl Plan {
    /// For two sides that fit.
    pub fn new(left: &Side, right: &Side) -> Self {
        assert_eq!(left.inner, right.inner, "inner dimensions of a product");
        assert!(left.batch == right.batch || left.batch == 1 || right.batch == 1);
        let shape = [left.batch.max(right.batch), left.outer, right.outer];
        Self::of(shape, left.inner)
    }

    fn of([batch, rows, columns]: [usize; 3], inner: usize) -> Self {
        let undivided = |tile| Self {
            batch,
            rows,
            columns,
            inner,
            tile,
            parts: 1,
            of_part: inner,
        };
        let plan = if columns <= NARROW.cube[1] {
            undivided(NARROW)
        } else if undivided(LARGE).cubes() >= FILL {
            undivided(LARGE)
        } else {
            undivided(MEDIUM)
        };
        let parts = (FILL / plan.cubes().max(1)).min(inner / LEAST_INNER);
        if parts < LEAST_PARTS {
            return plan;
        }
        let of_part = inner.div_ceil(parts).next_multiple_of(plan.tile.depth);
        Self {
            parts: inner.div_ceil(of_part),
            of_part,
            ..plan
        }
    }

    /// The result's.
    pub fn shape(&self) -> [usize; 3] {
        [self.batch, self.rows, self.columns]
    }

    /// One for each tile and part.
    pub fn cubes(&self) -> usize {
        let [rows, columns] = self.tile.cube;
        let tiles = self.rows.div_ceil(rows) * self.columns.div_ceil(columns);
        self.batch * tiles * self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_units_and_stages() {
        for tile in [LARGE, MEDIUM, NARROW] {
            let ([rows, columns], [of_row, of_column]) = (tile.cube, tile.unit);
            assert_eq!(rows / of_row * (columns / of_column), UNITS, "{tile:?}");
            assert_eq!([rows % of_row, columns % of_column], [0, 0], "{tile:?}");
            // A unit reads one block of a side, and the places of eight fours are exchanged.
            let stage = rows.max(columns) * tile.depth;
            assert!(stage <= UNITS * 16 && columns.min(rows) >= 32, "{tile:?}");
            assert!((rows + columns) * tile.depth * 4 <= 16 << 10, "{tile:?}");
        }
    }

    #[test]
    fn the_networks_products_fill_a_device() {
        let cubes = |shape, inner| Plan::of(shape, inner).cubes();
        for (shape, inner) in [
            ([1, 64, 128], 25_600),
            ([1, 64, 25_600], 128),
            ([1, 25_600, 128], 64),
            ([1, 256, 32], 6_400),
            ([1, 256, 256], 4_288),
            ([1, 4_288, 256], 256),
            ([64, 100, 256], 67),
        ] {
            let cubes = cubes(shape, inner);
            assert!(
                (100..=2 * FILL).contains(&cubes),
                "{shape:?} {inner}: {cubes}"
            );
        }
        assert_eq!(Plan::of([1, 51_200, 256], 256).tile, LARGE);
    }

    #[test]
    fn every_inner_position_is_in_one_part() {
        for inner in (0..5_000).chain([25_600, 100_003]) {
            let plan = Plan::of([1, 64, 128], inner);
            assert!(plan.parts >= 1 && plan.parts * plan.of_part >= inner);
            assert!((plan.parts - 1) * plan.of_part < inner.max(1));
        }
    }
}
