//! Which motifs the top regions capture.

use super::chart::axis::Axis;
use super::chart::legend::{Mark, finish};
use super::chart::marker::discs;
use super::chart::panels::{depth, nothing, panel, panel_heading};
use super::chart::plot::Plot;
use super::chart::ticks::{Ticks, grouped};
use super::check;
use super::drawing::colour::{self, Colour, GREY, INK, WHITE};
use super::drawing::labels;
use super::drawing::page::{Width, heading};
use super::drawing::{Drawing, Figure, Paint, Point, Rect, Stroke};
use crate::element::{Element, Sides};
use crate::error::Result;

/// What the top regions capture of a matrix's sites.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapturedMatrix<'a> {
    /// What stands beside its dot: the transcription factor, or the matrix.
    pub name: &'a str,
    /// All its sites in the windows, 1 or more.
    pub sites: u64,
    /// The part of them that lies in the top regions.
    pub captured: f64,
    /// That part for mock regions: its mean.
    pub expected: f64,
    /// The 2.5th percentile for mock regions.
    pub low: f64,
    /// The 97.5th percentile for mock regions.
    pub high: f64,
    /// The p-value adjusted after Benjamini and Hochberg.
    pub q: f64,
}

impl CapturedMatrix<'_> {
    fn significant(&self) -> bool {
        self.q <= SIGNIFICANT
    }

    fn enriched(&self) -> bool {
        self.significant() && self.captured > self.expected
    }
}

/// What is coloured: a q-value up to this.
pub const SIGNIFICANT: f64 = 0.05;
/// Matrices that get their name, if there is room.
pub const NAMED: usize = 10;
/// Radius of a dot.
pub const DOT: f64 = 1.7;
/// The height of a panel.
const HEIGHT: f64 = 165.0;
const EXPECTED: Stroke = Stroke::new(INK, 0.8);
const BAND: f64 = 0.22;

/// The fraction of each matrix's sites that the top regions capture, beside its expectation and
/// the band that holds 95 % of `draws` draws of mock regions. Matrices with q ≤ 0.05
/// are coloured; the ten most captured ones of those that are enriched have their name,
/// unless it would hide something.
///
/// # Errors
///
/// No matrix on either side; a matrix without sites; a number that is not finite or no part of 1.
pub fn captured_fractions(
    title: &str,
    draws: usize,
    sides: Sides<&[CapturedMatrix]>,
) -> Result<Figure> {
    check(&sides)?;
    let mut drawing = Drawing::new(Width::Double.points());
    let top = heading(&mut drawing, title, "") + 3.0;
    let ticks = |matrices: &[CapturedMatrix]| Ticks::covering(0.0, highest(matrices), 6);
    let depth = depth(sides.map(ticks));
    let mut bottom = top;
    for (element, matrices) in sides.iter() {
        let end = draw_panel(&mut drawing, element, (top, depth), matrices);
        bottom = bottom.max(end);
    }
    let entries = entries(draws, sides);
    Ok(finish(drawing, title, bottom + 5.0, &entries))
}

fn check(sides: &Sides<&[CapturedMatrix]>) -> Result<()> {
    if sides.iter().all(|(_, matrices)| matrices.is_empty()) {
        return Err(check::undefined("no matrix has sites in the windows"));
    }
    for (element, matrices) in sides.iter() {
        for matrix in *matrices {
            let of = |what: &str| format!("{what} of {:?} ({})", matrix.name, element.name());
            let CapturedMatrix {
                captured,
                expected,
                low,
                high,
                q,
                ..
            } = *matrix;
            check::fractions(&[captured], || of("the captured fraction"))?;
            check::fractions(&[expected, low, high], || of("the expectation"))?;
            check::fractions(&[q], || of("the q-value"))?;
            if matrix.sites == 0 || low > high {
                let message = match matrix.sites {
                    0 => format!("{:?} has no sites: no part of them", matrix.name),
                    _ => format!("{} runs from {low} to {high}", of("the band")),
                };
                return Err(check::undefined(message));
            }
        }
    }
    Ok(())
}

/// Draws a side's panel; returns where it ends.
fn draw_panel(
    drawing: &mut Drawing,
    element: Element,
    (top, depth): (f64, f64),
    matrices: &[CapturedMatrix],
) -> f64 {
    let points = places(matrices);
    let (left, right) = panel(element);
    let ticks = Ticks::covering(0.0, highest(matrices), 6);
    let y = Axis::numbers(&ticks, "captured fraction of sites");
    // The words stand above the frame, but how many names there are is known only below.
    let frame_top = panel_heading(&mut Drawing::new(drawing.width()), element, top, "");
    let corner = (left + depth, frame_top);
    let frame = Rect::between(corner, (right - 5.0, frame_top + HEIGHT));
    if matrices.is_empty() {
        panel_heading(drawing, element, top, "no matrix");
        nothing(drawing, frame, "no matrix has sites in these windows");
        return frame.bottom;
    }
    let (range, x) = across(&points, frame.width());
    let plot = Plot::new(frame, range, ticks.range());
    draw_band(drawing, &plot, &points, ticks.range().1);
    let bottom = plot.axes(drawing, &x, &y, &ticks);
    let named = draw_dots(drawing, &plot, element, &points);
    let enriched = matrices.iter().filter(|matrix| matrix.enriched()).count();
    let remark = format!(
        "{} matrices, {} enriched, {named} named",
        grouped(matrices.len() as f64, 0),
        grouped(enriched as f64, 0),
    );
    panel_heading(drawing, element, top, &remark);
    bottom
}

