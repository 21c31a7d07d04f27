//! Which pairs of transcription factors meet in pairs that interact.

mod map;

use self::map::HeatMap;
use super::Figure;
use super::check;
use super::dendrogram::Clustered;
use super::drawing::Drawing;
use super::legend::legend;
use super::page::{MARGIN, Width, heading};
use super::ticks::grouped;
use crate::error::Result;

/// Rows, and columns, that have room for their names.
pub const MOST: usize = 60;

/// Whether two transcription factors are known to interact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Interaction {
    /// Not known.
    #[default]
    Unknown,
    /// Both interact with a third.
    Second,
    /// With each other.
    First,
}

/// A transcription factor of the enhancer with one of the promoter.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TfPairCell {
    /// The natural logarithm of its odds ratio; none where the pair was not tested.
    pub value: Option<f64>,
    /// Whether q ≤ 0.05.
    pub significant: bool,
    /// What the interactome says.
    pub interaction: Interaction,
}

/// What a heat map of pairs of transcription factors shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TfPairs<'a> {
    /// Those in the enhancers' top regions.
    pub enhancer: Clustered<'a>,
    /// Those in the promoters' top regions.
    pub promoter: Clustered<'a>,
    /// For each of the enhancer's names, in the order of `names`, each of the promoter's.
    pub cells: &'a [TfPairCell],
    /// Colours reach this far on both sides of 0 (to the next round number), and what lies beyond
    /// has the last one; as far as the cells do if none.
    pub limit: Option<f64>,
    /// Pairs that interact, whose odds are above.
    pub positive: usize,
    /// Pairs that do not.
    pub negative: usize,
}

const TITLE: &str = "ln odds ratio, positive against negative pairs";

/// A cell for each pair of a transcription factor in the enhancers' top regions (rows) and one in
/// the promoters' (columns), in two columns' width. Trees stand on the left and on top; borders
/// are known interactions, dots significant pairs.
///
/// # Errors
///
/// No row or no column, or more than `MOST`; cells that are too few or too many; a number that
/// is not finite; an order or merges that make no tree over the names.
pub fn tf_pair_heat_map(title: &str, pairs: &TfPairs) -> Result<Figure> {
    check(pairs)?;
    let mut drawing = Drawing::new(Width::Double.points());
    let remark = format!(
        "{} positive and {} negative pairs; {} of {} pairs of transcription factors tested",
        grouped(pairs.positive as f64, 0),
        grouped(pairs.negative as f64, 0),
        grouped(
            pairs
                .cells
                .iter()
                .filter(|cell| cell.value.is_some())
                .count() as f64,
            0
        ),
        grouped(pairs.cells.len() as f64, 0),
    );
    let top = heading(&mut drawing, title, &remark) + 5.0;
    let map = HeatMap::new(pairs, top);
    map.draw_cells(&mut drawing);
    map.draw_trees(&mut drawing);
    let bottom = map.draw_names(&mut drawing) + 6.0;
    let middle = drawing.width() / 2.0;
    let bottom = map.key.draw(
        &mut drawing,
        (middle - 110.0, middle + 110.0),
        bottom,
        TITLE,
    );
    let room = drawing.width() - 2.0 * MARGIN;
    let bottom = legend(&mut drawing, (MARGIN, bottom + 5.0), room, &map.entries());
    Ok(Figure {
        title: title.to_string(),
        drawing: drawing.ending_at(bottom + MARGIN),
    })
}

fn check(pairs: &TfPairs) -> Result<()> {
    let [rows, columns] = [pairs.enhancer, pairs.promoter].map(|side| side.names.len());
    if rows == 0 || columns == 0 {
        return Err(check::undefined(
            "no pair of transcription factors was tested",
        ));
    }
    for (count, what) in [(rows, "enhancer"), (columns, "promoter")] {
        if count > MOST {
            let message = format!("{count} transcription factors of the {what}: {MOST} have room");
            return Err(check::undefined(message));
        }
    }
    if pairs.cells.len() != rows * columns {
        let message = format!("{} cells for {rows} rows of {columns}", pairs.cells.len());
        return Err(check::undefined(message));
    }
    pairs.enhancer.check("rows")?;
    pairs.promoter.check("columns")?;
    for (row, cells) in pairs.enhancer.names.iter().zip(pairs.cells.chunks(columns)) {
        for (column, cell) in pairs.promoter.names.iter().zip(cells) {
            check::finite(cell.value.as_slice(), || {
                format!("the cell of {row:?} and {column:?}")
            })?;
        }
    }
    match pairs.limit {
        Some(limit) if !(limit.is_finite() && limit > 0.0) => Err(check::undefined(format!(
            "colours cannot reach as far as {limit}"
        ))),
        _ => Ok(()),
    }
}
