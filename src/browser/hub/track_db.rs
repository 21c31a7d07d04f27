//! The stanzas of a hub's tracks.
//!
//! The pairs and the regions are unlike each other, so a super track holds them side by side; the
//! attention of all cell lines and both elements is alike, so it is one composite whose matrix of
//! boxes chooses among them; so are contributions
//! (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#groupingTracks>).

use super::description::{ADDED, ARCS, GENES, REGIONS};
use super::inventory::{AddedFile, Cell, DataFile, GenesFile, Inventory, Signal};
use super::measure::Measure;
use super::name::{LONG_LABEL, SHORT_LABEL, label, label_with};
use super::stanza::Stanza;
use super::track_type::TrackType;
use crate::attention::Rank;
use crate::browser::signal_range;
use crate::element::colours::Rgb;
use crate::element::{Element, Sides};

const INTERACTIONS: &str = "interactions";
/// What pairs and regions can be filtered by, with what people read: what has never been seen first
/// (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#filterValues>).
const PARTS: &str = "test|never seen in training,.|not of the run's table,none|left out,\
                     validation|stopped the training,train|trained on";

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
        let genes = self.inventory.genes.iter();
        let mut stanzas: Vec<Stanza> = genes.map(|genes| self.genes(genes)).collect();
        stanzas.push(self.interactions());
        stanzas.extend(cells().map(|(cell, place)| self.arcs(cell, place)));
        stanzas.extend(cells().map(|(cell, place)| self.regions(cell, place)));
        stanzas.extend(cells().map(|(cell, place)| self.merged(cell, place)));
        stanzas.extend(Measure::ALL.into_iter().flat_map(|of| self.composite(of)));
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

    /// A file of the genome's folder, as the stanzas name it.
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

    fn genes(&self, genes: &GenesFile) -> Stanza {
        let DataFile { kind, target, .. } = &genes.file;
        self.top(
            GENES,
            GENES,
            "Genes",
            "Genes, each as its longest transcript",
        )
        .with("type", kind)
        .with("bigDataUrl", format!("{}{target}", self.folder))
        .with("visibility", "pack")
        .with("searchIndex", "name")
    }

    fn interactions(&self) -> Stanza {
        let long = "Enhancer-promoter pairs and the top regions of their windows, by EPIANN";
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
        let long = ": enhancer-promoter pairs, pale: not predicted to interact";
        let stanza = self.of_cell(cell, "arcs", " arcs", long);
        let words = cell.search.words.first();
        self.leaf(stanza, INTERACTIONS, &cell.pairs)
            .with("visibility", "full")
            .with("priority", place)
            // No `spectrum`: UCSC would shade by score and forget the arcs' own colours.
            .with("interactDirectional", "true")
            .with("interactUp", "true")
            .with("maxHeightPixels", "200:80:20")
            .maybe("searchIndex", cell.search.names.then_some("name"))
            .maybe("searchTrix", words.map(|(_, file)| self.page(file)))
            .maybe("filterValues.part", cell.parts.then_some(PARTS))
            .with("html", self.page(ARCS))
    }

    fn regions(&self, cell: &Cell, place: usize) -> Stanza {
        let long = match cell.tracks.rank {
            Rank::Attention => ": regions with the most attention",
            Rank::Contribution if cell.tracks.contributions_of.is_some() => {
                ": regions that add most to the predicted activity"
            }
            Rank::Contribution => ": regions that add most to the log-odds",
        };
        let stanza = self.of_cell(cell, "regions", " regions", long);
        self.leaf(stanza, INTERACTIONS, &cell.regions)
            .with("visibility", "dense")
            .with("priority", self.inventory.cells.len() + place)
            .with("itemRgb", "on")
            .maybe("filterValues.part", cell.parts.then_some(PARTS))
            .with("html", self.page(REGIONS))
    }

    fn merged(&self, cell: &Cell, place: usize) -> Stanza {
        let long = ": top regions of all pairs, merged where they overlap or touch";
        let stanza = self.of_cell(cell, "merged", " merged", long);
        self.leaf(stanza, INTERACTIONS, &cell.merged)
            .with("visibility", "dense")
            .with("priority", 2 * self.inventory.cells.len() + place)
            // The items' colours have the shades of their scores; `spectrum` would forget them.
            .with("itemRgb", "on")
            .with("html", self.page(REGIONS))
    }

    /// A composite, its view and their tracks, if any cell line has what it measures.
    fn composite(&self, measure: Measure) -> Vec<Stanza> {
        let cells = self.inventory.cells.iter().zip(1..);
        let cells = cells.filter_map(|(cell, place)| Some((cell, place, cell.signals(measure)?)));
        let cells: Vec<(&Cell, usize, &Sides<Signal>)> = cells.collect();
        if cells.is_empty() {
            return Vec::new();
        }
        let members = cells.iter().map(|(cell, place, _)| {
            let title = title(&cell.tracks.name);
            format!("{}={title}", member(cell, *place))
        });
        let members = members.collect::<Vec<_>>().join(" ");
        let mut stanzas = vec![self.top_of(measure, &members), self.view(measure)];
        for (cell, place, signals) in cells {
            let tracks = signals.iter();
            stanzas.extend(
                tracks.map(|(element, signal)| {
                    self.signal(measure, cell, place, element, &signal.file)
                }),
            );
        }
        stanzas
    }

    fn top_of(&self, measure: Measure, members: &str) -> Stanza {
        let elements = "element Element enhancer=Enhancer promoter=Promoter";
        let [short, long] = measure.labels();
        self.top(measure.name(), measure.name(), short, long)
            .with("compositeTrack", "on")
            .with("type", TrackType::signal(self.inventory.values(measure)))
            .with("visibility", "full")
            .with("subGroup1", "view View signal=Signal")
            .with("subGroup2", format!("cell Cell_line {members}"))
            .with("subGroup3", elements)
            .with("dimensions", "dimX=element dimY=cell")
            .with("sortOrder", "cell=+ element=+ view=+")
            .with("dragAndDrop", "subTracks")
    }

    fn view(&self, measure: Measure) -> Stanza {
        let stanza = self
            .track(&measure.view(), "Signal", measure.of_all())
            .with("parent", measure.name())
            .with("view", "signal")
            .with("visibility", "full")
            .with("configurable", "on");
        match measure {
            Measure::Attention => self.rising_from_zero(stanza),
            // Letters as high as their values
            // (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbDoc.html#logo>).
            Measure::Contribution | Measure::ActivityContribution => stanza
                .with("logo", "on")
                .with("autoScale", "on")
                .with("alwaysZero", "on")
                .with("maxHeightPixels", "128:64:16")
                .with("windowingFunction", "mean"),
        }
    }

    /// How signals from zero upwards look.
    fn rising_from_zero(&self, view: Stanza) -> Stanza {
        // One range for all cell lines and both elements: they are there to be compared.
        let values = self.inventory.values(Measure::Attention);
        let (mean, max) = values.map_or((0.0, 0.0), |values| (values.mean, values.max));
        let range = signal_range(mean, max);
        view.with("autoScale", "off")
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

    fn signal(
        &self,
        measure: Measure,
        cell: &Cell,
        place: usize,
        element: Element,
        file: &DataFile,
    ) -> Stanza {
        let name = element.name();
        let short = match element {
            Element::Enhancer => " enh",
            Element::Promoter => " prom",
        };
        let kind = format!("{}_{name}", measure.name());
        let stanza = self.of_cell(cell, &kind, short, &measure.of_element(name));
        let member = member(cell, place);
        let groups = format!("view=signal cell={member} element={name}");
        self.leaf(stanza, &format!("{} on", measure.view()), file)
            .with("subGroups", groups)
            .with("color", Rgb::of(element))
    }

    fn added(&self) -> Stanza {
        let long = "Tracks that were added to the hub";
        self.top(ADDED, ADDED, "Added tracks", long)
            .with("superTrack", "on show")
    }

    fn added_track(&self, added: &AddedFile) -> Stanza {
        let track = added.track;
        let stanza = self.track(&format!("added_{}", added.id), &track.name, track.title());
        let stanza = self.leaf(stanza, ADDED, &added.file);
        let stanza = stanza
            .with("html", self.page(ADDED))
            .maybe("color", track.colour.map(|_| track.rgb()));
        match added.file.kind {
            TrackType::Signal { .. } => {
                let limits = track.range.map(|(low, high)| format!("{low}:{high}"));
                stanza
                    .with("visibility", "full")
                    .with("autoScale", if limits.is_some() { "off" } else { "on" })
                    .maybe("viewLimits", limits)
                    .with("maxHeightPixels", "100:40:8")
            }
            TrackType::Items { fields, .. } => {
                // The items' own colours would hide the track's.
                let own = fields >= 9 && track.colour.is_none();
                stanza
                    .with("visibility", "pack")
                    .maybe("itemRgb", own.then_some("on"))
            }
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
