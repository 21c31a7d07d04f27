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
pub struct Edge<'a> {
    pub window: &'a WindowFigure<'a>,
    /// Of the window's element.
    pub colour: Colour,
    /// The window's positions along the line.
    pub along: Scale,
    /// Where the line itself lies.
    pub base: f64,
    pub way: Way,
}

impl Edge<'_> {
    /// A place on the page so far outwards of a place along the line.
    fn point(&self, along: f64, out: f64) -> Point {
        match self.way {
            Way::Up => (along, self.base - out),
            Way::Down => (along, self.base + out),
            Way::Right => (self.base + out, along),
        }
    }

    /// The rectangle of the bases that lie in the window, `thick` from `out` on.
    fn bar(&self, bases: &Range<u32>, out: f64, thick: f64) -> Rect {
        let Range { start, end } = self.window.window;
        let place = |position: u32| self.along.at(position.clamp(start, end).into());
        let near = self.point(place(bases.start), out);
        Rect::between(near, self.point(place(bases.end), out + thick))
    }

    /// The annotated element as a bar.
    pub fn element(&self, drawing: &mut Drawing, out: f64) {
        let bar = self.bar(&self.window.element, out, ELEMENT);
        drawing.rect(bar, Paint::Fill(self.colour));
    }

    /// Marginal attention × bins as a filled step track, on a scale from numbers to distances
    /// outwards, beyond which it does not reach.
    pub fn steps(&self, drawing: &mut Drawing, height: &Scale) {
        let mut points = Vec::with_capacity(2 * self.window.marginal.len() + 2);
        for (from, to, value) in self.window.bins() {
            let out = height.inside(value);
            points.extend([from, to].map(|position| self.point(self.along.at(position), out)));
        }
        let (first, last) = self.along.page();
        points.extend([last, first].map(|along| self.point(along, height.inside(0.0))));
        drawing.area(points, Paint::Fill(self.colour));
    }

    /// A line all along, so far outwards.
    pub fn level(&self, drawing: &mut Drawing, out: f64, stroke: Stroke) {
        let (first, last) = self.along.page();
        drawing.line([first, last].map(|along| self.point(along, out)), stroke);
    }

    /// The top regions as boxes, each with its rank further outwards.
    pub fn top_regions(&self, drawing: &mut Drawing, out: f64) {
        let middle = |bar: &Rect| match self.way {
            Way::Up | Way::Down => bar.middle().0,
            Way::Right => bar.middle().1,
        };
        let mut boxes: Vec<(f64, u8, Rect)> = Vec::new();
        for (region, rank) in &self.window.top {
            let bar = self.bar(region, out, REGION);
            boxes.push((middle(&bar), *rank, bar));
        }
        boxes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (first, last) = self.along.page();
        let ends = (first.min(last), first.max(last));
        let middles: Vec<f64> = boxes.iter().map(|(middle, ..)| *middle).collect();
        let wide = |(_, rank, _): &(f64, u8, Rect)| font::width(&rank.to_string(), SMALL);
        // Numbers that stand above each other need their height instead.
        let apart = match self.way {
            Way::Right => SMALL,
            Way::Up | Way::Down => boxes.iter().map(wide).fold(0.0, f64::max) + 1.0,
        };
        let places = spread(&middles, apart, ends);
        for ((middle, rank, bar), place) in boxes.into_iter().zip(places) {
            let box_end = self.point(middle, out + REGION);
            let rank_end = self.point(place, out + REGION + LEADER - 1.0);
            drawing.line([box_end, rank_end], Stroke::new(GREY, 0.4));
            drawing.rect(bar, outlined(self.colour));
            let (x, y) = self.point(place, out + REGION + LEADER + SMALL / 2.0 - 0.5);
            let at = (x, font::centred(y, SMALL));
            drawing.text(Text::new(&rank.to_string(), SMALL, at).anchor(Anchor::Middle));
        }
    }
}
