//! The attention of one pair as a heat map.

use super::chart::axis::{AXIS, Axis, Scale};
use super::chart::colour_bar::ColourKey;
use super::chart::heat_map;
use super::chart::legend::{Mark, finish};
use super::chart::ticks::grouped;
use super::check;
use super::drawing::colour::{self, Colour, ColourScale};
use super::drawing::font;
use super::drawing::page::{MARGIN, SMALL, Width};
use super::drawing::{Anchor, Drawing, Figure, Look, Page, Paint, Point, Rect, Text};
use super::edge::{ELEMENT, Edge, RANKED, Way};
use super::pair::{Matrices, PairFigure, check_matrices};
use crate::element::{Element, Sides};
use crate::error::Result;

/// The thickness of the marginal attention beside the heat map.
const MARGINAL: f64 = 26.0;
/// Between the heat map and what lies beside it.
const GAP: f64 = 3.0;
/// The narrowest heat map.
const NARROWEST: f64 = 30.0;

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

/// The attention matrix of a pair as a heat map in the coordinates of its windows: the enhancer's bins run
/// across, the promoter's down, as on a page. Beside it stand the marginal attention of both
/// windows, the annotated elements and the top regions.
///
/// # Errors
///
/// Values that are missing, too many, or not attention; a look that leaves no room.
pub fn pair_matrix(
    pair: &PairFigure,
    matrices: &Matrices,
    panels: Panels,
    look: &Look,
) -> Result<Figure> {
    pair.check()?;
    check_matrices(matrices, pair)?;
    let (width, shown) = match panels {
        Panels::Enhancer => (Width::Single, &[Element::Enhancer][..]),
        Panels::Promoter => (Width::Single, &[Element::Promoter][..]),
        Panels::Both => (Width::Double, &Element::BOTH[..]),
    };
    let title = pair.title();
    let page = Page::new(&title, look)?;
    let (mut drawing, bottom) = page.headed(width, &pair.remark());
    let top = bottom + 5.0;
    let between = Width::Double.points() - 2.0 * Width::Single.points();
    let wide = (drawing.width() + between) / shown.len() as f64 - between;
    let both = page.colours(colour::both());
    let mut bottom = top;
    for (place, element) in shown.iter().enumerate() {
        let left = place as f64 * (wide + between);
        let panel = Panel::new(pair, both, (left, top), wide);
        check::refuse_if(
            panel.map.width() < NARROWEST,
            || "the page is too narrow for the map",
        )?;
        bottom = panel.draw(&mut drawing, matrices, *element);
    }
    let entries = [
        Mark::Bars(both).means("annotated element"),
        Mark::Outlines(both).means("top regions by rank"),
        Mark::Boxes(both).means("marginal attention × number of bins"),
    ];
    Ok(finish(drawing, page.title(), bottom + 5.0, &entries))
}

/// Where the parts of a heat map lie.
struct Panel<'a> {
    pair: &'a PairFigure<'a>,
    /// Of the enhancer and of the promoter.
    colours: Sides<Colour>,
    rows: Axis,
    map: Rect,
}

