//! What is found of each cell line of a run that learnt from several.

use std::fmt::Display;

use super::Run;
use crate::error::Result;
use crate::evaluation::{CellMetrics, Metrics};
use crate::formats::Prediction;
use crate::pairs::{CellPairs, PairTable, Part};

/// A line of a table of predictions, of several cell lines with the pair's behind it.
pub(super) fn with_cell(line: impl Display, cell: Option<&str>) -> String {
    match cell {
        Some(cell) => format!("{line}\t{cell}"),
        None => line.to_string(),
    }
}

impl Run {
    /// How good what is predicted of each cell line of a table is, in each part: pairs with their places in
    /// the table. Beside it stands that every pair has the prevalence as its probability. None of a table
    /// that is not of several cell lines.
    ///
    /// # Errors
    ///
    /// A probability that is not a number.
    pub(super) fn measured_by_cell(
        &self,
        table: &PairTable,
        held_out: &[(usize, Prediction)],
        prevalence: f64,
    ) -> Result<Vec<CellMetrics>> {
        let of_part = |cell: &CellPairs, part: Part| -> Result<Option<Metrics>> {
            let own = held_out
                .iter()
                .filter(|(place, of)| cell.places.contains(place) && of.part == Some(part));
            let own: Vec<Prediction> = own.map(|(_, of)| *of).collect();
            let has = |label| own.iter().any(|of| of.pair.label == Some(label));
            match has(true) && has(false) {
                true => self.measured(&own, prevalence).map(Some),
                false => Ok(None),
            }
        };
        let of_cell = |cell: &CellPairs| -> Result<CellMetrics> {
            Ok(CellMetrics {
                name: cell.name.clone(),
                validation: of_part(cell, Part::Validation)?,
                test: of_part(cell, Part::Test)?,
            })
        };
        table.cells.iter().map(of_cell).collect()
    }
}
