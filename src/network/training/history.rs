//! What happened in each epoch.

use std::path::Path;

use serde::Serialize;

use super::activity::{ActivityEpoch, Phase};
use crate::error::{Error, Result};
use crate::evaluation::{BinMeasures, Epoch};
use crate::output;

/// The file beside `history.csv` that says how well activity was predicted after each epoch.
pub const ACTIVITY: &str = "activity.csv";

/// Every epoch so far.
pub type History = Vec<Epoch>;

/// Writes `history.csv`.
///
/// # Errors
///
/// A folder that cannot be written to.
pub fn write(path: &Path, history: &[Epoch]) -> Result<()> {
    output::write_with(path, |writer| {
        let mut writer = csv::Writer::from_writer(writer);
        for epoch in history {
            writer.serialize(epoch)?;
        }
        writer.flush()
    })
}

/// Takes over the speeds of epochs, which no checkpoint has, from a `history.csv`, as far as there is one.
pub(super) fn take_speeds(history: &mut [Epoch], path: &Path) {
    let known = read(path).unwrap_or_default();
    for (epoch, known) in history.iter_mut().zip(known) {
        epoch.pairs_per_second = known.pairs_per_second;
    }
}

/// Reads `history.csv`.
///
/// # Errors
///
/// A file that is not there, or that is none of ours.
pub fn read(path: &Path) -> Result<History> {
    let refuse = |error| Error::format(path, error);
    let mut reader = csv::Reader::from_path(path).map_err(refuse)?;
    reader
        .deserialize()
        .map(|row| row.map_err(refuse))
        .collect()
}

/// A row of `activity.csv`: of peaks the areas, of signals the correlation.
#[derive(Serialize)]
struct ActivityRow<'a> {
    phase: Phase,
    epoch: usize,
    loss: Option<f64>,
    source: &'a str,
    windows: usize,
    auroc: Option<f64>,
    auprc: Option<f64>,
    pearson: Option<f64>,
    gc_auroc: Option<f64>,
    gc_auprc: Option<f64>,
    gc_pearson: Option<f64>,
}

impl<'a> ActivityRow<'a> {
    fn new(of: &'a ActivityEpoch) -> Self {
        let [auroc, auprc, pearson] = columns(of.metrics.network);
        let [gc_auroc, gc_auprc, gc_pearson] = columns(of.metrics.gc);
        Self {
            phase: of.phase,
            epoch: of.epoch,
            loss: of.loss,
            source: &of.metrics.source,
            windows: of.metrics.windows,
            auroc,
            auprc,
            pearson,
            gc_auroc,
            gc_auprc,
            gc_pearson,
        }
    }
}

/// AUROC, AUPRC and Pearson's correlation, as far as they are measured.
fn columns(measures: BinMeasures) -> [Option<f64>; 3] {
    match measures {
        BinMeasures::Peaks { auroc, auprc } => [Some(auroc), Some(auprc), None],
        BinMeasures::Signal { pearson } => [None, None, Some(pearson)],
    }
}

/// Writes `activity.csv` beside a `history.csv`.
///
/// # Errors
///
/// A folder that cannot be written to.
pub(super) fn write_activity(history: &Path, epochs: &[ActivityEpoch]) -> Result<()> {
    output::write_with(history.with_file_name(ACTIVITY), |writer| {
        let mut writer = csv::Writer::from_writer(writer);
        for epoch in epochs {
            writer.serialize(ActivityRow::new(epoch))?;
        }
        writer.flush()
    })
}
