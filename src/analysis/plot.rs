//! From runs and folders of tracks to figures.

mod found;
mod pair;
mod tracks;

pub use pair::{PairKind, pair};
pub use tracks::PairTracks;

use crate::error::Result;
use crate::evaluation::{Metrics, Scored};
use crate::figures::{self, Figure, RankedSet, ReliabilitySet};
use crate::pairs::Part;
use crate::run::Run;
use crate::statistics::Estimate;

/// The course of a run's training.
///
/// # Errors
///
/// A run whose history is not there any more.
pub fn training(run: &Run, name: &str) -> Result<Figure> {
    figures::training_curves(name, &run.history()?, Some(run.record.outcome.best_epoch))
}

/// True against false positive rate over all thresholds, on a run's test and validation part, after
/// an evaluation.
///
/// # Errors
///
/// A run that was not evaluated.
pub fn roc(run: &Run, name: &str) -> Result<Figure> {
    ranking(run, name, |metrics| metrics.auroc, figures::roc)
}

/// Precision against recall, as [`roc`].
///
/// # Errors
///
/// As [`roc`].
pub fn precision_recall(run: &Run, name: &str) -> Result<Figure> {
    let area = |metrics: &Metrics| metrics.auprc;
    ranking(run, name, area, figures::precision_recall)
}

fn ranking(
    run: &Run,
    name: &str,
    area: fn(&Metrics) -> Estimate,
    draw: fn(&str, &[RankedSet]) -> Result<Figure>,
) -> Result<Figure> {
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
        area: area(metrics),
        support: metrics.support,
    };
    let sets = [
        set("test", &test, &report.test),
        set("validation", &validation, &report.validation),
    ];
    draw(name, &sets)
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
