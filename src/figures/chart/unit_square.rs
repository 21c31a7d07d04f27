//! A square plot of parts of 1, with its legend below.

use super::axis::Axis;
use super::legend::{Entry, INDENT, LINE, Mark, legend};
use super::plot::{CURVE, Plot};
use super::ticks::Ticks;
use crate::figures::drawing::colour::Colour;
use crate::figures::drawing::font;
use crate::figures::drawing::page::{MARGIN, TEXT, Width};
use crate::figures::drawing::{Drawing, Figure, Page, Rect, Stroke};

/// In one column's width a square from 0 to 1 below the heading, and where its axes end.
pub fn square(page: Page, [x, y]: [&str; 2]) -> (Drawing, Plot, f64) {
    let (mut drawing, bottom) = page.headed(Width::Single, "");
    let top = bottom + 5.0;
    let ticks = Ticks::covering(0.0, 1.0, 6);
    let (x, y) = (Axis::numbers(&ticks, x), Axis::numbers(&ticks, y));
    let (left, right) = (MARGIN + y.depth(), drawing.width() - MARGIN - 6.0);
    let frame = Rect::between((left, top), (right, top + right - left));
    let plot = Plot::new(frame, (0.0, 1.0), (0.0, 1.0));
    let bottom = plot.axes(&mut drawing, &x, &y);
    (drawing, plot, bottom)
}

/// The legend's line about a curve. A long name gives way to the numbers.
pub fn about(page: Page, name: &str, numbers: &str, colour: Colour) -> Entry {
    let room = page.width(Width::Single) - 2.0 * MARGIN - INDENT;
    let name = font::shortened(name, TEXT, room - font::width(numbers, TEXT));
    Mark::Line(Stroke::new(colour, CURVE)).means(name + numbers)
}

/// The figure, with its legend from below the axes on, each entry on its own line.
pub fn finish(mut drawing: Drawing, page: Page, top: f64, entries: &[Entry]) -> Figure {
    let room = drawing.width() - 2.0 * MARGIN;
    let mut bottom = top + 5.0;
    for entry in entries.chunks(1) {
        bottom = legend(&mut drawing, (MARGIN, bottom), room, entry) + LINE - TEXT - 2.0;
    }
    Figure::new(page.title(), drawing.ending_at(bottom + MARGIN - 2.0))
}
