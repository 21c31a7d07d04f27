//! Names beside dots.
//!
//! A name gets the nearest place around its dot where it lies on no dot and no other name, with a
//! line to its dot, over no other, where it stands away from it. Names that have no such place are left out, and
//! the figure says how many it has.

use std::f64::consts::TAU;

use super::canvas::{Drawing, Point, Rect, Stroke, Text};
use super::colour::{GREY, INK};
use super::font;
use super::page::SMALL;

/// The widest name.
const WIDEST: f64 = 70.0;
/// Between a dot's edge and a name beside it.
const GAP: f64 = 1.2;
/// How far from the dot places are tried, beyond [`GAP`].
const DISTANCES: [f64; 9] = [0.0, 4.0, 8.0, 13.0, 19.0, 26.0, 34.0, 44.0, 56.0];
/// Directions in which they are tried.
const DIRECTIONS: usize = 24;
/// From this distance on there is a line to the dot.
const LINED: f64 = 4.0;

/// A name in its place.
#[derive(Debug, Clone, PartialEq)]
struct Label {
    text: Text,
    /// What the name covers.
    covers: Rect,
    line: Option<(Point, Point)>,
}

/// Places for the names of points, the first of which choose first.
fn place(names: &[(Point, &str)], dots: &[Point], radius: f64, room: Rect) -> Vec<Label> {
    let mut placed: Vec<Label> = Vec::new();
    for (dot, name) in names {
        let letters = font::shortened(name, SMALL, WIDEST);
        if letters.is_empty() {
            continue;
        }
        let free = |label: &Label| {
            let covers = label.covers.grown(radius);
            let passes = |line| passes(line, *dot, dots, radius);
            within(label.covers, room)
                && !dots.iter().any(|dot| holds(covers, *dot))
                && !label.line.is_some_and(passes)
                && !placed.iter().any(|other| collide(label, other))
        };
        let mut tries = DISTANCES.into_iter().flat_map(|distance| {
            (0..DIRECTIONS).map({
                let letters = &letters;
                move |direction| candidate(*dot, letters, radius, distance, direction)
            })
        });
        placed.extend(tries.find(free));
    }
    placed
}

/// Draws the names that find a place, with their lines; returns how many they are.
pub fn draw(
    drawing: &mut Drawing,
    names: &[(Point, &str)],
    dots: &[Point],
    radius: f64,
    room: Rect,
) -> usize {
    let labels = place(names, dots, radius, room);
    for (from, to) in labels.iter().filter_map(|label| label.line) {
        drawing.line([from, to], Stroke::new(GREY, 0.4));
    }
    let named = labels.len();
    for label in labels {
        drawing.text(label.text);
    }
    named
}

/// The name at a distance in a direction: to the right first, then ever further from it, up and
/// down in turn.
fn candidate(dot: Point, letters: &str, radius: f64, distance: f64, direction: usize) -> Label {
    let turns = direction.div_ceil(2) as f64 / DIRECTIONS as f64;
    let angle = TAU * if direction % 2 == 1 { -turns } else { turns };
    let (right, down) = (angle.cos(), angle.sin());
    let (width, height) = (font::width(letters, SMALL), SMALL);
    let away = radius + GAP + distance;
    let middle = (
        dot.0 + right * (away + width / 2.0),
        dot.1 + down * (away + height / 2.0),
    );
    let covers = Rect::around(middle, (width / 2.0, height / 2.0));
    // Letters reach 0.76 of their size above the baseline.
    let text = Text::new(letters, SMALL, (covers.left, covers.top + 0.76 * SMALL));
    let line = (distance >= LINED).then(|| {
        let end = (
            dot.0.clamp(covers.left, covers.right),
            dot.1.clamp(covers.top + 1.0, covers.bottom - 1.0),
        );
        let length = (end.0 - dot.0).hypot(end.1 - dot.1).max(1e-9);
        let way = ((end.0 - dot.0) / length, (end.1 - dot.1) / length);
        let edge = |from: Point, part: f64| (from.0 + way.0 * part, from.1 + way.1 * part);
        (edge(dot, radius), edge(end, -0.6))
    });
    Label {
        text: text.colour(INK),
        covers,
        line,
    }
}

