//! Which motifs the top regions capture.

use super::chart::axis::Axis;
use super::chart::legend::{Entry, Mark};
use super::chart::marker::discs;
use super::chart::panels::{SidePanel, side_by_side};
use super::chart::plot::Plot;
use super::chart::ticks::{Ticks, count};
use super::check;
use super::drawing::colour::{self, Colour, GREY, INK, WHITE};
use super::drawing::labels;
use super::drawing::{Drawing, Figure, Paint, Point, Rect, Stroke};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::statistics::Interval;

/// What the top regions capture of a matrix's sites.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CapturedMatrix<'a> {
    /// What stands beside its dot: the transcription factor, or the matrix.
    pub name: &'a str,
    /// All its sites in the windows, 1 or more.
    pub sites: u64,
    /// The part of them that lies in the top regions.
    pub captured: f64,
    /// That part for mock regions: its mean, with its 2.5th and 97.5th percentile.
    pub expected: Interval,
    /// The least and the largest part that networks which never trained capture; none without any.
    pub untrained: Option<(f64, f64)>,
    /// The p-value adjusted after Benjamini and Hochberg; of several the largest.
    pub q: f64,
}

impl CapturedMatrix<'_> {
    fn significant(&self) -> bool {
        self.q <= SIGNIFICANT
    }

    fn enriched(&self) -> bool {
        self.significant() && self.captured > self.expected.value
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
const UNTRAINED: Stroke = Stroke::new(GREY, 0.6);
const BAND: f64 = 0.22;

/// The fraction of each matrix's sites that the top regions capture, beside its expectation and
/// the band that holds 95 % of `draws` draws of mock regions, and beside what untrained networks capture,
/// a line from the least to the most. Matrices with q ≤ 0.05
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
    let ticks = |matrices: &&[CapturedMatrix]| Ticks::covering(0.0, highest(matrices), 6);
    let draw = |drawing: &mut Drawing, panel: &SidePanel, matrices: &&[CapturedMatrix]| {
        draw_panel(drawing, panel, matrices)
    };
    let entries = entries(draws, sides);
    Ok(side_by_side(title, &sides, ticks, draw, &entries))
}

fn check(sides: &Sides<&[CapturedMatrix]>) -> Result<()> {
    let empty = sides.iter().all(|(_, matrices)| matrices.is_empty());
    check::refuse_if(empty, || "no matrix has sites in the windows")?;
    for (element, matrices) in sides.iter() {
        for matrix in *matrices {
            let of = |what: &str| format!("{what} of {:?} ({})", matrix.name, element.name());
            let Interval { value, low, high } = matrix.expected;
            check::fractions(&[matrix.captured], || of("the captured fraction"))?;
            check::fractions(&[value, low, high], || of("the expectation"))?;
            check::fractions(&[matrix.q], || of("the q-value"))?;
            let untrained = matrix
                .untrained
                .map_or([0.0, 0.0], |(low, high)| [low, high]);
            check::fractions(&untrained, || of("what untrained networks capture"))?;
            check::refuse_if(matrix.sites == 0, || {
                format!("{:?} has no sites: no part of them", matrix.name)
            })?;
            check::refuse_if(low > high, || {
                format!("{} runs from {low} to {high}", of("the band"))
            })?;
        }
    }
    Ok(())
}

