//! Figures for papers and slides, as SVG and PNG.
//!
//! A figure is a drawing: paths and text at places measured in points (1/72 inch), so that text
//! has the size that a journal asks for. SVG and PNG are two writings of the same drawing. Text stays text in an SVG; a PNG, and every width that a layout needs,
//! come from the embedded DejaVu Sans, which is wider than the fonts that may stand in for it.
//!
//! All coordinates are 0-based and half-open. Nothing here reads a file or knows the network.

mod axis;
mod captured_fractions;
mod check;
mod colour;
mod colour_bar;
mod comparison;
mod dendrogram;
mod drawing;
mod edge;
mod font;
mod labels;
mod learning_curve;
mod legend;
mod marker;
mod occupancy_profile;
mod page;
mod pair;
mod pair_browser;
mod pair_matrix;
mod plot;
mod png;
mod ranking_curves;
mod reliability;
mod sides;
mod spread;
mod svg;
#[cfg(test)]
mod tests;
mod tf_pair_heat_map;
mod ticks;
mod training_curves;
mod two_fractions;
mod unit_square;

use std::path::Path;

pub use captured_fractions::{CapturedMatrix, captured_fractions};
pub use comparison::{ComparisonRow, comparison};
pub use dendrogram::{Clustered, Merge};
pub use learning_curve::{LearningPoint, LearningSeries, learning_curve};
pub use occupancy_profile::{Profile, ProfilePoint, occupancy_profile};
pub use page::Width;
pub use pair::{Feature, Matrices, PairFigure, Strand, WindowFigure};
pub use pair_browser::pair_browser;
pub use pair_matrix::{Panels, pair_matrix};
pub use png::PRINT;
pub use ranking_curves::{RankedSet, precision_recall, roc};
pub use reliability::{ReliabilitySet, reliability};
pub use tf_pair_heat_map::{Interaction, TfPairCell, TfPairs, tf_pair_heat_map};
pub use training_curves::{TrainingEpoch, training_curves};
pub use two_fractions::{Classes, TwoFractions, captured_classes, occupied_capture};

use crate::error::{Error, Result};
use crate::output;
use drawing::Drawing;

/// A finished figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    title: String,
    drawing: Drawing,
}

impl Figure {
    /// Width and height in points (1/72 inch).
    pub fn size(&self) -> (f64, f64) {
        (self.drawing.width(), self.drawing.height())
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

    /// Writes the figure, complete or not at all, as its name's ending says: `.svg`, or `.png` at
    /// [`PRINT`].
    ///
    /// # Errors
    ///
    /// Another ending, a folder that cannot be written to, a full disk.
    pub fn write(&self, path: &Path) -> Result<()> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => output::write(path, self.svg()),
            Some("png") => output::write(path, self.png(PRINT)?),
            _ => Err(Error::format(path, "a figure's name ends in .svg or .png")),
        }
    }
}
