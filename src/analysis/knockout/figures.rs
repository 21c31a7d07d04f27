//! A knock-out as figures.

use super::folder::Knockout;
use super::request::Knock;
use super::rows::{FactorRow, PairRow, Row};
use crate::browser::tracks::Selection;
use crate::element::Sides;
use crate::error::Result;
use crate::figures::{self, Figure, Interaction, KnockedOut, TfPairCell};

/// The names of the figures' files, without endings.
pub const NAMES: [&str; 2] = ["knockout", "knockout_pairs"];
/// Factors of a side that are shown: those with the smallest p-values.
const SHOWN: usize = 25;

/// What factors contribute to the logit; none where nothing was taken out of one side alone.
///
/// # Errors
///
/// A number that is not finite.
pub fn factors(knockout: &Knockout) -> Result<Option<Figure>> {
    let sides = Sides::new(Knock::Enhancer, Knock::Promoter);
    let mut most = 0;
    let sides = sides.map(|side| {
        let of_side = |row: &&FactorRow| row.side == side;
        let mut rows: Vec<&FactorRow> = knockout.factors.iter().filter(of_side).collect();
        most = most.max(rows.len());
        rows.truncate(SHOWN);
        rows.sort_by(|a, b| b.difference.total_cmp(&a.difference));
        rows.into_iter().map(shown).collect::<Vec<_>>()
    });
    if sides.enhancer.is_empty() && sides.promoter.is_empty() {
        return Ok(None);
    }
    let name = &knockout.summary.name;
    let title = format!("{name}: what factors’ sites contribute to the logit");
    let mut remark = pairs(knockout);
    if most > SHOWN {
        remark += &format!("; the {SHOWN} of each side with the smallest p");
    }
    let sides = sides.as_ref().map(Vec::as_slice);
    figures::knocked_out(&title, &remark, sides).map(Some)
}

fn shown(row: &FactorRow) -> KnockedOut<'_> {
    KnockedOut {
        name: &row.factor,
        difference: row.difference,
        interval: row.interval(),
        called: row.is_called(),
    }
}

/// What pairs of factors contribute together; none where none was tested.
///
/// # Errors
///
/// A number that is not finite.
pub fn pairs_of_factors(knockout: &Knockout) -> Result<Option<Figure>> {
    if knockout.pairs.is_empty() {
        return Ok(None);
    }
    let chosen = knockout.summary.chosen.as_ref();
    let names = chosen.map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
    let cell = |enhancer: &str, promoter: &str| {
        let mut rows = knockout.pairs.iter();
        let row = rows.find(|row| row.enhancer_tf == enhancer && row.promoter_tf == promoter);
        TfPairCell {
            value: row.map(|row| row.difference),
            significant: row.is_some_and(PairRow::is_called),
            interaction: Interaction::Unknown,
        }
    };
    let Sides { enhancer, promoter } = &names;
    let cells = enhancer.iter().flat_map(|&enhancer| {
        let of = move |&promoter: &&str| cell(enhancer, promoter);
        promoter.iter().map(of)
    });
    let cells: Vec<TfPairCell> = cells.collect();
    let name = &knockout.summary.name;
    let title = format!("{name}: what factors’ sites contribute together");
    let tested = knockout.pairs.len();
    let remark = format!(
        "{}; {tested} of {} pairs of factors tested",
        pairs(knockout),
        cells.len()
    );
    figures::knock_out_heat_map(&title, &remark, names, &cells).map(Some)
}

/// Which pairs were selected, in words.
pub fn pairs(knockout: &Knockout) -> String {
    let summary = &knockout.summary;
    let which = match summary.made.selection {
        Selection::All => "",
        Selection::Positive => " positive",
        Selection::Predicted => " predicted",
    };
    let part = summary.made.part;
    let part = part.map_or(String::new(), |part| format!(" of the {part} part"));
    format!("{}{which} pairs{part}", summary.pairs_selected)
}
