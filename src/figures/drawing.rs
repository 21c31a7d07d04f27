//! What every figure is drawn with: paths and text on a page, written as SVG, PDF or PNG.
//!
//! No plotting library: plotters draws neither dendrograms nor names that keep clear of each other,
//! and measures text by a font of the machine's, with which the same figure has other bytes.

pub mod canvas;
pub mod colour;
mod figure;
pub mod font;
pub mod glyph;
pub mod labels;
mod look;
pub mod page;
mod pdf;
mod png;
mod svg;

pub use canvas::{Anchor, Drawing, Paint, Point, Rect, Step, Stroke, Text};
pub use figure::{Figure, files, remove};
pub use look::{Look, Page};
pub use png::PRINT;
