//! The numbers as a page to read.

mod controls;
mod document;
mod html;
mod knockout;
mod methods;
mod sections;
mod summary;
mod wording;

use std::path::Path;

use document::Document;

use super::figures::Figures;
use super::result::Analysis;
use crate::attention::Rank;
use crate::error::Result;

/// Writes the page.
pub fn write(analysis: &Analysis, mut figures: Figures, path: &Path) -> Result<()> {
    let [positive, negative] = analysis.pairs();
    let part = analysis.made.part.map(|part| format!("{part} part"));
    let part = part.unwrap_or("all of the run's".to_string());
    let matrices = analysis.motifs.matrices.len();
    let what = match analysis.made.rank {
        Rank::Attention => "attention",
        Rank::Contribution => "contributions",
        Rank::Activity => "predicted activity",
    };
    let figures = &mut figures;
    let document = Document {
        title: format!("What lies under the {what} of {}", analysis.name),
        about: format!(
            "{positive} positive and {negative} negative pairs ({part}); {matrices} matrices"
        ),
        summary: summary::summary(analysis),
        sections: vec![
            sections::captured(analysis, figures),
            sections::occupancy(analysis, figures),
            sections::tf_pairs(analysis, figures),
            knockout::section(analysis)?,
            controls::section(analysis),
        ],
        methods: methods::methods(analysis),
        inputs: methods::inputs(analysis),
        settings: methods::settings(analysis),
        version: analysis.made.version.clone(),
    };
    document.write(path)
}
