//! Figures for papers and slides, as SVG, PDF and PNG.
//!
//! A figure is a drawing: paths and text at places measured in points (1/72 inch), so that text
//! has the size that a journal asks for. SVG, PDF and PNG are three writings of the same drawing. Text stays text in
//! an SVG and in a PDF; a PNG, and every width that a layout needs, come from the embedded DejaVu Sans, which is wider than the fonts that may stand in for it.
//!
//! Three floors: `drawing` knows the page, `chart` what stands on axes, and each other file what
//! one figure says.
//!
//! All coordinates are 0-based and half-open. Nothing here reads a file or knows the network.

mod captured_fractions;
mod chart;
mod check;
mod comparison;
mod dendrogram;
mod drawing;
mod edge;
mod knocked_out;
mod learning_curve;
mod logos;
mod occupancy_profile;
mod pair;
mod pair_browser;
mod pair_matrix;
mod ranking_curves;
mod region;
mod region_browser;
mod reliability;
mod sanity;
mod signal_map;
#[cfg(test)]
mod tests;
mod tf_pair_heat_map;
mod tf_pairs;
mod track;
mod training_curves;
mod two_fractions;

pub use captured_fractions::{CapturedMatrix, captured_fractions};
pub use comparison::{ComparisonRow, comparison};
pub use dendrogram::{Clustered, Merge};
pub use drawing::colour::Colour;
pub use drawing::page::Width;
pub use drawing::{Figure, Look, PRINT, Page, files, remove};
pub use knocked_out::{KnockedOut, knocked_out};
pub use learning_curve::{LearningPoint, LearningSeries, learning_curve};
pub use logos::{Logo, MOST_LOGOS, logo, logos};
pub use occupancy_profile::{Profile, ProfilePoint, occupancy_profile};
pub use pair::{Matrices, PairFigure, WindowFigure};
pub use pair_browser::pair_browser;
pub use pair_matrix::{Panels, pair_matrix};
pub use ranking_curves::{RankedSet, precision_recall, roc};
pub use region::{RegionFigure, RegionPair, RegionSide};
pub use region_browser::region_browser;
pub use reliability::{ReliabilitySet, reliability};
pub use sanity::{SanitySeries, sanity};
pub use signal_map::{SignalMap, SignalRows, signal_map};
pub use tf_pair_heat_map::{knock_out_heat_map, tf_pair_heat_map};
pub use tf_pairs::{Interaction, TfPairCell, TfPairs};
pub use track::{Feature, Gene, Track, TrackContent};
pub use training_curves::training_curves;
pub use two_fractions::{TwoFractions, captured_classes, occupied_capture};