impl<'a> Panel<'a> {
    /// A panel of some width below a corner.
    fn new(
        pair: &'a PairFigure<'a>,
        [of_enhancer, of_promoter]: [Colour; 2],
        (left, top): Point,
        wide: f64,
    ) -> Self {
        let Sides { enhancer, promoter } = &pair.windows;
        let title = format!("promoter window on {}", promoter.chrom);
        let rows = Axis::bases(&promoter.window, &title, 7);
        let beside = GAP + MARGINAL + GAP + RANKED;
        let map_left = left + MARGIN + rows.depth() + ELEMENT + GAP;
        let map_right = left + wide - MARGIN - beside;
        let map_top = top + RANKED + GAP + MARGINAL + GAP;
        // A base is as long in both directions, unless the map would be flat or a tower.
        let aspect = promoter.window.len() as f64 / enhancer.window.len() as f64;
        let map_bottom = map_top + (map_right - map_left) * aspect.clamp(0.6, 1.5);
        let map = Rect::between((map_left, map_top), (map_right, map_bottom));
        Self {
            pair,
            colours: Sides::new(of_enhancer, of_promoter),
            rows,
            map,
        }
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
            Element::Enhancer => (self.map.left, self.map.right),
            Element::Promoter => (self.map.top, self.map.bottom),
        };
        Scale::bases(&self.pair.windows.get(element).window, ends)
    }

    fn edge(&self, element: Element, base: f64, way: Way) -> Edge<'a> {
        Edge {
            window: self.pair.windows.get(element),
            colour: *self.colours.get(element),
            along: self.along(element),
            base,
            way,
        }
    }

    fn heat_map(&self, drawing: &mut Drawing, values: &[f32], key: &ColourKey) {
        let [across, down] = Element::BOTH.map(|element| self.along(element));
        let Sides { enhancer, promoter } = &self.pair.windows;
        let columns: Vec<_> = enhancer.bins().collect();
        // A matrix has the promoter's bins one after the other.
        let of_promoter = promoter.marginal.len();
        let rows = promoter.bins().enumerate();
        let rows = rows.map(|(place, (top, bottom, _))| {
            let row = values.iter().skip(place).step_by(of_promoter);
            let cells = columns.iter().zip(row).map(|((left, right, _), value)| {
                let corner = (across.at(*left), down.at(top));
                let end = (across.at(*right), down.at(bottom));
                (Rect::between(corner, end), f64::from(*value))
            });
            cells.collect::<Vec<_>>()
        });
        heat_map::draw(drawing, key, rows);
        drawing.rect(self.map, Paint::Stroke(AXIS));
    }

    /// What stands above and to the right of the map, with the values' axes.
    fn marginals(&self, drawing: &mut Drawing) {
        for (element, window) in self.pair.windows.iter() {
            let edge = match element {
                Element::Enhancer => self.edge(element, self.map.top - GAP, Way::Up),
                Element::Promoter => self.edge(element, self.map.right + GAP, Way::Right),
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
            Element::Enhancer => {
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
            Element::Promoter => {
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
        let enhancer = &self.pair.windows.enhancer;
        let room = self.map.width();
        let title = format!("enhancer window on {}", enhancer.chrom);
        let columns = Axis::bases_beside(&enhancer.window, &title, room, 18.0);
        let below = self.edge(Element::Enhancer, self.map.bottom, Way::Down);
        below.element(drawing, GAP / 2.0);
        let left = self.map.left - GAP / 2.0 - ELEMENT;
        let beside = self.edge(Element::Promoter, left, Way::Right);
        beside.element(drawing, 0.0);
        let x = self.map.left - GAP - ELEMENT;
        self.rows.left(drawing, &self.along(Element::Promoter), x);
        let y = self.map.bottom + GAP + ELEMENT;
        columns.bottom(drawing, &self.along(Element::Enhancer), y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::Step;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::pair::tests::{SMALL_MATRICES, small};

    /// The cells of a colour that lie in the map: left, top, right, bottom.
    fn cells(figure: &Figure, colour: Colour, bottom: f64) -> Vec<[f64; 4]> {
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
        let usual = Look::default();
        let figure = pair_matrix(&pair, &SMALL_MATRICES, Panels::Enhancer, &usual).unwrap();
        let title = pair.title();
        let (drawing, bottom) = Page::from(title.as_str()).headed(Width::Single, &pair.remark());
        let corner = (0.0, bottom + 5.0);
        let map = Panel::new(&pair, colour::both(), corner, drawing.width()).map;
        let key = ColourKey::new(ColourScale::of(Element::Enhancer), 0.9);
        let (third, half) = ((map.right - map.left) / 3.0, (map.bottom - map.top) / 2.0);
        // The enhancer's three bins lie side by side, the promoter's two below each other.
        for (place, value) in SMALL_MATRICES.enhancer.iter().enumerate() {
            let (column, row) = ((place / 2) as f64, (place % 2) as f64);
            let (left, top) = (map.left + column * third, map.top + row * half);
            let colour = key.scale().level(key.level((*value).into()));
            let found = cells(&figure, colour, map.bottom + 0.01);
            let wanted = [left, top, left + third, top + half];
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
        let usual = Look::default();
        let figure = pair_matrix(&pair, &even, Panels::Promoter, &usual).unwrap();
        let key = ColourKey::new(ColourScale::of(Element::Promoter), 0.5);
        let map_cells = cells(&figure, key.scale().level(key.level(0.5)), 300.0);
        assert_eq!(map_cells.len(), 2, "{map_cells:?}");
    }
}
