//! Methods beside each other.

use std::collections::BTreeSet;

use super::chart::axis::{AXIS, Axis, Scale};
use super::chart::legend::{Mark, finish, points};
use super::chart::marker::{METHODS, Marker, looks};
use super::chart::ticks::{self, Ticks};
use super::check;
use super::drawing::colour::{Colour, GREY, INK};
use super::drawing::font;
use super::drawing::page::{MARGIN, SMALL, TEXT, Width, headed};
use super::drawing::{Anchor, Drawing, Figure, Paint, Rect, Stroke, Text};
use crate::error::Result;
use crate::statistics::Interval;

/// How good a method is at one cell line with one way to split the pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ComparisonRow<'a> {
    /// The method.
    pub method: &'a str,
    /// The cell line.
    pub cell_line: &'a str,
    /// How training and test pairs were kept apart.
    pub split: &'a str,
    /// Test pairs.
    pub pairs: usize,
    /// Area under the receiver operating characteristic.
    pub auroc: Option<Interval>,
    /// Area under the precision–recall curve.
    pub auprc: Option<Interval>,
    /// The area under the precision–recall curve by chance: the part of positives among the test pairs.
    pub chance: Option<f64>,
    /// F1.
    pub f1: Option<Interval>,
}

type Measure = (
    &'static str,
    for<'a> fn(&ComparisonRow<'a>) -> Option<Interval>,
);

const MEASURES: [Measure; 3] = [
    ("AUROC", |row| row.auroc),
    ("AUPRC", |row| row.auprc),
    ("F1", |row| row.f1),
];

/// The height of a panel.
const HEIGHT: f64 = 84.0;
/// Between panels side by side.
const APART: f64 = 10.0;
/// The least distance between the points of two methods.
const PITCH: f64 = 3.0;
/// The longest name of a cell line that reads upwards.
const LONGEST: f64 = 50.0;
/// From a line of words about a group to the next.
const LINE: f64 = SMALL + 1.5;
const CHANCE: Stroke = Stroke::dashed(GREY, 0.6);

/// AUROC, AUPRC and F1 (rows of panels) of up to `METHODS` methods with their 95 % intervals,
/// for every cell line (groups) and every split (panels side by side as far as there is room), in
/// two columns' width. Methods, cell lines and splits keep the order in which they first come; a
/// measure that is none of the rows' is left out.
///
/// # Errors
///
/// No row, no measure at all, too many methods to be told apart, too many cell lines for the page, two rows for the
/// same method, cell line and split, a number that is not finite or no part of 1.
pub fn comparison(title: &str, rows: &[ComparisonRow]) -> Result<Figure> {
    check(rows)?;
    let layout = Layout::new(rows)?;
    let (mut drawing, bottom) = headed(Width::Double, title, "");
    let mut top = bottom + 3.0;
    let shown = |measure: &Measure| rows.iter().any(|row| measure.1(row).is_some());
    let measures: Vec<Measure> = MEASURES.into_iter().filter(shown).collect();
    for (place, measure) in measures.iter().enumerate() {
        let last = place + 1 == measures.len();
        top = layout.draw_measure(&mut drawing, *measure, top, last) + 4.0;
    }
    let mut entries = points(&layout.methods);
    entries.push(Mark::None.means("lines: 95% intervals"));
    if measures.iter().any(|measure| layout.shows_chance(*measure)) {
        entries.push(Mark::Line(CHANCE).means("by chance"));
    }
    entries.push(Mark::None.means("n: test pairs"));
    Ok(finish(drawing, title, top + 1.0, &entries))
}

fn check(rows: &[ComparisonRow]) -> Result<()> {
    let mut seen = BTreeSet::new();
    let mut measured = false;
    for row in rows {
        let (method, cell_line, split) = (row.method, row.cell_line, row.split);
        check::refuse_if(!seen.insert((method, cell_line, split)), || {
            format!("{method:?} at {cell_line:?} with split {split:?} comes twice")
        })?;
        check::fractions(row.chance.as_slice(), || {
            format!("the AUPRC by chance at {cell_line:?}, {split:?}")
        })?;
        for (name, of) in MEASURES {
            if let Some(interval) = of(row) {
                measured = true;
                let what = || format!("the {name} of {method:?} at {cell_line:?}, {split:?}");
                check::fractions(&[interval.value, interval.low, interval.high], what)?;
                check::interval(interval, what)?;
            }
        }
    }
    check::refuse_if(!measured, || "no method has a measure")
}

/// What a method gets of a measure that knows nothing, if that is one number.
fn by_chance(measure: Measure, row: &ComparisonRow) -> Option<f64> {
    match measure.0 {
        "AUROC" => Some(0.5),
        "AUPRC" => row.chance,
        _ => None,
    }
}

