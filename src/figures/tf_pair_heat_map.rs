//! Which pairs of transcription factors meet in pairs that interact.

mod map;

use self::map::HeatMap;
use super::chart::legend::finish;
use super::chart::ticks::count;
use super::drawing::Figure;
use super::drawing::page::{Width, headed};
use super::tf_pairs::TfPairs;
use crate::error::Result;

const TITLE: &str = "ln odds ratio, positive against negative pairs";

/// A cell for each pair of a transcription factor in the enhancers' top regions (rows) and one in
/// the promoters' (columns), in two columns' width. Trees stand on the left and on top; borders
/// are known interactions, dots what is called a pair.
///
/// # Errors
///
/// No row or no column, or more than `MOST`; cells that are too few or too many; a number that
/// is not finite; merges that make no tree over the names.
pub fn tf_pair_heat_map(title: &str, pairs: &TfPairs) -> Result<Figure> {
    pairs.check()?;
    let tested = pairs.cells.iter().filter(|cell| cell.value.is_some());
    let remark = format!(
        "{} positive and {} negative pairs; {} of {} pairs of transcription factors tested",
        count(pairs.positive),
        count(pairs.negative),
        count(tested.count()),
        count(pairs.cells.len()),
    );
    let (mut drawing, bottom) = headed(Width::Double, title, &remark);
    let map = HeatMap::new(pairs, bottom + 5.0);
    map.draw_cells(&mut drawing);
    map.draw_trees(&mut drawing);
    let bottom = map.draw_names(&mut drawing) + 6.0;
    let middle = drawing.width() / 2.0;
    let ends = (middle - 110.0, middle + 110.0);
    let bottom = map.key.draw(&mut drawing, ends, bottom, TITLE);
    Ok(finish(drawing, title, bottom + 5.0, &map.entries()))
}
