//! How occupied the DNA around the top regions is.

use super::chart::axis::Axis;
use super::chart::legend::{Mark, finish};
use super::chart::panels::{depth, nothing, panel, panel_heading};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::{Ticks, extent, grouped};
use super::check;
use super::drawing::colour::{self, GREY};
use super::drawing::page::{Width, heading};
use super::drawing::{Drawing, Figure, Paint, Point, Rect, Stroke};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::statistics::Interval;

/// The occupancy at a distance from the regions' centres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfilePoint {
    /// From the centre, in bases; before it negative.
    pub position: i32,
    /// The mean over the top regions, with its 95 % interval.
    pub top: Interval,
    /// The mean over mock regions, with its 95 % interval.
    pub mock: Interval,
}

/// The profile of one element.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Profile<'a> {
    /// By position, ascending.
    pub points: &'a [ProfilePoint],
    /// Top regions that the mean is over.
    pub regions: usize,
    /// Mock regions that the mean is over.
    pub mock_regions: usize,
}

/// The height of a panel.
const HEIGHT: f64 = 130.0;
/// How pale the bands and the region are.
const PALE: f64 = 0.3;
const REGION: f64 = 0.1;
const MOCK: Stroke = Stroke::new(GREY, CURVE);

/// Mean occupancy around the centres of the top regions of both elements, beside that around mock
/// regions, each with a band that holds it with 95 % confidence. The bases of a region, `region`
/// long, are shaded; `measure` names what is averaged, with its unit or normalisation.
///
/// # Errors
///
/// No profile on either side; a profile of one position; positions that do not ascend; a number that is not finite.
pub fn occupancy_profile(
    title: &str,
    measure: &str,
    region: u32,
    sides: Sides<Profile>,
) -> Result<Figure> {
    check(&sides)?;
    let mut drawing = Drawing::new(Width::Double.points());
    let top = heading(&mut drawing, title, "") + 3.0;
    let depth = depth(sides.as_ref().map(ticks));
    let mut bottom = top;
    for (element, profile) in sides.iter() {
        bottom = bottom.max(draw_panel(
            &mut drawing,
            element,
            (top, depth),
            (measure, region),
            profile,
        ));
    }
    let colours = colour::both();
    let bands = colours.map(|colour| colour.tint(PALE));
    let entries = [
        (Mark::Bars(colours), "mean of the top regions".to_string()),
        (Mark::Boxes(bands), "its 95% interval".to_string()),
        (Mark::Line(MOCK), "mean of mock regions".to_string()),
        (
            Mark::Swatch(Paint::Fill(GREY.tint(PALE))),
            "its 95% interval".to_string(),
        ),
        (
            Mark::Swatch(Paint::Fill(GREY.tint(REGION))),
            format!("the region, {region} bp"),
        ),
    ];
    Ok(finish(drawing, title, bottom + 5.0, &entries))
}

fn check(sides: &Sides<Profile>) -> Result<()> {
    if sides.iter().all(|(_, profile)| profile.points.is_empty()) {
        return Err(check::undefined("no region has an occupancy around it"));
    }
    for (element, profile) in sides.iter() {
        let points = profile.points;
        if points
            .windows(2)
            .any(|two| two[0].position >= two[1].position)
        {
            let message = format!("the {} profile's positions do not ascend", element.name());
            return Err(check::undefined(message));
        }
        if points.len() == 1 {
            let message = format!("the {} profile has one position: no curve", element.name());
            return Err(check::undefined(message));
        }
        for point in points {
            let of = || format!("the {} profile at {} bp", element.name(), point.position);
            check::interval(point.top, of)?;
            check::interval(point.mock, of)?;
        }
    }
    Ok(())
}

/// The ticks of the y axis, 0 among them.
fn ticks(profile: &Profile) -> Ticks {
    let numbers = profile.points.iter().flat_map(|point| {
        let of = |of: Interval| [of.low, of.value, of.high];
        of(point.top).into_iter().chain(of(point.mock))
    });
    let (low, high) = extent(numbers.chain([0.0]));
    Ticks::covering(low, high, 6)
}

/// Draws a side's panel; returns where it ends.
fn draw_panel(
    drawing: &mut Drawing,
    element: Element,
    (top, depth): (f64, f64),
    (measure, region): (&str, u32),
    profile: &Profile,
) -> f64 {
    let ticks = ticks(profile);
    let y = Axis::numbers(&ticks, measure);
    let (left, right) = panel(element);
    let remark = match profile.points {
        [] => "no region".to_string(),
        _ => format!(
            "{} top regions, {} mock regions",
            grouped(profile.regions as f64, 0),
            grouped(profile.mock_regions as f64, 0)
        ),
    };
    let frame_top = panel_heading(drawing, element, top, &remark);
    let corner = (left + depth, frame_top);
    let frame = Rect::between(corner, (right - 6.0, frame_top + HEIGHT));
    let [first, .., last] = profile.points else {
        nothing(drawing, frame, "no region has an occupancy around it");
        return frame.bottom;
    };
    let ends = (f64::from(first.position), f64::from(last.position));
    let plot = Plot::new(frame, ends, ticks.range());
    draw_region(drawing, &plot, ends, region);
    let positions = Ticks::whole(ends.0, ends.1, 6);
    let x = Axis::numbers(&positions, "position from the region’s centre (bp)");
    let bottom = plot.axes(drawing, &x, &y, &ticks);
    // The bands first: neither hides a mean.
    let mock = |point: &ProfilePoint| point.mock;
    let kinds = [
        (mock as fn(&ProfilePoint) -> Interval, GREY),
        (|point| point.top, colour::of(element)),
    ];
    for (of, colour) in kinds {
        let [low, high] = [
            curve(profile, |point| of(point).low),
            curve(profile, |point| of(point).high),
        ];
        plot.band(drawing, &low, &high, colour.tint(PALE));
    }
    for (of, colour) in kinds {
        let mean = curve(profile, |point| of(point).value);
        plot.curve(drawing, &mean, Stroke::new(colour, CURVE));
    }
    bottom
}

/// Shades a region's bases, as far as the profile shows them.
fn draw_region(drawing: &mut Drawing, plot: &Plot, ends: (f64, f64), region: u32) {
    let half = f64::from(region) / 2.0;
    let [left, right] = [-half, half].map(|end| plot.at((end.clamp(ends.0, ends.1), 0.0)).0);
    let shaded = Rect::between((left, plot.frame.top), (right, plot.frame.bottom));
    drawing.rect(shaded, Paint::Fill(GREY.tint(REGION)));
}

fn curve(profile: &Profile, number: impl Fn(&ProfilePoint) -> f64) -> Vec<Point> {
    let point = |point: &ProfilePoint| (f64::from(point.position), number(point));
    profile.points.iter().map(point).collect()
}
