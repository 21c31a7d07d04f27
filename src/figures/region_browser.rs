//! A region of the genome as a genome browser would show it: arcs, and below them the tracks.

mod arcs;
mod columns;

use std::ops::Range;

use super::chart::axis::{Axis, Scale};
use super::chart::legend::{Entry, Mark, finish};
use super::chart::ticks::Ticks;
use super::check;
use super::drawing::colour::{self, Colour, INK};
use super::drawing::page::{APART, MARGIN, TEXT, Width, lettered};
use super::drawing::{Drawing, Figure, Look, Page, Stroke, Text};
use super::pair_browser::rows::{self, Row};
use super::region::{RegionFigure, RegionSide};
use super::track::{Feature, Track, TrackContent};
use crate::element::{Element, Sides};
use crate::error::Result;
use columns::columns;

/// The height of the attention.
const TRACK: f64 = 40.0;
/// Between the rows.
const GAP: f64 = 4.0;
/// Between one element's rows and what lies below them.
const BELOW: f64 = 8.0;
/// How far a position's label may reach over the end of the axis.
const BEYOND: f64 = 9.0;
/// The line at 1, where no bin is preferred.
const EVEN: Stroke = Stroke::dashed(INK, 0.5);
/// Regions that a figure shows at most, each with its letter.
const MOST: usize = 12;

/// Regions of chromosomes: the arcs of the pairs that lie in them or reach into them, attention × number of bins
/// of both elements with the annotated elements and the top regions, and further tracks, row by row. Several
/// regions, or a region of several runs, stand below each other, lettered from `a` on, on one scale.
///
/// # Errors
///
/// No region or more than `MOST`; values that are missing or lie outside; tracks that only some regions have; a
/// look that leaves no room.
pub fn region_browser(regions: &[RegionFigure], width: Width, look: &Look) -> Result<Figure> {
    check::told_apart(regions.len(), MOST, "regions")?;
    regions.iter().try_for_each(RegionFigure::check)?;
    let (title, remark) = match regions {
        [region] => (region.title(), region.remark()),
        _ => Default::default(),
    };
    let page = Page::new(&title, look)?;
    let [enhancer, promoter] = page.colours(colour::both());
    let colours = Sides::new(enhancer, promoter);
    let shown: Vec<Shown> = regions
        .iter()
        .map(|region| Shown::new(region, &colours))
        .collect();
    let shared = Shared::new(&shown, colours, page)?;
    let (mut drawing, mut bottom) = page.headed(width, &remark);
    for (place, (shown, letter)) in shown.iter().zip('a'..).enumerate() {
        if regions.len() > 1 {
            let above = if place == 0 { 0.0 } else { APART };
            let (name, remark) = (shown.region.title(), shown.region.remark());
            let words = (name.as_str(), remark.as_str());
            bottom = lettered(&mut drawing, letter, words, bottom + above);
        }
        bottom = shown.draw(&mut drawing, &shared, bottom + GAP);
    }
    let names: Vec<String> = regions.iter().map(RegionFigure::title).collect();
    let names = names.join(", ");
    let title: &str = if page.title().is_empty() {
        &names
    } else {
        page.title()
    };
    Ok(finish(drawing, title, bottom + 5.0, &key(regions)))
}

fn key(regions: &[RegionFigure]) -> Vec<Entry> {
    let even = Mark::Line(EVEN).means("no preference (1)");
    let tops = regions.iter().flat_map(|region| region.sides.as_ref());
    let several = tops
        .flat_map(|side| &side.top)
        .any(|top| !top.name.is_empty());
    let several = several.then(|| Mark::None.means("×2: top regions of two pairs, as one"));
    let arcs = arcs::key(regions);
    std::iter::once(even).chain(several).chain(arcs).collect()
}

/// What all regions of a figure share.
struct Shared {
    colours: Sides<Colour>,
    /// Of the attention of both elements.
    attention: Ticks,
    /// Of each further track that shows values.
    signals: Vec<Option<Ticks>>,
    /// Where the axes of values stand.
    left: f64,
}

impl Shared {
    fn new(all: &[Shown], colours: Sides<Colour>, page: Page) -> Result<Self> {
        let kinds = |shown: &Shown| -> Vec<bool> {
            let tracks = shown.tracks.iter();
            tracks.map(|track| track.signal().is_some()).collect()
        };
        let differ = all.windows(2).any(|two| kinds(&two[0]) != kinds(&two[1]));
        check::refuse_if(differ, || "the regions have other tracks")?;
        let sides = all.iter().flat_map(|shown| shown.region.sides.as_ref());
        let values = sides.flat_map(|side| &side.attention);
        let highest = values.map(|(_, value)| f64::from(*value));
        let highest = highest.fold(1.0, f64::max);
        let (low, high) = page.y_range().unwrap_or((0.0, highest));
        let attention = Ticks::covering(low, high, 4);
        let tracks: Vec<&[Track]> = all.iter().map(|shown| &shown.tracks[..]).collect();
        let signals = rows::ticks(&tracks);
        let depths = std::iter::once(attention).chain(signals.iter().copied().flatten());
        let depths = depths.map(|ticks| rows::axis(&ticks).depth());
        Ok(Self {
            colours,
            attention,
            left: MARGIN + depths.fold(0.0, f64::max),
            signals,
        })
    }
}

