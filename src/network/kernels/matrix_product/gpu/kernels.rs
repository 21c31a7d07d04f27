//! The kernel: a cube for each tile of the result and part of the inner dimension.
//!
//! A unit reads the next stage of both sides while it computes with the one that is held, and keeps
//! a tile of sums of its own.

use cubecl::prelude::*;

use super::stage::{Four, Stage, Window, held, put, read, turned};

/// How much of the product a cube and a unit compute; the same number of units in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Of a cube: rows and columns of the result, at least 32 each.
    pub cube: [usize; 2],
    /// Of a unit: rows and columns of the result, multiples of 4.
    pub unit: [usize; 2],
    /// Inner positions of a stage, 16 or 32: no more than 4 · 4 values of each side for a unit.
    pub depth: usize,
}

/// Lines that stand in another order in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turned {
    /// None.
    Nothing,
    /// The right side's.
    Right,
    /// The rows of the result.
    Rows,
}

/// What is known of a product when its kernel is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Form {
    /// Of cubes and units.
    pub tile: Tile,
    /// Whether the left, the right side's memory runs along the inner dimension.
    pub along_inner: [bool; 2],
    /// Lines in another order.
    pub turned: Turned,
    /// Whether the product is added to what is there.
    pub add: bool,
}

/// The sizes of a product.
#[derive(CubeLaunch, CubeType)]
pub struct Sizes {
    /// Products of a batch, cut into parts and tiles.
    pub cubes: usize,
    /// Products of a batch.
    pub batch: usize,
    /// Of the result.
    pub rows: usize,
    /// Of the result.
    pub columns: usize,
    /// The dimension that the sums run over.
    pub inner: usize,
    /// Parts of the inner dimension.
    pub parts: usize,
    /// Inner positions in a part, a multiple of a stage's.
    pub of_part: usize,
    /// From one line of the left side's memory to the next.
    pub left_pitch: usize,
    /// From one of the left side's matrices to the next.
    pub left_next: usize,
    /// From one line of the right side's memory to the next.
    pub right_pitch: usize,
    /// From one of the right side's matrices to the next.
    pub right_next: usize,
    /// See [`turned()`].
    pub turn_count: usize,
    /// See [`turned()`].
    pub turn_width: usize,
}

impl Form {
    fn left(&self) -> Stage {
        Stage {
            outer: self.tile.cube[0],
            depth: self.tile.depth,
            along: self.along_inner[0],
            turned: false,
        }
    }

    fn right(&self) -> Stage {
        Stage {
            outer: self.tile.cube[1],
            depth: self.tile.depth,
            along: self.along_inner[1],
            turned: self.turned == Turned::Right,
        }
    }
}

/// One cube for each tile, part and product: `[parts, batch, rows, columns]`. Of a stage nothing but
/// zeros lies beyond the ends.
#[cube(launch_unchecked)]
pub fn multiply<L: Size, R: Size, O: Size>(
    left: &[Vector<f32, L>],
    right: &[Vector<f32, R>],
    out: &mut [Vector<f32, O>],
    sizes: Sizes,
    #[comptime] form: Form,
) {
    if CUBE_POS >= sizes.cubes {
        terminate!();
    }
    let tile_rows = comptime!(form.tile.cube[0]);
    let tile_columns = comptime!(form.tile.cube[1]);
    let depth = comptime!(form.tile.depth);
    let of_left = comptime!(form.left());
    let of_right = comptime!(form.right());
    let across = sizes.columns.div_ceil(tile_columns);
    let down = sizes.rows.div_ceil(tile_rows);
    let row = CUBE_POS / across % down * tile_rows;
    let column = CUBE_POS % across * tile_columns;
    let part = CUBE_POS / (across * down) % sizes.parts;
    let product = CUBE_POS / (across * down) / sizes.parts;
    let begin = part * sizes.of_part;
    let end = min(begin + sizes.of_part, sizes.inner);

    let left_window = left_window(row, product, end, &sizes);
    let right_window = right_window(column, product, end, &sizes);
    let mut left_stage = Shared::<[Four]>::new_slice(comptime!(depth * tile_rows / 4));
    let mut right_stage = Shared::<[Four]>::new_slice(comptime!(depth * tile_columns / 4));
    let mut left_block = Array::<Four>::new(4usize);
    let mut right_block = Array::<Four>::new(4usize);
    let mut sums = Array::<Four>::new(comptime!(form.tile.unit[0] * form.tile.unit[1] / 4));
    #[unroll]
    for sum in 0..comptime!(form.tile.unit[0] * form.tile.unit[1] / 4) {
        sums[sum] = Four::new(0.0f32);
    }

    read::<L>(left, &mut left_block, &left_window, begin, of_left);
    read::<R>(right, &mut right_block, &right_window, begin, of_right);
    let mut at = begin;
    while at < end {
        put(&mut left_stage, &left_block, of_left);
        put(&mut right_stage, &right_block, of_right);
        sync_cube();
        at += depth;
        read::<L>(left, &mut left_block, &left_window, at, of_left);
        read::<R>(right, &mut right_block, &right_window, at, of_right);
        accumulate(&left_stage, &right_stage, &mut sums, form.tile);
        sync_cube();
    }
    let matrix = part * sizes.batch + product;
    write::<O>(out, &sums, matrix, row, column, &sizes, form);
}

