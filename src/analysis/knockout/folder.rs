//! What a knock-out has found, as a folder holds it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::request::KnockoutMade;
use super::rows::{self, FactorRow, PairRow};
use crate::element::Sides;
use crate::error::{Error, IoContext, Result};

/// What describes the other files; it comes last.
pub const SUMMARY: &str = "knockout.json";
/// What single factors contribute.
pub const FACTORS: &str = "knockout.tsv";
/// What pairs of factors contribute together.
pub const PAIRS: &str = "knockout_pairs.tsv";

/// `knockout.json`: what was knocked out, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnockoutSummary {
    /// What it was made from.
    #[serde(flatten)]
    pub made: KnockoutMade,
    /// The run's name.
    pub name: String,
    /// Pairs of the selection.
    pub pairs_selected: usize,
    /// Connected components of shared elements that these are.
    pub components: usize,
    /// Factors whose sites were looked for.
    pub factors_searched: usize,
    /// Those of them that no pair has a site of.
    pub factors_without_sites: usize,
    /// Knock-outs of a factor and a side that were not made: moved places found no room in any window.
    pub without_room: usize,
    /// Tests of single factors, one for each side, and with both sides together.
    pub tests: usize,
    /// Those with q ≤ 0.05 and a difference of [`rows::LEAST`] or more.
    pub significant: usize,
    /// The factors of each side whose pairs were tested.
    pub chosen: Sides<Vec<String>>,
    /// Pairs of these that were tested.
    pub pairs_tested: usize,
    /// Pairs of these that too few components have.
    pub pairs_too_few: usize,
    /// Tested ones with q ≤ 0.05, a difference of [`rows::LEAST`] or more and sites of their own.
    pub pairs_significant: usize,
}

/// What a knock-out has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Knockout {
    /// In short.
    pub summary: KnockoutSummary,
    /// Single factors, the smallest p-value first.
    pub factors: Vec<FactorRow>,
    /// Pairs of factors, the smallest p-value first.
    pub pairs: Vec<PairRow>,
}

impl Knockout {
    /// The knock-out that a folder holds.
    ///
    /// # Errors
    ///
    /// A folder without one, or files that are none of this version's.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(SUMMARY);
        let text = std::fs::read_to_string(&path).at(&path)?;
        let summary = serde_json::from_str(&text);
        Ok(Self {
            summary: summary.map_err(|error| Error::format(&path, error))?,
            factors: rows::read(&dir.join(FACTORS))?,
            pairs: rows::read(&dir.join(PAIRS))?,
        })
    }

    /// Writes the tables.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write_tables(&self, dir: &Path) -> Result<()> {
        rows::write(&dir.join(FACTORS), &rows::FACTOR_COLUMNS, &self.factors)?;
        rows::write(&dir.join(PAIRS), &rows::PAIR_COLUMNS, &self.pairs)
    }
}