/// A region, with no more values than can be told apart.
struct Shown<'a> {
    region: &'a RegionFigure,
    attention: Sides<Track>,
    /// The annotated elements and the top regions.
    marks: Sides<Vec<Track>>,
    tracks: Vec<Track>,
}

impl<'a> Shown<'a> {
    fn new(region: &'a RegionFigure, colours: &Sides<Colour>) -> Self {
        let thinned = |values: &[(Range<u32>, f32)]| {
            let columns = columns(values, &region.region);
            TrackContent::Signal(columns)
        };
        let of = |element: Element| {
            let side: &RegionSide = region.sides.get(element);
            let colour = Some(colours.get(element).rgb());
            let track = |name: String, content: TrackContent| Track {
                colour,
                ..Track::new(name, content)
            };
            let name = format!("{}s: attention × number of bins", element.name());
            let attention = track(name, thinned(&side.attention));
            let mut marks = Vec::new();
            let mut mark = |name: String, features: &[Feature]| {
                if !features.is_empty() {
                    marks.push(track(name, TrackContent::Features(features.to_vec())));
                }
            };
            let by = region.top_by.as_ref();
            let by = by.map_or(String::new(), |by| format!(", by {by}"));
            mark(format!("annotated {}s", element.name()), &side.elements);
            mark(format!("top regions of {}s{by}", element.name()), &side.top);
            (attention, marks)
        };
        let (enhancer, promoter) = (of(Element::Enhancer), of(Element::Promoter));
        let tracks = region.tracks.iter().map(|track| match track.signal() {
            Some(values) => Track {
                content: thinned(values),
                ..track.clone()
            },
            None => track.clone(),
        });
        Self {
            region,
            attention: Sides::new(enhancer.0, promoter.0),
            marks: Sides::new(enhancer.1, promoter.1),
            tracks: tracks.collect(),
        }
    }

    /// Draws the region below its heading; returns where it ends.
    fn draw(&self, drawing: &mut Drawing, shared: &Shared, top: f64) -> f64 {
        let page = (shared.left, drawing.width() - MARGIN - BEYOND + 2.0);
        let bases = &self.region.region;
        let along = Scale::bases(bases, page);
        let mut top = arcs::draw(drawing, self.region, (&along, &shared.colours), top);
        for element in Element::BOTH {
            top = draw_attention(drawing, self.attention.get(element), shared, &along, top);
            let marks = self.marks.get(element);
            let none = vec![None; marks.len()];
            let marks = rows::rows(marks, bases, page, &none);
            top = draw_rows(drawing, &marks, &along, top) + BELOW;
        }
        let tracks = rows::rows(&self.tracks, bases, page, &shared.signals);
        let top = draw_rows(drawing, &tracks, &along, top);
        let room = page.1 - page.0;
        let axis = Axis::bases_beside(bases, &self.region.chrom, room, BEYOND);
        axis.bottom(drawing, &along, top)
    }
}

/// Draws the attention of an element with its name above it; returns where it ends.
fn draw_attention(
    drawing: &mut Drawing,
    track: &Track,
    shared: &Shared,
    along: &Scale,
    top: f64,
) -> f64 {
    let (left, right) = along.page();
    let name = Text::fitting(&track.name, TEXT, right - left, (left, top + TEXT));
    drawing.text(name);
    let top = top + TEXT + GAP;
    let range = shared.attention.range();
    let down = Scale::new(range, (top + TRACK, top));
    let values = track.signal().unwrap_or_default();
    let [red, green, blue] = track.colour.unwrap_or(INK.rgb());
    let colour = Colour::new(red, green, blue);
    rows::draw_signal(drawing, values, (along, &down), (range, colour));
    if (range.0..=range.1).contains(&1.0) {
        let height = down.at(1.0);
        drawing.line([(left, height), (right, height)], EVEN);
    }
    rows::axis(&shared.attention).left(drawing, &down, left);
    top + TRACK + GAP
}

/// Draws rows below each other; returns where they end.
fn draw_rows(drawing: &mut Drawing, rows: &[Row], along: &Scale, top: f64) -> f64 {
    rows.iter().fold(top, |top, row| {
        row.draw(drawing, along, top);
        top + row.height()
    })
}

#[cfg(test)]
mod tests;
