//! A finished figure and its files.

use std::path::Path;

use super::canvas::Drawing;
use super::pdf;
use super::png::{self, PRINT};
use super::svg;
use crate::error::{Error, Result};
use crate::output;

/// A finished figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    title: String,
    drawing: Drawing,
}

impl Figure {
    /// A drawing that has its lower edge, and what it is called.
    pub(in crate::figures) fn new(title: &str, drawing: Drawing) -> Self {
        Self {
            title: title.to_string(),
            drawing: drawing.enlarged(),
        }
    }

    /// What is drawn.
    #[cfg(test)]
    pub(in crate::figures) fn drawing(&self) -> &Drawing {
        &self.drawing
    }

    /// Width in points (1/72 inch).
    pub fn width(&self) -> f64 {
        self.drawing.width()
    }

    /// The figure as an SVG file.
    pub fn svg(&self) -> String {
        svg::render(&self.drawing, &self.title)
    }

    /// The figure as a PNG file of so many pixels for each point; [`PRINT`] is what journals ask
    /// for. The file says how large it is on paper.
    ///
    /// # Errors
    ///
    /// A picture without pixels, or with more than some 400 million.
    pub fn png(&self, pixels_per_unit: f32) -> Result<Vec<u8>> {
        png::render(&self.drawing, pixels_per_unit)
    }

    /// The figure as a PDF file, whose text is text.
    ///
    /// # Errors
    ///
    /// None that a figure has led to: what compresses the page may tell one.
    pub fn pdf(&self) -> Result<Vec<u8>> {
        pdf::render(&self.drawing, &self.title)
    }

    /// Writes the figure, complete or not at all, as its name's ending says: `.svg`, `.pdf`, or `.png`
    /// at [`PRINT`].
    ///
    /// # Errors
    ///
    /// Another ending, a folder that cannot be written to, a full disk.
    pub fn write(&self, path: &Path) -> Result<()> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => output::write(path, self.svg()),
            Some("png") => output::write(path, self.png(PRINT)?),
            Some("pdf") => output::write(path, self.pdf()?),
            _ => {
                let problem = "a figure's name ends in .svg, .pdf or .png";
                Err(Error::format(path, problem))
            }
        }
    }
}
