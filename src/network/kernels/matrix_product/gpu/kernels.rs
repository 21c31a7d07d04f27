//! The kernels: a cube for each tile of the result and part of the inner dimension, and the sum of
//! the parts.
//!
//! A stage of both sides is held in shared memory, each inner position's values together, in
//! vectors of four. A unit reads the next stage, a block of 4 × 4 values of each side, while it
//! computes with the one that is held, and turns a block as it puts it down where memory runs along
//! the inner dimension. It keeps a tile of sums of its own.

use cubecl::prelude::*;

/// Values that are read and written together.
type Four = Vector<f32, Const<4>>;

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

impl Tile {
    /// Units of a cube.
    pub const UNITS: usize = 128;
}

/// What is known of a product when its kernel is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Form {
    /// Of cubes and units.
    pub tile: Tile,
    /// Whether the left, the right side's memory runs along the inner dimension.
    pub along_inner: [bool; 2],
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
}

/// The part of a side that a cube reads, in values: places in memory and ends of what is there.
#[derive(CubeType, Clone, Copy)]
struct Window {
    start: usize,
    pitch: usize,
    first: usize,
    outer_end: usize,
    inner_end: usize,
}

/// One cube for each tile, part and product: `[parts, batch, rows, columns]`, added to what is there
/// where that is asked for. Of a stage nothing but zeros lies beyond the ends.
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
    let along_left = comptime!(form.along_inner[0]);
    let along_right = comptime!(form.along_inner[1]);
    let across = sizes.columns.div_ceil(tile_columns);
    let down = sizes.rows.div_ceil(tile_rows);
    let row = CUBE_POS / across % down * tile_rows;
    let column = CUBE_POS % across * tile_columns;
    let part = CUBE_POS / (across * down) % sizes.parts;
    let product = CUBE_POS / (across * down) / sizes.parts;
    let begin = part * sizes.of_part;
    let end = min(begin + sizes.of_part, sizes.inner);

    let left_window = Window {
        start: product * sizes.left_next,
        pitch: sizes.left_pitch,
        first: row,
        outer_end: sizes.rows,
        inner_end: end,
    };
    let right_window = Window {
        start: product * sizes.right_next,
        pitch: sizes.right_pitch,
        first: column,
        outer_end: sizes.columns,
        inner_end: end,
    };
    let mut left_stage = Shared::<[Four]>::new_slice(comptime!(depth * tile_rows / 4));
    let mut right_stage = Shared::<[Four]>::new_slice(comptime!(depth * tile_columns / 4));
    let mut left_block = Array::<Four>::new(4usize);
    let mut right_block = Array::<Four>::new(4usize);
    let mut sums = Array::<Four>::new(comptime!(form.tile.unit[0] * form.tile.unit[1] / 4));
    #[unroll]
    for sum in 0..comptime!(form.tile.unit[0] * form.tile.unit[1] / 4) {
        sums[sum] = Four::new(0.0f32);
    }

    read::<L>(
        left,
        &mut left_block,
        &left_window,
        begin,
        tile_rows,
        depth,
        along_left,
    );
    read::<R>(
        right,
        &mut right_block,
        &right_window,
        begin,
        tile_columns,
        depth,
        along_right,
    );
    let mut at = begin;
    while at < end {
        put(&mut left_stage, &left_block, tile_rows, depth, along_left);
        put(
            &mut right_stage,
            &right_block,
            tile_columns,
            depth,
            along_right,
        );
        sync_cube();
        at += depth;
        read::<L>(
            left,
            &mut left_block,
            &left_window,
            at,
            tile_rows,
            depth,
            along_left,
        );
        read::<R>(
            right,
            &mut right_block,
            &right_window,
            at,
            tile_columns,
            depth,
            along_right,
        );
        accumulate(&left_stage, &right_stage, &mut sums, form.tile);
        sync_cube();
    }
    let matrix = part * sizes.batch + product;
    write::<O>(out, &sums, matrix, row, column, &sizes, form);
}

/// The place of a unit's block in a stage: its first outer and its first inner value, in fours.
#[cube]
fn place(
    #[comptime] outer: usize,
    #[comptime] depth: usize,
    #[comptime] along: bool,
) -> (usize, usize) {
    let unit = UNIT_POS as usize;
    if comptime!(along) {
        (unit / comptime!(depth / 4), unit % comptime!(depth / 4))
    } else {
        (unit % comptime!(outer / 4), unit / comptime!(outer / 4))
    }
}

/// Where four outer values of an inner position are held: units that put a block down, and those
/// that read, find theirs in different banks.
#[cube]
fn held(inner: usize, four: usize, #[comptime] outer: usize, #[comptime] depth: usize) -> usize {
    inner * comptime!(outer / 4) + (four ^ (inner / 4 * comptime!(32 / depth)))
}

