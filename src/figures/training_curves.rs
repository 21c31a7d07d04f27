//! How a training went.

use super::chart::axis::Axis;
use super::chart::legend::{Mark, legend};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::{Ticks, extent};
use super::drawing::colour::{Colour, GREY, SERIES};
use super::drawing::page::{MARGIN, Width, heading};
use super::drawing::{Drawing, Figure, Point, Rect, Stroke};
use crate::error::{Error, Result};

/// An epoch of a training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingEpoch {
    /// From 1.
    pub epoch: usize,
    /// Mean loss over the training batches.
    pub loss: f64,
    /// Mean cross-entropy over the training batches, in nats.
    pub bce: f64,
    /// On the validation part.
    pub auroc: f64,
    /// On the validation part.
    pub auprc: f64,
    /// On the validation part.
    pub f1: f64,
}

/// A curve of a plot: its name and its number of an epoch.
type Curve = (&'static str, fn(&TrainingEpoch) -> f64);

const LOSS: &[Curve] = &[("loss", |row| row.loss)];
const BCE: &[Curve] = &[("cross-entropy", |row| row.bce)];
const MEASURES: &[Curve] = &[
    ("AUROC", |row| row.auroc),
    ("AUPRC", |row| row.auprc),
    ("F1", |row| row.f1),
];

/// Loss, cross-entropy and the measures of the validation part against the epoch, one below the
/// other, in one column's width. `best` is the epoch whose weights were kept, if known.
///
/// # Errors
///
/// No epoch, epochs that do not ascend, a best epoch that is none of them, a number that is not
/// finite.
pub fn training_curves(
    name: &str,
    history: &[TrainingEpoch],
    best: Option<usize>,
) -> Result<Figure> {
    let best = check(history, best)?;
    let mut drawing = Drawing::new(Width::Single.points());
    let remark = best.map_or(String::new(), |row| {
        format!("best epoch {}: AUPRC {:.3}", row.epoch, row.auprc)
    });
    let mut top = heading(&mut drawing, name, &remark) + 7.0;
    let panels = [
        (LOSS, "training loss", 52.0),
        (BCE, "cross-entropy", 52.0),
        (MEASURES, "validation", 104.0),
    ];
    let axes = panels.map(|(curves, title, height)| {
        let numbers = history
            .iter()
            .flat_map(|row| curves.iter().map(move |(_, number)| number(row)));
        let (low, high) = extent(numbers);
        let ticks = Ticks::covering(low, high, if height > 60.0 { 7 } else { 5 });
        (ticks, Axis::numbers(&ticks, title))
    });
    let depth = axes
        .iter()
        .map(|(_, axis)| axis.depth())
        .fold(0.0, f64::max);
    let epochs = (
        history[0].epoch as f64,
        history[history.len() - 1].epoch as f64,
    );
    let epochs = if epochs.0 < epochs.1 {
        epochs
    } else {
        (epochs.0 - 1.0, epochs.1 + 1.0)
    };
    let numbers = Ticks::whole(epochs.0, epochs.1, 8);
    for (place, ((curves, _, height), (ticks, axis))) in panels.into_iter().zip(&axes).enumerate() {
        let right = Width::Single.points() - MARGIN - 6.0;
        let frame = Rect::between((MARGIN + depth, top), (right, top + height));
        let plot = Plot::new(frame, epochs, ticks.range());
        let title = if place + 1 == panels.len() {
            "epoch"
        } else {
            ""
        };
        top = plot.axes(&mut drawing, &Axis::numbers(&numbers, title), axis, ticks) + 7.0;
        draw_curves(&mut drawing, &plot, history, curves, best);
    }
    let mut entries: Vec<_> = MEASURES
        .iter()
        .zip(SERIES)
        .map(|((name, _), colour)| (Mark::Line(Stroke::new(colour, CURVE)), name.to_string()))
        .collect();
    if best.is_some() {
        entries.push((Mark::Line(BEST), "best epoch".to_string()));
    }
    let place = (MARGIN + depth, top - 2.0);
    let room = drawing.width() - place.0 - MARGIN;
    let bottom = legend(&mut drawing, place, room, &entries);
    Ok(Figure::new(name, drawing.ending_at(bottom + MARGIN)))
}

/// The line at the best epoch.
const BEST: Stroke = Stroke::dashed(GREY, 0.8);

fn draw_curves(
    drawing: &mut Drawing,
    plot: &Plot,
    history: &[TrainingEpoch],
    curves: &[Curve],
    best: Option<&TrainingEpoch>,
) {
    if let Some(row) = best {
        let x = plot.at((row.epoch as f64, 0.0)).0;
        drawing.line([(x, plot.frame.top), (x, plot.frame.bottom)], BEST);
    }
    let grey = [Colour::new(64, 64, 64)];
    let colours = if curves.len() > 1 { &SERIES[..] } else { &grey };
    for ((_, number), colour) in curves.iter().zip(colours) {
        let point = |row: &TrainingEpoch| (row.epoch as f64, number(row));
        let points: Vec<Point> = history.iter().map(point).collect();
        plot.curve(drawing, &points, Stroke::new(*colour, CURVE));
        // A single epoch is no line: it has to be seen all the same.
        let alone = history.first().filter(|_| history.len() == 1);
        if let Some(row) = best.or(alone) {
            plot.dot(drawing, point(row), *colour);
        }
    }
}

/// The best epoch's row.
fn check(history: &[TrainingEpoch], best: Option<usize>) -> Result<Option<&TrainingEpoch>> {
    let ascending = history.windows(2).all(|two| two[0].epoch < two[1].epoch);
    if history.is_empty() || !ascending {
        let message = "training curves need epochs in ascending order".to_string();
        return Err(Error::Undefined(message));
    }
    for (name, number) in [LOSS, BCE, MEASURES].concat() {
        // The network computes in 32 bits: a number beyond them is none of its.
        let real = |row: &&TrainingEpoch| number(row).abs() <= f64::from(f32::MAX);
        if let Some(row) = history.iter().find(|row| !real(row)) {
            let message = format!("the {name} of epoch {} is {}", row.epoch, number(row));
            return Err(Error::NotFinite(message));
        }
    }
    let Some(best) = best else {
        return Ok(None);
    };
    let found = history.iter().find(|row| row.epoch == best);
    let missing = || Error::Undefined(format!("the best epoch, {best}, is not in the history"));
    found.map(Some).ok_or_else(missing)
}
