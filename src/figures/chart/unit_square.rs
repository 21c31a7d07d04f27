//! A square plot of parts of 1, with its legend below.

use super::axis::Axis;
use super::legend::{Mark, column};
use super::plot::Plot;
use super::ticks::Ticks;
use crate::figures::drawing::page::{MARGIN, heading};
use crate::figures::drawing::{Drawing, Figure, Rect};

/// A square from 0 to 1 below the heading, and where its axes end.
pub fn square(drawing: &mut Drawing, name: &str, [x, y]: [&str; 2]) -> (Plot, f64) {
    let top = heading(drawing, name, "") + 5.0;
    let ticks = Ticks::covering(0.0, 1.0, 6);
    let (x, y) = (Axis::numbers(&ticks, x), Axis::numbers(&ticks, y));
    let (left, right) = (MARGIN + y.depth(), drawing.width() - MARGIN - 6.0);
    let frame = Rect::between((left, top), (right, top + right - left));
    let plot = Plot::new(frame, (0.0, 1.0), (0.0, 1.0));
    let bottom = plot.axes(drawing, &x, &y, &ticks);
    (plot, bottom)
}

/// The figure, with its legend from below the axes on.
pub fn finish(mut drawing: Drawing, name: &str, top: f64, entries: &[(Mark, String)]) -> Figure {
    let room = drawing.width() - 2.0 * MARGIN;
    let bottom = column(&mut drawing, (MARGIN, top + 5.0), room, entries);
    Figure::new(name, drawing.ending_at(bottom + MARGIN - 2.0))
}
