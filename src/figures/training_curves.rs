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
/// other, in one column's width; a range of the page's is that of the measures, of which nothing is drawn
/// beyond it. `best` is the epoch whose weights were kept, `chance` the AUPRC of scores that know nothing, the
/// part of positives, if they are known.
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
        // The measures alone have a range of one's own: losses are of other sizes.
        let ticks = match page.y_range().filter(|_| curves.len() == MEASURES.len()) {
            Some((low, high)) => Ticks::covering(low, high, most),
            None => Ticks::over(curves.iter().flat_map(of).chain(chance), most),
        };
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
            plot.curve_inside(&mut drawing, &ends, by_chance(series));
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
        plot.curve_inside(drawing, &points, Stroke::new(*colour, CURVE));
        // A single epoch is no line: it has to be seen all the same.
        let alone = history.first().filter(|_| history.len() == 1);
        let dot = best.or(alone).map(point);
        if let Some(dot) = dot.filter(|dot| plot.holds(*dot)) {
            plot.dot(drawing, dot, *colour);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::drawing::{Look, Paint, Step};

    /// The AUROC climbs from 0.5 to 0.9, the others stay at 0.2.
    fn history() -> Vec<Epoch> {
        let epoch = |epoch: usize| Epoch {
            epoch,
            loss: 9.0,
            bce: 0.7,
            auroc: 0.4 + epoch as f64 / 10.0,
            auprc: 0.2,
            f1: 0.2,
            pairs_per_second: 1.0,
        };
        (1..=5).map(epoch).collect()
    }

    /// The texts, and the heights of the curves of a colour.
    fn drawn(y_range: Option<[f64; 2]>, colour: Colour) -> (Vec<String>, Vec<Vec<f64>>) {
        let look = Look {
            y_range,
            ..Look::default()
        };
        let page = Page::new("run", &look).unwrap();
        let figure = training_curves(page, &history(), Some(1), Some(0.05)).unwrap();
        let (mut texts, mut curves) = (Vec::new(), Vec::new());
        let height = |step: &Step| match step {
            Step::Move(to) | Step::Line(to) => Some(to.1),
            Step::Curve(..) | Step::Close => None,
        };
        for shape in figure.drawing().shapes() {
            match shape {
                Shape::Text(text) => texts.push(text.letters.clone()),
                Shape::Path(steps, Paint::Stroke(stroke))
                    if (stroke.colour, stroke.width, stroke.dashed) == (colour, CURVE, false) =>
                {
                    curves.push(steps.iter().filter_map(height).collect());
                }
                Shape::Path(..) => {}
            }
        }
        (texts, curves)
    }

    #[test]
    fn a_range_is_that_of_the_measures_and_cuts_their_curves() {
        let [auroc, auprc, ..] = SERIES;
        let (usual, whole) = drawn(None, auroc);
        let (ranged, cut) = drawn(Some([0.6, 1.0]), auroc);
        let has = |texts: &[String], label: &str| texts.iter().any(|text| text == label);
        assert!(has(&ranged, "1.0") && has(&ranged, "0.6") && !has(&ranged, "0.0"));
        assert!(has(&usual, "0.0"));
        // The curve, and its sample in the legend.
        assert_eq!((whole.len(), cut.len()), (2, 2));
        // Half of the plot above 0.6 as on an axis to 1: 0.6 lies on its lower edge.
        let lowest = |curves: &[Vec<f64>]| curves[0].iter().copied().fold(f64::MIN, f64::max);
        let highest = |curves: &[Vec<f64>]| curves[0].iter().copied().fold(f64::MAX, f64::min);
        let (tall, wanted) = (lowest(&cut) - highest(&cut), 104.0 * 0.3 / 0.4);
        assert!((tall - wanted).abs() < 0.1, "{tall} {wanted}");
        // Nothing is left of what lies below but its entry in the legend.
        assert_eq!(drawn(Some([0.6, 1.0]), auprc).1.len(), 1);
    }
}
