//! Curves in a frame.

use super::axis::{Axis, Scale};
use crate::figures::drawing::colour::{Colour, WHITE};
use crate::figures::drawing::{Drawing, Paint, Point, Rect, Step, Stroke};

/// A curve.
pub const CURVE: f64 = 1.1;
/// Points of a curve that lie closer together cannot be told apart: 0.4 pixels at 600 dots per
/// inch.
const VISIBLE: f64 = 0.05;

/// A frame with the numbers on its axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plot {
    pub frame: Rect,
    x: Scale,
    y: Scale,
}

impl Plot {
    /// A frame that the numbers fill.
    pub fn new(frame: Rect, x: (f64, f64), y: (f64, f64)) -> Self {
        Self {
            frame,
            x: Scale::new(x, (frame.left, frame.right)),
            y: Scale::new(y, (frame.bottom, frame.top)),
        }
    }

    /// Draws faint lines at ticks of the y axis, and both axes; returns where they end.
    pub fn axes(&self, drawing: &mut Drawing, x: &Axis, y: &Axis) -> f64 {
        y.grid(drawing, &self.y, self.x.page());
        y.left(drawing, &self.y, self.frame.left);
        x.bottom(drawing, &self.x, self.frame.bottom)
    }

    /// Where a point lies on the page.
    pub fn at(&self, (x, y): Point) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    /// A curve through points.
    pub fn curve(&self, drawing: &mut Drawing, points: &[Point], stroke: Stroke) {
        let places: Vec<Point> = points.iter().map(|point| self.at(*point)).collect();
        drawing.line(thinned(&places), stroke);
    }

    /// A curve through points, cut where it leaves the frame above or below.
    pub fn curve_inside(&self, drawing: &mut Drawing, points: &[Point], stroke: Stroke) {
        let places: Vec<Point> = points.iter().map(|point| self.at(*point)).collect();
        // What lies on the frame is not cut for the last bits of its number.
        let ends = (self.frame.top - VISIBLE, self.frame.bottom + VISIBLE);
        for piece in pieces(&places, ends) {
            drawing.line(thinned(&piece), stroke);
        }
    }

    /// Whether a point lies neither above nor below the frame.
    pub fn holds(&self, point: Point) -> bool {
        let y = self.at(point).1;
        (self.frame.top - VISIBLE..=self.frame.bottom + VISIBLE).contains(&y)
    }

    /// A closed area between two curves, each of which has its points at the same x.
    pub fn band(&self, drawing: &mut Drawing, lower: &[Point], upper: &[Point], colour: Colour) {
        let around = upper.iter().chain(lower.iter().rev());
        let places: Vec<Point> = around.map(|point| self.at(*point)).collect();
        drawing.area(thinned(&places), Paint::Fill(colour));
    }

    /// An upright line between two numbers, with a short cap at both ends.
    pub fn whisker(&self, drawing: &mut Drawing, x: f64, ends: (f64, f64), stroke: Stroke) {
        let [low, high] = [ends.0, ends.1].map(|y| self.at((x, y)));
        drawing.line([low, high], stroke);
        for (x, y) in [low, high] {
            drawing.line([(x - 1.2, y), (x + 1.2, y)], stroke);
        }
    }

    /// A disc.
    pub fn dot(&self, drawing: &mut Drawing, point: Point, colour: Colour) {
        let paint = Paint::Outlined(colour, Stroke::new(WHITE, 0.5));
        drawing.path(circle(self.at(point), 1.9), paint);
    }
}

/// A circle of four Bézier curves.
pub fn circle((x, y): Point, radius: f64) -> [Step; 6] {
    // How far the control points lie from the ends of a quarter: 4/3 · tan(π/8).
    let reach = 0.552_284_75 * radius;
    let quarter = |from: Point, to: Point| {
        let at = |(right, down): Point| (x + right * radius, y + down * radius);
        let towards = |a: Point, b: Point| {
            let (start, way) = (at(a), b);
            (start.0 + way.0 * reach, start.1 + way.1 * reach)
        };
        Step::Curve(towards(from, to), towards(to, from), at(to))
    };
    let [right, down, left, up] = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
    [
        Step::Move((x + radius, y)),
        quarter(right, down),
        quarter(down, left),
        quarter(left, up),
        quarter(up, right),
        Step::Close,
    ]
}

