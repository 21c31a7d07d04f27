//! One pair as a genome browser would show it: where it lies, and both windows enlarged.

mod features;
mod genes;
mod locus;
mod packing;
pub(super) mod rows;

use super::chart::axis::{Axis, Scale};
use super::chart::legend::{Entry, Mark, finish};
use super::chart::ticks::Ticks;
use super::check;
use super::drawing::colour::{self, Colour, INK};
use super::drawing::page::{APART, MARGIN, TEXT, Width, lettered};
use super::drawing::{Drawing, Figure, Look, Page, Stroke, Text};
use super::edge::{ELEMENT, Edge, RANKED, Way};
use super::pair::{PairFigure, WindowFigure};
use super::track::Track;
use crate::element::{Element, Sides};
use crate::error::Result;
use rows::Row;

/// The height of the marginal attention.
const TRACK: f64 = 52.0;
/// Between the rows of a panel.
const GAP: f64 = 4.0;
/// How far a position's label may reach over the end of a panel's axis.
const BEYOND: f64 = 9.0;
/// The line at 1, where no bin is preferred.
const EVEN: Stroke = Stroke::dashed(INK, 0.5);
/// Between the first panel and the second one's axis.
const BETWEEN: f64 = 12.0;
/// Pairs that a figure shows at most, each with its letter.
const MOST: usize = 12;

/// The place of each pair on its chromosome with an arc between its elements; below it both windows
/// side by side, the leftmost first, each with marginal attention × number of bins, the annotated
/// element, the top regions and further tracks, row by row. Several pairs stand below each other, lettered
/// from `a` on, on one scale.
///
/// # Errors
///
/// No pair or more than `MOST`; values that are missing, too many, or not attention; tracks that reach out
/// of their window, or that only some windows have; a look that leaves no room.
pub fn pair_browser(pairs: &[PairFigure], width: Width, look: &Look) -> Result<Figure> {
    check::told_apart(pairs.len(), MOST, "pairs")?;
    pairs.iter().try_for_each(PairFigure::check)?;
    let (title, remark) = match pairs {
        [pair] => (pair.title(), pair.remark()),
        _ => Default::default(),
    };
    let page = Page::new(&title, look)?;
    let shared = Shared::new(pairs, page)?;
    let (mut drawing, mut bottom) = page.headed(width, &remark);
    for (place, (pair, letter)) in pairs.iter().zip('a'..).enumerate() {
        if pairs.len() > 1 {
            let above = if place == 0 { 0.0 } else { APART };
            let (name, remark) = (pair.title(), pair.remark());
            let words = (name.as_str(), remark.as_str());
            bottom = lettered(&mut drawing, letter, words, bottom + above);
        }
        bottom = draw_pair(&mut drawing, pair, &shared, bottom + 4.0);
    }
    let names: Vec<String> = pairs.iter().map(PairFigure::title).collect();
    let names = names.join(", ");
    let title: &str = if page.title().is_empty() {
        &names
    } else {
        page.title()
    };
    Ok(finish(drawing, title, bottom + 5.0, &shared.key()))
}

/// Draws a pair below its heading; returns where it ends.
fn draw_pair(drawing: &mut Drawing, pair: &PairFigure, shared: &Shared, top: f64) -> f64 {
    let panels = panels(pair, shared, drawing.width());
    let ends = panels.each_ref().map(|panel| (panel.element, panel.page));
    let top = locus::draw(drawing, pair, (ends, &shared.colours), top);
    // Rows of the same meaning lie beside each other.
    let [left, right] = &panels;
    let higher = |(left, right): (&Row, &Row)| left.height().max(right.height());
    let heights: Vec<f64> = left.rows.iter().zip(&right.rows).map(higher).collect();
    let bottoms = panels.map(|panel| panel.draw(drawing, top, &heights));
    bottoms[0].max(bottoms[1])
}

/// What all pairs of a figure share.
struct Shared {
    colours: Sides<Colour>,
    /// Of marginal attention × number of bins.
    ticks: Sides<Ticks>,
    /// Of each further track that shows values.
    signals: Vec<Option<Ticks>>,
}

