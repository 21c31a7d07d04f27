//! How a training went.

use super::chart::axis::Axis;
use super::chart::legend::{Entry, Mark, legend};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::Ticks;
use super::check;
use super::drawing::colour::{Colour, GREY, SERIES};
use super::drawing::page::{MARGIN, Width};
use super::drawing::{Drawing, Figure, Page, Point, Rect, Stroke};
use crate::error::{Error, Result};
use crate::evaluation::Epoch;

/// A curve of a plot: its name and its number of an epoch.
type Curve = (&'static str, fn(&Epoch) -> f64);

const LOSS: &[Curve] = &[("loss", |row| row.loss)];
const BCE: &[Curve] = &[("cross-entropy", |row| row.bce)];
const MEASURES: &[Curve] = &[
    ("AUROC", |row| row.auroc),
    ("AUPRC", |row| row.auprc),
    ("F1", |row| row.f1),
];

/// The plots from top to bottom: curves, title, height and the most ticks.
const PLOTS: [(&[Curve], &str, f64, usize); 3] = [
    (LOSS, "training loss", 52.0, 5),
    (BCE, "cross-entropy", 52.0, 5),
    (MEASURES, "validation", 104.0, 7),
];

/// The line at the best epoch.
const BEST: Stroke = Stroke::dashed(GREY, 0.8);

/// Loss, cross-entropy and the measures of the validation part against the epoch, one below the
/// other, in one column's width. `best` is the epoch whose weights were kept, `chance` the AUPRC of scores
/// that know nothing, the part of positives, if they are known.
///
/// # Errors
///
/// No epoch, epochs that do not ascend, a best epoch that is none of them, a number that is not
/// finite or no part of 1.
pub fn training_curves(
    page: Page,
    history: &[Epoch],
    best: Option<usize>,
    chance: Option<f64>,
) -> Result<Figure> {
    let best = check(history, best)?;
    check::fractions(chance.as_slice(), || "the AUPRC by chance".to_string())?;
    let remark = best.map_or(String::new(), |row| {
        format!("best epoch {}: AUPRC {:.3}", row.epoch, row.auprc)
    });
    let (mut drawing, bottom) = page.headed(Width::Single, &remark);
    let axes = PLOTS.map(|(curves, title, _, most)| {
        let of = |(_, number): &Curve| history.iter().map(*number);
        let chance = chance.filter(|_| curves.len() == MEASURES.len());
        let ticks = Ticks::over(curves.iter().flat_map(of).chain(chance), most);
        (ticks, Axis::numbers(&ticks, title))
    });
    let depths = axes.iter().map(|(_, axis)| axis.depth());
    let left = MARGIN + depths.fold(0.0, f64::max);
    let [first, last] = [0, history.len() - 1].map(|row| history[row].epoch as f64);
    // A single epoch stands in the middle.
    let beyond = if first < last { 0.0 } else { 1.0 };
    let epochs = (first - beyond, last + beyond);
    let numbers = Ticks::whole(epochs.0, epochs.1, 8);
    let series = page.colours(SERIES);
    let mut top = bottom + 7.0;
    let plots = PLOTS.into_iter().zip(&axes);
    for (place, ((curves, _, height, _), (ticks, axis))) in plots.enumerate() {
        let right = drawing.width() - MARGIN - 6.0;
        let frame = Rect::between((left, top), (right, top + height));
        let plot = Plot::new(frame, epochs, ticks.range());
        let lowest = place + 1 == PLOTS.len();
        let x = Axis::numbers(&numbers, if lowest { "epoch" } else { "" });
        top = plot.axes(&mut drawing, &x, axis) + 7.0;
        if let Some(chance) = chance.filter(|_| lowest) {
            let ends = [epochs.0, epochs.1].map(|end| (end, chance));
            plot.curve(&mut drawing, &ends, by_chance(series));
        }
        draw_curves(&mut drawing, &plot, history, (curves, series), best);
    }
    let entry = |((name, _), colour): (&Curve, Colour)| -> Entry {
        Mark::Line(Stroke::new(colour, CURVE)).means(*name)
    };
    let mut entries: Vec<Entry> = MEASURES.iter().zip(series).map(entry).collect();
    let words = |chance: f64| format!("AUPRC by chance, {chance:.3}");
    entries.extend(chance.map(|chance| Mark::Line(by_chance(series)).means(words(chance))));
    entries.extend(best.map(|_| Mark::Line(BEST).means("best epoch")));
    let room = drawing.width() - left - MARGIN;
    let bottom = legend(&mut drawing, (left, top - 2.0), room, &entries);
    Ok(Figure::new(
        page.title(),
        drawing.ending_at(bottom + MARGIN),
    ))
}

/// The AUPRC of scores that know nothing, in the colour of AUPRC.
fn by_chance(series: [Colour; SERIES.len()]) -> Stroke {
    Stroke::dashed(series[1], 0.7)
}

fn draw_curves(
    drawing: &mut Drawing,
    plot: &Plot,
    history: &[Epoch],
    (curves, series): (&[Curve], [Colour; SERIES.len()]),
    best: Option<&Epoch>,
) {
    if let Some(row) = best {
        let x = plot.at((row.epoch as f64, 0.0)).0;
        drawing.line([(x, plot.frame.top), (x, plot.frame.bottom)], BEST);
    }
    let grey = [Colour::new(64, 64, 64)];
    let colours = if curves.len() > 1 { &series[..] } else { &grey };
    for ((_, number), colour) in curves.iter().zip(colours) {
        let point = |row: &Epoch| (row.epoch as f64, number(row));
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
fn check(history: &[Epoch], best: Option<usize>) -> Result<Option<&Epoch>> {
    let ascending = history.windows(2).all(|two| two[0].epoch < two[1].epoch);
    let message = "training curves need epochs in ascending order";
    check::refuse_if(history.is_empty() || !ascending, || message)?;
    for (name, number) in [LOSS, BCE, MEASURES].concat() {
        // The network computes in 32 bits: a number beyond them is none of its.
        let real = |row: &&Epoch| number(row).abs() <= f64::from(f32::MAX);
        if let Some(row) = history.iter().find(|row| !real(row)) {
            let message = format!("the {name} of epoch {} is {}", row.epoch, number(row));
            return Err(Error::NotFinite(message));
        }
    }
    let found = history.iter().find(|row| Some(row.epoch) == best);
    match (best, found) {
        (Some(best), None) => {
            let message = format!("the best epoch, {best}, is not in the history");
            Err(check::undefined(message))
        }
        _ => Ok(found),
    }
}
