//! A track around the centres of regions: a line for each region, and their mean.

use super::chart::axis::{AXIS, Axis, Scale};
use super::chart::colour_bar::ColourKey;
use super::chart::heat_map;
use super::chart::legend::{Entry, Mark, finish};
use super::chart::plot::CURVE;
use super::chart::ticks::{Ticks, count, grouped};
use super::check;
use super::drawing::colour::{self, Colour, ColourScale, GREY};
use super::drawing::font;
use super::drawing::page::{MARGIN, SMALL, TEXT, Width};
use super::drawing::{Anchor, Drawing, Figure, Page, Paint, Point, Rect, Stroke, Text};
use crate::element::Element;
use crate::error::Result;
use crate::statistics::quantile;

/// Regions, or the places that they are compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignalRows<'a> {
    /// What they are called.
    pub name: &'a str,
    /// For each the means of the bins around its centre, from left to right; none where the track has no
    /// value.
    pub rows: &'a [Vec<Option<f32>>],
}

/// A track around regions, and around as many places drawn at random.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignalMap<'a> {
    /// Whose track it is.
    pub element: Element,
    /// What its values are.
    pub measure: &'a str,
    /// Bases on either side of the centres.
    pub flank: u32,
    /// The regions that were given, of which some may have no row.
    pub given: usize,
    /// The regions.
    pub regions: SignalRows<'a>,
    /// The places to compare them with.
    pub random: SignalRows<'a>,
}

/// The height of the means' frame and of the heat map.
const PROFILE: f64 = 60.0;
const MAP: f64 = 150.0;
/// Lines of the heat map at most; of more regions neighbours share one.
const LINES: usize = 150;
/// Between the frames and between the words above them.
const GAP: f64 = 5.0;
/// The colours reach as far as this part of the cells: a few high ones would make all others pale.
const SHOWN: f64 = 0.98;
/// From so many bases on either side on, distances are in kilobases.
const LONG: u32 = 2_000;
/// The line at the centres.
const CENTRE: Stroke = Stroke::dashed(GREY, 0.4);

/// The values of a track around the centres of regions, and around as many places drawn at random: above
/// the means over them, below the lines of all of them, sorted by their means, in one column's width.
///
/// # Errors
///
/// No region or no place; rows of other lengths; a number that is not finite.
pub fn signal_map(page: Page, map: &SignalMap) -> Result<Figure> {
    let bins = check(map)?;
    let groups = [map.regions, map.random].map(|rows| Group::new(rows, bins));
    let remark = format!(
        "{} of {} regions have a value at their centre",
        count(map.regions.rows.len()),
        count(map.given)
    );
    let (mut drawing, top) = page.headed(Width::Single, &remark);
    let means = groups.iter().flat_map(|group| group.mean.iter().flatten());
    let (low, high) = page.y_range().unwrap_or_else(|| {
        let ticks = Ticks::over(means.copied().chain([0.0]), 5);
        ticks.range()
    });
    let [colour] = page.colours([colour::of(map.element)]);
    let layout = Layout::new(
        map.flank,
        Ticks::covering(low, high, 5),
        top,
        drawing.width(),
    );
    let key = key(map.element, &groups);
    for (place, group) in groups.iter().enumerate() {
        layout.draw_words(&mut drawing, place, group);
        layout.draw_profile(&mut drawing, place);
        layout.draw_map(&mut drawing, place, group, &key);
    }
    let [regions, random] = &groups;
    // The places drawn at random beside the regions, too: there the eye compares.
    layout.draw_mean(&mut drawing, 0, random, GREY);
    layout.draw_mean(&mut drawing, 0, regions, colour);
    layout.draw_mean(&mut drawing, 1, random, GREY);
    let bottom = layout.draw_axes(&mut drawing) + GAP;
    let ends = (layout.frame(0).left, layout.frame(1).right);
    let bottom = key.draw(&mut drawing, ends, bottom, map.measure);
    let entries = entries(&groups, &key, colour);
    Ok(finish(drawing, page.title(), bottom + GAP, &entries))
}

/// How many bins a row has.
fn check(map: &SignalMap) -> Result<usize> {
    let bins = map.regions.rows.first().map_or(0, Vec::len);
    for SignalRows { name, rows } in [map.regions, map.random] {
        check::refuse_if(rows.is_empty(), || format!("{name:?} has no place"))?;
        let uneven = rows.iter().any(|row| row.len() != bins);
        check::refuse_if(uneven || bins < 2, || {
            format!("the rows of {name:?} have to be of the same bins, two or more")
        })?;
        let values = rows.iter().flatten().flatten();
        let values: Vec<f64> = values.map(|value| f64::from(*value)).collect();
        check::finite(&values, || format!("a value of {name:?}"))?;
    }
    check::refuse_if(map.flank == 0, || "no base around the centres")?;
    Ok(bins)
}

