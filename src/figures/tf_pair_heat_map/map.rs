//! The map itself: cells, trees, names, colours.

use std::collections::BTreeMap;

use crate::element::Sides;
use crate::figures::chart::axis::AXIS;
use crate::figures::chart::colour_bar::ColourKey;
use crate::figures::chart::legend::{Entry, Mark};
use crate::figures::chart::marker::{Marker, discs};
use crate::figures::chart::ticks::count;
use crate::figures::dendrogram::Clustered;
use crate::figures::drawing::colour::{Colour, ColourScale, GREY, INK, WHITE};
use crate::figures::drawing::font;
use crate::figures::drawing::page::{MARGIN, SMALL, TEXT, Width};
use crate::figures::drawing::{Anchor, Drawing, Paint, Point, Rect, Stroke, Text};
use crate::figures::tf_pairs::{Interaction, TfPairCell, TfPairs};

/// The height of a tree.
const TREE: f64 = 34.0;
/// Between the map and what lies beside it.
const GAP: f64 = 3.0;
/// The largest name of a row or column.
const NAME: f64 = 46.0;
/// The longest side of a cell.
const CELL: f64 = 15.0;
const FIRST: Stroke = Stroke::new(INK, 0.9);
const SECOND: Stroke = Stroke::dashed(GREY, 0.45);

/// What a heat map says about its parts.
pub struct Words {
    pub rows: &'static str,
    pub columns: &'static str,
    /// What has a dot.
    pub significant: &'static str,
    /// Whether borders say what is known to interact.
    pub known: bool,
}

/// Where the parts of a heat map lie.
pub struct HeatMap<'a> {
    pairs: &'a TfPairs<'a>,
    words: &'a Words,
    /// The side of a cell.
    cell: f64,
    /// The upper left corner of the first one.
    corner: Point,
    pub key: ColourKey,
}

impl<'a> HeatMap<'a> {
    pub fn new(pairs: &'a TfPairs<'a>, words: &'a Words, top: f64) -> Self {
        let (rows, columns) = pairs.size();
        let (rows, columns) = (rows as f64, columns as f64);
        // The rows' title and tree on the left, their names on the right.
        let before = MARGIN + TEXT + GAP + tree(&pairs.factors.enhancer);
        let room = Width::Double.points() - MARGIN - before - GAP - NAME;
        let cell = (room / columns).min(room / rows).min(CELL);
        // In the middle of the page where it is smaller.
        let spare = (room - cell * columns) / 2.0;
        let corner = (before + spare, top + tree(&pairs.factors.promoter));
        let values = pairs.cells.iter().filter_map(|cell| cell.value);
        let furthest = values.map(f64::abs).fold(0.0, f64::max);
        let furthest = pairs.limit.unwrap_or(furthest);
        Self {
            pairs,
            words,
            cell,
            corner,
            key: ColourKey::around_zero(ColourScale::DIVERGING, furthest),
        }
    }

    /// The place of so many rows and columns from the corner.
    fn at(&self, row: f64, column: f64) -> Point {
        let (left, top) = self.corner;
        (left + column * self.cell, top + row * self.cell)
    }

    /// Every cell with its place.
    fn cells(&self) -> impl Iterator<Item = (Rect, &TfPairCell)> {
        let (_, columns) = self.pairs.size();
        let cells = self.pairs.cells.iter().enumerate();
        cells.map(move |(number, cell)| {
            let [row, column] = [number / columns, number % columns].map(|place| place as f64);
            let end = self.at(row + 1.0, column + 1.0);
            (Rect::between(self.at(row, column), end), cell)
        })
    }

    /// The cells, those of a colour together, with borders and dots.
    pub fn draw_cells(&self, drawing: &mut Drawing) {
        let mut levels: BTreeMap<Option<usize>, Vec<Rect>> = BTreeMap::new();
        for (place, cell) in self.cells() {
            levels.entry(self.level(cell)).or_default().push(place);
        }
        for (level, places) in levels {
            drawing.cells(places, self.colour(level));
        }
        let (rows, columns) = self.pairs.size();
        let frame = Rect::between(self.corner, self.at(rows as f64, columns as f64));
        drawing.rect(frame, Paint::Stroke(AXIS));
        for (order, stroke) in [(Interaction::Second, SECOND), (Interaction::First, FIRST)] {
            for (place, _) in self.cells().filter(|(_, cell)| cell.interaction == order) {
                drawing.rect(border(place, stroke), Paint::Stroke(stroke));
            }
        }
        for (dark, colour) in [(false, INK), (true, WHITE)] {
            let shown = |cell: &TfPairCell| cell.significant && self.is_dark(cell) == dark;
            let cells = self.cells().filter(|(_, cell)| shown(cell));
            let places: Vec<Point> = cells.map(|(place, _)| place.middle()).collect();
            let radius = 0.15 * self.cell.min(9.0);
            discs(drawing, &places, radius, Paint::Fill(colour));
        }
    }

