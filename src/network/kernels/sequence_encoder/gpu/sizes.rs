//! What the kernels are told of windows and filters.

use cubecl::prelude::*;

use crate::attention::Pooling;

/// Letters that a filter has values for; the code of all else is larger.
pub const LETTERS: usize = 4;
/// Those, and all else.
pub const CODES: usize = LETTERS + 1;

/// What the kernels know of a pooling.
#[derive(CubeLaunch, CubeType)]
pub struct Sizes {
    pub length: usize,
    pub width: usize,
    pub pool: usize,
    pub positions: usize,
    pub bins: usize,
    pub left: usize,
    pub filters: usize,
}

pub fn sizes(pooling: Pooling, filters: usize) -> SizesLaunch {
    SizesLaunch::new(
        pooling.length,
        pooling.width,
        pooling.pool,
        pooling.positions(),
        pooling.bins(),
        pooling.left(),
        filters,
    )
}

/// The first position of a bin that exists: see [`Pooling::positions_of`].
#[cube]
pub fn bin_start(bin: usize, sizes: &Sizes) -> usize {
    max(bin * sizes.pool, sizes.left) - sizes.left
}

/// The position behind the last one of a bin.
#[cube]
pub fn bin_end(bin: usize, sizes: &Sizes) -> usize {
    min((bin + 1) * sizes.pool - sizes.left, sizes.positions)
}