/// Rows as they are drawn.
struct Group<'a> {
    name: &'a str,
    rows: usize,
    /// The mean over all rows at each bin; none where no row has a value.
    mean: Vec<Option<f64>>,
    /// From the highest row to the lowest.
    lines: Vec<Vec<Option<f64>>>,
    /// Rows of a line, of which the last may have fewer.
    together: usize,
}

impl<'a> Group<'a> {
    fn new(SignalRows { name, rows }: SignalRows<'a>, bins: usize) -> Self {
        let mut sorted: Vec<(f64, &Vec<Option<f32>>)> =
            rows.iter().map(|row| (height(row), row)).collect();
        // Equal ones stay in their order.
        sorted.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let sorted: Vec<&Vec<Option<f32>>> = sorted.into_iter().map(|(_, row)| row).collect();
        let together = rows.len().div_ceil(LINES);
        Self {
            name,
            rows: rows.len(),
            mean: means(&sorted, bins),
            lines: sorted
                .chunks(together)
                .map(|rows| means(rows, bins))
                .collect(),
            together,
        }
    }
}

/// The mean of a row's values; the lowest number where it has none.
fn height(row: &[Option<f32>]) -> f64 {
    let values = row.iter().flatten();
    let sum: f64 = values.clone().map(|value| f64::from(*value)).sum();
    match values.count() {
        0 => f64::NEG_INFINITY,
        count => sum / count as f64,
    }
}

/// The means of rows at each bin, over those that have a value there.
fn means(rows: &[&Vec<Option<f32>>], bins: usize) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0u32); bins];
    for row in rows {
        for ((sum, count), value) in sums.iter_mut().zip(row.iter()) {
            if let Some(value) = value {
                *sum += f64::from(*value);
                *count += 1;
            }
        }
    }
    let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
    sums.into_iter().map(mean).collect()
}

