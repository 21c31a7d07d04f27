//! The numbers as a page to read.

mod document;
mod methods;
mod sections;
mod summary;

use super::Analysis;
use super::figures::Figures;
use crate::analysis::report::document::Report;
use crate::element::Element;
use crate::enrichment::captured::{Captured, Comparison};
use crate::error::Result;

const SIDES: [Element; 2] = [Element::Enhancer, Element::Promoter];

/// The page.
pub fn html(analysis: &Analysis, mut figures: Figures) -> Result<String> {
    let [positive, negative] = analysis.pairs();
    let figures = &mut figures;
    let report = Report {
        title: format!("What lies under the attention of {}", analysis.name),
        about: format!(
            "{positive} positive and {negative} negative pairs ({}); {} matrices",
            analysis
                .made
                .part
                .map_or("all of the run's".to_string(), |part| format!(
                    "{part} part"
                )),
            analysis.motifs.matrices.len()
        ),
        summary: summary::summary(analysis),
        sections: vec![
            sections::captured(analysis, figures),
            sections::occupancy(analysis, figures),
            sections::tf_pairs(analysis, figures),
        ],
        methods: methods::methods(analysis),
        inputs: methods::inputs(analysis),
        settings: methods::settings(analysis),
        version: analysis.made.version.clone(),
    };
    report.html()
}

/// The matrices of a side of the positive pairs about which a statement is made, the smallest
/// p-value first.
fn stated(analysis: &Analysis, element: Element) -> Vec<(&Captured, Comparison)> {
    let group = analysis.enrichment.group(element, true);
    let all = group.map_or(&[][..], |group| &group.all);
    let mut stated: Vec<(&Captured, Comparison)> = all
        .iter()
        .filter_map(|captured| Some((captured, *captured.statement.comparison()?)))
        .collect();
    stated.sort_by(|a, b| a.1.p.total_cmp(&b.1.p).then(a.0.matrix.cmp(&b.0.matrix)));
    stated
}

fn or_none(list: &str) -> &str {
    if list.is_empty() { "none" } else { list }
}

fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

/// A number near 0, in few characters.
fn small(number: f64) -> String {
    if number == 0.0 || number >= 0.001 {
        format!("{number:.3}")
    } else {
        format!("{number:.1e}")
    }
}