impl Shared {
    fn new(pairs: &[PairFigure], page: Page) -> Result<Self> {
        let kinds = |pair: &PairFigure| {
            let tracks = pair.windows.enhancer.tracks.iter();
            tracks
                .map(|track| track.signal().is_some())
                .collect::<Vec<bool>>()
        };
        let kinds: Vec<Vec<bool>> = pairs.iter().map(kinds).collect();
        let differ = kinds.windows(2).any(|two| two[0] != two[1]);
        check::refuse_if(differ, || "the pairs have other tracks")?;
        let highest = |element: Element| {
            let windows = pairs.iter().map(|pair| pair.windows.get(element));
            windows.map(WindowFigure::highest).fold(1.0, f64::max)
        };
        let [enhancer, promoter] = page.colours(colour::both());
        let windows = pairs.iter().flat_map(|pair| pair.windows.as_ref());
        let tracks: Vec<&[Track]> = windows.map(|window| &window.tracks[..]).collect();
        Ok(Self {
            colours: Sides::new(enhancer, promoter),
            ticks: Sides::from_fn(|element| {
                let (low, high) = page.y_range().unwrap_or((0.0, highest(element)));
                Ticks::covering(low, high, 4)
            }),
            signals: rows::ticks(&tracks),
        })
    }

    fn key(&self) -> [Entry; 4] {
        let both = [self.colours.enhancer, self.colours.promoter];
        [
            Mark::Boxes(both).means("marginal attention × number of bins"),
            Mark::Line(EVEN).means("no preference (1)"),
            Mark::Bars(both).means("annotated element"),
            Mark::Outlines(both).means("top regions by rank"),
        ]
    }
}

/// Both elements, by the position of their windows; the enhancer first where there is no order.
fn left_to_right(pair: &PairFigure) -> [Element; 2] {
    let Sides { enhancer, promoter } = &pair.windows;
    let same = enhancer.chrom == promoter.chrom;
    match same && promoter.window.start < enhancer.window.start {
        true => [Element::Promoter, Element::Enhancer],
        false => [Element::Enhancer, Element::Promoter],
    }
}

/// One window, enlarged.
struct Panel<'a> {
    element: Element,
    window: &'a WindowFigure<'a>,
    colour: Colour,
    ticks: Ticks,
    /// Its left and right end.
    page: (f64, f64),
    rows: Vec<Row<'a>>,
}

/// Side by side, and of the same width.
fn panels<'a>(pair: &'a PairFigure<'a>, shared: &Shared, width: f64) -> [Panel<'a>; 2] {
    let Shared { ticks, signals, .. } = shared;
    let depths = (*ticks)
        .into_iter()
        .chain(signals.iter().copied().flatten());
    let depth = depths.map(|ticks| rows::axis(&ticks).depth());
    let depth = depth.fold(0.0, f64::max);
    let room = (width - 2.0 * MARGIN - BETWEEN - BEYOND + 2.0) / 2.0;
    let mut right = MARGIN;
    left_to_right(pair).map(|element| {
        let page = (right + depth, right + room);
        right = page.1 + BETWEEN;
        let window = pair.windows.get(element);
        let rows = rows::rows(&window.tracks, &window.window, page, signals);
        Panel {
            element,
            window,
            colour: *shared.colours.get(element),
            ticks: *ticks.get(element),
            page,
            rows,
        }
    })
}

