//! From runs and folders of tracks to figures.

mod found;
mod pair;
mod tracks;

pub use pair::{PairKind, pair};
pub use tracks::{NamedSignal, PairTracks};

use crate::error::Result;
use crate::evaluation::{Metrics, Scored};
use crate::figures::{self, Figure, RankedSet, ReliabilitySet, TrainingEpoch};
use crate::network::training::Epoch;
use crate::pairs::Part;
use crate::run::Run;

/// The course of a run's training.
///
/// # Errors
///
/// A run whose history is not there any more.
pub fn training(run: &Run, name: &str) -> Result<Figure> {
    let rows: Vec<TrainingEpoch> = run.history()?.iter().map(row).collect();
    figures::training_curves(name, &rows, Some(run.record.outcome.best_epoch))
}

fn row(row: &Epoch) -> TrainingEpoch {
    TrainingEpoch {
        epoch: row.epoch,
        loss: row.loss,
        bce: row.bce,
        auroc: row.auroc,
        auprc: row.auprc,
        f1: row.f1,
    }
}

/// A kind of curve over all thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranking {
    /// True against false positive rate.
    Roc,
    /// Precision against recall.
    PrecisionRecall,
}

/// A run's curves on the test and the validation part, after an evaluation.
///
/// # Errors
///
/// A run that was not evaluated.
pub fn ranking(run: &Run, name: &str, kind: Ranking) -> Result<Figure> {
    let report = run.report()?;
    let predictions = run.predictions()?;
    let of = |part: Part| -> Vec<Scored> {
        let of_part = predictions.iter().filter(|(other, _)| *other == part);
        of_part.map(|(_, scored)| *scored).collect()
    };
    let (test, validation) = (of(Part::Test), of(Part::Validation));
    let set = |name, scored, metrics: &Metrics| RankedSet {
        name,
        scored,
        area: match kind {
            Ranking::Roc => metrics.auroc,
            Ranking::PrecisionRecall => metrics.auprc,
        },
        support: metrics.support,
    };
    let sets = [
        set("test", &test, &report.test),
        set("validation", &validation, &report.validation),
    ];
    match kind {
        Ranking::Roc => figures::roc(name, &sets),
        Ranking::PrecisionRecall => figures::precision_recall(name, &sets),
    }
}

/// Whether a run's probabilities come true on the test and the validation part, after an
/// evaluation.
///
/// # Errors
///
/// A run that was not evaluated.
pub fn calibration(run: &Run, name: &str) -> Result<Figure> {
    let report = run.report()?;
    let sets = [("test", &report.test), ("validation", &report.validation)];
    let sets = sets.map(|(name, metrics)| ReliabilitySet {
        name,
        bins: &metrics.calibration.bins,
        brier: metrics.brier.value,
    });
    figures::reliability(name, &sets)
}
