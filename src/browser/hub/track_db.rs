//! The stanzas of a hub's tracks.
//!
//! The pairs and the regions are unlike each other, so a super track holds them side by side; the
//! attention of all cell lines and both elements is alike, so it is one composite whose matrix of
//! boxes chooses among them; so are contributions
//! (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbHub.html#groupingTracks>).

use super::description::{ADDED, ARCS, GENES, REGIONS};
use super::inventory::{AddedFile, Cell, DataFile, GenesFile, Inventory};
use super::measure::Measure;
use super::name::{LONG_LABEL, SHORT_LABEL, label, label_with};
use super::stanza::Stanza;
use super::track_type::TrackType;
use crate::attention::Rank;

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
    pub(super) fn track(&self, name: &str, short: &str, long: &str) -> Stanza {
        Stanza::new("track", name)
            .with("shortLabel", label(short, SHORT_LABEL))
            .with("longLabel", label(long, LONG_LABEL))
    }

    /// A stanza at the top of the tree, with its page.
    pub(super) fn top(&self, name: &str, page: &str, short: &str, long: &str) -> Stanza {
        self.track(name, short, long)
            .maybe("group", self.group)
            .with("html", self.page(page))
    }

    /// A file of the genome's folder, as the stanzas name it.
    fn page(&self, page: &str) -> String {
        format!("{}{page}", self.folder)
    }

    /// Adds to a stanza what a track with data in another track has.
    pub(super) fn leaf(&self, stanza: Stanza, parent: &str, file: &DataFile) -> Stanza {
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
    pub(super) fn of_cell(&self, cell: &Cell, kind: &str, short: &str, long: &str) -> Stanza {
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
            Rank::Activity => ": regions with the highest predicted activity",
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
                    // As what is predicted: ln(1 + signal)
                    // (<https://genome.ucsc.edu/goldenPath/help/trackDb/trackDbDoc.html#transformFunc>).
                    .maybe("transformFunc", track.is_measured.then_some("LOG"))
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
