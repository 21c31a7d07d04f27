//! Two panels side by side: the enhancer's and the promoter's.

use super::axis::Axis;
use super::ticks::Ticks;
use crate::element::{Element, Sides};
use crate::figures::drawing::colour::GREY;
use crate::figures::drawing::font;
use crate::figures::drawing::page::{MARGIN, TEXT, Width};
use crate::figures::drawing::{Anchor, Drawing, Rect, Text};

/// Between a panel's words and its frame.
const BELOW: f64 = 5.0;

/// Left and right end of a side's panel, of one column's width, in two columns' width.
pub fn panel(element: Element) -> (f64, f64) {
    let wide = Width::Single.points();
    let left = match element {
        Element::Enhancer => 0.0,
        Element::Promoter => Width::Double.points() - wide,
    };
    (left + MARGIN, left + wide - MARGIN)
}

/// Room for the y axes of both panels, so that their frames are of one size.
pub fn depth(ticks: Sides<Ticks>) -> f64 {
    let depths = ticks.map(|ticks| Axis::numbers(&ticks, "y").depth());
    depths.enhancer.max(depths.promoter)
}

/// Writes whose panel it is and, below, what there is to say about it; returns where they end.
pub fn panel_heading(drawing: &mut Drawing, element: Element, top: f64, remark: &str) -> f64 {
    let (left, right) = panel(element);
    let name = match element {
        Element::Enhancer => "Enhancer",
        Element::Promoter => "Promoter",
    };
    let baseline = top + TEXT;
    drawing.text(Text::new(name, TEXT, (left, baseline)));
    let remark = font::shortened(remark, TEXT, right - left);
    let at = (left, baseline + TEXT + 2.5);
    drawing.text(Text::new(&remark, TEXT, at).colour(GREY));
    at.1 + BELOW
}

/// Says in the middle of a frame why it is empty.
pub fn nothing(drawing: &mut Drawing, frame: Rect, words: &str) {
    let at = (
        (frame.left + frame.right) / 2.0,
        (frame.top + frame.bottom) / 2.0,
    );
    let words = font::shortened(words, TEXT, frame.width() - 4.0);
    let text = Text::new(&words, TEXT, at).anchor(Anchor::Middle);
    drawing.text(text.colour(GREY));
}
