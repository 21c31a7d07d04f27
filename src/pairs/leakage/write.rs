//! The files of a leakage report.

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::{Leakage, Report, Rule, SimilarityConfig};
use crate::element::Sides;
use crate::error::Result;
use crate::genome::Chroms;
use crate::output;
use crate::output::provenance::{Input, VERSION};
use crate::pairs::TableSource;

/// The columns of `leakage.tsv`.
const COUNTS: &str = "fold\tmeasure\tof\tpositives\tnegatives\ttest_positives\ttest_negatives";
/// The columns of `similar_windows.tsv`.
const SIMILAR: &str = "fold\ttest_window\ttraining_window\tcontainment\tjaccard\tshared_kmers\t\
                       test_kmers\ttraining_kmers";

/// What a leakage report was made from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inputs {
    /// The table of pairs.
    pub table: TableSource,
    /// The reference, or its chromosome sizes.
    pub reference: Input,
    /// How the pairs were divided.
    pub division: Rule,
    /// The lengths of the windows.
    pub windows: Sides<u32>,
    /// When windows are similar, where sequences were compared.
    pub similarity: Option<SimilarityConfig>,
}

/// Writes `leakage.tsv`, `leakage.json` and, where sequences were compared, `similar_windows.tsv`
/// into a folder, which is made.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(dir: &Path, report: &Report, inputs: &Inputs, chroms: &Chroms) -> Result<()> {
    output::create_dir(dir)?;
    let similar = dir.join("similar_windows.tsv");
    output::remove_if_there(&similar)?;
    output::write_table(dir.join("leakage.tsv"), COUNTS, counts(report))?;
    if inputs.similarity.is_some() {
        output::write_table(similar, SIMILAR, matches(report, chroms))?;
    }
    let value = json!({ "version": VERSION, "inputs": inputs, "parts": report });
    output::write_json(dir.join("leakage.json"), &value)
}

/// The fold as files have it: a number from 1, or `.` of a split.
fn fold(part: &Leakage) -> String {
    part.fold.map_or(".".to_string(), |fold| fold.to_string())
}

fn counts(report: &Report) -> impl Iterator<Item: Serialize> {
    report.parts.iter().flat_map(|part| {
        part.rows.iter().flat_map(move |row| {
            let columns = row.columns().into_iter();
            columns.map(move |(of, classes)| (fold(part), row.measure, of, classes, part.test))
        })
    })
}

fn matches(report: &Report, chroms: &Chroms) -> impl Iterator<Item: Serialize> {
    report.parts.iter().flat_map(move |part| {
        let similar = part.similarity.iter().flat_map(|similar| similar.worst());
        similar.map(move |found| {
            (
                fold(part),
                [found.test, found.training].map(|window| window.named(chroms).to_string()),
                [found.containment(), found.jaccard()].map(|part| format!("{part:.4}")),
                [found.shared, found.test_kmers, found.training_kmers],
            )
        })
    })
}
