//! The lines of both attentions, along which bins compete, and the units that share them.
//!
//! Over the promoter a line is a row of `[l_E, l_P]`, an enhancer bin's; over the enhancer it is a
//! column, a promoter bin's.

use cubecl::prelude::*;

/// Lines of a cube.
pub const LINES: usize = 8;
/// Units that share a line.
pub const SHARES: usize = 16;
/// Units of a cube.
pub const UNITS: usize = LINES * SHARES;

/// Pairs and both sides' bins.
#[derive(CubeLaunch, CubeType)]
pub struct Sizes {
    pub n: usize,
    pub bins_e: usize,
    pub bins_p: usize,
}

/// How many cubes have lines.
pub fn cubes_of_lines(n: usize, bins_e: usize, bins_p: usize) -> usize {
    n * (bins_e.div_ceil(LINES) + bins_p.div_ceil(LINES))
}

/// A unit's part of a line. All units of a cube are in the same attention and pair.
#[derive(CubeType)]
pub struct Line {
    /// Whether the promoter's bins compete.
    pub over_promoter: bool,
    /// The place of the pair's first bin among those of the side whose lines they are.
    pub own_bins: usize,
    /// The place of the pair's first bin among those that compete.
    pub other_bins: usize,
    /// How many bins compete.
    pub competing: usize,
    /// The first of the cube's lines, and how many the pair has.
    pub begin: usize,
    pub lines: usize,
    /// Which of the cube's lines it is.
    pub line: usize,
    /// Which of a line's units it is.
    pub share: usize,
    /// Cells of a line that the unit has to see to: none of a line that is not there.
    pub length: usize,
    /// The place of the line's first cell.
    pub first: usize,
    /// From a cell to the next.
    pub next: usize,
}

/// Whether a cube has lines.
#[cube]
pub fn has_lines(sizes: &Sizes) -> bool {
    CUBE_POS < sizes.n * (sizes.bins_e.div_ceil(LINES) + sizes.bins_p.div_ceil(LINES))
}

/// A unit's line. Neighbouring units have neighbouring cells in memory.
#[cube]
pub fn line(sizes: &Sizes) -> Line {
    let unit = UNIT_POS as usize;
    let (bins_e, bins_p) = (sizes.bins_e, sizes.bins_p);
    let of_rows = sizes.n * bins_e.div_ceil(LINES);
    let rows = CUBE_POS < of_rows;
    let group = if rows { CUBE_POS } else { CUBE_POS - of_rows };
    let own = if rows { bins_e } else { bins_p };
    let other = if rows { bins_p } else { bins_e };
    let next_line = if rows { bins_p } else { 1usize };
    let groups = own.div_ceil(LINES);
    let pair = group / groups;
    let begin = group % groups * LINES;
    let line = if rows { unit / SHARES } else { unit % LINES };
    Line {
        over_promoter: rows,
        own_bins: pair * own,
        other_bins: pair * other,
        competing: other,
        begin,
        lines: own,
        line,
        share: if rows { unit % SHARES } else { unit / LINES },
        length: if begin + line < own { other } else { 0usize },
        first: pair * bins_e * bins_p + (begin + line) * next_line,
        next: if rows { 1usize } else { bins_p },
    }
}

/// The sum of what the units of each line have, in their order.
#[cube]
pub fn line_sum(value: f32, line: &Line) -> f32 {
    let mut values = Shared::<[f32]>::new_slice(UNITS);
    values[line.line * SHARES + line.share] = value;
    sync_cube();
    let mut sum = 0.0f32;
    #[unroll]
    for share in 0..SHARES {
        sum += values[line.line * SHARES + share];
    }
    sum
}

/// The largest of what the units of each line have.
#[cube]
pub fn line_maximum(value: f32, line: &Line) -> f32 {
    let mut values = Shared::<[f32]>::new_slice(UNITS);
    values[line.line * SHARES + line.share] = value;
    sync_cube();
    let mut largest = value;
    #[unroll]
    for share in 0..SHARES {
        let other = values[line.line * SHARES + share];
        if other > largest {
            largest = other;
        }
    }
    largest
}
