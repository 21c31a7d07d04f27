//! What every figure is drawn with: paths and text on a page, written as SVG or PNG.
//!
//! No plotting library: plotters draws neither dendrograms nor names that keep clear of each other,
//! and measures text by a font of the machine's, with which the same figure has other bytes.

pub mod canvas;
pub mod colour;
mod figure;
pub mod font;
pub mod glyph;
pub mod labels;
pub mod page;
mod png;
mod svg;

pub use canvas::{Anchor, Drawing, Paint, Point, Rect, Step, Stroke, Text};
pub use figure::Figure;
pub use png::PRINT;