/// Draws a side's panel; returns where it ends.
fn draw_panel(drawing: &mut Drawing, panel: &SidePanel, matrices: &[CapturedMatrix]) -> f64 {
    let points = places(matrices);
    let end = (panel.right - 5.0, panel.corner.1 + HEIGHT);
    let frame = Rect::between(panel.corner, end);
    if matrices.is_empty() {
        let why = "no matrix has sites in these windows";
        return panel.empty(drawing, frame, "no matrix", why);
    }
    let (range, x) = across(&points, frame.width());
    let y = Axis::numbers(&panel.ticks, "captured fraction of sites");
    let plot = Plot::new(frame, range, panel.ticks.range());
    draw_band(drawing, &plot, &points, panel.ticks.range().1);
    for &(x, matrix) in &points {
        if let Some((low, high)) = matrix.untrained {
            plot.curve(drawing, &[(x, low), (x, high)], UNTRAINED);
        }
    }
    let bottom = plot.axes(drawing, &x, &y);
    let named = draw_dots(drawing, &plot, panel.element, &points);
    let enriched = matrices.iter().filter(|matrix| matrix.enriched()).count();
    let [all, enriched] = [matrices.len(), enriched].map(count);
    // How many names there are is known only now.
    let remark = format!("{all} matrices, {enriched} enriched, {named} named");
    panel.heading(drawing, &remark);
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
    let mut ends: Vec<f64> = matrices.iter().map(|matrix| matrix.expected.high).collect();
    ends.sort_by(f64::total_cmp);
    let most = ends.get(ends.len() * 3 / 4).copied().unwrap_or(1.0);
    let all = |matrix: &CapturedMatrix| {
        let untrained = matrix.untrained.map_or(0.0, |(_, high)| high);
        [matrix.captured, matrix.expected.value, untrained]
    };
    matrices.iter().flat_map(all).fold(most, f64::max)
}

/// The mock regions' band, cut off at the top of the frame.
fn draw_band(drawing: &mut Drawing, plot: &Plot, points: &[(f64, &CapturedMatrix)], top: f64) {
    let curve = |number: fn(Interval) -> f64| -> Vec<Point> {
        let point = |(x, matrix): &(f64, &CapturedMatrix)| (*x, number(matrix.expected).min(top));
        points.iter().map(point).collect()
    };
    let [low, high] = [curve(|of| of.low), curve(|of| of.high)];
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
    let expected = |(x, matrix): &(f64, &CapturedMatrix)| (*x, matrix.expected.value);
    let expected: Vec<Point> = points.iter().map(expected).collect();
    plot.curve(drawing, &expected, EXPECTED);
    for (places, paint) in [(&depleted, open as fn(Colour) -> Paint), (&enriched, full)] {
        for place in places {
            discs(drawing, &[*place], DOT, paint(colour::of(element)));
        }
    }

    let mut named: Vec<_> = points.iter().filter(|point| point.1.enriched()).collect();
    named.sort_by(|a, b| b.1.captured.total_cmp(&a.1.captured));
    named.truncate(NAMED);
    let named = named.iter();
    let names: Vec<(Point, &str)> = named.map(|point| (at(point), point.1.name)).collect();
    let dots: Vec<Point> = points.iter().map(at).collect();
    labels::draw(drawing, &names, &dots, DOT, plot.frame)
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

fn entries(draws: usize, sides: Sides<&[CapturedMatrix]>) -> Vec<Entry> {
    let both = colour::both();
    let all = || sides.into_iter().flatten();
    let band = format!("95% band of {} draws of mock regions", count(draws));
    let enriched = format!(
        "enriched, q ≤ {SIGNIFICANT}; the {NAMED} most captured are named where there is room"
    );
    let mut entries = vec![
        Mark::Line(EXPECTED).means("expected (mean of mock regions)"),
        Mark::Swatch(Paint::Fill(GREY.tint(BAND))).means(band),
        Mark::Discs(both.map(full)).means(enriched),
        Mark::Discs([other(); 2]).means("other matrices"),
    ];
    if all().any(|matrix| matrix.untrained.is_some()) {
        let untrained = "the least to the most that untrained networks capture";
        entries.insert(2, Mark::Line(UNTRAINED).means(untrained));
    }
    if all().any(|matrix| matrix.significant() && !matrix.enriched()) {
        let depleted = format!("depleted, q ≤ {SIGNIFICANT}");
        entries.insert(
            entries.len() - 1,
            Mark::Discs(both.map(open)).means(depleted),
        );
    }
    entries
}
