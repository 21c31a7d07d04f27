//! From runs and folders of tracks to figures.

mod around;
mod found;
mod look;
mod pair;
mod tracks;
mod validation;

pub use around::{AroundRequest, around};
pub use look::read_look;
pub use pair::{PairKind, pair};
pub use tracks::{NamedSignal, PairTracks};

use crate::error::Result;
use crate::evaluation::{Metrics, Scored};
use crate::figures::{self, Figure, Page, RankedSet, ReliabilitySet};
use crate::pairs::Part;
use crate::run::Run;
use crate::statistics::Estimate;

/// The course of a run's training.
///
/// # Errors
///
/// A run whose history is not there any more.
pub fn training(run: &Run, page: Page) -> Result<Figure> {
    // A run whose division is not there any more has a history all the same.
    let chance = validation::by_chance(run).ok().flatten();
    let best = run.record.outcome.best_epoch;
    figures::training_curves(page, &run.history()?, Some(best), chance)
}

/// True against false positive rate over all thresholds, on a run's test and validation part, after
/// an evaluation.
///
/// # Errors
///
/// A run that was not evaluated.
pub fn roc(run: &Run, page: Page) -> Result<Figure> {
    ranking(run, page, |metrics| metrics.auroc, figures::roc)
}

/// Precision against recall, as [`roc`].
///
/// # Errors
///
/// As [`roc`].
pub fn precision_recall(run: &Run, page: Page) -> Result<Figure> {
    let area = |metrics: &Metrics| metrics.auprc;
    ranking(run, page, area, figures::precision_recall)
}

fn ranking(
    run: &Run,
    page: Page,
    area: fn(&Metrics) -> Estimate,
    draw: fn(Page, &[RankedSet]) -> Result<Figure>,
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
    draw(page, &sets)
}

/// Whether a run's probabilities come true on the test and the validation part, after an
/// evaluation.
///
/// # Errors
///
/// A run that was not evaluated.
pub fn calibration(run: &Run, page: Page) -> Result<Figure> {
    let report = run.report()?;
    let sets = [("test", &report.test), ("validation", &report.validation)];
    let sets = sets.map(|(name, metrics)| ReliabilitySet {
        name,
        bins: &metrics.calibration.bins,
        brier: metrics.brier.value,
    });
    figures::reliability(page, &sets)
}
