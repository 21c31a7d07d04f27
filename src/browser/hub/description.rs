//! The description pages that a browser shows beside the tracks.

use super::inventory::{Cell, Inventory};
use crate::browser::template::fill;
use crate::text::escape::markup;

/// The page of the attention, and its composite.
pub const ATTENTION: &str = "attention";
/// The page of the pairs.
pub const ARCS: &str = "arcs";
/// The page of the regions.
pub const REGIONS: &str = "regions";
/// The page of the tracks that the user adds, and their super track.
pub const ADDED: &str = "added";

const ATTENTION_PAGE: &str = include_str!("../../../tracks/attention.html");
const ARCS_PAGE: &str = include_str!("../../../tracks/arcs.html");
const REGIONS_PAGE: &str = include_str!("../../../tracks/regions.html");
const ADDED_PAGE: &str = include_str!("../../../tracks/added.html");
const NETWORK: &str = include_str!("../../../tracks/network.html");
const CREDITS: &str = include_str!("../../../tracks/credits.html");

/// The pages of a hub: names and texts.
pub fn pages(inventory: &Inventory) -> Vec<(&'static str, String)> {
    let values = [
        ("network", NETWORK.trim_end()),
        ("credits", CREDITS.trim_end()),
        ("cells", &cells(&inventory.cells)),
        ("signals", &signals(&inventory.cells)),
        ("pairs", &pairs(&inventory.cells)),
        ("inputs", &inputs(&inventory.cells)),
        ("added", &added(inventory)),
    ];
    let mut pages = vec![
        (ARCS, fill(ARCS_PAGE, &values)),
        (REGIONS, fill(REGIONS_PAGE, &values)),
        (ATTENTION, fill(ATTENTION_PAGE, &values)),
    ];
    if !inventory.added.is_empty() {
        pages.push((ADDED, fill(ADDED_PAGE, &values)));
    }
    pages
}

/// The same text as text of a page, in ASCII: the browser's pages are not in UTF-8 throughout.
fn escape(text: &str) -> String {
    let ascii = |c: char| match c.is_ascii() {
        true => c.to_string(),
        false => format!("&#{};", u32::from(c)),
    };
    markup(text).chars().map(ascii).collect()
}

fn row(tag: &str, fields: &[&str]) -> String {
    let fields: String = fields
        .iter()
        .map(|field| format!("<{tag}>{}</{tag}>", escape(field)))
        .collect();
    format!("<tr>{fields}</tr>\n")
}

fn table(head: &[&str], rows: impl Iterator<Item = String>) -> String {
    let rows: String = rows.collect();
    format!(
        "<table class=\"stdTbl\">\n{}{rows}</table>",
        row("th", head)
    )
}

fn cells(cells: &[Cell]) -> String {
    let names: Vec<String> = cells.iter().map(|cell| escape(&cell.tracks.name)).collect();
    names.join(", ")
}

fn signals(cells: &[Cell]) -> String {
    let head = [
        "Cell line",
        "Element",
        "Colour",
        "Smallest",
        "Mean",
        "Largest",
        "Overlapping windows",
    ];
    let rows = cells.iter().flat_map(|cell| {
        let sides = [
            ("enhancers", &cell.enhancer, cell.color),
            ("promoters", &cell.promoter, cell.color.darker()),
        ];
        sides.map(|(element, signal, color)| {
            let values = signal.values;
            row(
                "td",
                &[
                    &cell.tracks.name,
                    element,
                    &color.to_string(),
                    &format!("{:.3}", values.min),
                    &format!("{:.3}", values.mean),
                    &format!("{:.3}", values.max),
                    &cell.tracks.aggregate,
                ],
            )
        })
    });
    table(&head, rows)
}

fn pairs(cells: &[Cell]) -> String {
    let rows = cells.iter().map(|cell| {
        let pairs = cell.tracks.pairs.to_string();
        row("td", &[&cell.tracks.name, &pairs, &cell.color.to_string()])
    });
    table(&["Cell line", "Pairs", "Colour"], rows)
}

fn inputs(cells: &[Cell]) -> String {
    let rows = cells.iter().flat_map(|cell| {
        let lines = cell.tracks.provenance.iter();
        lines.map(|(key, value)| row("td", &[&cell.tracks.name, key, value]))
    });
    table(&["Cell line", "What", "Value"], rows)
}

fn added(inventory: &Inventory) -> String {
    let rows = inventory.added.iter().map(|added| {
        let file = added.file.source.file_name().unwrap_or_default();
        let kind = added.file.kind.to_string();
        row("td", &[added.name, &file.to_string_lossy(), &kind])
    });
    table(&["Track", "Made from", "Type"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_markup() {
        assert_eq!(
            escape("<i>&\"'\u{1}β"),
            "&lt;i&gt;&amp;&quot;&#39;&#65533;&#946;"
        );
    }
}