/// The pieces of a line that lie between two heights.
fn pieces(line: &[Point], ends: (f64, f64)) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for two in line.windows(2) {
        let Some([from, to]) = part(two[0], two[1], ends) else {
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

/// The part of the straight way from `a` to `b` that lies between two heights.
fn part(a: Point, b: Point, (top, bottom): (f64, f64)) -> Option<[Point; 2]> {
    let (across, down) = (b.0 - a.0, b.1 - a.1);
    let is_inside = |y: f64| (top..=bottom).contains(&y);
    // Where on the way, from 0 to 1, it comes in and goes out.
    let [first, last] = match down == 0.0 {
        true => [0.0, 1.0],
        false => {
            let [one, other] = [top, bottom].map(|end| (end - a.1) / down);
            [one.min(other), one.max(other)]
        }
    };
    let at = |part: f64| (a.0 + part * across, a.1 + part * down);
    match (is_inside(a.1), is_inside(b.1)) {
        (true, true) => Some([a, b]),
        (true, false) => Some([a, at(last)]),
        (false, true) => Some([at(first), b]),
        // On the same side, or from one to the other.
        (false, false) => (0.0 < first && last < 1.0).then(|| [at(first), at(last)]),
    }
}

/// The points without those on the straight way between their neighbours, and without those that
/// lie less than [`VISIBLE`] from the last one kept; the ends stay.
fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        let last = place + 1 == points.len();
        let near = |other: &Point| {
            (point.0 - other.0).abs() < VISIBLE && (point.1 - other.1).abs() < VISIBLE
        };
        if kept.last().is_some_and(near) && !last {
            continue;
        }
        if let [.., a, b] = kept[..]
            && between(a, b, *point)
        {
            kept.pop();
        }
        kept.push(*point);
    }
    kept
}

/// Whether `b` lies on the straight way from `a` to `c`, level or upright.
fn between(a: Point, b: Point, c: Point) -> bool {
    let level = a.1 == b.1 && b.1 == c.1 && (b.0 - a.0) * (c.0 - b.0) >= 0.0;
    let upright = a.0 == b.0 && b.0 == c.0 && (b.1 - a.1) * (c.1 - b.1) >= 0.0;
    level || upright
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn distance(point: Point, (a, b): (Point, Point)) -> f64 {
        let way = (b.0 - a.0, b.1 - a.1);
        let length = way.0 * way.0 + way.1 * way.1;
        let part = ((point.0 - a.0) * way.0 + (point.1 - a.1) * way.1) / length.max(1e-300);
        let part = part.clamp(0.0, 1.0);
        (point.0 - a.0 - part * way.0).hypot(point.1 - a.1 - part * way.1)
    }

    #[test]
    fn a_long_staircase_becomes_short() {
        let steps =
            (0..100_000).map(|i| (f64::from(i / 2) / 500.0, f64::from((i + 1) / 2) / 500.0));
        let steps: Vec<Point> = steps.collect();
        let kept = thinned(&steps);
        assert!(kept.len() < 5_000, "{}", kept.len());
        assert_eq!((kept[0], kept.last()), (steps[0], steps.last()));
        let level: Vec<Point> = (0..50).map(|i| (f64::from(i), 3.0)).collect();
        assert_eq!(thinned(&level), [(0.0, 3.0), (49.0, 3.0)]);
    }

    #[test]
    fn a_line_is_cut_where_it_leaves_and_comes_back() {
        let ends = (0.0, 10.0);
        let line = [(0.0, 5.0), (1.0, 5.0), (2.0, 15.0), (3.0, 5.0), (4.0, -5.0)];
        let wanted = [
            vec![(0.0, 5.0), (1.0, 5.0), (1.5, 10.0)],
            vec![(2.5, 10.0), (3.0, 5.0), (3.5, 0.0)],
        ];
        assert_eq!(pieces(&line, ends), wanted);
        // From beyond one end to beyond the other; and all beyond one.
        let across = [(0.0, -10.0), (4.0, 30.0)];
        assert_eq!(pieces(&across, ends), [vec![(1.0, 0.0), (2.0, 10.0)]]);
        assert!(pieces(&[(0.0, 11.0), (1.0, 12.0), (2.0, 12.0)], ends).is_empty());
        let whole = [(0.0, 0.0), (1.0, 10.0), (2.0, 10.0)];
        assert_eq!(pieces(&whole, ends), [whole.to_vec()]);
    }

    proptest! {
        #[test]
        fn nothing_that_is_left_out_can_be_seen(
            moves in prop::collection::vec((-0.1f64..0.1, -0.1f64..0.1, any::<bool>()), 1..80)
        ) {
            let mut points = vec![(0.0, 0.0)];
            for (x, y, level) in moves {
                let (a, b) = points[points.len() - 1];
                points.push(if level { (a + x, b) } else { (a, b + y) });
            }
            let kept = thinned(&points);
            for point in &points {
                let ways = kept.windows(2).map(|two| (two[0], two[1]));
                let nearest = ways.map(|way| distance(*point, way)).fold(f64::INFINITY, f64::min);
                prop_assert!(nearest <= 2.0 * VISIBLE, "{point:?} {nearest}");
            }
        }
    }
}
