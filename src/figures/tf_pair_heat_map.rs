//! Which pairs of transcription factors meet in pairs that interact, and which of them the network's
//! answer needs together.

mod map;

use self::map::{HeatMap, Words};
use super::chart::legend::finish;
use super::chart::ticks::count;
use super::dendrogram::Clustered;
use super::drawing::Figure;
use super::drawing::page::{Width, headed};
use super::tf_pairs::{TfPairCell, TfPairs};
use crate::element::Sides;
use crate::error::Result;

const ODDS_RATIO: &str = "ln odds ratio, positive against negative pairs";
const ENRICHED: Words = Words {
    rows: "motifs in the enhancers’ top regions",
    columns: "motifs in the promoters’ top regions",
    significant: "called a pair",
    known: true,
};
const INTERACTION: &str = "ΔΔ logit beyond that of moved places";
const KNOCKED_OUT: Words = Words {
    rows: "taken out of the enhancers",
    columns: "taken out of the promoters",
    significant: "q ≤ 0.05",
    known: false,
};

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
    Ok(draw(title, &remark, pairs, (&ENRICHED, ODDS_RATIO)))
}

/// A cell for each pair of a transcription factor whose sites were taken out of the enhancers (rows) and
/// one whose sites were taken out of the promoters (columns), coloured by what both together change of the
/// logit beyond the sum of what each changes, in two columns' width; dots are significant. `remark` says
/// what was tested.
///
/// # Errors
///
/// As [`tf_pair_heat_map`].
pub fn knock_out_heat_map(
    title: &str,
    remark: &str,
    names: Sides<Vec<&str>>,
    cells: &[TfPairCell],
) -> Result<Figure> {
    let pairs = TfPairs {
        factors: names.map(|names| Clustered {
            names,
            merges: Vec::new(),
        }),
        cells,
        limit: None,
        positive: 0,
        negative: 0,
        controls: "",
    };
    pairs.check()?;
    Ok(draw(title, remark, &pairs, (&KNOCKED_OUT, INTERACTION)))
}

/// Draws what has been checked.
fn draw(title: &str, remark: &str, pairs: &TfPairs, (words, value): (&Words, &str)) -> Figure {
    let (mut drawing, bottom) = headed(Width::Double, title, remark);
    let map = HeatMap::new(pairs, words, bottom + 5.0);
    map.draw_cells(&mut drawing);
    map.draw_trees(&mut drawing);
    let bottom = map.draw_names(&mut drawing) + 6.0;
    let middle = drawing.width() / 2.0;
    let ends = (middle - 110.0, middle + 110.0);
    let bottom = map.key.draw(&mut drawing, ends, bottom, value);
    finish(drawing, title, bottom + 5.0, &map.entries())
}