#[cube]
fn left_window(row: usize, product: usize, end: usize, sizes: &Sizes) -> Window {
    Window {
        start: product * sizes.left_next,
        pitch: sizes.left_pitch,
        first: row,
        outer_end: sizes.rows,
        inner_end: end,
        turn_count: sizes.turn_count,
        turn_width: sizes.turn_width,
    }
}

#[cube]
fn right_window(column: usize, product: usize, end: usize, sizes: &Sizes) -> Window {
    Window {
        start: product * sizes.right_next,
        pitch: sizes.right_pitch,
        first: column,
        outer_end: sizes.columns,
        inner_end: end,
        turn_count: sizes.turn_count,
        turn_width: sizes.turn_width,
    }
}

/// The first four rows and the first four columns of a unit's sums, in fours; the others of a unit
/// follow as many further on as there are units.
#[cube]
fn own(#[comptime] tile: Tile) -> (usize, usize) {
    let unit = UNIT_POS as usize;
    let across = comptime!(tile.cube[1] / tile.unit[1]);
    (unit / across, unit % across)
}

/// Adds a stage's products to a unit's sums, in the order of the inner positions.
#[cube]
fn accumulate(
    left: &Shared<[Four]>,
    right: &Shared<[Four]>,
    sums: &mut Array<Four>,
    #[comptime] tile: Tile,
) {
    let rows = comptime!(tile.unit[0] / 4);
    let columns = comptime!(tile.unit[1] / 4);
    let down = comptime!(tile.cube[0] / tile.unit[0]);
    let across = comptime!(tile.cube[1] / tile.unit[1]);
    let (row, column) = own(tile);
    let mut of_right = Array::<Four>::new(columns);
    for group in 0..comptime!(tile.depth / 4) {
        #[unroll]
        for step in 0..4usize {
            #[unroll]
            for c in 0..columns {
                let four = column + comptime!(c * across);
                of_right[c] = right[held(group, step, four, tile.cube[1], tile.depth)];
            }
            #[unroll]
            for r in 0..rows {
                let four = row + comptime!(r * down);
                let of_left = left[held(group, step, four, tile.cube[0], tile.depth)];
                #[unroll]
                for value in 0..4usize {
                    let factor = Four::new(of_left.extract(value));
                    #[unroll]
                    for c in 0..columns {
                        let sum = comptime!((r * 4 + value) * columns + c);
                        sums[sum] = fma(factor, of_right[c], sums[sum]);
                    }
                }
            }
        }
    }
}

/// Writes a unit's sums into one of the matrices of the result.
#[cube]
fn write<O: Size>(
    out: &mut [Vector<f32, O>],
    sums: &Array<Four>,
    matrix: usize,
    row: usize,
    column: usize,
    sizes: &Sizes,
    #[comptime] form: Form,
) {
    let tile = comptime!(form.tile);
    let columns = comptime!(tile.unit[1] / 4);
    let down = comptime!(tile.cube[0] / tile.unit[0]);
    let across = comptime!(tile.cube[1] / tile.unit[1]);
    let (of_row, of_column) = own(tile);
    #[unroll]
    for r in 0..comptime!(tile.unit[0]) {
        let row = row + (of_row + comptime!(r / 4 * down)) * 4 + comptime!(r % 4);
        if row < sizes.rows {
            let line = if comptime!(form.turned == Turned::Rows) {
                turned(row, sizes.turn_count, sizes.turn_width)
            } else {
                row
            };
            let line = (matrix * sizes.rows + line) * sizes.columns;
            #[unroll]
            for c in 0..columns {
                let column = column + (of_column + comptime!(c * across)) * 4;
                let four = sums[comptime!(r * columns + c)];
                write_four::<O>(out, four, line, column, sizes.columns, form.add);
            }
        }
    }
}

/// Writes, or adds, four sums to a line that begins at `line`, none beyond its end.
#[cube]
fn write_four<O: Size>(
    out: &mut [Vector<f32, O>],
    four: Four,
    line: usize,
    at: usize,
    end: usize,
    #[comptime] add: bool,
) {
    let together = O::value();
    #[unroll]
    for begin in range_stepped(0, 4, together) {
        if at + begin < end {
            let to = (line + at + begin) / together;
            let mut sums = Vector::<f32, O>::new(0.0f32);
            #[unroll]
            for value in 0..together {
                sums.insert(value, four.extract(begin + value));
            }
            if comptime!(add) {
                sums += out[to];
            }
            out[to] = sums;
        }
    }
}
