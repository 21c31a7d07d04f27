//! A stage of a side: a few inner positions of the outer values that a cube computes with, held in
//! shared memory.
//!
//! Each inner position's values are held together, in vectors of four. A unit reads a block of 4 × 4
//! values and turns it as it puts it down where memory runs along the inner dimension.

use cubecl::prelude::*;

/// Values that are read and written together.
pub type Four = Vector<f32, Const<4>>;

/// The part of a side that a cube reads, in values: places in memory and ends of what is there.
#[derive(CubeType, Clone, Copy)]
pub struct Window {
    /// The first value.
    pub start: usize,
    /// From one line of memory to the next.
    pub pitch: usize,
    /// The first outer value.
    pub first: usize,
    /// Of the outer values that there are.
    pub outer_end: usize,
    /// Of the cube's inner positions.
    pub inner_end: usize,
    /// See [`turned()`].
    pub turn_count: usize,
    /// See [`turned()`].
    pub turn_width: usize,
}

/// What a stage of a side is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stage {
    /// Outer values.
    pub outer: usize,
    /// Inner positions.
    pub depth: usize,
    /// Whether memory runs along the inner dimension.
    pub along: bool,
    /// Whether its lines stand in another order.
    pub turned: bool,
}

/// Where in memory turned line `b · width + f` is: `f · count + b`.
#[cube]
pub fn turned(line: usize, count: usize, width: usize) -> usize {
    line % width * count + line / width
}

/// The place of a unit's block in a stage: its first outer and its first inner value, in fours.
#[cube]
fn place(#[comptime] stage: Stage) -> (usize, usize) {
    let unit = UNIT_POS as usize;
    if comptime!(stage.along) {
        let across = comptime!(stage.depth / 4);
        (unit / across, unit % across)
    } else {
        let across = comptime!(stage.outer / 4);
        (unit % across, unit / across)
    }
}

/// Where four outer values are held, of one (`step`) of four inner positions (`group`): units that
/// put a block down, and those that read, find theirs in different banks.
#[cube]
pub fn held(
    group: usize,
    #[comptime] step: usize,
    four: usize,
    #[comptime] outer: usize,
    #[comptime] depth: usize,
) -> usize {
    let line = group * outer + comptime!(step * outer / 4);
    line + (four ^ (group * comptime!(32 / depth)))
}

/// Reads a unit's block of a stage, zeros beyond the ends.
#[cube]
pub fn read<N: Size>(
    values: &[Vector<f32, N>],
    block: &mut Array<Four>,
    window: &Window,
    at: usize,
    #[comptime] stage: Stage,
) {
    let (outer, inner) = place(stage);
    let outer = window.first + outer * 4;
    let inner = at + inner * 4;
    #[unroll]
    for next in 0..4usize {
        if comptime!(stage.along) {
            let there = outer + next < window.outer_end;
            let from = begin_of_line(outer + next, window, stage);
            block[next] = read_four::<N>(values, from, there, inner, window.inner_end);
        } else {
            let there = inner + next < window.inner_end;
            let from = begin_of_line(inner + next, window, stage);
            block[next] = read_four::<N>(values, from, there, outer, window.outer_end);
        }
    }
}

/// Where in memory a line begins.
#[cube]
fn begin_of_line(line: usize, window: &Window, #[comptime] stage: Stage) -> usize {
    if comptime!(stage.turned) {
        window.start + turned(line, window.turn_count, window.turn_width) * window.pitch
    } else {
        window.start + line * window.pitch
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
pub fn put(held_stage: &mut Shared<[Four]>, block: &Array<Four>, #[comptime] stage: Stage) {
    let (outer, inner) = place(stage);
    // Some stages are smaller than the units' blocks.
    if inner < comptime!(stage.depth / 4) && outer < comptime!(stage.outer / 4) {
        #[unroll]
        for next in 0..4usize {
            let to = held(inner, next, outer, stage.outer, stage.depth);
            if comptime!(stage.along) {
                let mut turned = Four::new(0.0f32);
                #[unroll]
                for value in 0..4usize {
                    turned.insert(value, block[value].extract(next));
                }
                held_stage[to] = turned;
            } else {
                held_stage[to] = block[next];
            }
        }
    }
}