/// The numbers of the lines of both groups.
fn cells<'a>(groups: &'a [Group<'a>; 2]) -> impl Iterator<Item = f64> + 'a {
    let lines = groups.iter().flat_map(|group| &group.lines);
    lines.flatten().flatten().copied()
}

/// Colours from 0 on, or on both sides of 0 where there are numbers below it.
fn key(element: Element, groups: &[Group; 2]) -> ColourKey {
    let mut sizes: Vec<f64> = cells(groups).map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    let highest = sizes.last().copied().unwrap_or_default();
    let shown = quantile(&sizes, SHOWN).filter(|shown| *shown > 0.0);
    let shown = shown.unwrap_or(highest);
    match cells(groups).any(|cell| cell < 0.0) {
        true => ColourKey::around_zero(ColourScale::DIVERGING, shown),
        false => ColourKey::new(ColourScale::of(element), shown),
    }
}

fn entries(groups: &[Group; 2], key: &ColourKey, colour: Colour) -> Vec<Entry> {
    let [regions, random] = groups;
    let line = |colour| Mark::Line(Stroke::new(colour, CURVE));
    let mut entries = vec![
        line(colour).means(format!("mean of {}", regions.name)),
        line(GREY).means(format!("mean of {}", random.name)),
    ];
    if regions.together > 1 {
        let words = format!("each line the mean of {} regions", count(regions.together));
        entries.push(Mark::None.means(words));
    }
    let mut lines = groups.iter().flat_map(|group| group.lines.iter().flatten());
    if lines.any(Option::is_none) {
        entries.push(Mark::Swatch(Paint::Fill(missing())).means("no value"));
    }
    let (low, high) = key.range();
    let (mut all, mut beyond) = (0usize, 0usize);
    for cell in cells(groups) {
        all += 1;
        beyond += usize::from(cell < low || cell > high);
    }
    if beyond > 0 {
        let part = 100.0 * beyond as f64 / all as f64;
        let words = format!("{part:.1} % of the cells lie beyond the colours’ ends");
        entries.push(Mark::None.means(words));
    }
    entries
}

fn missing() -> Colour {
    GREY.tint(0.25)
}

/// Where the two panels lie, side by side.
struct Layout {
    ticks: Ticks,
    /// Half the distances that the x axes show.
    reach: f64,
    unit: &'static str,
    top: f64,
    /// The left ends of the panels.
    lefts: [f64; 2],
    wide: f64,
}

impl Layout {
    fn new(flank: u32, ticks: Ticks, top: f64, width: f64) -> Self {
        let (reach, unit) = match flank {
            LONG.. => (f64::from(flank) / 1e3, "kb"),
            _ => (f64::from(flank), "bp"),
        };
        // The labels at the ends of the x axes stand out by half of themselves.
        let out = font::width(&grouped(-reach.floor(), 0), SMALL) / 2.0;
        let left = MARGIN + mean_axis(&ticks).depth();
        let between = 2.0 * out + 4.0;
        let wide = (width - left - MARGIN - out - between) / 2.0;
        Self {
            ticks,
            reach,
            unit,
            top: top + 3.0,
            lefts: [left, left + wide + between],
            wide,
        }
    }

    /// The frame of a panel's means.
    fn frame(&self, panel: usize) -> Rect {
        let (left, top) = (self.lefts[panel], self.top + TEXT + SMALL + 2.0 * GAP);
        Rect::between((left, top), (left + self.wide, top + PROFILE))
    }

    /// The frame of a panel's heat map.
    fn map(&self, panel: usize) -> Rect {
        let frame = self.frame(panel);
        let top = frame.bottom + GAP;
        Rect::between((frame.left, top), (frame.right, top + MAP))
    }

    fn distances(&self, frame: Rect) -> Scale {
        Scale::new((-self.reach, self.reach), (frame.left, frame.right))
    }

    fn numbers(&self, frame: Rect) -> Scale {
        Scale::new(self.ticks.range(), (frame.bottom, frame.top))
    }

    /// What the panel is of, and how many.
    fn draw_words(&self, drawing: &mut Drawing, panel: usize, group: &Group) {
        let left = self.lefts[panel];
        let at = (left, self.top + TEXT);
        drawing.text(Text::fitting(group.name, TEXT, self.wide, at));
        let words = format!("n = {}", count(group.rows));
        let at = (left, at.1 + SMALL + 2.0);
        let words = Text::fitting(&words, SMALL, self.wide, at);
        drawing.text(words.colour(GREY));
    }

    /// The frame of the means, with the axis beside the first one.
    fn draw_profile(&self, drawing: &mut Drawing, panel: usize) {
        let frame = self.frame(panel);
        let numbers = self.numbers(frame);
        let axis = mean_axis(&self.ticks);
        axis.grid(drawing, &numbers, (frame.left, frame.right));
        let middle = frame.middle().0;
        drawing.line([(middle, frame.top), (middle, frame.bottom)], CENTRE);
        match panel {
            0 => axis.left(drawing, &numbers, frame.left),
            _ => drawing.line([(frame.left, frame.top), (frame.left, frame.bottom)], AXIS),
        }
        let ground = [frame.left, frame.right].map(|x| (x, frame.bottom));
        drawing.line(ground, AXIS);
    }

    /// The curve of a group's means, at the middles of the bins.
    fn draw_mean(&self, drawing: &mut Drawing, panel: usize, group: &Group, colour: Colour) {
        let frame = self.frame(panel);
        let numbers = self.numbers(frame);
        let bin = frame.width() / group.mean.len() as f64;
        let means = group.mean.iter().enumerate();
        let points = means.filter_map(|(place, mean)| {
            let x = frame.left + (place as f64 + 0.5) * bin;
            mean.map(|mean| (x, numbers.inside(mean)))
        });
        drawing.line(points, Stroke::new(colour, CURVE));
    }

    fn draw_map(&self, drawing: &mut Drawing, panel: usize, group: &Group, key: &ColourKey) {
        let frame = self.map(panel);
        if group.lines.iter().flatten().any(Option::is_none) {
            drawing.cells([frame], missing());
        }
        let across = Scale::new((0.0, group.mean.len() as f64), (frame.left, frame.right));
        let down = Scale::new((0.0, group.lines.len() as f64), (frame.top, frame.bottom));
        let corner = |column: usize, line: usize| -> Point {
            (across.at(column as f64), down.at(line as f64))
        };
        let lines = group.lines.iter().enumerate().map(|(line, values)| {
            let cells = values.iter().enumerate().filter_map(|(column, value)| {
                let end = corner(column + 1, line + 1);
                let cell = Rect::between(corner(column, line), end);
                value.map(|value| (cell, value))
            });
            cells.collect::<Vec<_>>()
        });
        heat_map::draw(drawing, key, lines);
        drawing.rect(frame, Paint::Stroke(AXIS));
    }

    /// The axes below the heat maps and what the lines are; returns where they end.
    fn draw_axes(&self, drawing: &mut Drawing) -> f64 {
        let ticks = Ticks::whole(-self.reach, self.reach, 3);
        let axis = Axis::numbers(&ticks, "");
        let ends = [0, 1].map(|panel| {
            let frame = self.map(panel);
            axis.bottom(drawing, &self.distances(frame), frame.bottom)
        });
        let (first, last) = (self.map(0), self.map(1));
        let at = (first.left - 5.0, first.middle().1);
        let words = Text::new("sorted by mean", TEXT, at);
        drawing.text(words.anchor(Anchor::Middle).turned());
        let words = format!("distance from the centre ({})", self.unit);
        let at = ((first.left + last.right) / 2.0, ends[0] + TEXT);
        let words = Text::fitting(&words, TEXT, last.right - first.left, at);
        drawing.text(words.anchor(Anchor::Middle));
        at.1
    }
}

fn mean_axis(ticks: &Ticks) -> Axis {
    Axis::numbers(ticks, "mean")
}
