//! A folder of tracks in MultiQC's report.

use std::path::Path;

use serde_json::json;

use super::summary::TracksSummary;
use crate::error::Result;
use crate::output::multiqc::{Column, Plot, Section};

/// The file.
pub const FILE: &str = "tracks_mqc.json";

const SECTION: Section = Section {
    id: "epitrack_tracks",
    name: "Attention tracks",
    description: "What the tracks of attention over enhancers and promoters cover.",
    plot: Plot::Table,
    axes: None,
};

/// The table's columns, all of them numbers of things.
const COLUMNS: [(&str, &str, &str); 5] = [
    ("pairs_run", "Pairs", "Pairs that went through the network"),
    ("pairs_shown", "Shown", "Pairs that the files show"),
    (
        "enhancer_windows",
        "Enhancers",
        "Distinct windows of enhancers",
    ),
    (
        "promoter_windows",
        "Promoters",
        "Distinct windows of promoters",
    ),
    ("bases", "Bases", "Bases with a value, of both tracks"),
];

/// Writes the file into a folder of tracks of a run.
pub fn write(dir: &Path, run: &str, summary: &TracksSummary) -> Result<()> {
    let columns = COLUMNS.map(|(name, title, description)| {
        let column = Column {
            title,
            description,
            max: None,
        };
        (name, column)
    });
    let [enhancer, promoter] = [&summary.tracks.enhancer, &summary.tracks.promoter];
    let row = json!({
        "pairs_run": summary.pairs_run,
        "pairs_shown": summary.pairs_shown,
        "enhancer_windows": enhancer.windows,
        "promoter_windows": promoter.windows,
        "bases": enhancer.summary.bases + promoter.summary.bases,
    });
    SECTION.write(&dir.join(FILE), &columns, [(run.to_string(), row)])
}
