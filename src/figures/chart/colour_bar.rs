//! The key to a colour scale.

use super::axis::{AXIS, Axis, Scale};
use super::ticks::Ticks;
use crate::figures::drawing::colour::{ColourScale, LEVELS};
use crate::figures::drawing::{Drawing, Rect};

/// The height of the bar.
const HEIGHT: f64 = 6.0;

/// Numbers from 0 on, or on both sides of it, as colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColourKey {
    scale: ColourScale,
    ticks: Ticks,
}

impl ColourKey {
    /// A key whose last tick is the first round number from `highest` on.
    pub fn new(scale: ColourScale, highest: f64) -> Self {
        let ticks = Ticks::covering(0.0, if highest > 0.0 { highest } else { 1.0 }, 6);
        Self { scale, ticks }
    }

    /// A key that reaches as far below 0 as above it: to the first round number from `furthest`
    /// on.
    pub fn around_zero(scale: ColourScale, furthest: f64) -> Self {
        let furthest = if furthest > 0.0 { furthest } else { 1.0 };
        let ticks = Ticks::covering(-furthest, furthest, 7);
        Self { scale, ticks }
    }

    /// The first and the last number that have a colour of their own.
    pub fn range(&self) -> (f64, f64) {
        self.ticks.range()
    }

    /// The level of a number among [`LEVELS`].
    pub fn level(&self, number: f64) -> usize {
        let (low, high) = self.ticks.range();
        let part = (number - low) / (high - low);
        // The cast takes what lies below the key to 0.
        ((part * LEVELS as f64) as usize).min(LEVELS - 1)
    }

    /// The scale of the levels.
    pub fn scale(&self) -> ColourScale {
        self.scale
    }

    /// Draws the bar with its numbers and title; returns where they end.
    pub fn draw(&self, drawing: &mut Drawing, page: (f64, f64), top: f64, title: &str) -> f64 {
        let levels = Scale::new((0.0, LEVELS as f64), page);
        let bottom = top + HEIGHT;
        for level in 0..LEVELS {
            let ends = (levels.at(level as f64), levels.at(level as f64 + 1.0));
            let cell = Rect::between((ends.0, top), (ends.1, bottom));
            drawing.cells([cell], self.scale.level(level));
        }
        // The axis closes the frame.
        let (left, right) = page;
        drawing.line(
            [(left, bottom), (left, top), (right, top), (right, bottom)],
            AXIS,
        );
        let numbers = Scale::new(self.ticks.range(), page);
        Axis::numbers(&self.ticks, title).bottom(drawing, &numbers, bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;

    #[test]
    fn levels_fill_the_range_of_the_key() {
        let key = ColourKey::new(ColourScale::of(Element::Enhancer), 0.37);
        assert_eq!(
            [0.0, 0.2, 0.4].map(|number| key.level(number)),
            [0, 128, 255]
        );
        let empty = ColourKey::new(ColourScale::of(Element::Enhancer), 0.0);
        assert_eq!(empty.level(0.0), 0);
        let both = ColourKey::around_zero(ColourScale::DIVERGING, 2.7);
        assert_eq!(both.range(), (-3.0, 3.0));
        let levels = [-9.0, -3.0, 0.0, 3.0].map(|number| both.level(number));
        assert_eq!(levels, [0, 0, 128, 255]);
    }
}
