//! The files of a leakage report.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::division::Divided;
use super::{Leakage, Report, Rule, SimilarityConfig};
use crate::element::Sides;
use crate::error::Result;
use crate::genome::Chroms;
use crate::output::multiqc::{Column, Plot, Section};
use crate::output::provenance::{Input, VERSION};
use crate::output::{self, Claim, FolderKind};
use crate::pairs::Pair;
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

/// Writes how the pairs were divided, `leakage.tsv`, `leakage.json` and, where sequences were compared, `similar_windows.tsv`
/// into a folder, which is made.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(
    dir: &Path,
    report: &Report,
    inputs: &Inputs,
    (divided, pairs): (&Divided, &[Pair]),
    chroms: &Chroms,
) -> Result<()> {
    let _claim = Claim::folder(dir, FolderKind::Leakage)?;
    // What describes the files goes before they change and comes when they are all there.
    let summary = dir.join("leakage.json");
    output::remove_if_there(&summary)?;
    divided.write(dir, pairs, chroms)?;
    let similar = dir.join("similar_windows.tsv");
    output::remove_if_there(&similar)?;
    output::write_table(dir.join("leakage.tsv"), COUNTS, counts(report))?;
    if inputs.similarity.is_some() {
        output::write_table(similar, SIMILAR, matches(report, chroms))?;
    }
    write_multiqc(dir, report)?;
    let value = json!({ "version": VERSION, "inputs": inputs, "parts": report });
    output::write_json(summary, &value)
}

/// The section of MultiQC's report.
const SECTION: Section = Section {
    id: "epitrack_leakage",
    name: "Leakage",
    description: "Parts of the test pairs that share something with the pairs that a network learns from; \
                  mean over folds.",
    plot: Plot::Table,
    axes: None,
};

/// Writes for MultiQC which part of the test pairs shares what, of either element.
fn write_multiqc(dir: &Path, report: &Report) -> Result<()> {
    let mut sums: BTreeMap<&'static str, f64> = BTreeMap::new();
    for part in &report.parts {
        let all = (part.test.positives + part.test.negatives).max(1) as f64;
        for row in &part.rows {
            let shared = (row.either.positives + row.either.negatives) as f64;
            *sums.entry(row.measure.name()).or_default() += shared / all;
        }
    }
    let column = |&name: &&'static str| {
        let column = Column {
            title: name,
            description: "Part of the test pairs",
            max: Some(1.0),
        };
        (name, column)
    };
    let columns: Vec<(&str, Column)> = sums.keys().map(column).collect();
    let folds = report.parts.len() as f64;
    let row = sums
        .iter()
        .map(|(name, sum)| (name.to_string(), json!(sum / folds)));
    let row = Value::Object(row.collect());
    let sample = output::folder_name(dir, "leakage");
    SECTION.write(&dir.join("leakage_mqc.json"), &columns, [(sample, row)])
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
