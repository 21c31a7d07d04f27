//! `tracks.json`: what the tracks of a folder are and what they were made from.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Selection;
use crate::attention::Aggregate;
use crate::browser::Summary;
use crate::device::DeviceDescription;
use crate::error::{Error, Result};
use crate::model::ModelConfig;
use crate::output;
use crate::provenance::Input;

/// A bigWig.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// The file's name.
    pub file: String,
    /// Distinct windows behind it.
    pub windows: usize,
    /// Its values.
    #[serde(flatten)]
    pub summary: Summary,
}

/// What the tracks of a folder are and what they were made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TracksSummary {
    /// The version of epitrack.
    pub version: String,
    /// The network.
    pub model: ModelConfig,
    /// Its weights.
    pub weights: Input,
    /// The table of pairs.
    pub pairs: Input,
    /// The reference sequence.
    pub reference: Input,
    /// Where the network ran.
    pub device: DeviceDescription,
    /// The seed of the training.
    pub seed: u64,
    /// Which pairs were selected.
    pub selection: Selection,
    /// The run's threshold, for [`Selection::Predicted`].
    pub threshold: f64,
    /// How the pairs over a base become one value.
    pub aggregate: Aggregate,
    /// What a value of the tracks means.
    pub value: String,
    /// Pairs that went through the network.
    pub pairs_run: usize,
    /// The enhancers' track.
    pub enhancer: Track,
    /// The promoters' track.
    pub promoter: Track,
}

/// What a value of the tracks means.
pub fn value_description(aggregate: Aggregate) -> String {
    format!(
        "Marginal attention of the base's pooling bin times the number of bins in the window: 1 \
         is no preference, 3 is three times its share. Where the windows of several pairs cover \
         a base: {aggregate}. Bases that no window covers have no value."
    )
}

impl TracksSummary {
    /// Writes `tracks.json`.
    ///
    /// # Errors
    ///
    /// A folder that cannot be written to.
    pub fn write(&self, path: &Path) -> Result<()> {
        let json =
            serde_json::to_string_pretty(self).map_err(|error| Error::format(path, error))?;
        output::write(path, json + "\n")
    }
}
