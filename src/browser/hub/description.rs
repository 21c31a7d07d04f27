//! The description pages that a browser shows beside the tracks.

use std::fmt::{self, Write};

use askama::Template;
use askama::filters::Escaper;

use super::inventory::{Cell, Inventory};
use super::measure::Measure;
use crate::element::colours::Rgb;
use crate::text::escape::markup;

/// The page of the pairs.
pub const ARCS: &str = "arcs";
/// The page of the regions.
pub const REGIONS: &str = "regions";
/// The page of the genes, and their track.
pub const GENES: &str = "genes";
/// The page of the tracks that the user adds, and their super track.
pub const ADDED: &str = "added";

/// What the pages say.
struct Facts {
    cells: String,
    pairs: Table,
    signals: Table,
    contributions: Table,
    activity_contributions: Table,
    activities: Table,
    inputs: Table,
    /// What the genes were made from.
    genes: String,
    added: Table,
    /// Of which cell lines the tracks are no findings, and why.
    doubts: Vec<String>,
}

/// The page of this name.
#[derive(Template)]
#[template(path = "page.html", escape = "ascii", config = "assets/askama.toml")]
struct Page<'a> {
    name: &'static str,
    facts: &'a Facts,
}

/// A table of a page.
#[derive(Template)]
#[template(path = "table.html", escape = "ascii", config = "assets/askama.toml")]
struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// How the pages' texts are escaped: into ASCII too, because the browser's pages are not in UTF-8
/// throughout.
#[derive(Debug, Clone, Copy)]
struct Ascii;

impl Escaper for Ascii {
    fn write_escaped_str<W: Write>(&self, mut page: W, text: &str) -> fmt::Result {
        markup(text).chars().try_for_each(|c| match c.is_ascii() {
            true => page.write_char(c),
            false => write!(page, "&#{};", u32::from(c)),
        })
    }
}

/// The pages of a hub: names and texts.
pub fn pages(inventory: &Inventory) -> Vec<(&'static str, String)> {
    let all = &inventory.cells;
    let names: Vec<&str> = all.iter().map(|cell| cell.tracks.name.as_str()).collect();
    let facts = &Facts {
        cells: names.join(", "),
        pairs: pairs(all),
        signals: signals(all, Measure::Attention),
        contributions: signals(all, Measure::Contribution),
        activity_contributions: signals(all, Measure::ActivityContribution),
        activities: signals(all, Measure::Activity),
        inputs: inputs(all),
        genes: inventory
            .genes
            .as_ref()
            .map_or(String::new(), |genes| genes.source.to_string()),
        added: added(inventory),
        doubts: doubts(all),
    };
    let genes = inventory.genes.as_ref().map(|_| GENES);
    let added = (!inventory.added.is_empty()).then_some(ADDED);
    let is_there = |of: &Measure| all.iter().any(|cell| !cell.signals(*of).is_empty());
    let measures = Measure::ALL.into_iter().filter(is_there);
    let names = [ARCS, REGIONS]
        .into_iter()
        .chain(measures.map(Measure::name));
    let names = names.chain(genes).chain(added);
    // askama leaves out the end of a template's last line.
    let page = |name| (name, format!("{}\n", Page { name, facts }));
    names.map(page).collect()
}

/// The bigWigs of a measure. Overlaps of contributions and activities are told of by what their values mean.
fn signals(cells: &[Cell], measure: Measure) -> Table {
    let rows = cells.iter().flat_map(|cell| {
        let signals = cell.signals(measure).into_iter();
        let signals = signals.flat_map(|(activity, signals)| {
            let signals = signals.iter();
            signals.map(move |(element, signal)| (activity, element, signal))
        });
        signals.map(|(activity, element, signal)| {
            let values = signal.values;
            let tracks = cell.tracks;
            let over = match (measure, activity) {
                (Measure::Contribution | Measure::ActivityContribution, _) => {
                    tracks.contributions.clone().unwrap_or_default()
                }
                (_, Some(activity)) => activity.tracks.value.clone(),
                (_, None) => tracks.aggregate.clone(),
            };
            vec![
                tracks.name.clone(),
                format!("{}s", element.name()),
                Rgb::of(element).to_string(),
                format!("{:.3}", values.min),
                format!("{:.3}", values.mean),
                format!("{:.3}", values.max),
                over,
            ]
        })
    });
    let last = match measure {
        Measure::Attention => "Overlapping windows",
        Measure::Contribution | Measure::ActivityContribution | Measure::Activity => "Value",
    };
    let head = [
        "Cell line",
        "Element",
        "Colour",
        "Smallest",
        "Mean",
        "Largest",
        last,
    ];
    Table {
        head: head.to_vec(),
        rows: rows.collect(),
    }
}

fn pairs(cells: &[Cell]) -> Table {
    let row = |cell: &Cell| {
        let pairs = cell.tracks.pairs.to_string();
        vec![cell.tracks.name.clone(), pairs]
    };
    Table {
        head: vec!["Cell line", "Pairs"],
        rows: cells.iter().map(row).collect(),
    }
}

fn doubts(cells: &[Cell]) -> Vec<String> {
    let doubt = |cell: &Cell| {
        let doubt = cell.tracks.doubt.as_ref()?;
        Some(format!("{}: {doubt}.", cell.tracks.name))
    };
    cells.iter().filter_map(doubt).collect()
}

fn inputs(cells: &[Cell]) -> Table {
    let rows = cells.iter().flat_map(|cell| {
        let lines = cell.tracks.provenance.iter();
        lines.map(|(key, value)| vec![cell.tracks.name.clone(), key.clone(), value.clone()])
    });
    Table {
        head: vec!["Cell line", "What", "Value"],
        rows: rows.collect(),
    }
}

fn added(inventory: &Inventory) -> Table {
    let rows = inventory.added.iter().map(|added| {
        let name = added.file.source.file_name().unwrap_or_default();
        let name = || name.to_string_lossy().into_owned();
        let file = added.track.source.clone().unwrap_or_else(name);
        vec![
            added.track.title().to_string(),
            file,
            added.file.kind.to_string(),
        ]
    });
    Table {
        head: vec!["Track", "Made from", "Type"],
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::hub::testing::Data;

    #[test]
    fn tracks_that_are_no_findings_say_so_on_every_page_of_theirs() {
        let data = Data::new();
        let mut hub = data.hub(&["K562", "NHEK"]);
        let doubted = |hub: &crate::browser::hub::Hub| -> Vec<usize> {
            let inventory = Inventory::new(hub).unwrap();
            let pages = pages(&inventory);
            let tracks = pages.iter().filter(|(name, _)| *name != ADDED);
            let doubts = tracks.map(|(_, page)| {
                let all = page.matches("are hypotheses about this cell line").count();
                assert_eq!(all, page.matches("<b>NHEK: its tracks").count());
                all
            });
            doubts.collect()
        };
        assert_eq!(doubted(&hub), [0, 0, 0]);
        let doubt = "its tracks are hypotheses about this cell line";
        hub.cells[1].doubt = Some(doubt.to_string());
        assert_eq!(doubted(&hub), [1, 1, 1]);
    }

    #[test]
    fn no_name_is_markup() {
        let table = Table {
            head: vec!["<"],
            rows: vec![vec!["<i>&\"'\u{1}β".to_string()]],
        };
        assert_eq!(
            table.to_string(),
            "<table class=\"stdTbl\">\n<tr><th>&lt;</th></tr>\n\
             <tr><td>&lt;i&gt;&amp;&quot;&#39;&#65533;&#946;</td></tr>\n</table>"
        );
    }
}
