//! Named features below a window, in as few rows as hold them with their names.

use std::ops::Range;

use crate::figures::chart::axis::Scale;
use crate::figures::drawing::colour::{Colour, GREY};
use crate::figures::drawing::font;
use crate::figures::drawing::page::SMALL;
use crate::figures::drawing::{Anchor, Drawing, Paint, Point, Text};
use crate::figures::track::Feature;
use crate::genome::Strand;

/// From one row to the next.
const ROW: f64 = 9.0;
/// Half the height of a feature.
const HALF: f64 = 2.2;
/// The narrowest feature.
const NARROWEST: f64 = 2.0;
/// The length of a strand's arrow head.
const HEAD: f64 = 2.2;
/// Between a feature and its name, and between a name and the next feature.
const GAP: f64 = 2.0;
/// A figure has no more rows: then names go, and it says how many features it leaves out.
const ROWS: usize = 8;

/// Features that have found their rows.
pub struct Packed<'a> {
    placed: Vec<Placed<'a>>,
    rows: usize,
    left_out: usize,
    left: f64,
}

/// A feature on the page.
struct Placed<'a> {
    feature: &'a Feature,
    row: usize,
    from: f64,
    to: f64,
    name: String,
    /// Whether the name stands behind the feature.
    behind: bool,
}

impl<'a> Packed<'a> {
    /// Packs the features of a window between two ends of the page: the first one has the choice.
    pub fn new(features: &'a [Feature], window: &Range<u32>, page: (f64, f64)) -> Self {
        let mut packed = Self {
            placed: Vec::new(),
            rows: 0,
            left_out: 0,
            left: page.0,
        };
        let scale = Scale::bases(window, page);
        for feature in features {
            let ends = [feature.bases.start, feature.bases.end]
                .map(|end| scale.at(end.clamp(window.start, window.end).into()));
            packed.place(named(feature, ends, page));
        }
        packed
    }

    /// Puts a feature into the first row that has room for it, if need be without its name.
    fn place(&mut self, named: Placed<'a>) {
        let nameless = Placed {
            name: String::new(),
            ..named
        };
        let found = [named, nameless].into_iter().find_map(|placed| {
            let row = self.free_row(placed.extent())?;
            Some(Placed { row, ..placed })
        });
        match found {
            Some(placed) => {
                self.rows = self.rows.max(placed.row + 1);
                self.placed.push(placed);
            }
            None => self.left_out += 1,
        }
    }

    fn free_row(&self, (from, to): (f64, f64)) -> Option<usize> {
        (0..ROWS).find(|row| {
            let mut others = self.placed.iter().filter(|other| other.row == *row);
            others.all(|other| other.extent().1 + GAP <= from || to + GAP <= other.extent().0)
        })
    }

    /// The height that [`Packed::draw`] needs.
    pub fn height(&self) -> f64 {
        let rows = self.rows + usize::from(self.left_out > 0);
        rows as f64 * ROW
    }

    /// Draws the features below `top`.
    pub fn draw(&self, drawing: &mut Drawing, colour: Colour, top: f64) {
        let middle = |row: usize| top + (row as f64 + 0.5) * ROW - 1.0;
        for placed in &self.placed {
            let middle = middle(placed.row);
            drawing.area(placed.shape(middle), Paint::Fill(colour));
            let (x, anchor) = match placed.behind {
                true => (placed.to + GAP, Anchor::Start),
                false => (placed.from - GAP, Anchor::End),
            };
            let at = (x, font::centred(middle, SMALL));
            drawing.text(Text::new(&placed.name, SMALL, at).anchor(anchor));
        }
        if self.left_out > 0 {
            let words = format!("… and {} more", self.left_out);
            let at = (self.left, font::centred(middle(self.rows), SMALL));
            drawing.text(Text::new(&words, SMALL, at).colour(GREY));
        }
    }
}

/// A feature with its name where there is more room: behind it, or else before it.
fn named<'a>(feature: &'a Feature, [from, to]: [f64; 2], page: (f64, f64)) -> Placed<'a> {
    let (from, to) = match to - from {
        wide if wide >= NARROWEST => (from, to),
        _ => ((from + to - NARROWEST) / 2.0, (from + to + NARROWEST) / 2.0),
    };
    let rooms = (from - GAP - page.0, page.1 - to - GAP);
    let most = (page.1 - page.0) / 2.0;
    let behind = font::width(&feature.name, SMALL).min(most) <= rooms.1 || rooms.1 >= rooms.0;
    let room = if behind { rooms.1 } else { rooms.0 };
    let name = font::shortened(&feature.name, SMALL, room.min(most));
    Placed {
        feature,
        row: 0,
        from,
        to,
        name,
        behind,
    }
}

impl Placed<'_> {
    /// From where to where the feature and its name reach.
    fn extent(&self) -> (f64, f64) {
        let wide = match font::width(&self.name, SMALL) {
            0.0 => 0.0,
            wide => wide + GAP,
        };
        match self.behind {
            true => (self.from, self.to + wide),
            false => (self.from - wide, self.to),
        }
    }

    /// A bar, pointed towards where its strand reads.
    fn shape(&self, middle: f64) -> Vec<Point> {
        let head = HEAD.min(self.to - self.from);
        let (from, to, above, below) = (self.from, self.to, middle - HALF, middle + HALF);
        match self.feature.strand {
            None => vec![(from, above), (to, above), (to, below), (from, below)],
            Some(strand) => {
                let (tail, neck, tip) = match strand {
                    Strand::Forward => (from, to - head, to),
                    Strand::Reverse => (to, from + head, from),
                };
                vec![
                    (tail, above),
                    (neck, above),
                    (tip, middle),
                    (neck, below),
                    (tail, below),
                ]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn features_and_names_never_touch_or_leave_the_panel(
            all in prop::collection::vec((4900u32..5099, 2u32..300, ".{0,30}"), 0..40)
        ) {
            let features: Vec<Feature> = all
                .iter()
                .map(|(start, length, name)| Feature {
                    name: name.as_str().into(),
                    bases: *start..(start + length).max(5001),
                    strand: None,
                })
                .collect();
            let page = (100.0, 190.0);
            let packed = Packed::new(&features, &(5000..5100), page);
            prop_assert_eq!(packed.placed.len() + packed.left_out, features.len());
            for (number, a) in packed.placed.iter().enumerate() {
                let (from, to) = a.extent();
                prop_assert!(page.0 - NARROWEST <= from && to <= page.1 + NARROWEST);
                prop_assert!(a.row < ROWS);
                for b in &packed.placed[..number] {
                    let other = b.extent();
                    prop_assert!(a.row != b.row || to < other.0 || other.1 < from);
                }
            }
        }
    }
}
