//! The stanzas of a hub's tracks.
//!
//! The pairs and the regions are unlike each other, so a super track holds them side by side; the
//! attention of all cell lines and both elements is alike, so it is one composite whose matrix of
//! boxes chooses among them
//! (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#groupingTracks>).

use super::description::{ADDED, ARCS, ATTENTION, REGIONS};
use super::inventory::{AddedFile, Cell, DataFile, Inventory};
use super::name::{LONG_LABEL, SHORT_LABEL, label, label_with};
use super::stanza::Stanza;
use super::track_type::TrackType;
use crate::browser::signal_range;
use crate::element::Element;

const INTERACTIONS: &str = "interactions";
const VIEW: &str = "attention_signal";

/// Writes the stanzas of one genome's tracks.
pub struct TrackDb<'a> {
    /// The tracks.
    pub inventory: &'a Inventory<'a>,
    /// The genome's folder as seen from the file of the stanzas: empty, or ending in `/`.
    pub folder: &'a str,
    /// The group of an assembly hub's tracks.
    pub group: Option<&'a str>,
}

impl TrackDb<'_> {
    /// All stanzas, parents before children.
    pub fn stanzas(&self) -> Vec<Stanza> {
        let cells = || self.inventory.cells.iter().zip(1..);
        let mut stanzas = vec![self.interactions()];
        stanzas.extend(cells().map(|(cell, place)| self.arcs(cell, place)));
        stanzas.extend(cells().map(|(cell, place)| self.regions(cell, place)));
        stanzas.push(self.attention());
        stanzas.push(self.view());
        for (cell, place) in cells() {
            stanzas.extend(Element::BOTH.map(|element| self.signal(cell, place, element)));
        }
        if !self.inventory.added.is_empty() {
            stanzas.push(self.added());
            let added = self.inventory.added.iter();
            stanzas.extend(added.map(|added| self.added_track(added)));
        }
        stanzas
    }

    /// A stanza with what every track has.
    fn track(&self, name: &str, short: &str, long: &str) -> Stanza {
        Stanza::new("track", name)
            .with("shortLabel", label(short, SHORT_LABEL))
            .with("longLabel", label(long, LONG_LABEL))
    }

    /// A stanza at the top of the tree, with its page.
    fn top(&self, name: &str, page: &str, short: &str, long: &str) -> Stanza {
        self.track(name, short, long)
            .maybe("group", self.group)
            .with("html", self.page(page))
    }

    fn page(&self, page: &str) -> String {
        format!("{}{page}", self.folder)
    }

    /// Adds to a stanza what a track with data in another track has.
    fn leaf(&self, stanza: Stanza, parent: &str, file: &DataFile) -> Stanza {
        stanza
            .with("parent", parent)
            .with("type", file.kind)
            .with("bigDataUrl", format!("{}{}", self.folder, file.target))
    }

    fn interactions(&self) -> Stanza {
        let long = "Enhancer-promoter pairs and the regions with the most attention, by EPIANN";
        self.top(INTERACTIONS, ARCS, "EPI pairs", long)
            .with("superTrack", "on show")
    }

    /// A stanza of a cell line's track: `kind` is what its name begins with, `short` and `long` are
    /// what its labels end with.
    fn of_cell(&self, cell: &Cell, kind: &str, short: &str, long: &str) -> Stanza {
        let name = &cell.tracks.name;
        self.track(
            &format!("{kind}_{}", cell.id),
            &label_with(name, short, SHORT_LABEL),
            &label_with(name, long, LONG_LABEL),
        )
    }

    fn arcs(&self, cell: &Cell, place: usize) -> Stanza {
        let long = ": enhancer-promoter pairs, dark: predicted to interact";
        let stanza = self.of_cell(cell, "arcs", " arcs", long);
        self.leaf(stanza, INTERACTIONS, &cell.pairs)
            .with("visibility", "full")
            .with("priority", place)
            .with("color", cell.color)
            // No `spectrum`: UCSC would shade by score and forget the arcs' own colours.
            .with("interactDirectional", "true")
            .with("interactUp", "true")
            .with("maxHeightPixels", "200:80:20")
            .with("html", self.page(ARCS))
    }

    fn regions(&self, cell: &Cell, place: usize) -> Stanza {
        let long = ": regions with the most attention";
        let stanza = self.of_cell(cell, "regions", " regions", long);
        self.leaf(stanza, INTERACTIONS, &cell.regions)
            .with("visibility", "dense")
            .with("priority", self.inventory.cells.len() + place)
            .with("color", cell.color)
            .with("itemRgb", "on")
            .with("html", self.page(REGIONS))
    }

    fn attention(&self) -> Stanza {
        let cells = self.inventory.cells.iter().zip(1..);
        let members: Vec<String> = cells
            .map(|(cell, place)| format!("{}={}", member(cell, place), title(&cell.tracks.name)))
            .collect();
        let elements = "element Element enhancer=Enhancer promoter=Promoter";
        let long = "EPIANN attention x bins in the window (1: no preference)";
        self.top(ATTENTION, ATTENTION, "Attention", long)
            .with("compositeTrack", "on")
            .with("type", TrackType::signal(self.inventory.values()))
            .with("visibility", "full")
            .with("subGroup1", "view View signal=Signal")
            .with("subGroup2", format!("cell Cell_line {}", members.join(" ")))
            .with("subGroup3", elements)
            .with("dimensions", "dimX=element dimY=cell")
            .with("sortOrder", "cell=+ element=+ view=+")
            .with("dragAndDrop", "subTracks")
    }

    fn view(&self) -> Stanza {
        // One for all cell lines and both elements: they are there to be compared.
        let values = self.inventory.values();
        let (mean, max) = values.map_or((0.0, 0.0), |values| (values.mean, values.max));
        let range = signal_range(mean, max);
        let long = "EPIANN attention x bins in the window, per cell line and element";
        self.track(VIEW, "Signal", long)
            .with("parent", ATTENTION)
            .with("view", "signal")
            .with("visibility", "full")
            .with("configurable", "on")
            .with("autoScale", "off")
            .with("viewLimits", format!("0:{}", range.upper))
            .with("viewLimitsMax", format!("0:{}", range.most))
            .with("alwaysZero", "on")
            .with("maxHeightPixels", "100:40:8")
            // Peaks are some tens of bases wide: zoomed out, the mean alone would lose them.
            .with("windowingFunction", "mean+whiskers")
            // The value of no preference.
            .with("yLineMark", 1)
            .with("yLineOnOff", "on")
    }

    fn signal(&self, cell: &Cell, place: usize, element: Element) -> Stanza {
        let (signal, color) = cell.signal(element);
        let name = element.name();
        let short = match element {
            Element::Enhancer => " enh",
            Element::Promoter => " prom",
        };
        let long = format!(": attention over {name}s, x bins (1: no preference)");
        let stanza = self.of_cell(cell, &format!("attention_{name}"), short, &long);
        let member = member(cell, place);
        let groups = format!("view=signal cell={member} element={name}");
        self.leaf(stanza, &format!("{VIEW} on"), &signal.file)
            .with("subGroups", groups)
            .with("color", color)
    }

    fn added(&self) -> Stanza {
        let long = "Tracks that were added to the hub";
        self.top(ADDED, ADDED, "Added tracks", long)
            .with("superTrack", "on show")
    }

    fn added_track(&self, added: &AddedFile) -> Stanza {
        let stanza = self.track(&format!("added_{}", added.id), added.name, added.name);
        let stanza = self.leaf(stanza, ADDED, &added.file);
        let stanza = stanza.with("html", self.page(ADDED));
        match added.file.kind {
            TrackType::Signal { .. } => stanza
                .with("visibility", "full")
                .with("autoScale", "on")
                .with("maxHeightPixels", "100:40:8"),
            TrackType::Items { fields, .. } => stanza
                .with("visibility", "pack")
                .maybe("itemRgb", (fields >= 9).then_some("on")),
            TrackType::Interactions => stanza
                .with("visibility", "full")
                .with("maxHeightPixels", "200:80:20"),
        }
    }
}

/// A cell line's tag in the composite. Tags are sorted as text, so the place goes first.
fn member(cell: &Cell, place: usize) -> String {
    format!("c{place:03}_{}", cell.id)
}

/// A title among tags, where white space parts, `=` assigns and `_` is shown as a space.
fn title(name: &str) -> String {
    let name = label(name, LONG_LABEL);
    name.replace(|c: char| c.is_whitespace() || c == '=', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_one_word_each() {
        assert_eq!(title("a = b\tc"), "a___b_c");
    }
}
