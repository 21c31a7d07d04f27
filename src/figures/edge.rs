//! What is drawn along a window, whether it lies or stands on the page.

use std::ops::Range;

use super::chart::axis::Scale;
use super::chart::legend::outlined;
use super::chart::spread::spread;
use super::drawing::colour::{Colour, GREY};
use super::drawing::font;
use super::drawing::page::SMALL;
use super::drawing::{Anchor, Drawing, Paint, Point, Rect, Stroke, Text};
use super::pair::WindowFigure;

/// The thickness of a bar that stands for an element.
pub const ELEMENT: f64 = 3.0;
/// The thickness of a box that stands for a top region.
const REGION: f64 = 4.0;
/// From a box to its rank.
const LEADER: f64 = 4.0;
/// How far [`Edge::top_regions`] reaches outwards from where it begins.
pub const RANKED: f64 = REGION + LEADER + SMALL;

/// The way from an edge outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Right,
}

/// A straight line along which a window's positions run, and from which marks keep a distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The window's positions along the line.
    pub along: Scale,
    /// Where the line itself lies.
    pub base: f64,
    pub way: Way,
}

impl Edge {
    /// A place on the page so far outwards of a place along the line.
    fn point(&self, along: f64, out: f64) -> Point {
        match self.way {
            Way::Up => (along, self.base - out),
            Way::Down => (along, self.base + out),
            Way::Right => (self.base + out, along),
        }
    }

    /// The rectangle of the positions that lie in the window, `thick` from `out` on.
    fn bar(&self, window: &WindowFigure, from: u32, to: u32, out: f64, thick: f64) -> Rect {
        let Range { start, end } = window.window;
        let place = |position: u32| self.along.at(position.clamp(start, end).into());
        let near = self.point(place(from), out);
        Rect::between(near, self.point(place(to), out + thick))
    }

    /// The annotated element as a bar.
    pub fn element(&self, drawing: &mut Drawing, window: &WindowFigure, out: f64, colour: Colour) {
        let Range {
            start: from,
            end: to,
        } = window.element;
        let bar = self.bar(window, from, to, out, ELEMENT);
        drawing.rect(bar, Paint::Fill(colour));
    }

    /// Marginal attention × bins as a filled step track, on a scale from numbers to distances
    /// outwards.
    pub fn steps(
        &self,
        drawing: &mut Drawing,
        window: &WindowFigure,
        height: &Scale,
        colour: Colour,
    ) {
        let mut points = Vec::with_capacity(2 * window.marginal.len() + 2);
        for (from, to, value) in window.bins() {
            let out = height.at(value);
            points.extend([from, to].map(|position| self.point(self.along.at(position), out)));
        }
        let (first, last) = self.along.page();
        points.push(self.point(last, height.at(0.0)));
        points.push(self.point(first, height.at(0.0)));
        drawing.area(points, Paint::Fill(colour));
    }

    /// A line all along, so far outwards.
    pub fn level(&self, drawing: &mut Drawing, out: f64, stroke: Stroke) {
        let (first, last) = self.along.page();
        drawing.line([first, last].map(|along| self.point(along, out)), stroke);
    }

    /// The top regions as boxes, each with its rank further outwards.
    pub fn top_regions(
        &self,
        drawing: &mut Drawing,
        window: &WindowFigure,
        out: f64,
        colour: Colour,
    ) {
        let middle = |bar: &Rect| match self.way {
            Way::Up | Way::Down => (bar.left + bar.right) / 2.0,
            Way::Right => (bar.top + bar.bottom) / 2.0,
        };
        let mut boxes: Vec<(f64, u8, Rect)> = Vec::new();
        for (region, rank) in window.top {
            let bar = self.bar(window, region.start, region.end, out, REGION);
            boxes.push((middle(&bar), *rank, bar));
        }
        boxes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (first, last) = self.along.page();
        let ends = (first.min(last), first.max(last));
        let middles: Vec<f64> = boxes.iter().map(|(middle, ..)| *middle).collect();
        let widest = boxes
            .iter()
            .map(|(_, rank, _)| font::width(&rank.to_string(), SMALL));
        // Numbers that stand above each other need their height instead.
        let apart = match self.way {
            Way::Right => SMALL,
            Way::Up | Way::Down => widest.fold(0.0, f64::max) + 1.0,
        };
        let places = spread(&middles, apart, ends);
        for ((middle, rank, bar), place) in boxes.into_iter().zip(places) {
            let box_end = self.point(middle, out + REGION);
            let rank_end = self.point(place, out + REGION + LEADER - 1.0);
            drawing.line([box_end, rank_end], Stroke::new(GREY, 0.4));
            drawing.rect(bar, outlined(colour));
            let (x, y) = self.point(place, out + REGION + LEADER + SMALL / 2.0 - 0.5);
            let at = (x, font::centred(y, SMALL));
            drawing.text(Text::new(&rank.to_string(), SMALL, at).anchor(Anchor::Middle));
        }
    }
}