    fn level(&self, cell: &TfPairCell) -> Option<usize> {
        cell.value.map(|value| self.key.level(value))
    }

    /// The colour of a level, or of what was not tested.
    fn colour(&self, level: Option<usize>) -> Colour {
        level.map_or(untested(), |level| self.key.scale().level(level))
    }

    fn is_dark(&self, cell: &TfPairCell) -> bool {
        self.colour(self.level(cell)).is_dark()
    }

    pub fn draw_trees(&self, drawing: &mut Drawing) {
        let up = |part: f64| GAP + part * TREE;
        let Sides { enhancer, promoter } = &self.pairs.factors;
        enhancer.draw(drawing, |along, part| {
            let (x, y) = self.at(along, 0.0);
            (x - up(part), y)
        });
        promoter.draw(drawing, |along, part| {
            let (x, y) = self.at(0.0, along);
            (x, y - up(part))
        });
    }

    /// Names on the right and below, and what they are; returns where they end.
    pub fn draw_names(&self, drawing: &mut Drawing) -> f64 {
        let Sides { enhancer, promoter } = &self.pairs.factors;
        let (rows, columns) = self.pairs.size();
        let (right, bottom) = self.at(rows as f64, columns as f64);
        for (place, name) in enhancer.names.iter().enumerate() {
            let middle = self.at(place as f64 + 0.5, 0.0).1;
            let at = (right + GAP, font::centred(middle, SMALL));
            drawing.text(Text::fitting(name, SMALL, NAME, at));
        }
        let mut longest = 0.0f64;
        for (place, name) in promoter.names.iter().enumerate() {
            let middle = self.at(0.0, place as f64 + 0.5).0;
            let at = (font::centred(middle, SMALL), bottom + GAP);
            let text = Text::fitting(name, SMALL, NAME, at);
            let text = text.anchor(Anchor::End).turned();
            longest = longest.max(text.width());
            drawing.text(text);
        }
        let (left, top) = self.corner;
        let at = (left - tree(enhancer) - GAP - 1.0, (top + bottom) / 2.0);
        if self.titled() {
            let rows = Text::new(self.words.rows, TEXT, at);
            drawing.text(rows.anchor(Anchor::Middle).turned());
        }
        let at = ((left + right) / 2.0, bottom + GAP + longest + GAP + TEXT);
        drawing.text(Text::new(self.words.columns, TEXT, at).anchor(Anchor::Middle));
        at.1
    }

    /// Whether there is room beside the rows to say what they are.
    fn titled(&self) -> bool {
        let rows = font::width(self.words.rows, TEXT);
        rows <= self.pairs.factors.enhancer.names.len() as f64 * self.cell
    }

    pub fn entries(&self) -> Vec<Entry> {
        let number = |which: &dyn Fn(&TfPairCell) -> bool| {
            let cells = self.pairs.cells.iter();
            cells.filter(|cell| which(cell)).count()
        };
        let interacting = |order: Interaction| count(number(&|cell| cell.interaction == order));
        let significant = count(number(&|cell| cell.significant));
        let called = format!("{} ({significant})", self.words.significant);
        let mut entries = vec![Mark::Point(Marker::Circle, INK).means(called)];
        if self.words.known {
            let first = interacting(Interaction::First);
            let second = interacting(Interaction::Second);
            entries.extend([
                Mark::Swatch(Paint::Stroke(FIRST)).means(format!("known to interact ({first})")),
                Mark::Swatch(Paint::Stroke(SECOND))
                    .means(format!("share a partner, second order ({second})")),
            ]);
        }
        let missing = number(&|cell| cell.value.is_none());
        if missing > 0 {
            let words = format!("not tested ({})", count(missing));
            entries.push(Mark::Swatch(Paint::Fill(untested())).means(words));
        }
        if !self.titled() {
            entries.push(Mark::None.means(format!("rows: {}", self.words.rows)));
        }
        if !self.pairs.controls.is_empty() {
            entries.push(Mark::None.means(self.pairs.controls));
        }
        let (low, high) = self.key.range();
        let outside = |value: f64| value < low || value > high;
        let beyond = number(&|cell| cell.value.is_some_and(outside));
        if beyond > 0 {
            let words = format!("{} beyond ±{high}, in the ends’ colours", count(beyond));
            entries.push(Mark::None.means(words));
        }
        entries
    }
}

/// The room that a tree takes.
fn tree(side: &Clustered) -> f64 {
    match side.merges.is_empty() {
        true => 0.0,
        false => TREE + GAP,
    }
}

fn untested() -> Colour {
    GREY.tint(0.45)
}

/// A border that lies inside its cell.
fn border(cell: Rect, stroke: Stroke) -> Rect {
    cell.grown(-(stroke.width / 2.0 + 0.15))
}