/// Reads a unit's block of a stage, zeros beyond the ends.
#[cube]
fn read<N: Size>(
    values: &[Vector<f32, N>],
    block: &mut Array<Four>,
    window: &Window,
    at: usize,
    #[comptime] outer: usize,
    #[comptime] depth: usize,
    #[comptime] along: bool,
) {
    let (four, inner) = place(outer, depth, along);
    let first = window.first + four * 4;
    let inner = at + inner * 4;
    #[unroll]
    for line in 0..4usize {
        if comptime!(along) {
            let from = window.start + (first + line) * window.pitch;
            let there = first + line < window.outer_end;
            block[line] = read_four::<N>(values, from, there, inner, window.inner_end);
        } else {
            let from = window.start + (inner + line) * window.pitch;
            let there = inner + line < window.inner_end;
            block[line] = read_four::<N>(values, from, there, first, window.outer_end);
        }
    }
}

/// Four values of a line that begins at `from`, if it is there at all; zeros beyond its end.
#[cube]
fn read_four<N: Size>(
    values: &[Vector<f32, N>],
    from: usize,
    there: bool,
    at: usize,
    end: usize,
) -> Four {
    let mut four = Four::new(0.0f32);
    let together = N::value();
    if comptime!(together == 4) {
        if there && at < end {
            four = Four::cast_from(values[(from + at) / 4]);
        }
    } else {
        #[unroll]
        for value in 0..4usize {
            if there && at + value < end {
                four.insert(value, values[from + at + value].extract(0usize));
            }
        }
    }
    four
}

/// Puts a unit's block down, each inner position's values together.
#[cube]
fn put(
    stage: &mut Shared<[Four]>,
    block: &Array<Four>,
    #[comptime] outer: usize,
    #[comptime] depth: usize,
    #[comptime] along: bool,
) {
    let (four, inner) = place(outer, depth, along);
    if inner < comptime!(depth / 4) && four < comptime!(outer / 4) {
        #[unroll]
        for line in 0..4usize {
            let to = held(inner * 4 + line, four, outer, depth);
            if comptime!(along) {
                let mut turned = Four::new(0.0f32);
                #[unroll]
                for value in 0..4usize {
                    turned.insert(value, block[value].extract(line));
                }
                stage[to] = turned;
            } else {
                stage[to] = block[line];
            }
        }
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
            let inner = group * 4 + step;
            #[unroll]
            for c in 0..columns {
                let four = column + comptime!(c * across);
                of_right[c] = right[held(inner, four, tile.cube[1], tile.depth)];
            }
            #[unroll]
            for r in 0..rows {
                let four = row + comptime!(r * down);
                let of_left = left[held(inner, four, tile.cube[0], tile.depth)];
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
            let line = (matrix * sizes.rows + row) * sizes.columns;
            #[unroll]
            for c in 0..columns {
                let column = column + (of_column + comptime!(c * across)) * 4;
                let four = sums[comptime!(r * columns + c)];
                write_four::<O>(out, four, line, column, sizes.columns, form.add);
            }
        }
    }
}

/// Writes, or adds, four values to a line that begins at `line`, none beyond its end.
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
    if comptime!(together == 4) {
        if at < end {
            let to = (line + at) / 4;
            let mut sum = Vector::<f32, O>::cast_from(four);
            if comptime!(add) {
                sum += out[to];
            }
            out[to] = sum;
        }
    } else {
        #[unroll]
        for value in 0..4usize {
            if at + value < end {
                let to = line + at + value;
                let mut sum = Vector::<f32, O>::new(four.extract(value));
                if comptime!(add) {
                    sum += out[to];
                }
                out[to] = sum;
            }
        }
    }
}

/// Values of the result for which a cube adds up the parts.
pub const SUMS: usize = 32;
/// Units that share the parts of a value.
pub const SHARES: usize = 8;

/// One cube for every [`SUMS`] of `count` values, one unit for each of them and every
/// [`SHARES`]th part: the sum of the parts, added to what is there where that is asked for.
///
/// - parts: `[parts, count]`
#[cube(launch_unchecked)]
pub fn add_parts(
    parts: &[f32],
    out: &mut [f32],
    count: usize,
    number: usize,
    #[comptime] add: bool,
) {
    if CUBE_POS * SUMS >= count {
        terminate!();
    }
    let unit = UNIT_POS as usize;
    let place = CUBE_POS * SUMS + unit % SUMS;
    let mut shares = Shared::<[f32]>::new_slice(comptime!(SUMS * SHARES));
    let mut sum = 0.0f32;
    if place < count {
        let mut part = unit / SUMS;
        while part < number {
            sum += parts[part * count + place];
            part += SHARES;
        }
    }
    shares[unit] = sum;
    sync_cube();
    if unit < SUMS && place < count {
        let mut sum = 0.0f32;
        #[unroll]
        for share in 0..SHARES {
            sum += shares[share * SUMS + unit];
        }
        if comptime!(add) {
            sum += out[place];
        }
        out[place] = sum;
    }
}
