//! Colours that colour-blind people can tell apart.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::element::Element;
use crate::element::colours::Rgb;

/// An opaque colour. Nothing in a figure is transparent, so that it survives every conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

pub const WHITE: Colour = Colour::new(255, 255, 255);
/// Text and axes.
pub const INK: Colour = Colour::new(26, 26, 26);
/// What stands back: remarks, lines of reference.
pub const GREY: Colour = Colour::new(102, 102, 102);

/// Curves of a plot, in this order: blue, vermilion, bluish green and reddish purple of
/// Okabe and Ito's palette (<https://jfly.uni-koeln.de/color/>).
pub const SERIES: [Colour; 4] = [
    Colour::new(0, 114, 178),
    Colour::new(213, 94, 0),
    Colour::new(0, 158, 115),
    Colour::new(204, 121, 167),
];

impl Colour {
    /// Of so much red, green and blue.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Red, green and blue.
    pub fn rgb(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    /// Whether white stands out from it better than `INK` does, as far as its brightness
    /// (Rec. 601's luma) says.
    pub fn is_dark(self) -> bool {
        let [red, green, blue] = self.rgb().map(u32::from);
        299 * red + 587 * green + 114 * blue < 128_000
    }

    /// The colour mixed with white: `part` of it is left.
    pub fn tint(self, part: f64) -> Self {
        WHITE.towards(self, part)
    }

    /// The colour that lies `part` of the way to another.
    fn towards(self, other: Self, part: f64) -> Self {
        let mix = |from: u8, to: u8| {
            (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8
        };
        Self::new(
            mix(self.red, other.red),
            mix(self.green, other.green),
            mix(self.blue, other.blue),
        )
    }
}

/// As SVG has it: `#e66101`.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.rgb();
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// Reads `#e66101`.
impl FromStr for Colour {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no colour: it has to be like #e66101");
        let digits = text.strip_prefix('#').ok_or_else(wrong)?;
        let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if digits.len() != 6 || !hexadecimal {
            return Err(wrong());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self::new(red, green, blue))
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// The two elements, as in the tracks.
pub const fn of(element: Element) -> Colour {
    let Rgb([red, green, blue]) = Rgb::of(element);
    Colour::new(red, green, blue)
}

/// Those of the enhancer and of the promoter, side by side.
pub fn both() -> [Colour; 2] {
    Element::BOTH.map(of)
}

/// A scale from white to a dark colour, which gets darker all the way and so survives grey print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColourScale(&'static [Colour]);

/// Steps of a scale that a figure tells apart.
pub const LEVELS: usize = 256;

impl ColourScale {
    /// The scale of an element's attention: from white through the element's colour to its dark shade, as on
    /// a page (`assets/view/heatmap.js`).
    pub fn of(element: Element) -> Self {
        match element {
            Element::Enhancer => Self(&ORANGES),
            Element::Promoter => Self(&PURPLES),
        }
    }

    /// From blue over white to red: ColorBrewer's RdBu (<https://colorbrewer2.org>), which
    /// colour-blind people can read.
    pub const DIVERGING: Self = Self(&BLUE_TO_RED);

    /// The colour of a level below [`LEVELS`]; the last for one above.
    pub fn level(self, level: usize) -> Colour {
        let last = self.0.len() - 1;
        let place = (level as f64 / (LEVELS - 1) as f64).min(1.0) * last as f64;
        let below = (place.floor() as usize).min(last - 1);
        self.0[below].towards(self.0[below + 1], place - below as f64)
    }
}

const BLUE_TO_RED: [Colour; 11] = [
    Colour::new(5, 48, 97),
    Colour::new(33, 102, 172),
    Colour::new(67, 147, 195),
    Colour::new(146, 197, 222),
    Colour::new(209, 229, 240),
    Colour::new(247, 247, 247),
    Colour::new(253, 219, 199),
    Colour::new(244, 165, 130),
    Colour::new(214, 96, 77),
    Colour::new(178, 24, 43),
    Colour::new(103, 0, 31),
];

const ORANGES: [Colour; 3] = shades(of(Element::Enhancer));
const PURPLES: [Colour; 3] = shades(of(Element::Promoter));

/// White, a colour, and what is left of it at 35 % of its light.
const fn shades(full: Colour) -> [Colour; 3] {
    const fn dark(part: u8) -> u8 {
        ((part as u16 * 35 + 50) / 100) as u8
    }
    let Colour { red, green, blue } = full;
    [WHITE, full, Colour::new(dark(red), dark(green), dark(blue))]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
    fn luminance(colour: Colour) -> f64 {
        let linear = colour.rgb().map(|part| {
            let part = f64::from(part) / 255.0;
            match part <= 0.04045 {
                true => part / 12.92,
                false => ((part + 0.055) / 1.055).powf(2.4),
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    #[test]
    fn a_scale_runs_from_white_and_never_gets_lighter() {
        for element in [Element::Enhancer, Element::Promoter] {
            let scale = ColourScale::of(element);
            assert_eq!(scale.level(0), WHITE);
            let all: Vec<f64> = (0..LEVELS).map(|at| luminance(scale.level(at))).collect();
            assert!(all.windows(2).all(|two| two[1] <= two[0]));
            assert!(all[LEVELS - 1] < 0.1);
            assert_eq!(scale.level(LEVELS + 10), scale.level(LEVELS - 1));
        }
    }

    #[test]
    fn a_scale_with_two_sides_is_palest_in_its_middle() {
        let all: Vec<f64> = (0..LEVELS)
            .map(|at| luminance(ColourScale::DIVERGING.level(at)))
            .collect();
        let (below, above) = all.split_at(LEVELS / 2);
        assert!(below.windows(2).all(|two| two[0] <= two[1]));
        assert!(above.windows(2).all(|two| two[0] >= two[1]));
        assert!(ColourScale::DIVERGING.level(0).is_dark());
        assert!(!ColourScale::DIVERGING.level(LEVELS / 2).is_dark());
    }

    #[test]
    fn a_colour_is_read_as_it_is_written() {
        for colour in [INK, SERIES[0], of(Element::Enhancer)] {
            assert_eq!(colour.to_string().parse(), Ok(colour));
        }
        for bad in [
            "", "#", "e66101", "#e6610", "#e661011", "#+66101", "#é6610", "blue",
        ] {
            let said = bad.parse::<Colour>().unwrap_err();
            assert!(said.contains("#e66101"), "{said}");
        }
    }

    #[test]
    fn text_stands_out_from_paper() {
        for colour in [INK, GREY, of(Element::Promoter)] {
            // 4.5 : 1, what WCAG asks of text.
            assert!(1.05 / (luminance(colour) + 0.05) >= 4.5, "{colour}");
        }
        assert_eq!(of(Element::Enhancer).to_string(), "#e66101");
        assert_eq!(INK.tint(0.0), WHITE);
    }
}
