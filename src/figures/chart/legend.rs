//! What the marks of a figure mean.

use super::marker::{Marker, looks};
use super::plot::circle;
use crate::figures::drawing::colour::Colour;
use crate::figures::drawing::font;
use crate::figures::drawing::page::{MARGIN, TEXT};
use crate::figures::drawing::{Drawing, Figure, Paint, Rect, Stroke, Text};

/// The width of a mark.
const MARK: f64 = 11.0;
/// From one line to the next.
pub const LINE: f64 = TEXT + 3.5;
/// Between an entry and the one behind it.
const APART: f64 = 9.0;
/// Between a mark and its text.
const GAP: f64 = 3.0;

/// What an entry needs beside its text.
pub const INDENT: f64 = MARK + GAP;

/// A sample of what is explained.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    Line(Stroke),
    /// One in each colour, side by side.
    Boxes([Colour; 2]),
    /// As [`Mark::Boxes`], filled with a tint.
    Outlines([Colour; 2]),
    /// As [`Mark::Boxes`], but flat.
    Bars([Colour; 2]),
    /// As [`Mark::Boxes`], but discs.
    Discs([Paint; 2]),
    /// One box.
    Swatch(Paint),
    /// A point of a method.
    Point(Marker, Colour),
    /// More about the entry before.
    None,
}

/// A sample with what it means.
pub type Entry = (Mark, String);

impl Mark {
    /// The mark's entry in a legend.
    pub fn means(self, text: impl Into<String>) -> Entry {
        (self, text.into())
    }
}

/// The entries of methods, each with its mark.
pub fn points(names: &[&str]) -> Vec<Entry> {
    names
        .iter()
        .zip(looks(names))
        .map(|(name, (marker, colour))| Mark::Point(marker, colour).means(*name))
        .collect()
}

/// Writes the entries in lines of a width below `top`; returns where they end.
pub fn legend(
    drawing: &mut Drawing,
    (left, top): (f64, f64),
    width: f64,
    entries: &[Entry],
) -> f64 {
    let (mut x, mut baseline) = (left, top + TEXT);
    for (mark, text) in entries {
        let text = font::shortened(text, TEXT, width - INDENT);
        let wide = INDENT + font::width(&text, TEXT);
        if x > left && x + wide > left + width {
            (x, baseline) = (left, baseline + LINE);
        }
        draw_mark(drawing, *mark, (x, baseline));
        drawing.text(Text::new(&text, TEXT, (x + INDENT, baseline)));
        x += wide + APART;
    }
    baseline + 2.0
}

/// The figure, with its legend from `top` on.
pub fn finish(mut drawing: Drawing, title: &str, top: f64, entries: &[Entry]) -> Figure {
    let room = drawing.width() - 2.0 * MARGIN;
    let bottom = legend(&mut drawing, (MARGIN, top), room, entries);
    Figure::new(title, drawing.ending_at(bottom + MARGIN))
}

fn draw_mark(drawing: &mut Drawing, mark: Mark, (x, baseline): (f64, f64)) {
    let middle = font::middle(baseline, TEXT);
    let mut pair = |height: f64, paints: [Paint; 2]| {
        for (side, paint) in paints.into_iter().enumerate() {
            let left = x + side as f64 * MARK / 2.0;
            let corner = (left + MARK / 2.0 - 0.75, middle + height / 2.0);
            drawing.rect(Rect::between((left, middle - height / 2.0), corner), paint);
        }
    };
    match mark {
        Mark::Line(stroke) => drawing.line([(x, middle), (x + MARK, middle)], stroke),
        Mark::Boxes(colours) => pair(5.0, colours.map(Paint::Fill)),
        Mark::Bars(colours) => pair(2.4, colours.map(Paint::Fill)),
        Mark::Outlines(colours) => pair(4.0, colours.map(outlined)),
        Mark::Discs(paints) => {
            for (side, paint) in paints.into_iter().enumerate() {
                let x = x + (side as f64 + 0.5) * MARK / 2.0;
                drawing.path(circle((x, middle), 2.0), paint);
            }
        }
        Mark::Swatch(paint) => {
            let corner = (x + MARK - 1.0, middle + 3.0);
            drawing.rect(Rect::between((x + 1.0, middle - 3.0), corner), paint);
        }
        Mark::Point(marker, colour) => {
            marker.draw(drawing, (x + MARK / 2.0, middle), 2.2, colour);
        }
        Mark::None => {}
    }
}

/// A box that shows what lies in it.
pub fn outlined(colour: Colour) -> Paint {
    Paint::Outlined(colour.tint(0.35), Stroke::new(colour, 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::drawing::colour::{GREY, INK};

    #[test]
    fn entries_wrap_and_stay_inside() {
        let mut drawing = Drawing::new(200.0);
        let entries = [
            "first entry",
            "second entry",
            "third entry",
            &"long ".repeat(30),
        ];
        let entries = entries.map(|text| (Mark::Boxes([INK, GREY]), text.to_string()));
        let end = legend(&mut drawing, (10.0, 20.0), 120.0, &entries);
        let texts = drawing.shapes().iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            Shape::Path(..) => None,
        });
        let mut lines = Vec::new();
        for text in texts {
            assert!(text.at.0 + text.width() <= 130.0, "{text:?}");
            lines.push(text.at.1);
        }
        assert_eq!(lines.len(), 4);
        assert!(lines.is_sorted() && lines[0] >= 20.0 && lines[3] < end);
        assert!(lines[3] - lines[0] >= 2.0 * LINE);
    }
}
