//! From runs and folders of tracks to figures.

mod around;
mod assembly;
mod found;
mod look;
mod pair;
mod predicted;
mod region;
mod tracks;
mod validation;

pub use around::{AroundRequest, around};
pub use look::read_look;
pub use pair::{PairKind, pair};
pub use region::region;
pub use tracks::PairTracks;

use crate::error::{Error, Result};
use crate::evaluation::{Metrics, Scored};
use crate::figures::{self, Figure, Page, RankedSet, ReliabilitySet};
use crate::pairs::Part;
use crate::run::Run;
use crate::statistics::Estimate;

/// The course of a run's training.
///
/// # Errors
///
/// A run whose history is not there any more; several runs.
pub fn training(runs: &[Run], page: Page) -> Result<Figure> {
    let [run] = runs else {
        let problem = "a training is drawn of one run".to_string();
        return Err(Error::Configuration(problem));
    };
    // A run whose division is not there any more has a history all the same.
    let chance = validation::by_chance(run).ok().flatten();
    let best = run.record.outcome.best_epoch;
    figures::training_curves(page, &run.history()?, Some(best), chance)
}

/// True against false positive rate over all thresholds, on a run's test and validation part, after
/// an evaluation; of several runs on the test part of each.
///
/// # Errors
///
/// A run that was not evaluated; more runs than can be told apart.
pub fn roc(runs: &[Run], page: Page) -> Result<Figure> {
    ranking(runs, page, |metrics| metrics.auroc, figures::roc)
}

/// Precision against recall, as [`roc`].
///
/// # Errors
///
/// As [`roc`].
pub fn precision_recall(runs: &[Run], page: Page) -> Result<Figure> {
    let area = |metrics: &Metrics| metrics.auprc;
    ranking(runs, page, area, figures::precision_recall)
}

fn ranking(
    runs: &[Run],
    page: Page,
    area: fn(&Metrics) -> Estimate,
    draw: fn(Page, &[RankedSet]) -> Result<Figure>,
) -> Result<Figure> {
    let parts = evaluated(runs)?;
    let set = |part: &Evaluated| -> Result<(Vec<Scored>, Estimate)> {
        let predictions = part.run.predictions()?;
        let of_part = predictions.iter().filter(|(other, _)| *other == part.part);
        let scored = of_part.map(|(_, scored)| *scored).collect();
        Ok((scored, area(&part.metrics)))
    };
    let scored = parts.iter().map(set).collect::<Result<Vec<_>>>()?;
    let sets = parts.iter().zip(&scored);
    let sets = sets.map(|(part, (scored, area))| RankedSet {
        name: &part.name,
        scored,
        area: *area,
        support: part.metrics.support,
    });
    draw(page, &sets.collect::<Vec<_>>())
}

/// Whether a run's probabilities come true on the test and the validation part, and calibrated ones on
/// the test part, after an evaluation; of several runs the networks' own on the test part of each.
///
/// # Errors
///
/// As [`roc`].
pub fn calibration(runs: &[Run], page: Page) -> Result<Figure> {
    let parts = evaluated(runs)?;
    let sets = parts.iter().map(|part| ReliabilitySet {
        name: &part.name,
        bins: &part.metrics.calibration.bins,
        brier: part.metrics.brier.value,
    });
    let calibrated = match (runs, parts.first()) {
        ([_], Some(test)) => test.metrics.calibrated.as_ref(),
        _ => None,
    };
    let calibrated = calibrated.map(|of| ReliabilitySet {
        name: "test, calibrated",
        bins: &of.calibration.bins,
        brier: of.brier.value,
    });
    figures::reliability(page, &sets.chain(calibrated).collect::<Vec<_>>())
}

/// A part of a run's pairs, after an evaluation.
struct Evaluated<'a> {
    /// What a figure calls it.
    name: String,
    run: &'a Run,
    part: Part,
    metrics: Metrics,
}

/// The test and the validation part of a run, or the test part of each of several.
fn evaluated(runs: &[Run]) -> Result<Vec<Evaluated<'_>>> {
    let mut parts = Vec::new();
    for run in runs {
        let report = run.report()?;
        let mut add = |name: &str, part, metrics| {
            let name = name.to_string();
            parts.push(Evaluated {
                name,
                run,
                part,
                metrics,
            });
        };
        match runs {
            [_] => {
                add("test", Part::Test, report.test);
                add("validation", Part::Validation, report.validation);
            }
            _ => add(&run.name(), Part::Test, report.test),
        }
    }
    Ok(parts)
}
