//! Cells of a heat map.

use std::collections::BTreeMap;

use super::colour_bar::ColourKey;
use crate::figures::drawing::{Drawing, Rect};

/// Draws rows of cells, from left to right, in the key's colours of their numbers: those of a colour
/// together, and equal neighbours of a row as one.
pub fn draw(
    drawing: &mut Drawing,
    key: &ColourKey,
    rows: impl IntoIterator<Item = Vec<(Rect, f64)>>,
) {
    let mut levels: BTreeMap<usize, Vec<Rect>> = BTreeMap::new();
    for row in rows {
        let alike = |one: &(Rect, f64), next: &(Rect, f64)| {
            key.level(one.1) == key.level(next.1) && one.0.right == next.0.left
        };
        for run in row.chunk_by(alike) {
            let ((first, value), (last, _)) = (run[0], run[run.len() - 1]);
            let right = last.right;
            let cell = Rect { right, ..first };
            levels.entry(key.level(value)).or_default().push(cell);
        }
    }
    for (level, cells) in levels {
        drawing.cells(cells, key.scale().level(level));
    }
}
