//! How the page says numbers and lists.

use crate::enrichment::tf_pairs::Combine;

/// Which matrices of two factors count.
pub(super) fn matrices(combine: Combine) -> &'static str {
    match combine {
        Combine::Union => "by any of a factor's matrices",
        Combine::Max => "by the most enriched combination of their matrices",
    }
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
