//! Two panels side by side: the enhancer's and the promoter's.

use super::axis::Axis;
use super::legend::{Entry, finish};
use super::ticks::Ticks;
use crate::element::{Element, Sides};
use crate::figures::drawing::colour::GREY;
use crate::figures::drawing::page::{MARGIN, TEXT, Width, headed};
use crate::figures::drawing::{Anchor, Drawing, Figure, Point, Rect, Text};

/// Between the lines of a panel's words.
const APART: f64 = 2.5;
/// Between a panel's words and its frame.
const BELOW: f64 = 5.0;

/// A side's panel, of one column's width.
#[derive(Debug, Clone, Copy)]
pub struct SidePanel {
    pub element: Element,
    /// Of the y axis.
    pub ticks: Ticks,
    /// The left upper corner of the frame.
    pub corner: Point,
    /// Where the panel ends on the right.
    pub right: f64,
    /// Where its words stand.
    words: Point,
}

/// A figure in two columns' width with a panel for each side, whose frames are of one size. `draw`
/// draws a panel and returns where it ends.
pub fn side_by_side<T>(
    title: &str,
    sides: &Sides<T>,
    ticks: impl Fn(&T) -> Ticks,
    draw: impl Fn(&mut Drawing, &SidePanel, &T) -> f64,
    entries: &[Entry],
) -> Figure {
    let (mut drawing, bottom) = headed(Width::Double, title, "");
    let top = bottom + 3.0;
    let ticks = sides.as_ref().map(ticks);
    let depths = ticks.map(|ticks| Axis::numbers(&ticks, "y").depth());
    let depth = depths.enhancer.max(depths.promoter);
    let mut bottom = top;
    for (element, side) in sides.iter() {
        let panel = SidePanel::new(element, *ticks.get(element), top, depth);
        bottom = bottom.max(draw(&mut drawing, &panel, side));
    }
    finish(drawing, title, bottom + 5.0, entries)
}

impl SidePanel {
    /// A panel below `top` whose y axis is so deep.
    fn new(element: Element, ticks: Ticks, top: f64, depth: f64) -> Self {
        let wide = Width::Single.points();
        let left = match element {
            Element::Enhancer => 0.0,
            Element::Promoter => Width::Double.points() - wide,
        };
        let words = (left + MARGIN, top + TEXT);
        Self {
            element,
            ticks,
            corner: (words.0 + depth, words.1 + TEXT + APART + BELOW),
            right: left + wide - MARGIN,
            words,
        }
    }

    /// Writes whose panel it is and, below, what there is to say about it.
    pub fn heading(&self, drawing: &mut Drawing, remark: &str) {
        let (left, baseline) = self.words;
        let name = match self.element {
            Element::Enhancer => "Enhancer",
            Element::Promoter => "Promoter",
        };
        drawing.text(Text::new(name, TEXT, self.words));
        let at = (left, baseline + TEXT + APART);
        let remark = Text::fitting(remark, TEXT, self.right - left, at);
        drawing.text(remark.colour(GREY));
    }

    /// Says above a frame, and in its middle, why it is empty; returns where it ends.
    pub fn empty(&self, drawing: &mut Drawing, frame: Rect, remark: &str, words: &str) -> f64 {
        self.heading(drawing, remark);
        let words = Text::fitting(words, TEXT, frame.width() - 4.0, frame.middle());
        drawing.text(words.anchor(Anchor::Middle).colour(GREY));
        frame.bottom
    }
}
