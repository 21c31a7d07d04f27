//! From runs and folders of tracks to figures.

use crate::attention::Attended;
use crate::browser::tracks::{Detail, Folder, Moved, choose, details};
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::evaluation::{Metrics, Scored};
use crate::figures::{
    self, Figure, Matrices, PairFigure, Panels, RankedSet, ReliabilitySet, TrainingEpoch, Width,
    WindowFigure,
};
use crate::genome::{Chroms, Region};
use crate::network::device::ComputeDevice;
use crate::network::training::Epoch;
use crate::pairs::Part;
use crate::run::Run;

/// A kind of figure of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairKind {
    /// The attention matrices as heat maps.
    Matrix(Panels),
    /// Both windows as in a browser.
    Browser,
}

/// A figure of a pair of a folder of tracks, of the most probable one if none is named.
///
/// # Errors
///
/// A name that no pair has; a run or a reference that is not there any more.
pub fn pair(
    folder: &Folder,
    name: Option<&str>,
    moved: &Moved,
    kind: PairKind,
    device: &ComputeDevice,
) -> Result<Figure> {
    let (run, mut reference) = folder.network(moved)?;
    let chroms = reference.chroms().clone();
    let names: Vec<String> = name.into_iter().map(str::to_string).collect();
    let chosen = choose(&folder.pairs(&chroms)?, &names, 1, &chroms)?;
    let details = details(&run, &mut reference, &chosen, device)?;
    let detail = details
        .first()
        .ok_or_else(|| Error::format(&folder.dir, "shows no pair"))?;
    draw(detail, kind, &chroms)
}

fn draw(detail: &Detail, kind: PairKind, chroms: &Chroms) -> Result<Figure> {
    let name = detail.shown.pair.id(chroms).to_string();
    let sides = detail.sides();
    let held = sides.as_ref().map(Held::of);
    let elements = detail.shown.pair.elements;
    let Sides { enhancer, promoter } = held
        .as_ref()
        .zip(sides.as_ref().zip(elements))
        .map(|(held, (side, element))| held.window(side, element, chroms));
    let pair = PairFigure {
        name: &name,
        probability: detail.shown.probability,
        label: detail.shown.pair.label,
        enhancer,
        promoter,
    };
    match kind {
        PairKind::Matrix(panels) => {
            let matrices = Matrices {
                enhancer: &detail.matrices.enhancer,
                promoter: &detail.matrices.promoter,
            };
            figures::pair_matrix(&pair, &matrices, panels)
        }
        PairKind::Browser => figures::pair_browser(&pair, Width::Double),
    }
}

/// What a window's figure borrows.
struct Held {
    edges: Vec<u32>,
    top: Vec<(std::ops::Range<u32>, u8)>,
}

impl Held {
    fn of(side: &Attended) -> Self {
        Self {
            edges: side.bins.edges(),
            top: side
                .top
                .iter()
                .zip(side.regions())
                .map(|(top, region)| (region.start..region.end, top.rank))
                .collect(),
        }
    }

    fn window<'a>(
        &'a self,
        side: &Attended<'a>,
        element: Region,
        chroms: &'a Chroms,
    ) -> WindowFigure<'a> {
        WindowFigure {
            chrom: chroms.name(side.window.chrom),
            window: side.window.start..side.window.end,
            element: element.start..element.end,
            edges: &self.edges,
            marginal: side.marginal,
            top: &self.top,
            features: &[],
        }
    }
}

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