impl Panel<'_> {
    /// Draws the panel with rows of these heights; returns where it ends.
    fn draw(&self, drawing: &mut Drawing, top: f64, heights: &[f64]) -> f64 {
        let (left, right) = self.page;
        let along = Scale::bases(&self.window.window, self.page);
        let title = format!("{} window", self.element.name());
        let title = Text::fitting(&title, TEXT, right - left, (left, top + TEXT));
        drawing.text(title);

        let track_top = top + TEXT + 5.0;
        let base = track_top + TRACK;
        let edge = |way| Edge {
            window: self.window,
            colour: self.colour,
            along,
            base,
            way,
        };
        let (track, below) = (edge(Way::Up), edge(Way::Down));
        let height = Scale::new(self.ticks.range(), (0.0, TRACK));
        track.steps(drawing, &height);
        let (low, high) = self.ticks.range();
        if (low..=high).contains(&1.0) {
            track.level(drawing, height.at(1.0), EVEN);
        }
        let down = Scale::new(self.ticks.range(), (base, track_top));
        rows::axis(&self.ticks).left(drawing, &down, left);

        let mut out = GAP;
        below.element(drawing, out);
        out += ELEMENT + GAP;
        below.top_regions(drawing, out);
        out += RANKED + GAP;
        let mut bottom = base + out;
        for (row, height) in self.rows.iter().zip(heights) {
            row.draw(drawing, &along, bottom);
            bottom += height;
        }
        let window = self.window;
        let axis = Axis::bases_beside(&window.window, window.chrom, right - left, BEYOND);
        axis.bottom(drawing, &along, bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::drawing::colour::GREY;
    use crate::figures::drawing::{Paint, Step};
    use crate::figures::pair::tests::{signal, small};

    /// The places of the corners of every path in this paint.
    fn painted(figure: &Figure, paint: Paint) -> Vec<Vec<(f64, f64)>> {
        let places = |steps: &[Step]| {
            let place = |step: &Step| match step {
                Step::Move(to) | Step::Line(to) => Some(*to),
                Step::Curve(..) | Step::Close => None,
            };
            steps.iter().filter_map(place).collect()
        };
        let shapes = figure.drawing().shapes().iter();
        shapes
            .filter_map(|shape| match shape {
                Shape::Path(steps, found) if *found == paint => Some(places(steps)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_steps_stand_where_their_bins_are() {
        let pair = small();
        let pairs = std::slice::from_ref(&pair);
        let figure = pair_browser(pairs, Width::Single, &Look::default()).unwrap();
        let shared = Shared::new(pairs, "small".into()).unwrap();
        let [panel, other] = panels(&pair, &shared, 240.0);
        assert_eq!(
            (panel.element, other.element),
            (Element::Enhancer, Element::Promoter)
        );
        let (left, right) = panel.page;
        let third = (right - left) / 3.0;
        let orange = painted(&figure, Paint::Fill(colour::of(Element::Enhancer)));
        // Three bins make six corners and the two on the ground.
        let steps = orange.iter().find(|path| path.len() == 8).unwrap();
        for (bin, two) in steps[..6].chunks(2).enumerate() {
            assert!((two[0].0 - left - bin as f64 * third).abs() < 0.01);
            assert!((two[1].0 - left - (bin + 1) as f64 * third).abs() < 0.01);
            assert_eq!(two[0].1, two[1].1);
        }
        // 0.2 · 3, 0.9 · 3 and 0.4 · 3 on a scale from 0 to 3.
        let ground = steps[7].1;
        let heights = [steps[0], steps[2], steps[4]].map(|place| ground - place.1);
        for (height, value) in heights.into_iter().zip([0.6, 2.7, 1.2]) {
            assert!(
                (height - TRACK * value / 3.0).abs() < 0.02,
                "{height} {value}"
            );
        }
        // The element is the middle bin.
        let bar = orange.iter().find(|path| {
            (path[0].0 - left - third).abs() < 0.01 && (path[1].0 - right + third).abs() < 0.01
        });
        assert_eq!(bar.unwrap().len(), 4);
    }

    #[test]
    fn all_panels_share_their_scales() {
        // A third of the attention, and a quarter of the signal.
        let (mut low, mut high) = (small(), small());
        low.windows.enhancer.marginal = &[0.1, 0.3, 0.2];
        for (pair, value) in [(&mut low, 2.0), (&mut high, 8.0)] {
            pair.windows.enhancer.tracks = signal("DNase", &[(1000..1100, value)]).to_vec();
            pair.windows.promoter.tracks = signal("DNase", &[]).to_vec();
        }
        let pairs = [low, high];
        let figure = pair_browser(&pairs, Width::Double, &Look::default()).unwrap();
        let heights = |colour: Colour, corners: usize| -> Vec<f64> {
            let paths = painted(&figure, Paint::Fill(colour)).into_iter();
            let height = |path: Vec<(f64, f64)>| {
                let ys = path.iter().map(|place| place.1);
                ys.clone().fold(f64::MIN, f64::max) - ys.fold(f64::MAX, f64::min)
            };
            let paths = paths.filter(|path| path.len() == corners);
            paths.map(height).collect()
        };
        // Three bins make six corners and the two on the ground.
        let steps = heights(colour::of(Element::Enhancer), 8);
        assert_eq!(steps.len(), 2);
        assert!((3.0 * steps[0] - steps[1]).abs() < 0.05, "{steps:?}");
        let signals = heights(GREY, 4);
        assert_eq!(signals.len(), 2);
        assert!((4.0 * signals[0] - signals[1]).abs() < 0.05, "{signals:?}");
    }

    #[test]
    fn the_leftmost_window_comes_first() {
        let mut pair = small();
        assert_eq!(left_to_right(&pair)[0], Element::Enhancer);
        let promoter = &mut pair.windows.promoter;
        (promoter.window, promoter.element) = (500..600, 550..600);
        assert_eq!(left_to_right(&pair)[0], Element::Promoter);
        pair.windows.promoter.chrom = "chr0";
        assert_eq!(left_to_right(&pair)[0], Element::Enhancer);
    }
}
