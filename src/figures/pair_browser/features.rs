//! Named features below a window, in as few rows as hold them with their names.

use std::ops::Range;

use super::packing::Rows;
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
    placed: Vec<(usize, Placed<'a>)>,
    rows: Rows,
    left: f64,
}

/// A feature on the page.
struct Placed<'a> {
    feature: &'a Feature,
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
            rows: Rows::new(ROWS, GAP),
            left: page.0,
        };
        let scale = Scale::bases(window, page);
        for feature in features {
            let ends = [feature.bases.start, feature.bases.end]
                .map(|end| scale.at(end.clamp(window.start, window.end).into()));
            let named = named(feature, ends, page);
            let placed = packed
                .rows
                .place(named, Placed::extent, |of| of.name.clear());
            packed.placed.extend(placed);
        }
        packed
    }

    /// The height that [`Packed::draw`] needs.
    pub fn height(&self) -> f64 {
        self.rows.height(ROW)
    }

    /// Draws the features below `top`.
    pub fn draw(&self, drawing: &mut Drawing, colour: Colour, top: f64) {
        let middle = |row: usize| top + (row as f64 + 0.5) * ROW - 1.0;
        for (row, placed) in &self.placed {
            let middle = middle(*row);
            drawing.area(placed.shape(middle), Paint::Fill(colour));
            let (x, anchor) = match placed.behind {
                true => (placed.to + GAP, Anchor::Start),
                false => (placed.from - GAP, Anchor::End),
            };
            let at = (x, font::centred(middle, SMALL));
            drawing.text(Text::new(&placed.name, SMALL, at).anchor(anchor));
        }
        if let Some(words) = self.rows.remark() {
            let at = (self.left, font::centred(middle(self.rows.count()), SMALL));
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
            prop_assert_eq!(packed.placed.len() + packed.rows.left_out(), features.len());
            for (number, (row, a)) in packed.placed.iter().enumerate() {
                let (from, to) = a.extent();
                prop_assert!(page.0 - NARROWEST <= from && to <= page.1 + NARROWEST);
                prop_assert!(*row < ROWS);
                for (other_row, b) in &packed.placed[..number] {
                    let other = b.extent();
                    prop_assert!(row != other_row || to < other.0 || other.1 < from);
                }
            }
        }
    }
}
