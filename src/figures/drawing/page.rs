//! Sizes on the page, and a figure's heading.

use super::canvas::{Drawing, Point, Text};
use super::colour::{GREY, INK};

/// Around every figure.
pub const MARGIN: f64 = 5.0;
/// Size of a figure's name.
pub const TITLE: f64 = 8.0;
/// Size of titles of axes and of legends.
pub const TEXT: f64 = 7.0;
/// Size of numbers at ticks and of marks; no text is smaller.
pub const SMALL: f64 = 6.0;

/// Between one of several panels below each other and the next one's heading.
pub const APART: f64 = 10.0;
/// From a panel's letter to its name.
const LETTER: f64 = 11.0;

/// How wide a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// One column of a journal: 240 points, 84.7 mm.
    #[default]
    Single,
    /// Two columns, or a slide: 492 points, 173.6 mm.
    Double,
}

impl Width {
    /// In points.
    pub fn points(self) -> f64 {
        match self {
            Self::Single => 240.0,
            Self::Double => 492.0,
        }
    }
}

/// A drawing with a figure's name and, below it, what else there is to say, if anything; and where
/// they end.
pub fn headed(width: Width, name: &str, remark: &str) -> (Drawing, f64) {
    head(Drawing::new(width.points()), name, remark)
}

/// Writes the name and the remark of [`headed`] into an empty drawing.
pub fn head(mut drawing: Drawing, name: &str, remark: &str) -> (Drawing, f64) {
    let bottom = heading(&mut drawing, (MARGIN, MARGIN), name, remark);
    (drawing, bottom)
}

/// Writes the letter of one of several panels and, beside it, its name and remark as [`heading`] does;
/// returns where they end.
pub fn lettered(
    drawing: &mut Drawing,
    letter: char,
    (name, remark): (&str, &str),
    top: f64,
) -> f64 {
    let letter = Text::new(&letter.to_string(), TITLE, (MARGIN, top + TITLE));
    drawing.text(letter);
    heading(drawing, (MARGIN + LETTER, top), name, remark)
}

/// Writes a name and, below it, a remark, if there are any, from a corner on to the right margin; returns
/// where they end.
pub fn heading(drawing: &mut Drawing, (left, top): Point, name: &str, remark: &str) -> f64 {
    let room = drawing.width() - left - MARGIN;
    let mut bottom = top;
    for (words, size, colour) in [(name, TITLE, INK), (remark, TEXT, GREY)] {
        let text = Text::fitting(words, size, room, (left, bottom + size));
        if !text.letters.is_empty() {
            drawing.text(text.colour(colour));
            bottom += size + 3.5;
        }
    }
    bottom
}
