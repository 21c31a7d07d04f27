//! Marks at points, which differ in shape as well as in colour.

use super::plot::circle;
use crate::figures::drawing::colour::{Colour, INK, SERIES, WHITE};
use crate::figures::drawing::{Drawing, Paint, Point, Step, Stroke};

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    Circle,
    Square,
    Diamond,
    Triangle,
}

/// Methods that are compared in one figure.
pub const METHODS: usize = 8;

/// Blue, vermilion, green and purple as curves have, then Okabe and Ito's orange, sky blue and
/// black, and a brown (<https://jfly.uni-koeln.de/color/>; their yellow is too light for lines).
const COLOURS: [Colour; METHODS] = [
    SERIES[0],
    SERIES[1],
    SERIES[2],
    SERIES[3],
    Colour::new(230, 159, 0),
    Colour::new(86, 180, 233),
    INK,
    Colour::new(120, 80, 40),
];

const SHAPES: [Marker; 4] = [
    Marker::Circle,
    Marker::Square,
    Marker::Diamond,
    Marker::Triangle,
];

/// How the methods of a figure look, in their order: [`METHODS`] of them.
pub fn methods() -> impl Iterator<Item = (Marker, Colour)> {
    SHAPES.into_iter().cycle().zip(COLOURS)
}

impl Marker {
    /// Draws the mark, about as large as a disc of a radius.
    pub fn draw(self, drawing: &mut Drawing, (x, y): Point, radius: f64, colour: Colour) {
        let paint = Paint::Outlined(colour, Stroke::new(WHITE, 0.4));
        let corners = |corners: &[Point]| -> Vec<Point> {
            let at = |(right, down): &Point| (x + right * radius, y + down * radius);
            corners.iter().map(at).collect()
        };
        let corners = match self {
            Self::Circle => return drawing.path(circle((x, y), radius), paint),
            Self::Square => corners(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Self::Diamond => corners(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
            Self::Triangle => corners(&[(0.0, -1.2), (1.15, 0.85), (-1.15, 0.85)]),
        };
        drawing.area(corners, paint);
    }
}

/// Discs of one paint as one path.
pub fn discs(drawing: &mut Drawing, places: &[Point], radius: f64, paint: Paint) {
    let steps = places.iter().flat_map(|place| circle(*place, radius));
    let steps: Vec<Step> = steps.collect();
    drawing.path(steps, paint);
}
