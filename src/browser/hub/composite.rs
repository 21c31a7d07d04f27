//! The composites of a hub: the bigWigs of a measure of all cell lines and both elements, among which a matrix of
//! boxes chooses.

use super::CellActivity;
use super::inventory::{Activity, Cell, DataFile, Signal};
use super::measure::Measure;
use super::name::{LONG_LABEL, label};
use super::stanza::Stanza;
use super::track_db::TrackDb;
use super::track_type::TrackType;
use crate::browser::signal_range;
use crate::element::colours::Rgb;
use crate::element::{Element, Sides};
use crate::network::activity::Kind;

/// The most characters of an activity's name in a short label.
const SHORT_SOURCE: usize = 8;

/// The bigWigs of a measure of a cell line.
struct Shown<'a> {
    measure: Measure,
    cell: &'a Cell<'a>,
    /// The cell line's place, from 1.
    place: usize,
    /// The activity that they are of.
    activity: Option<&'a Activity<'a>>,
    signals: &'a Sides<Signal>,
}

impl TrackDb<'_> {
    /// A composite, its view and their tracks, if any cell line has what it measures.
    pub(super) fn composite(&self, measure: Measure) -> Vec<Stanza> {
        let cells = self.inventory.cells.iter().zip(1..);
        let shown = cells.flat_map(|(cell, place)| {
            let signals = cell.signals(measure).into_iter();
            signals.map(move |(activity, signals)| Shown {
                measure,
                cell,
                place,
                activity,
                signals,
            })
        });
        let shown: Vec<Shown> = shown.collect();
        if shown.is_empty() {
            return Vec::new();
        }
        let mut stanzas = vec![self.top_of(measure, &shown), self.view(measure)];
        let sources = sources(&shown);
        for of in &shown {
            let tracks = of.signals.iter();
            stanzas.extend(
                tracks.map(|(element, signal)| self.signal(of, &sources, element, &signal.file)),
            );
        }
        stanzas
    }

    fn top_of(&self, measure: Measure, shown: &[Shown]) -> Stanza {
        let elements = "element Element enhancer=Enhancer promoter=Promoter";
        let members = shown.iter().map(|of| {
            let title = title(&of.cell.tracks.name);
            format!("{}={title}", member(of.cell, of.place))
        });
        // A cell line of several activities is one.
        let mut members: Vec<String> = members.collect();
        members.dedup();
        let sources = sources(shown);
        let names = sources.iter().map(|source| {
            let title = title(source);
            format!("{}={title}", source_tag(source, &sources))
        });
        let names = names.collect::<Vec<_>>().join(" ");
        let (by_source, order) = match names.is_empty() {
            true => ("", "cell=+ element=+ view=+"),
            false => (" dimA=source", "cell=+ source=+ element=+ view=+"),
        };
        let activities = (!names.is_empty()).then(|| format!("source Activity {names}"));
        let [short, long] = measure.labels();
        self.top(measure.name(), measure.name(), short, long)
            .with("compositeTrack", "on")
            .with("type", TrackType::signal(self.inventory.values(measure)))
            .with("visibility", "full")
            .with("subGroup1", "view View signal=Signal")
            .with("subGroup2", format!("cell Cell_line {}", members.join(" ")))
            .with("subGroup3", elements)
            .maybe("subGroup4", activities)
            .with("dimensions", format!("dimX=element dimY=cell{by_source}"))
            .with("sortOrder", order)
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
            // Each activity has a range of its own.
            Measure::Activity => stanza
                .with("autoScale", "off")
                .with("alwaysZero", "on")
                .with("maxHeightPixels", "100:40:8")
                .with("windowingFunction", "mean+whiskers"),
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

    fn signal(&self, of: &Shown, sources: &[&str], element: Element, file: &DataFile) -> Stanza {
        let (measure, name) = (of.measure, element.name());
        let short = match element {
            Element::Enhancer => " enh",
            Element::Promoter => " prom",
        };
        let (number, source) = of.activity.map_or((String::new(), ""), |activity| {
            (activity.place.to_string(), activity.tracks.source.as_str())
        });
        let of_source = match source {
            "" => String::new(),
            source => format!(" {}", label(source, SHORT_SOURCE)),
        };
        let kind = format!("{}{number}_{name}", measure.name());
        let (short, long) = (
            format!("{of_source}{short}"),
            measure.of_element(name, source),
        );
        let stanza = self.of_cell(of.cell, &kind, &short, &long);
        let member = member(of.cell, of.place);
        let groups = format!("view=signal cell={member} element={name}");
        let groups = match source {
            "" => groups,
            source => format!("{groups} source={}", source_tag(source, sources)),
        };
        let upper = of.activity.map(|activity| self.upper(activity.tracks));
        self.leaf(stanza, &format!("{} on", measure.view()), file)
            .with("subGroups", groups)
            .maybe("viewLimits", upper.map(|upper| format!("0:{upper}")))
            .with("color", Rgb::of(element))
    }

    /// The upper end of the range of an activity, one for all cell lines and both elements.
    fn upper(&self, activity: &CellActivity) -> f64 {
        let values = self.inventory.values_of(activity);
        match (activity.kind, values) {
            (Kind::Signal, Some(values)) => signal_range(values.mean, values.max).upper,
            _ => 1.0,
        }
    }
}

/// A cell line's tag in the composite. Tags are sorted as text, so the place goes first.
fn member(cell: &Cell, place: usize) -> String {
    format!("c{place:03}_{}", cell.id)
}

/// The activities of some bigWigs, each once.
fn sources<'a>(shown: &[Shown<'a>]) -> Vec<&'a str> {
    let mut sources: Vec<&str> = Vec::new();
    for source in shown.iter().filter_map(|of| of.activity) {
        let name = source.tracks.source.as_str();
        if !sources.contains(&name) {
            sources.push(name);
        }
    }
    sources
}

/// An activity's tag in the composite, as [`member`] has it.
fn source_tag(source: &str, sources: &[&str]) -> String {
    let place = sources.iter().position(|other| *other == source);
    let place = place.map_or(0, |place| place + 1);
    format!("s{place:03}_{}", source.replace('-', "_"))
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
