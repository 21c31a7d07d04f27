//! What a colour means, in every file, page and figure: which element, and what is known and predicted of a pair.

use std::fmt;
use std::str::FromStr;

use super::Element;

/// Red, green and blue, written as browsers read them: `230,97,1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

/// A colour, and the same as text.
macro_rules! colour {
    ($(#[$said:meta])* $name:ident, $text:ident: $red:literal, $green:literal, $blue:literal) => {
        $(#[$said])*
        pub const $name: Rgb = Rgb([$red, $green, $blue]);
        $(#[$said])*
        pub const $text: &str = concat!($red, ",", $green, ",", $blue);
    };
}

// All five are told apart in CIELAB by eyes that see red and green alike too (the tests below): blue and brown
// lie on either side of what these eyes see, each apart in lightness from the element that it is next to.
colour! {
    /// Enhancers: orange (ColorBrewer's PuOr, as the purple).
    ENHANCER, ENHANCER_RGB: 230, 97, 1
}
colour! {
    /// Promoters: purple.
    PROMOTER, PROMOTER_RGB: 94, 60, 153
}
colour! {
    /// Pairs that interact, as far as their table says: sky blue, a darker shade than Okabe and Ito's.
    POSITIVE, POSITIVE_RGB: 51, 153, 221
}
colour! {
    /// Pairs that do not: dark brown.
    NEGATIVE, NEGATIVE_RGB: 102, 51, 0
}
colour! {
    /// Pairs of which nobody knows, and all pairs where a browser has one colour for all: grey.
    UNLABELLED, UNLABELLED_RGB: 115, 115, 115
}

/// What is left of the colour of a pair that is not predicted to interact, in 100.
const WEAK: u32 = 45;
/// What is left of the colour of the region with the lowest score, in 100.
const FAINT: u32 = 35;
/// The largest score of BED.
const MOST: u64 = 1000;

impl Rgb {
    /// That of an element.
    pub const fn of(element: Element) -> Self {
        match element {
            Element::Enhancer => ENHANCER,
            Element::Promoter => PROMOTER,
        }
    }

    /// That of a pair: by what its table says, weaker where it is not predicted to interact.
    pub fn of_pair(label: Option<bool>, is_predicted: bool) -> Self {
        let strong = match label {
            Some(true) => POSITIVE,
            Some(false) => NEGATIVE,
            None => UNLABELLED,
        };
        match is_predicted {
            true => strong,
            false => strong.tint(WEAK),
        }
    }

    /// That of an item of this score, 0 to 1000: the colour itself has the highest.
    pub fn scored(self, score: u64) -> Self {
        let more = u64::from(100 - FAINT) * score.min(MOST) / MOST;
        self.tint(FAINT + more as u32)
    }

    /// The colour mixed with white: so much of it is left, in 100.
    pub fn tint(self, left: u32) -> Self {
        let mix = |part: u8| ((255 * (100 - left) + u32::from(part) * left + 50) / 100) as u8;
        Self(self.0.map(mix))
    }
}

/// That of an element as text.
pub const fn text_of(element: Element) -> &'static str {
    match element {
        Element::Enhancer => ENHANCER_RGB,
        Element::Promoter => PROMOTER_RGB,
    }
}

impl Rgb {
    /// As style sheets have it: `#3399dd`.
    pub fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "{red},{green},{blue}")
    }
}

