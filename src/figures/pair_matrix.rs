//! The attention of one pair as a heat map.

use std::collections::BTreeMap;

use super::chart::axis::{AXIS, Axis, Scale};
use super::chart::colour_bar::ColourKey;
use super::chart::legend::{Mark, finish};
use super::chart::ticks::grouped;
use super::drawing::colour::{self, ColourScale};
use super::drawing::font;
use super::drawing::page::{MARGIN, SMALL, Width, headed};
use super::drawing::{Anchor, Drawing, Figure, Paint, Rect, Text};
use super::edge::{ELEMENT, Edge, RANKED, Way};
use super::pair::{Matrices, PairFigure, check_matrices};
use crate::element::{Element, Sides};
use crate::error::Result;

/// The thickness of the marginal attention beside the heat map.
const MARGINAL: f64 = 26.0;
/// Between the heat map and what lies beside it.
const GAP: f64 = 3.0;

/// Which attention a figure shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Panels {
    /// That over the enhancer's bins, in one column's width.
    Enhancer,
    /// That over the promoter's bins, in one column's width.
    Promoter,
    /// Both side by side, in two columns' width.
    #[default]
    Both,
}

/// The attention matrix of a pair as a heat map in the coordinates of its windows: a row for each
/// enhancer bin, a column for each promoter bin. Beside it stand the marginal attention of both
/// windows, the annotated elements and the top regions.
///
/// # Errors
///
/// Values that are missing, too many, or not attention.
pub fn pair_matrix(pair: &PairFigure, matrices: &Matrices, panels: Panels) -> Result<Figure> {
    pair.check()?;
    check_matrices(matrices, pair)?;
    let (width, shown) = match panels {
        Panels::Enhancer => (Width::Single, &[Element::Enhancer][..]),
        Panels::Promoter => (Width::Single, &[Element::Promoter][..]),
        Panels::Both => (Width::Double, &Element::BOTH[..]),
    };
    let (mut drawing, bottom) = headed(width, &pair.title(), &pair.remark());
    let top = bottom + 5.0;
    let apart = Width::Double.points() - Width::Single.points();
    let mut bottom = top;
    for (place, element) in shown.iter().enumerate() {
        let panel = Panel::new(pair, place as f64 * apart, top);
        bottom = panel.draw(&mut drawing, matrices, *element);
    }
    let both = colour::both();
    let entries = [
        Mark::Bars(both).means("annotated element"),
        Mark::Outlines(both).means("top regions by rank"),
        Mark::Boxes(both).means("marginal attention × number of bins"),
    ];
    Ok(finish(drawing, &pair.title(), bottom + 5.0, &entries))
}

/// Where the parts of a heat map lie.
struct Panel<'a> {
    pair: &'a PairFigure<'a>,
    rows: Axis,
    map: Rect,
}

impl<'a> Panel<'a> {
    /// A panel of one column's width.
    fn new(pair: &'a PairFigure<'a>, left: f64, top: f64) -> Self {
        let Sides { enhancer, promoter } = &pair.windows;
        let title = format!("enhancer window on {}", enhancer.chrom);
        let rows = Axis::bases(&enhancer.window, &title, 7);
        let beside = GAP + MARGINAL + GAP + RANKED;
        let map_left = left + MARGIN + rows.depth() + ELEMENT + GAP;
        let map_right = left + Width::Single.points() - MARGIN - beside;
        let map_top = top + RANKED + GAP + MARGINAL + GAP;
        // A base is as long in both directions, unless the map would be flat or a tower.
        let aspect = enhancer.window.len() as f64 / promoter.window.len() as f64;
        let map_bottom = map_top + (map_right - map_left) * aspect.clamp(0.6, 1.5);
        let map = Rect::between((map_left, map_top), (map_right, map_bottom));
        Self { pair, rows, map }
    }