fn collide(a: &Label, b: &Label) -> bool {
    let cut = |line: Option<(Point, Point)>, rect: Rect| {
        line.is_some_and(|line| crosses(line, rect.grown(0.5)))
    };
    let both = a.line.zip(b.line);
    let lines = both.is_some_and(|(one, other)| meet(one, other));
    overlap(a.covers.grown(0.8), b.covers)
        || cut(a.line, b.covers)
        || cut(b.line, a.covers)
        || lines
}

/// Whether a name's line runs over a dot that does not lie on its own.
fn passes(line: (Point, Point), own: Point, dots: &[Point], radius: f64) -> bool {
    let apart = |dot: &&Point| (dot.0 - own.0).hypot(dot.1 - own.1) > radius;
    let mut others = dots.iter().filter(apart);
    others.any(|dot| distance(*dot, line) < radius)
}

/// From a place to a straight line.
fn distance(place: Point, (from, to): (Point, Point)) -> f64 {
    let way = (to.0 - from.0, to.1 - from.1);
    let along = (place.0 - from.0) * way.0 + (place.1 - from.1) * way.1;
    let part = (along / (way.0 * way.0 + way.1 * way.1).max(1e-12)).clamp(0.0, 1.0);
    (place.0 - from.0 - part * way.0).hypot(place.1 - from.1 - part * way.1)
}

fn holds(rect: Rect, (x, y): Point) -> bool {
    rect.left < x && x < rect.right && rect.top < y && y < rect.bottom
}

fn within(rect: Rect, room: Rect) -> bool {
    room.left <= rect.left
        && rect.right <= room.right
        && room.top <= rect.top
        && rect.bottom <= room.bottom
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/// Whether a straight line touches a rectangle: one of its ends lies in it, or it meets a
/// diagonal.
fn crosses(line: (Point, Point), rect: Rect) -> bool {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = rect;
    holds(rect, line.0)
        || holds(rect, line.1)
        || meet(line, ((left, top), (right, bottom)))
        || meet(line, ((left, bottom), (right, top)))
}

/// Whether two straight lines cross.
fn meet((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOM: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 200.0,
        bottom: 150.0,
    };

    #[test]
    fn a_lone_dot_has_its_name_on_its_right() {
        let labels = place(&[((50.0, 50.0), "CTCF")], &[(50.0, 50.0)], 2.0, ROOM);
        assert_eq!(labels[0].covers.left, 50.0 + 2.0 + GAP);
        assert_eq!(labels[0].line, None);
    }

    #[test]
    fn a_name_that_has_no_place_is_left_out() {
        let dots: Vec<Point> = (0..200)
            .flat_map(|x| (0..150).map(move |y| (f64::from(x), f64::from(y))))
            .collect();
        assert_eq!(place(&[((50.0, 50.0), "CTCF")], &dots, 2.0, ROOM), []);
    }

    #[test]
    fn straight_lines_meet_and_cross() {
        let down = ((5.0, 0.0), (5.0, 10.0));
        assert!(meet(down, ((0.0, 5.0), (10.0, 5.0))));
        assert!(!meet(down, ((6.0, 5.0), (10.0, 5.0))));
        let small = Rect {
            left: 4.0,
            top: 4.0,
            right: 6.0,
            bottom: 6.0,
        };
        assert!(crosses(down, small));
        assert!(!crosses(((0.0, 0.0), (3.0, 10.0)), small));
        assert_eq!(distance((8.0, 4.0), down), 3.0);
        assert_eq!(distance((5.0, 14.0), down), 4.0);
        assert!(passes(down, (5.0, 12.0), &[(5.0, 12.0), (6.0, 5.0)], 1.5));
        assert!(!passes(down, (5.0, 12.0), &[(5.0, 12.0), (9.0, 5.0)], 1.5));
    }

    proptest! {
        #[test]
        fn names_lie_inside_on_no_dot_and_not_on_each_other(
            dots in prop::collection::vec((0f64..200.0, 0f64..150.0), 1..60),
        ) {
            let names: Vec<(Point, &str)> = dots.iter().map(|dot| (*dot, "ZNF143")).collect();
            let labels = place(&names, &dots, 2.0, ROOM);
            prop_assert!(!labels.is_empty());
            for (number, label) in labels.iter().enumerate() {
                prop_assert!(within(label.covers, ROOM));
                prop_assert!(!dots.iter().any(|dot| holds(label.covers, *dot)));
                for other in &labels[..number] {
                    prop_assert!(!overlap(label.covers, other.covers));
                }
            }
        }
    }
}