/// The matrices by their place along the x axis: the number of their sites, on a logarithmic axis.
/// The fewer, the wider the band.
fn places<'a>(matrices: &'a [CapturedMatrix<'a>]) -> Vec<(f64, &'a CapturedMatrix<'a>)> {
    let mut sorted: Vec<&CapturedMatrix> = matrices.iter().collect();
    sorted.sort_by(|a, b| (a.sites.cmp(&b.sites)).then(a.captured.total_cmp(&b.captured)));
    let place = |matrix: &'a CapturedMatrix<'a>| ((matrix.sites as f64).log10(), matrix);
    sorted.into_iter().map(place).collect()
}

/// What the x axis spans, a little more than the points, and the axis.
fn across(points: &[(f64, &CapturedMatrix)], room: f64) -> ((f64, f64), Axis) {
    let (first, last) = (points[0].0, points[points.len() - 1].0);
    let beyond = (0.03 * (last - first)).max(0.1);
    let range = (first - beyond, last + beyond);
    (range, Axis::counts(range, "sites in the windows", room))
}

/// The top of the y axis: above every dot and most of the band, which a matrix with a few sites
/// widens beyond all use.
fn highest(matrices: &[CapturedMatrix]) -> f64 {
    let mut ends: Vec<f64> = matrices.iter().map(|matrix| matrix.high).collect();
    ends.sort_by(f64::total_cmp);
    let most = ends.get(ends.len() * 3 / 4).copied().unwrap_or(1.0);
    let points = matrices
        .iter()
        .flat_map(|matrix| [matrix.captured, matrix.expected]);
    points.fold(most, f64::max)
}

/// The mock regions' band, cut off at the top of the frame.
fn draw_band(drawing: &mut Drawing, plot: &Plot, points: &[(f64, &CapturedMatrix)], top: f64) {
    let curve = |number: fn(&CapturedMatrix) -> f64| -> Vec<Point> {
        let point = |(x, matrix): &(f64, &CapturedMatrix)| (*x, number(matrix).min(top));
        points.iter().map(point).collect()
    };
    let [low, high] = [curve(|matrix| matrix.low), curve(|matrix| matrix.high)];
    plot.band(drawing, &low, &high, GREY.tint(BAND));
}

/// Dots, the significant ones above the mock regions' mean, and names; returns how many names.
fn draw_dots(
    drawing: &mut Drawing,
    plot: &Plot,
    element: Element,
    points: &[(f64, &CapturedMatrix)],
) -> usize {
    let at = |(x, matrix): &(f64, &CapturedMatrix)| plot.at((*x, matrix.captured));
    let [mut others, mut depleted, mut enriched] = [const { Vec::new() }; 3];
    for point in points {
        match (point.1.significant(), point.1.enriched()) {
            (false, _) => others.push(at(point)),
            (true, false) => depleted.push(at(point)),
            (true, true) => enriched.push(at(point)),
        }
    }
    discs(drawing, &others, DOT, other());
    let expected: Vec<Point> = points
        .iter()
        .map(|(x, matrix)| (*x, matrix.expected))
        .collect();
    plot.curve(drawing, &expected, EXPECTED);
    for (places, paint) in [(&depleted, open as fn(Colour) -> Paint), (&enriched, full)] {
        for place in places {
            discs(drawing, &[*place], DOT, paint(colour::of(element)));
        }
    }

    let mut named: Vec<_> = points.iter().filter(|point| point.1.enriched()).collect();
    named.sort_by(|a, b| b.1.captured.total_cmp(&a.1.captured));
    named.truncate(NAMED);
    let names: Vec<(Point, &str)> = named
        .iter()
        .map(|point| (at(point), point.1.name))
        .collect();
    let dots: Vec<Point> = points.iter().map(at).collect();
    let placed = labels::place(&names, &dots, DOT, plot.frame);
    labels::draw(drawing, &placed);
    placed.len()
}

/// The dot of what is not significant.
pub fn other() -> Paint {
    Paint::Outlined(GREY.tint(0.4), Stroke::new(GREY, 0.25))
}

/// The dot of what is significant.
pub fn full(colour: Colour) -> Paint {
    Paint::Outlined(colour, Stroke::new(WHITE, 0.4))
}

fn open(colour: Colour) -> Paint {
    Paint::Outlined(WHITE, Stroke::new(colour, 0.9))
}

fn entries(draws: usize, sides: Sides<&[CapturedMatrix]>) -> Vec<(Mark, String)> {
    let both = colour::both();
    let all = || sides.into_iter().flatten();
    let band = format!(
        "95% band of {} draws of mock regions",
        grouped(draws as f64, 0)
    );
    let mut entries = vec![
        (
            Mark::Line(EXPECTED),
            "expected (mean of mock regions)".to_string(),
        ),
        (Mark::Swatch(Paint::Fill(GREY.tint(BAND))), band),
        (
            Mark::Discs(both.map(full)),
            format!(
                "enriched, q ≤ {SIGNIFICANT}; the {NAMED} most captured are named where there is room"
            ),
        ),
        (Mark::Discs([other(); 2]), "other matrices".to_string()),
    ];
    if all().any(|matrix| matrix.significant() && !matrix.enriched()) {
        let depleted = format!("depleted, q ≤ {SIGNIFICANT}");
        entries.insert(3, (Mark::Discs(both.map(open)), depleted));
    }
    entries
}