    fn draw(&self, drawing: &mut Drawing, matrices: &Matrices, over: Element) -> f64 {
        let values = matrices.get(over);
        let highest = values.iter().copied().fold(0.0, f32::max);
        let key = ColourKey::new(ColourScale::of(over), highest.into());
        self.heat_map(drawing, values, &key);
        self.marginals(drawing);
        let bottom = self.axes(drawing);
        let title = format!("attention over {} bins", over.name());
        let ends = (self.map.left, self.map.right);
        key.draw(drawing, ends, bottom + 5.0, &title)
    }

    /// Where the positions of an element's window lie along the map.
    fn along(&self, element: Element) -> Scale {
        let ends = match element {
            Element::Enhancer => (self.map.top, self.map.bottom),
            Element::Promoter => (self.map.left, self.map.right),
        };
        Scale::bases(&self.pair.windows.get(element).window, ends)
    }

    fn edge(&self, element: Element, base: f64, way: Way) -> Edge<'a> {
        Edge {
            window: self.pair.windows.get(element),
            colour: colour::of(element),
            along: self.along(element),
            base,
            way,
        }
    }

    /// The cells, those of a colour together; equal neighbours of a row as one.
    fn heat_map(&self, drawing: &mut Drawing, values: &[f32], key: &ColourKey) {
        let [down, across] = Element::BOTH.map(|element| self.along(element));
        let Sides { enhancer, promoter } = &self.pair.windows;
        let columns: Vec<_> = promoter.bins().collect();
        let rows = enhancer.bins().zip(values.chunks(columns.len()));
        let mut cells: BTreeMap<usize, Vec<Rect>> = BTreeMap::new();
        for ((top, bottom, _), row) in rows {
            let bins: Vec<_> = columns.iter().zip(row).collect();
            let level = |value: f32| key.level(value.into());
            for run in bins.chunk_by(|a, b| level(*a.1) == level(*b.1)) {
                let ((first, value), (last, _)) = (run[0], run[run.len() - 1]);
                let corner = (across.at(first.0), down.at(top));
                let cell = Rect::between(corner, (across.at(last.1), down.at(bottom)));
                cells.entry(level(*value)).or_default().push(cell);
            }
        }
        for (level, cells) in cells {
            drawing.cells(cells, key.scale().level(level));
        }
        drawing.rect(self.map, Paint::Stroke(AXIS));
    }

    /// What stands above and to the right of the map, with the values' axes.
    fn marginals(&self, drawing: &mut Drawing) {
        for (element, window) in self.pair.windows.iter() {
            let edge = match element {
                Element::Enhancer => self.edge(element, self.map.right + GAP, Way::Right),
                Element::Promoter => self.edge(element, self.map.top - GAP, Way::Up),
            };
            let ticks = window.value_ticks(6);
            let height = Scale::new(ticks.range(), (0.0, MARGINAL));
            edge.steps(drawing, &height);
            edge.top_regions(drawing, MARGINAL + GAP);
            self.value_axis(drawing, element, ticks.range());
        }
    }

    /// 0 and the highest value beside a marginal.
    fn value_axis(&self, drawing: &mut Drawing, element: Element, range: (f64, f64)) {
        let label = |value: f64| grouped(value, usize::from(value.fract() != 0.0));
        match element {
            Element::Promoter => {
                let base = self.map.top - GAP;
                let x = self.map.left - GAP;
                drawing.line([(x, base), (x, base - MARGINAL)], AXIS);
                // The 0 stands above its tick: below it a row's position may have its label.
                let top = base - MARGINAL;
                let ends = [
                    (range.0, base, base - 1.0),
                    (range.1, top, font::centred(top, SMALL)),
                ];
                for (value, y, baseline) in ends {
                    drawing.line([(x - 2.0, y), (x, y)], AXIS);
                    let at = (x - 4.0, baseline);
                    drawing.text(Text::new(&label(value), SMALL, at).anchor(Anchor::End));
                }
            }
            Element::Enhancer => {
                let base = self.map.right + GAP;
                let y = self.map.top - GAP;
                drawing.line([(base, y), (base + MARGINAL, y)], AXIS);
                for (value, x) in [(range.0, base), (range.1, base + MARGINAL)] {
                    drawing.line([(x, y), (x, y - 2.0)], AXIS);
                    let at = (x, y - 4.0);
                    drawing.text(Text::new(&label(value), SMALL, at).anchor(Anchor::Middle));
                }
            }
        }
    }

    /// The windows' axes, with the annotated elements between them and the map; returns where
    /// they end.
    fn axes(&self, drawing: &mut Drawing) -> f64 {
        let promoter = &self.pair.windows.promoter;
        let room = self.map.width();
        let title = format!("promoter window on {}", promoter.chrom);
        let columns = Axis::bases_beside(&promoter.window, &title, room, 18.0);
        let below = self.edge(Element::Promoter, self.map.bottom, Way::Down);
        below.element(drawing, GAP / 2.0);
        let left = self.map.left - GAP / 2.0 - ELEMENT;
        let beside = self.edge(Element::Enhancer, left, Way::Right);
        beside.element(drawing, 0.0);
        let x = self.map.left - GAP - ELEMENT;
        self.rows.left(drawing, &self.along(Element::Enhancer), x);
        let y = self.map.bottom + GAP + ELEMENT;
        columns.bottom(drawing, &self.along(Element::Promoter), y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::Step;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::pair::tests::{SMALL_MATRICES, small};

    /// The cells of a colour that lie in the map: left, top, right, bottom.
    fn cells(figure: &Figure, colour: colour::Colour, bottom: f64) -> Vec<[f64; 4]> {
        let mut cells = Vec::new();
        for shape in figure.drawing().shapes() {
            let Shape::Path(steps, Paint::Cells(found)) = shape else {
                continue;
            };
            for cell in steps.chunks(5).filter(|_| *found == colour) {
                if let [Step::Move(a), _, Step::Line(b), ..] = cell
                    && b.1 <= bottom
                {
                    cells.push([a.0, a.1, b.0, b.1]);
                }
            }
        }
        cells
    }

    #[test]
    fn a_cell_spans_its_bins_and_has_its_values_colour() {
        let pair = small();
        let figure = pair_matrix(&pair, &SMALL_MATRICES, Panels::Enhancer).unwrap();
        let (_, bottom) = headed(Width::Single, &pair.title(), &pair.remark());
        let map = Panel::new(&pair, 0.0, bottom + 5.0).map;
        let key = ColourKey::new(ColourScale::of(Element::Enhancer), 0.9);
        let (third, half) = ((map.bottom - map.top) / 3.0, (map.right - map.left) / 2.0);
        for (place, value) in SMALL_MATRICES.enhancer.iter().enumerate() {
            let (row, column) = ((place / 2) as f64, (place % 2) as f64);
            let (left, top) = (map.left + column * half, map.top + row * third);
            let colour = key.scale().level(key.level((*value).into()));
            let found = cells(&figure, colour, map.bottom + 0.01);
            let wanted = [left, top, left + half, top + third];
            let near = |cell: &[f64; 4]| cell.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 0.01);
            assert!(found.iter().any(near), "{value}: {found:?} {wanted:?}");
        }
    }

    #[test]
    fn equal_neighbours_of_a_row_are_one_cell() {
        let pair = small();
        let even = Matrices {
            enhancer: &[0.3; 6],
            promoter: &[0.5; 6],
        };
        let figure = pair_matrix(&pair, &even, Panels::Promoter).unwrap();
        let key = ColourKey::new(ColourScale::of(Element::Promoter), 0.5);
        let map_cells = cells(&figure, key.scale().level(key.level(0.5)), 300.0);
        assert_eq!(map_cells.len(), 3, "{map_cells:?}");
    }
}