/// Reads `230,97,1`.
impl FromStr for Rgb {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts = text.split(',').map(|part| part.parse::<u8>().map_err(drop));
        let parts: Vec<u8> = parts.collect::<Result<_, _>>()?;
        <[u8; 3]>::try_from(parts).map(Self).map_err(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How three kinds of eyes see linear red, green and blue: all colours; without the cones for red
    /// (protanopia); without those for green (deuteranopia). Machado, Oliveira and Fernandes, A
    /// physiologically-based model for simulation of color vision deficiency (2009),
    /// doi 10.1109/TVCG.2009.113: severity 1.
    const EYES: [[[f64; 3]; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ];
    /// From linear red, green and blue to X, Y and Z (IEC 61966-2-1), and white's.
    const XYZ: [[f64; 3]; 3] = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ];
    const WHITE: [f64; 3] = [0.9505, 1.0, 1.089];
    const PAPER: Rgb = Rgb([255; 3]);

    fn times(rows: [[f64; 3]; 3], by: [f64; 3]) -> [f64; 3] {
        rows.map(|row| row.iter().zip(by).map(|(a, b)| a * b).sum())
    }

    fn linear(colour: Rgb) -> [f64; 3] {
        colour.0.map(|part| match f64::from(part) / 255.0 {
            part if part <= 0.04045 => part / 12.92,
            part => ((part + 0.055) / 1.055).powf(2.4),
        })
    }

    /// CIELAB's L*, a* and b* of a colour as an eye sees it.
    fn lab(colour: Rgb, eye: [[f64; 3]; 3]) -> [f64; 3] {
        let seen = times(eye, linear(colour)).map(|light| light.clamp(0.0, 1.0));
        let xyz = times(XYZ, seen);
        let root = |at: usize| match xyz[at] / WHITE[at] {
            part if part > (6.0f64 / 29.0).powi(3) => part.cbrt(),
            part => part * (29.0f64 / 6.0).powi(2) / 3.0 + 4.0 / 29.0,
        };
        let [x, y, z] = [root(0), root(1), root(2)];
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// How far two colours are apart (CIE 1976) to the eye that sees least of it: 2.3 is just seen.
    fn apart(one: Rgb, other: Rgb) -> f64 {
        let distance = |eye| {
            let (one, other) = (lab(one, eye), lab(other, eye));
            let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
            squares.sum::<f64>().sqrt()
        };
        EYES.map(distance).into_iter().fold(f64::INFINITY, f64::min)
    }

    const STRONG: [Rgb; 5] = [ENHANCER, PROMOTER, POSITIVE, NEGATIVE, UNLABELLED];
    const LABELS: [Option<bool>; 3] = [Some(true), Some(false), None];

    #[test]
    fn five_meanings_are_told_apart_by_colour_blind_eyes() {
        for (at, &one) in STRONG.iter().enumerate() {
            for &other in &STRONG[at + 1..] {
                let far = apart(one, other);
                assert!(far > 20.0, "{one} and {other}: {far}");
            }
            // 3 : 1, what WCAG asks of lines.
            let light: f64 = XYZ[1].iter().zip(linear(one)).map(|(a, b)| a * b).sum();
            assert!(1.05 / (light + 0.05) > 3.0, "{one} on white");
        }
    }

    #[test]
    fn weaker_shades_are_no_other_meaning() {
        let weak = LABELS.map(|label| Rgb::of_pair(label, false));
        for (at, &one) in weak.iter().enumerate() {
            let others = STRONG.iter().chain(&weak[at + 1..]).chain([&PAPER]);
            for &other in others {
                let far = apart(one, other);
                assert!(far > 15.0, "{one} and {other}: {far}");
            }
            let strong = Rgb::of_pair(LABELS[at], true);
            assert_eq!(one, strong.tint(WEAK));
        }
    }

    #[test]
    fn lower_scores_are_paler_and_no_other_element() {
        for element in Element::BOTH {
            let colour = Rgb::of(element);
            assert_eq!(colour.scored(1000), colour);
            assert_eq!(colour.scored(2000), colour);
            let shades: Vec<Rgb> = (0..=10).map(|tenth| colour.scored(100 * tenth)).collect();
            for two in shades.windows(2) {
                assert!(lab(two[0], EYES[0])[0] > lab(two[1], EYES[0])[0]);
            }
            for shade in shades {
                for tenth in 0..=10 {
                    let far = apart(shade, Rgb::of(element.other()).scored(100 * tenth));
                    assert!(far > 20.0, "{shade}: {far}");
                }
                assert!(apart(shade, PAPER) > 20.0, "{shade}");
            }
        }
    }

    #[test]
    fn a_colour_is_read_as_it_is_written() {
        let texts = [POSITIVE_RGB, NEGATIVE_RGB, UNLABELLED_RGB];
        let elements = Element::BOTH.map(|of| (Rgb::of(of), text_of(of)));
        let pairs = LABELS.map(|label| Rgb::of_pair(label, true));
        for (colour, text) in pairs.into_iter().zip(texts).chain(elements) {
            assert_eq!(colour.to_string(), text);
            assert_eq!(text.parse(), Ok(colour));
        }
        for bad in ["", "1,2", "1,2,3,4", "1,2,256", "1,2,", "0", "."] {
            assert_eq!(bad.parse::<Rgb>(), Err(()), "{bad}");
        }
    }
}
