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
pub const METHODS: usize = LOOKS.len();

/// How each method looks, the same in every figure, by its name or what that begins with: blue, vermilion,
/// green and purple as curves have, then Okabe and Ito's orange, sky blue and black
/// (<https://jfly.uni-koeln.de/color/>; their yellow is too light for lines), a brown, and Tol's olive,
/// wine, indigo and teal (<https://sronpersonalpages.nl/~pault/>).
const LOOKS: [(&str, Marker, Colour); 12] = [
    ("EPIANN", Marker::Circle, SERIES[0]),
    ("TargetFinder E/P/W", Marker::Square, SERIES[1]),
    ("TargetFinder E/P", Marker::Diamond, SERIES[2]),
    ("PEP-Word", Marker::Triangle, SERIES[3]),
    ("PEP-Motif", Marker::Circle, Colour::new(230, 159, 0)),
    ("EPIANN, ", Marker::Square, Colour::new(86, 180, 233)),
    ("distance only", Marker::Diamond, INK),
    (
        "propensity only",
        Marker::Triangle,
        Colour::new(120, 80, 40),
    ),
    (
        "TargetFinder EE/P",
        Marker::Circle,
        Colour::new(153, 153, 51),
    ),
    (
        "EPIANN from motifs",
        Marker::Square,
        Colour::new(136, 34, 85),
    ),
    ("context only", Marker::Diamond, Colour::new(51, 34, 136)),
    (
        "EPIANN and distance",
        Marker::Triangle,
        Colour::new(68, 170, 153),
    ),
];

/// How methods look, in the order of their names: each that is known as ever, the others, in turn, as one
/// that is not among them.
pub fn looks(names: &[&str]) -> Vec<(Marker, Colour)> {
    let known = |name: &str| {
        let is = |(known, ..): &(&str, Marker, Colour)| {
            let is_several = known.ends_with(", ") && !name.ends_with(" and distance");
            name == *known || is_several && name.starts_with(*known)
        };
        LOOKS.iter().position(is)
    };
    let taken: Vec<usize> = names.iter().filter_map(|name| known(name)).collect();
    let free = (0..LOOKS.len()).filter(|place| !taken.contains(place));
    let mut free = free.chain((0..LOOKS.len()).cycle());
    let place = |name: &&str| known(name).or_else(|| free.next()).unwrap_or_default();
    let places: Vec<usize> = names.iter().map(place).collect();
    let look = |place: usize| (LOOKS[place].1, LOOKS[place].2);
    places.into_iter().map(look).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_looks_the_same_whoever_stands_beside_it() {
        let all = LOOKS.map(|(name, ..)| name);
        let of = |names: &[&str], name: &str| {
            let place = names.iter().position(|other| *other == name).unwrap();
            looks(names)[place]
        };
        for name in all {
            let own = of(&all, name);
            assert_eq!(of(&[name], name), own);
            assert_eq!(of(&["my method", name, "another"], name), own);
        }
        let mut colours: Vec<Colour> = LOOKS.map(|(.., colour)| colour).to_vec();
        colours.sort();
        colours.dedup();
        assert_eq!(colours.len(), LOOKS.len());
    }

    #[test]
    fn methods_that_are_not_known_look_like_none_that_is_there() {
        let names = [
            "mine",
            "EPIANN",
            "theirs",
            "EPIANN, 5 seeds",
            "a",
            "b",
            "c",
            "d",
        ];
        let found = looks(&names);
        assert_eq!(found[1], (Marker::Circle, SERIES[0]));
        assert_eq!(found[3], looks(&["EPIANN, 3 seeds"])[0]);
        let sum = looks(&["EPIANN, 5 seeds", "EPIANN, 5 seeds and distance"]);
        assert_ne!(sum[0], sum[1]);
        for (place, look) in found.iter().enumerate() {
            assert!(!found[..place].contains(look), "{}", names[place]);
        }
        assert_eq!(looks(&["a"; 12]).len(), 12);
    }
}
