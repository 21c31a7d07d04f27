//! Matrices as letters, as high as what they tell.

use super::check;
use super::drawing::colour::{Colour, GREY, INK, SERIES};
use super::drawing::font;
use super::drawing::glyph::glyph;
use super::drawing::page::{MARGIN, SMALL, TEXT, Width, headed};
use super::drawing::{Anchor, Drawing, Figure, Paint, Point, Rect, Stroke, Text};
use crate::error::Result;

/// A matrix and what stands above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logo<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What else there is to say.
    pub remark: &'a str,
    /// The probabilities of A, C, G and T at each position.
    pub columns: &'a [[f64; 4]],
}

/// The most matrices of a figure.
pub const MOST_LOGOS: usize = 24;
/// Matrices side by side.
const COLUMNS: usize = 3;
/// Between two of them.
const APART: f64 = 14.0;
/// From the upper edge of a matrix to that of the one below.
const ROW: f64 = 58.0;
/// Where the letters begin, below the name and the remark.
const BELOW: f64 = 19.0;
/// The height of two bits.
const HEIGHT: f64 = 30.0;
/// The room for the axis.
const AXIS: f64 = 9.0;
/// The widest letter.
const WIDEST: f64 = 9.0;
/// What is lower is no letter any more.
const LOWEST: f64 = 0.15;
/// A fixed position, in bits.
const BITS: f64 = 2.0;
/// A green, C blue, G orange, T vermilion, all of Okabe and Ito's palette, as near to the usual colours
/// as colour-blind people can tell apart.
const LETTERS: [(char, Colour); 4] = [
    ('A', SERIES[2]),
    ('C', SERIES[0]),
    ('G', Colour::new(230, 159, 0)),
    ('T', SERIES[1]),
];

/// Up to [`MOST_LOGOS`] matrices as sequence logos (Schneider & Stephens 1990,
/// doi:10.1093/nar/18.20.6097) in two columns' width: at each position letters in proportion to their
/// probabilities, together as high as the position's information against a quarter of each base.
///
/// # Errors
///
/// No matrix or too many; a matrix without positions; what is no probability.
pub fn logos(title: &str, remark: &str, logos: &[Logo]) -> Result<Figure> {
    check::told_apart(logos.len(), MOST_LOGOS, "logos")?;
    for logo in logos {
        check(logo.name, logo.columns)?;
    }
    let (mut drawing, top) = headed(Width::Double, title, remark);
    let room = drawing.width() - 2.0 * MARGIN + APART;
    for (place, logo) in logos.iter().enumerate() {
        let (row, column) = (place / COLUMNS, place % COLUMNS);
        let left = MARGIN + column as f64 * room / COLUMNS as f64;
        let corner = (left, top + row as f64 * ROW);
        draw(&mut drawing, corner, room / COLUMNS as f64 - APART, logo);
    }
    let rows = logos.len().div_ceil(COLUMNS);
    let drawing = drawing.ending_at(top + rows as f64 * ROW + MARGIN);
    Ok(Figure::new(title, drawing))
}

/// A matrix as a sequence logo alone, as wide as its positions and two bits high.
///
/// # Errors
///
/// A matrix without positions; what is no probability.
pub fn logo(name: &str, columns: &[[f64; 4]]) -> Result<Figure> {
    check(name, columns)?;
    let mut drawing = Drawing::new(columns.len() as f64 * WIDEST);
    for (place, column) in columns.iter().enumerate() {
        let left = place as f64 * WIDEST;
        position(&mut drawing, (left, HEIGHT), WIDEST, column);
    }
    Ok(Figure::new(name, drawing.ending_at(HEIGHT)))
}

fn check(name: &str, columns: &[[f64; 4]]) -> Result<()> {
    check::refuse_if(columns.is_empty(), || format!("{name:?} has no positions"))?;
    check::fractions(columns.as_flattened(), || {
        format!("a probability of {name:?}")
    })
}

/// Draws a matrix with its name below a corner.
fn draw(drawing: &mut Drawing, (left, top): Point, room: f64, logo: &Logo) {
    let name = Text::fitting(logo.name, TEXT, room, (left, top + TEXT));
    drawing.text(name);
    let remark = Text::fitting(logo.remark, SMALL, room, (left, top + 2.0 * TEXT));
    drawing.text(remark.colour(GREY));
    let (first, bottom) = (left + AXIS, top + BELOW + HEIGHT);
    axis(drawing, (first - 1.5, bottom));
    let wide = WIDEST.min((room - AXIS) / logo.columns.len() as f64);
    for (place, column) in logo.columns.iter().enumerate() {
        let left = first + place as f64 * wide;
        position(drawing, (left, bottom), wide, column);
    }
}

/// The axis of information, from 0 to two bits.
fn axis(drawing: &mut Drawing, (x, bottom): Point) {
    drawing.line([(x, bottom - HEIGHT), (x, bottom)], Stroke::new(INK, 0.5));
    for (bits, y) in [("0", bottom), ("2", bottom - HEIGHT)] {
        let at = (x - 1.5, font::centred(y, SMALL));
        drawing.text(Text::new(bits, SMALL, at).anchor(Anchor::End));
    }
}

/// The letters of a position, the most probable one on top.
fn position(drawing: &mut Drawing, (left, bottom): Point, wide: f64, column: &[f64; 4]) {
    let told = |&p: &f64| if p > 0.0 { p * (4.0 * p).log2() } else { 0.0 };
    let information: f64 = column.iter().map(told).sum();
    let mut letters: Vec<(f64, (char, Colour))> = column.iter().copied().zip(LETTERS).collect();
    letters.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut base = bottom;
    for (p, (letter, colour)) in letters {
        let high = p * information.max(0.0) / BITS * HEIGHT;
        let into = Rect::between((left + 0.2, base - high), (left + wide - 0.2, base));
        if high >= LOWEST {
            drawing.path(glyph(letter, into), Paint::Fill(colour));
        }
        base -= high;
    }
}
