//! How occupied the DNA around the top regions is.

use super::chart::axis::Axis;
use super::chart::legend::Mark;
use super::chart::panels::{SidePanel, side_by_side};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::{Ticks, count};
use super::check;
use super::drawing::colour::{self, GREY};
use super::drawing::{Drawing, Figure, Paint, Point, Rect, Stroke};
use crate::element::Sides;
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
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// By position, ascending.
    pub points: Vec<ProfilePoint>,
    /// Top regions that the mean is over.
    pub regions: usize,
    /// Mock regions that the mean is over.
    pub mock_regions: usize,
    /// The means over the top regions of networks that never trained, each by position, ascending.
    pub untrained: Vec<Vec<(i32, f64)>>,
}

/// The height of a panel.
const HEIGHT: f64 = 130.0;
/// How pale the bands and the region are.
const PALE: f64 = 0.3;
const REGION: f64 = 0.1;
const MOCK: Stroke = Stroke::new(GREY, CURVE);
const UNTRAINED: Stroke = Stroke::dashed(GREY, 0.4);

/// Mean occupancy around the centres of the top regions of both elements, beside that around mock
/// regions, each with a band that holds it with 95 % confidence, and around those of untrained
/// networks. The bases of a region, `region`
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
    let colours = colour::both();
    let bands = colours.map(|colour| colour.tint(PALE));
    let shaded = |part: f64| Mark::Swatch(Paint::Fill(GREY.tint(part)));
    let mut entries = vec![
        Mark::Bars(colours).means("mean of the top regions"),
        Mark::Boxes(bands).means("its 95% interval"),
        Mark::Line(MOCK).means("mean of mock regions"),
        shaded(PALE).means("its 95% interval"),
        shaded(REGION).means(format!("the region, {region} bp")),
    ];
    if sides
        .iter()
        .any(|(_, profile)| !profile.untrained.is_empty())
    {
        entries.push(Mark::Line(UNTRAINED).means("means of untrained networks"));
    }
    let draw = |drawing: &mut Drawing, panel: &SidePanel, profile: &Profile| {
        draw_panel(drawing, panel, (measure, region), profile)
    };
    Ok(side_by_side(title, &sides, ticks, draw, &entries))
}

fn check(sides: &Sides<Profile>) -> Result<()> {
    let empty = sides.iter().all(|(_, profile)| profile.points.is_empty());
    check::refuse_if(empty, || "no region has an occupancy around it")?;
    for (element, profile) in sides.iter() {
        let Profile {
            points, untrained, ..
        } = profile;
        let name = element.name();
        let mut neighbours = points.windows(2);
        let ascending = neighbours.all(|two| two[0].position < two[1].position);
        check::refuse_if(!ascending, || {
            format!("the {name} profile's positions do not ascend")
        })?;
        check::refuse_if(points.len() == 1, || {
            format!("the {name} profile has one position: no curve")
        })?;
        for curve in untrained {
            let numbers: Vec<f64> = curve.iter().map(|point| point.1).collect();
            check::finite(&numbers, || {
                format!("the {name} profile of an untrained network")
            })?;
        }
        for point in points {
            let of = || format!("the {name} profile at {} bp", point.position);
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
    let untrained = profile.untrained.iter().flatten().map(|point| point.1);
    Ticks::over(numbers.chain(untrained).chain([0.0]), 6)
}

/// Draws a side's panel; returns where it ends.
fn draw_panel(
    drawing: &mut Drawing,
    panel: &SidePanel,
    (measure, region): (&str, u32),
    profile: &Profile,
) -> f64 {
    let end = (panel.right - 6.0, panel.corner.1 + HEIGHT);
    let frame = Rect::between(panel.corner, end);
    let [first, .., last] = profile.points.as_slice() else {
        let why = "no region has an occupancy around it";
        return panel.empty(drawing, frame, "no region", why);
    };
    let [regions, mock_regions] = [profile.regions, profile.mock_regions].map(count);
    let remark = format!("{regions} top regions, {mock_regions} mock regions");
    panel.heading(drawing, &remark);
    let ends = (f64::from(first.position), f64::from(last.position));
    let plot = Plot::new(frame, ends, panel.ticks.range());
    draw_region(drawing, &plot, ends, region);
    let positions = Ticks::whole(ends.0, ends.1, 6);
    let x = Axis::numbers(&positions, "position from the region’s centre (bp)");
    let y = Axis::numbers(&panel.ticks, measure);
    let bottom = plot.axes(drawing, &x, &y);
    // The bands first: neither hides a mean.
    let mock = |point: &ProfilePoint| point.mock;
    let kinds = [
        (mock as fn(&ProfilePoint) -> Interval, GREY),
        (|point| point.top, colour::of(panel.element)),
    ];
    for (of, colour) in kinds {
        let low = curve(profile, |point| of(point).low);
        let high = curve(profile, |point| of(point).high);
        plot.band(drawing, &low, &high, colour.tint(PALE));
    }
    for points in &profile.untrained {
        let within =
            |&&(position, _): &&(i32, f64)| (first.position..=last.position).contains(&position);
        let points = points.iter().filter(within);
        let points: Vec<Point> = points.map(|&(x, y)| (f64::from(x), y)).collect();
        plot.curve(drawing, &points, UNTRAINED);
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
