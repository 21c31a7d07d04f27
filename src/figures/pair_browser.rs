//! One pair as a genome browser would show it: where it lies, and both windows enlarged.

mod features;
mod locus;
mod rows;

use super::chart::axis::{Axis, Scale};
use super::chart::legend::{Entry, Mark, finish};
use super::chart::ticks::Ticks;
use super::drawing::colour::{self, INK};
use super::drawing::page::{MARGIN, TEXT, Width, headed};
use super::drawing::{Drawing, Figure, Stroke, Text};
use super::edge::{ELEMENT, Edge, RANKED, Way};
use super::pair::{PairFigure, WindowFigure};
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

/// The place of a pair on its chromosome with an arc between its elements; below it both windows
/// side by side, the leftmost first, each with marginal attention × number of bins, the annotated
/// element, the top regions and further tracks, row by row.
///
/// # Errors
///
/// Values that are missing, too many, or not attention; tracks that reach out of their window, or
/// that only one window has.
pub fn pair_browser(pair: &PairFigure, width: Width) -> Result<Figure> {
    pair.check()?;
    let (mut drawing, bottom) = headed(width, &pair.title(), &pair.remark());
    let panels = panels(pair, width.points());
    let ends = panels.each_ref().map(|panel| (panel.element, panel.page));
    let top = locus::draw(&mut drawing, pair, ends, bottom + 4.0);
    // Rows of the same meaning lie beside each other.
    let [left, right] = &panels;
    let higher = |(left, right): (&Row, &Row)| left.height().max(right.height());
    let heights: Vec<f64> = left.rows.iter().zip(&right.rows).map(higher).collect();
    let bottoms = panels.map(|panel| panel.draw(&mut drawing, top, &heights));
    let bottom = bottoms[0].max(bottoms[1]) + 5.0;
    Ok(finish(drawing, &pair.title(), bottom, &key()))
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

fn key() -> [Entry; 4] {
    let both = colour::both();
    [
        Mark::Boxes(both).means("marginal attention × number of bins"),
        Mark::Line(EVEN).means("no preference (1)"),
        Mark::Bars(both).means("annotated element"),
        Mark::Outlines(both).means("top regions by rank"),
    ]
}

/// One window, enlarged.
struct Panel<'a> {
    element: Element,
    window: &'a WindowFigure<'a>,
    ticks: Ticks,
    /// Its left and right end.
    page: (f64, f64),
    rows: Vec<Row<'a>>,
}

/// Side by side, and of the same width.
fn panels<'a>(pair: &'a PairFigure<'a>, width: f64) -> [Panel<'a>; 2] {
    let ticks = pair.windows.as_ref().map(|window| window.value_ticks(4));
    let signals = rows::ticks(&pair.windows);
    let depths = ticks.into_iter().chain(signals.iter().copied().flatten());
    let depth = depths.map(|ticks| rows::axis(&ticks).depth());
    let depth = depth.fold(0.0, f64::max);
    let room = (width - 2.0 * MARGIN - BETWEEN - BEYOND + 2.0) / 2.0;
    let mut right = MARGIN;
    left_to_right(pair).map(|element| {
        let page = (right + depth, right + room);
        right = page.1 + BETWEEN;
        let window = pair.windows.get(element);
        let rows = rows::rows(window, page, &signals);
        Panel {
            element,
            window,
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
            colour: colour::of(self.element),
            along,
            base,
            way,
        };
        let (track, below) = (edge(Way::Up), edge(Way::Down));
        let height = Scale::new(self.ticks.range(), (0.0, TRACK));
        track.steps(drawing, &height);
        track.level(drawing, height.at(1.0), EVEN);
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
    use crate::figures::drawing::{Paint, Step};
    use crate::figures::pair::tests::small;

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
        let figure = pair_browser(&pair, Width::Single).unwrap();
        let [panel, other] = panels(&pair, 240.0);
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
