//! A letter as a shape, as wide and as high as it has to be.

use ttf_parser::OutlineBuilder;

use super::canvas::{Point, Rect, Step};
use super::font;

/// The outline of a letter, stretched to fill a rectangle; nothing where the letter has no outline.
pub fn glyph(letter: char, into: Rect) -> Vec<Step> {
    let mut outline = Outline::default();
    font::outline(&letter.to_string(), &mut outline, |_, _| {});
    let points = || outline.steps.iter().flat_map(points);
    let least = |of: fn(Point) -> f64| points().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(Point) -> f64| points().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (left, right) = (least(|of| of.0), most(|of| of.0));
    let (bottom, top) = (least(|of| of.1), most(|of| of.1));
    if !(right > left && top > bottom) {
        return Vec::new();
    }
    let across = into.width() / (right - left);
    let up = (into.bottom - into.top) / (top - bottom);
    // The font's y points upwards.
    let place = |(x, y): Point| {
        (
            into.left + (x - left) * across,
            into.bottom - (y - bottom) * up,
        )
    };
    let moved = |step: &Step| match *step {
        Step::Move(to) => Step::Move(place(to)),
        Step::Line(to) => Step::Line(place(to)),
        Step::Curve(a, b, to) => Step::Curve(place(a), place(b), place(to)),
        Step::Close => Step::Close,
    };
    outline.steps.iter().map(moved).collect()
}

/// The points of a step, those that pull a curve among them.
fn points(step: &Step) -> impl Iterator<Item = Point> + use<> {
    let points = match *step {
        Step::Move(to) | Step::Line(to) => [Some(to), None, None],
        Step::Curve(a, b, to) => [Some(a), Some(b), Some(to)],
        Step::Close => [None; 3],
    };
    points.into_iter().flatten()
}

/// An outline in the font's units.
#[derive(Default)]
struct Outline {
    steps: Vec<Step>,
    at: Point,
}

impl Outline {
    fn push(&mut self, step: Step, to: Point) {
        self.steps.push(step);
        self.at = to;
    }
}

fn point(x: f32, y: f32) -> Point {
    (f64::from(x), f64::from(y))
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let to = point(x, y);
        self.push(Step::Move(to), to);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = point(x, y);
        self.push(Step::Line(to), to);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // The cubic curve that is the same: its control points lie two thirds of the way to the one.
        let (pull, from, to) = (point(x1, y1), self.at, point(x, y));
        let towards = |end: Point| {
            let part = |end: f64, pull: f64| end + 2.0 / 3.0 * (pull - end);
            (part(end.0, pull.0), part(end.1, pull.1))
        };
        self.push(Step::Curve(towards(from), towards(to), to), to);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let to = point(x, y);
        self.push(Step::Curve(point(x1, y1), point(x2, y2), to), to);
    }

    fn close(&mut self) {
        self.steps.push(Step::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_fills_its_rectangle() {
        let into = Rect::between((10.0, 20.0), (16.0, 50.0));
        for letter in "ACGT".chars() {
            let steps = glyph(letter, into);
            let all: Vec<Point> = steps.iter().flat_map(points).collect();
            let ends = |of: fn(&Point) -> f64| {
                let least = all.iter().map(of).fold(f64::INFINITY, f64::min);
                (least, all.iter().map(of).fold(f64::NEG_INFINITY, f64::max))
            };
            let near = |got: (f64, f64), wanted: (f64, f64)| {
                let far = (got.0 - wanted.0).abs().max((got.1 - wanted.1).abs());
                assert!(far < 1e-9, "{letter}: {got:?} {wanted:?}");
            };
            near(ends(|of| of.0), (10.0, 16.0));
            near(ends(|of| of.1), (20.0, 50.0));
            assert!(matches!(steps.last(), Some(Step::Close)));
        }
        assert!(glyph(' ', into).is_empty());
    }
}
