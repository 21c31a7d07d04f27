//! How the page says numbers and lists, and in which order.

use crate::analysis::result::Analysis;
use crate::element::Element;
use crate::enrichment::Group;
use crate::enrichment::captured::{Captured, Comparison};

/// The matrices of a side of the positive pairs about which a statement is made, the smallest
/// p-value first.
pub(super) fn stated(analysis: &Analysis, element: Element) -> Vec<(&Captured, &Comparison)> {
    let group = analysis.enrichment.group(element, true);
    group.map_or(Vec::new(), Group::stated)
}

/// A list, or that there is nothing in it.
pub(super) fn or_none(list: &str) -> &str {
    if list.is_empty() { "none" } else { list }
}

/// A part of 1 in percent.
pub(super) fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

/// A number near 0, in few characters.
pub(super) fn small(number: f64) -> String {
    if number == 0.0 || number >= 0.001 {
        format!("{number:.3}")
    } else {
        format!("{number:.1e}")
    }
}