/// Which panels there are, and how large.
struct Layout<'a> {
    rows: &'a [ComparisonRow<'a>],
    methods: Vec<&'a str>,
    looks: Vec<(Marker, Colour)>,
    cell_lines: Vec<&'a str>,
    splits: Vec<&'a str>,
    /// Panels side by side.
    across: usize,
    /// Whether the names of the cell lines, and the numbers of pairs, read upwards.
    turned: bool,
}

/// What differs, in the order in which it first comes.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Where a name stands among those of its kind.
fn position(names: &[&str], name: &str) -> usize {
    let found = names.iter().position(|other| *other == name);
    found.unwrap_or(0)
}

/// Room for the axis of a panel: that of `0.0`.
fn depth() -> f64 {
    Axis::numbers(&Ticks::covering(0.0, 1.0, 6), "F1").depth()
}

fn frame_width(across: usize) -> f64 {
    let room = Width::Double.points() - 2.0 * MARGIN;
    (room - (across - 1) as f64 * APART) / across as f64 - depth()
}

impl<'a> Layout<'a> {
    fn new(rows: &'a [ComparisonRow<'a>]) -> Result<Self> {
        let methods = distinct(rows.iter().map(|row| row.method));
        let cell_lines = distinct(rows.iter().map(|row| row.cell_line));
        let splits = distinct(rows.iter().map(|row| row.split));
        let [many, lines] = [methods.len(), cell_lines.len()];
        check::refuse_if(many > METHODS, || {
            format!("{many} methods: {METHODS} can be told apart")
        })?;
        // A gap of two points is between the groups.
        let points = lines * (many + 2);
        let fits = |across: &usize| frame_width(*across) / points as f64 >= PITCH;
        let across = (1..=splits.len()).rev().find(fits).ok_or_else(|| {
            check::undefined(format!("{many} methods at {lines} cell lines have no room"))
        })?;
        let group = frame_width(across) / lines as f64;
        let words = |row: &ComparisonRow| [row.cell_line.to_string(), count(row.pairs)];
        let mut words = rows.iter().flat_map(words);
        let turned = words.any(|words| font::width(&words, SMALL) > group - 2.0);
        check::refuse_if(turned && group < 2.0 * LINE, || {
            format!("{lines} cell lines have no room side by side")
        })?;
        Ok(Self {
            turned,
            rows,
            looks: looks(&methods),
            methods,
            cell_lines,
            splits,
            across,
        })
    }

    fn ticks(&self, measure: Measure) -> Ticks {
        let intervals = self.rows.iter().filter_map(measure.1);
        let numbers = intervals.flat_map(|of| [of.low, of.high, of.value]);
        // An AUPRC says little without what chance gives; an AUROC's chance is known to all.
        let is_auprc = measure.0 == MEASURES[1].0;
        let chances = self.chances(measure).filter(|_| is_auprc);
        Ticks::over(numbers.chain(chances), 6)
    }

    /// What chance gives of a measure, for each row that has the measure.
    fn chances(&self, measure: Measure) -> impl Iterator<Item = f64> {
        let rows = self.rows.iter().filter(move |row| measure.1(row).is_some());
        rows.filter_map(move |row| by_chance(measure, row))
    }

    /// Whether a line of chance lies in the panels of a measure.
    fn shows_chance(&self, measure: Measure) -> bool {
        let (low, high) = self.ticks(measure).range();
        self.chances(measure)
            .any(|chance| (low..=high).contains(&chance))
    }

    /// Draws a measure's panels; returns where they end. Where those of all measures stand in
    /// columns, only the last have the cell lines below them.
    fn draw_measure(&self, drawing: &mut Drawing, measure: Measure, top: f64, last: bool) -> f64 {
        let named = last || self.across < self.splits.len();
        let wide = frame_width(self.across);
        let mut top = top;
        for splits in self.splits.chunks(self.across) {
            let frame_top = top + TEXT + 4.0;
            let mut bottom = frame_top + HEIGHT;
            for (place, split) in splits.iter().enumerate() {
                let left = MARGIN + depth() + place as f64 * (wide + depth() + APART);
                let name = Text::fitting(split, TEXT, wide, (left, top + TEXT));
                drawing.text(name.colour(GREY));
                let corner = (left + wide, frame_top + HEIGHT);
                let frame = Rect::between((left, frame_top), corner);
                self.draw_panel(drawing, frame, measure, split);
                if named {
                    bottom = bottom.max(self.draw_groups(drawing, frame, split));
                }
            }
            top = bottom + 5.0;
        }
        top
    }

    fn draw_panel(&self, drawing: &mut Drawing, frame: Rect, measure: Measure, split: &str) {
        let (name, of) = measure;
        let ticks = self.ticks(measure);
        let y = Scale::new(ticks.range(), (frame.bottom, frame.top));
        let group = frame.width() / self.cell_lines.len() as f64;
        for place in (1..self.cell_lines.len()).step_by(2) {
            let left = frame.left + place as f64 * group;
            let shaded = Rect::between((left, frame.top), (left + group, frame.bottom));
            drawing.rect(shaded, Paint::Fill(GREY.tint(0.08)));
        }
        let axis = Axis::numbers(&ticks, name);
        axis.grid(drawing, &y, (frame.left, frame.right));
        self.draw_chance(drawing, frame, measure, split);
        let pitch = (group / (self.methods.len() as f64 + 1.0)).min(12.0);
        for row in self.rows.iter().filter(|row| row.split == split) {
            let method = position(&self.methods, row.method);
            let Some(interval) = of(row) else { continue };
            let (marker, colour) = self.looks[method];
            // The points of a group stand in its middle.
            let line = position(&self.cell_lines, row.cell_line) as f64;
            let middle = frame.left + (line + 0.5) * group;
            let x = middle + (method as f64 - (self.methods.len() - 1) as f64 / 2.0) * pitch;
            let ends = [interval.low, interval.high].map(|end| (x, y.at(end)));
            drawing.line(ends, Stroke::new(colour, 0.8));
            let at = (x, y.at(interval.value));
            marker.draw(drawing, at, (group / 30.0).clamp(1.4, 2.1), colour);
        }
        axis.left(drawing, &y, frame.left);
        let ends = [frame.left, frame.right].map(|x| (x, frame.bottom));
        drawing.line(ends, AXIS);
    }

    /// Draws what chance gives, as far as it lies in the panel, for each cell line.
    fn draw_chance(&self, drawing: &mut Drawing, frame: Rect, measure: Measure, split: &str) {
        let ticks = self.ticks(measure);
        let y = Scale::new(ticks.range(), (frame.bottom, frame.top));
        let (low, high) = ticks.range();
        let group = frame.width() / self.cell_lines.len() as f64;
        for (place, line) in self.cell_lines.iter().enumerate() {
            let here = |row: &&ComparisonRow| row.cell_line == *line && row.split == split;
            let mut rows = self.rows.iter().filter(here);
            let chance = rows.find_map(|row| measure.1(row).and(by_chance(measure, row)));
            let left = frame.left + place as f64 * group;
            if let Some(chance) = chance.filter(|chance| (low..=high).contains(chance)) {
                drawing.line([left, left + group].map(|x| (x, y.at(chance))), CHANCE);
            }
        }
    }

    /// Writes the cell lines and their numbers of pairs below a panel; returns where they end.
    fn draw_groups(&self, drawing: &mut Drawing, frame: Rect, split: &str) -> f64 {
        let group = frame.width() / self.cell_lines.len() as f64;
        let mut bottom = frame.bottom;
        for (place, line) in self.cell_lines.iter().enumerate() {
            let middle = frame.left + (place as f64 + 0.5) * group;
            let here = |row: &&ComparisonRow| row.cell_line == *line && row.split == split;
            let counts: Vec<usize> = self.rows.iter().filter(here).map(|row| row.pairs).collect();
            let same = counts.windows(2).all(|two| two[0] == two[1]);
            // Methods that saw different pairs have no one number.
            let pairs = counts.first().filter(|_| same);
            let pairs = pairs.map_or(String::new(), |pairs| count(*pairs));
            let lines = [line.to_string(), pairs];
            for (words, (number, colour)) in lines.iter().zip([(0.0, INK), (1.0, GREY)]) {
                let text = self.group_text(words, (middle, frame.bottom + 3.0), number);
                bottom = bottom.max(match self.turned {
                    true => text.at.1 + text.width(),
                    false => text.at.1 + 1.5,
                });
                drawing.text(text.colour(colour));
            }
        }
        bottom
    }

    /// The first or second line of words about a group, centred below a place.
    fn group_text(&self, words: &str, (middle, top): (f64, f64), number: f64) -> Text {
        if self.turned {
            let x = font::centred(middle + (number - 0.5) * LINE, SMALL);
            let text = Text::fitting(words, SMALL, LONGEST, (x, top));
            return text.anchor(Anchor::End).turned();
        }
        let at = (middle, top + 0.76 * SMALL + number * LINE);
        Text::new(words, SMALL, at).anchor(Anchor::Middle)
    }
}

fn count(pairs: usize) -> String {
    format!("n={}", ticks::count(pairs))
}
