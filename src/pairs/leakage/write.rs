//! The files of a leakage report.

use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::{Leakage, Match, Report, Rule, SimilarityConfig};
use crate::element::Sides;
use crate::error::{IoContext, Result};
use crate::genome::{Chroms, Region};
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Partial};
use crate::pairs::TableSource;

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
    output::write(dir.join("leakage.tsv"), counts(report))?;
    if inputs.similarity.is_some() {
        write_similar(&similar, report, chroms)?;
    }
    let value = json!({ "version": VERSION, "inputs": inputs, "parts": report });
    output::write_json(dir.join("leakage.json"), &value)
}

/// The fold as files have it: a number from 1, or `.` of a split.
fn fold(part: &Leakage) -> String {
    part.fold.map_or(".".to_string(), |fold| fold.to_string())
}

fn counts(report: &Report) -> String {
    let mut text =
        "fold\tmeasure\tof\tpositives\tnegatives\ttest_positives\ttest_negatives\n".to_string();
    for part in &report.parts {
        for row in &part.rows {
            for (of, classes) in row.columns() {
                text += &format!(
                    "{}\t{}\t{of}\t{}\t{}\t{}\t{}\n",
                    fold(part),
                    row.measure.name(),
                    classes.positives,
                    classes.negatives,
                    part.test.positives,
                    part.test.negatives
                );
            }
        }
    }
    text
}

fn write_similar(path: &Path, report: &Report, chroms: &Chroms) -> Result<()> {
    let file = Partial::new(path);
    let mut writer = file.create()?;
    let mut write = || {
        writeln!(
            writer,
            "fold\ttest_window\ttraining_window\tcontainment\tjaccard\tshared_kmers\ttest_kmers\t\
             training_kmers"
        )?;
        for part in &report.parts {
            for found in part
                .similarity
                .iter()
                .flat_map(|similarity| similarity.worst())
            {
                writeln!(writer, "{}\t{}", fold(part), line(&found, chroms))?;
            }
        }
        writer.flush()
    };
    write().at(file.path())?;
    file.complete()
}

/// The line of a match, without its end.
fn line(found: &Match, chroms: &Chroms) -> String {
    let place = |region: Region| {
        let name = chroms.name(region.chrom);
        format!("{name}:{}-{}", region.start, region.end)
    };
    format!(
        "{}\t{}\t{:.4}\t{:.4}\t{}\t{}\t{}",
        place(found.test),
        place(found.training),
        found.containment(),
        found.jaccard(),
        found.shared,
        found.test_kmers,
        found.training_kmers
    )
}
