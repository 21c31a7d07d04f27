//! What more examples would bring.

use super::chart::axis::Axis;
use super::chart::legend::{Mark, finish, points};
use super::chart::marker::{METHODS, Marker, looks};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::{Ticks, extent};
use super::check;
use super::drawing::colour::{Colour, GREY};
use super::drawing::page::{MARGIN, Width, headed};
use super::drawing::{Drawing, Figure, Point, Rect, Stroke};
use crate::error::Result;
use crate::statistics::Interval;

/// How good a method is after so many examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningPoint {
    /// Training examples, 1 or more.
    pub examples: u64,
    /// The measure, with its 95 % interval.
    pub measure: Interval,
}

impl LearningPoint {
    /// Along the x axis, which is logarithmic.
    fn place(&self) -> f64 {
        (self.examples as f64).log10()
    }
}

/// The learning curve of one method.
#[derive(Debug, Clone, PartialEq)]
pub struct LearningSeries<'a> {
    /// The method.
    pub name: &'a str,
    /// By examples, ascending.
    pub points: Vec<LearningPoint>,
}

const CHANCE: Stroke = Stroke::dashed(GREY, 0.7);
/// Methods whose bands can be told apart; of more, each point has a bar.
const BANDS: usize = 3;
/// How pale the bands are.
const PALE: f64 = 0.2;

/// A measure, named with its unit, against the number of training examples (`examples` names what
/// they are) of up to `METHODS` methods with their 95 % intervals, in one column's width. `chance` is what a method gets
/// that knows nothing, if that is one number.
///
/// # Errors
///
/// No method or more than `METHODS`; a method without points; numbers of examples that are 0 or
/// do not ascend; a number that is not finite.
pub fn learning_curve(
    title: &str,
    measure: &str,
    examples: &str,
    chance: Option<f64>,
    series: &[LearningSeries],
) -> Result<Figure> {
    check(chance, series)?;
    let (mut drawing, bottom) = headed(Width::Single, title, "");
    let top = bottom + 5.0;
    let all = || series.iter().flat_map(|series| &series.points);
    let numbers = all().flat_map(|of| [of.measure.low, of.measure.high, of.measure.value]);
    let (low, high) = extent(numbers);
    // The line of chance lies inside the frame.
    let below = chance.map(|chance| chance - 0.03 * (high - chance).abs());
    let ticks = Ticks::over([low, high].into_iter().chain(below).chain(chance), 7);
    let y = Axis::numbers(&ticks, measure);
    let right = drawing.width() - MARGIN - 8.0;
    let frame = Rect::between((MARGIN + y.depth(), top), (right, top + 140.0));
    let (first, last) = extent(all().map(LearningPoint::place));
    let beyond = (0.04 * (last - first)).max(0.08);
    let range = (first - beyond, last + beyond);
    let plot = Plot::new(frame, range, ticks.range());
    let banded = series.len() <= BANDS;
    let names: Vec<&str> = series.iter().map(|series| series.name).collect();
    let looks = looks(&names);
    for (series, (_, colour)) in series.iter().zip(&looks).filter(|_| banded) {
        let [low, high] = edges(series);
        plot.band(&mut drawing, &low, &high, colour.tint(PALE));
    }
    let x = Axis::counts(range, examples, frame.width());
    let bottom = plot.axes(&mut drawing, &x, &y);
    if let Some(chance) = chance {
        let ends = [range.0, range.1].map(|end| (end, chance));
        plot.curve(&mut drawing, &ends, CHANCE);
    }
    // The first method lies on top.
    for (series, look) in series.iter().zip(looks).rev() {
        draw_series(&mut drawing, &plot, series, look, banded);
    }
    let mut entries = points(&names);
    entries.extend(chance.map(|_| Mark::Line(CHANCE).means("by chance")));
    let intervals = if banded { "bands" } else { "bars" };
    entries.push(Mark::None.means(format!("{intervals}: 95% intervals")));
    Ok(finish(drawing, title, bottom + 5.0, &entries))
}

fn check(chance: Option<f64>, series: &[LearningSeries]) -> Result<()> {
    check::told_apart(series.len(), METHODS, "methods")?;
    check::finite(chance.as_slice(), || "the measure by chance".to_string())?;
    for LearningSeries { name, points } in series {
        let ascending = points
            .windows(2)
            .all(|two| two[0].examples < two[1].examples);
        let first = points.first().map_or(0, |point| point.examples);
        check::refuse_if(first == 0 || !ascending, || {
            format!("{name:?} needs numbers of examples that ascend from 1 on")
        })?;
        for point in points {
            check::interval(point.measure, || {
                format!("the measure of {name:?} after {} examples", point.examples)
            })?;
        }
    }
    Ok(())
}

fn curve(series: &LearningSeries, number: fn(Interval) -> f64) -> Vec<Point> {
    let point = |point: &LearningPoint| (point.place(), number(point.measure));
    series.points.iter().map(point).collect()
}

/// Where the intervals end.
fn edges(series: &LearningSeries) -> [Vec<Point>; 2] {
    [curve(series, |of| of.low), curve(series, |of| of.high)]
}

fn draw_series(
    drawing: &mut Drawing,
    plot: &Plot,
    series: &LearningSeries,
    (marker, colour): (Marker, Colour),
    banded: bool,
) {
    // A single point has no band.
    if !banded || series.points.len() == 1 {
        for point in &series.points {
            let ends = (point.measure.low, point.measure.high);
            plot.whisker(drawing, point.place(), ends, Stroke::new(colour, 0.6));
        }
    }
    // Where bands lie on each other their edges tell them apart.
    for edge in edges(series).iter().filter(|_| banded) {
        plot.curve(drawing, edge, Stroke::new(colour.tint(0.5), 0.35));
    }
    let points = curve(series, |of| of.value);
    plot.curve(drawing, &points, Stroke::new(colour, CURVE));
    for point in points {
        marker.draw(drawing, plot.at(point), 2.0, colour);
    }
}
