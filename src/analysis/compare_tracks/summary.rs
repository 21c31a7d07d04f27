//! `compare-tracks.json`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use tracing::info;

use super::measure::Measure;
use crate::element::Sides;
use crate::error::Result;
use crate::formats::Summary;
use crate::network::device::DeviceDescription;
use crate::output::provenance::Input;
use crate::run::Run;

/// The q-value up to which a difference is called significant.
pub const SIGNIFICANT: f64 = 0.05;

/// `compare-tracks.json`: what was compared, and the numbers that hold for all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CompareTracksSummary {
    /// The version of epitrack.
    pub version: String,
    /// What of the two runs.
    #[serde(default, skip_serializing_if = "Measure::is_attention")]
    pub measure: Measure,
    /// The run that is subtracted.
    pub a: ComparedRun,
    /// The run that it is subtracted from.
    pub b: ComparedRun,
    /// The table, where it is neither run's.
    pub table: Option<Input>,
    /// The reference sequence.
    pub reference: Input,
    /// Distinct windows that both have.
    pub windows: Sides<usize>,
    /// The pairs through which they were looked at.
    pub pairs: usize,
    /// The values of `enhancer_difference.bw` and `promoter_difference.bw`; none without windows.
    pub differences: Sides<Option<Summary>>,
    /// How differences were tested; none with too few members of either run.
    pub tested: Option<Tested>,
    /// Regions of `differences.tsv`.
    pub regions: usize,
    /// Where the networks ran.
    pub device: DeviceDescription,
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedRun {
    /// Its name.
    pub name: String,
    /// Its weights; of an ensemble the first member's file and the checksum of all.
    pub weights: Input,
    /// Its networks.
    pub members: usize,
}

/// How differences were tested.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// Labellings of the members, the true one among them.
    pub labellings: usize,
    /// Whether these are all that there are.
    pub all: bool,
    /// The seed of those that are drawn.
    pub seed: u64,
    /// The smallest p-value that can come out.
    pub smallest_p: f64,
    /// The p-value of the mean over all windows of their largest statistics: whether the runs differ at
    /// all.
    pub overall_p: f64,
    /// Regions with q ≤ 0.05.
    pub significant: usize,
}

impl ComparedRun {
    /// A run as a file of `dir` names it.
    pub(super) fn new(run: &Run, dir: &Path) -> Result<Self> {
        Ok(Self {
            name: run.name(),
            weights: run.weights()?.seen_from(dir)?,
            members: run.record.settings.ensemble,
        })
    }
}

impl CompareTracksSummary {
    /// Says what was found.
    pub(super) fn tell(&self, dir: &Path) {
        let Sides { enhancer, promoter } = self.windows;
        let dir = dir.display();
        match &self.tested {
            None => info!("{dir}: {enhancer} + {promoter} windows compared"),
            Some(tested) => info!(
                "{dir}: {enhancer} + {promoter} windows compared, {} of {} regions differ at q ≤ \
                 {SIGNIFICANT}; overall p {:.3}, the smallest possible {:.2e}",
                tested.significant, self.regions, tested.overall_p, tested.smallest_p
            ),
        }
    }
}
