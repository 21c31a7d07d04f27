//! What is left of a network's maps when its layers forget what they learnt.

use super::chart::axis::Axis;
use super::chart::legend::{Mark, points};
use super::chart::marker::{METHODS, Marker, looks};
use super::chart::panels::{SidePanel, side_by_side};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::Ticks;
use super::check;
use super::drawing::colour::{Colour, GREY};
use super::drawing::{Drawing, Figure, Point, Rect, Stroke};
use crate::element::Sides;
use crate::error::Result;
use crate::statistics::Estimate;

/// One way to shuffle the layers' parameters, and what it leaves of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct SanitySeries<'a> {
    /// The map and the way.
    pub name: &'a str,
    /// Whether each layer's shuffle goes on from that of the layer before it.
    pub joined: bool,
    /// Of each layer the rank correlation with the trained network's map, −1 to 1.
    pub points: Vec<Option<Estimate>>,
}

/// The height of a panel.
const HEIGHT: f64 = 110.0;
/// From one series' point of a layer to the next, in parts of the way from layer to layer.
const BESIDE: f64 = 0.12;
const ZERO: Stroke = Stroke::dashed(GREY, 0.7);

/// Rank correlations of the maps of a network with those by the same network with shuffled parameters,
/// for each layer (along the x axis, short names) and each of up to `METHODS` series, which are the
/// same of both sides, with their 95 % intervals where there are any.
///
/// # Errors
///
/// No series or too many, no layer, a series without a point for each layer, a number that is not
/// finite, no point at all.
pub fn sanity(title: &str, layers: &[&str], sides: Sides<&[SanitySeries]>) -> Result<Figure> {
    check(layers, &sides)?;
    let numbers = sides.into_iter().flatten().flat_map(numbers);
    let ticks = Ticks::over(numbers.chain([0.0, 1.0]), 7);
    let draw = |drawing: &mut Drawing, panel: &SidePanel, series: &&[SanitySeries]| {
        draw_panel(drawing, panel, layers, series)
    };
    let mut entries = points(&names(sides.enhancer));
    entries.push(Mark::Line(ZERO).means("nothing is left"));
    entries.push(Mark::None.means("bars: 95% intervals"));
    Ok(side_by_side(title, &sides, |_| ticks, draw, &entries))
}

fn names<'a>(series: &[SanitySeries<'a>]) -> Vec<&'a str> {
    series.iter().map(|series| series.name).collect()
}

/// The numbers that a series shows.
fn numbers(series: &SanitySeries) -> Vec<f64> {
    let of = |estimate: &Estimate| {
        let ends = estimate.interval().map(|of| [of.low, of.high]);
        [estimate.value]
            .into_iter()
            .chain(ends.into_iter().flatten())
    };
    series.points.iter().flatten().flat_map(of).collect()
}

fn check(layers: &[&str], sides: &Sides<&[SanitySeries]>) -> Result<()> {
    check::refuse_if(layers.is_empty(), || "no layer was shuffled")?;
    let names = sides.map(|of| of.iter().map(|series| series.name).collect::<Vec<&str>>());
    check::refuse_if(
        names.enhancer != names.promoter,
        || "the sides have other series",
    )?;
    check::told_apart(names.enhancer.len(), METHODS, "series")?;
    for series in sides.into_iter().flatten() {
        let name = series.name;
        check::refuse_if(series.points.len() != layers.len(), || {
            format!("{name:?} needs a point for each layer")
        })?;
        check::finite(&numbers(series), || {
            format!("a rank correlation of {name:?}")
        })?;
    }
    let mut points = sides.into_iter().flatten().flat_map(|of| &of.points);
    check::refuse_if(
        points.all(Option::is_none),
        || "no map has an order to keep",
    )
}

/// Draws a side's panel; returns where it ends.
fn draw_panel(
    drawing: &mut Drawing,
    panel: &SidePanel,
    layers: &[&str],
    series: &[SanitySeries],
) -> f64 {
    panel.heading(
        drawing,
        "the trained network's map beside one with shuffled weights",
    );
    let (left, top) = panel.corner;
    let frame = Rect::between((left, top), (panel.right, top + HEIGHT));
    let x = Axis::names(layers, "layer whose weights are shuffled");
    let y = Axis::numbers(&panel.ticks, "rank correlation");
    let ends = (-0.5, layers.len() as f64 - 0.5);
    let plot = Plot::new(frame, ends, panel.ticks.range());
    let bottom = plot.axes(drawing, &x, &y);
    plot.curve(drawing, &[(ends.0, 0.0), (ends.1, 0.0)], ZERO);
    let middle = (series.len() as f64 - 1.0) / 2.0;
    let looks = looks(&names(series));
    for (place, (series, look)) in series.iter().zip(looks).enumerate() {
        let beside = (place as f64 - middle) * BESIDE;
        draw_series(drawing, &plot, series, look, beside);
    }
    bottom
}

fn draw_series(
    drawing: &mut Drawing,
    plot: &Plot,
    series: &SanitySeries,
    (marker, colour): (Marker, Colour),
    beside: f64,
) {
    let estimates = series.points.iter().zip(0u32..);
    let estimates = estimates.filter_map(|(of, layer)| Some(((*of)?, f64::from(layer) + beside)));
    let estimates: Vec<(Estimate, f64)> = estimates.collect();
    let points: Vec<Point> = estimates.iter().map(|(of, x)| (*x, of.value)).collect();
    if series.joined {
        plot.curve(drawing, &points, Stroke::new(colour, CURVE));
    }
    for (of, x) in &estimates {
        if let Some(interval) = of.interval() {
            let ends = (interval.low, interval.high);
            plot.whisker(drawing, *x, ends, Stroke::new(colour, 0.6));
        }
    }
    for point in points {
        marker.draw(drawing, plot.at(point), 2.0, colour);
    }
}
