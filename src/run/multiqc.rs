//! A run in MultiQC's report: how it learnt, and how it predicts.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::evaluation::{Epoch, RunMetrics};
use crate::output::multiqc::{Column, Plot, Section};

/// Its files.
pub const FILES: [&str; 2] = ["metrics_mqc.json", "history_mqc.json"];

const METRICS: Section = Section {
    id: "epitrack_metrics",
    name: "Enhancer-promoter pairs",
    description: "How networks predict pairs that they were not trained on, on the test part.",
    plot: Plot::GeneralStats,
    axes: None,
};

const HISTORY: Section = Section {
    id: "epitrack_history",
    name: "Training",
    description: "AUPRC on the validation part after each epoch.",
    plot: Plot::LineGraph,
    axes: Some(["epoch", "AUPRC"]),
};

/// The table's columns.
const COLUMNS: [(&str, Column); 4] = [
    (
        "auroc",
        Column {
            title: "AUROC",
            description: "Area under the ROC curve on the test part; 0.5 by chance",
            max: Some(1.0),
        },
    ),
    (
        "auroc_low",
        Column {
            title: "AUROC ≥",
            description: "The lower end of its 95 % interval; none where the test part is too small",
            max: Some(1.0),
        },
    ),
    (
        "auprc",
        Column {
            title: "AUPRC",
            description: "Average precision on the test part; by chance the part of positives",
            max: Some(1.0),
        },
    ),
    (
        "positives",
        Column {
            title: "Positives",
            description: "Positive pairs of the test part",
            max: None,
        },
    ),
];

/// Writes both files into a run's folder.
pub fn write(dir: &Path, name: &str, metrics: &RunMetrics, history: &[Epoch]) -> Result<()> {
    let test = &metrics.test;
    let mut values = json!({
        "auroc": test.auroc.value,
        "auprc": test.auprc.value,
        "positives": test.positives,
    });
    if let Some(interval) = test.auroc.interval() {
        values["auroc_low"] = json!(interval.low);
    }
    let [of_metrics, of_history] = FILES.map(|file| dir.join(file));
    METRICS.write(&of_metrics, &COLUMNS, [(name.to_string(), values)])?;
    let curve = history
        .iter()
        .map(|epoch| (epoch.epoch.to_string(), json!(epoch.auprc)));
    let curve = Value::Object(curve.collect::<Map<_, _>>());
    HISTORY.write(&of_history, &[], [(name.to_string(), curve)])
}
