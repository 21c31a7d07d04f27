//! The embedded font: which characters it has, and how wide and of what shape they are.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// DejaVu Sans 2.37, the part of it that `assets/font/subset.sh` keeps.
static FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(FILE, 0).expect("the embedded font is a font"));

static FILE: &[u8] = include_bytes!("../../../assets/font/DejaVuSans-subset.ttf");

/// The font, then fonts of about its width, then narrower ones.
pub const FAMILY: &str =
    "'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Arial, Helvetica, sans-serif";

/// Stands for every character that the font does not have.
const UNKNOWN: char = '\u{fffd}';
const ELLIPSIS: char = '…';
/// Half the height of a capital letter, as a part of the size.
const HALF_CAPITAL: f64 = 0.3645;

/// The text on one line, with [`UNKNOWN`] for what no file's title may hold: control characters and the two numbers
/// that are no characters.
pub fn on_one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let allowed = |letter: char| match letter {
        '\u{fffe}' | '\u{ffff}' => UNKNOWN,
        letter if letter.is_control() => UNKNOWN,
        letter => letter,
    };
    words.join(" ").chars().map(allowed).collect()
}

/// The text as it can be drawn: on one line, with [`UNKNOWN`] for what the font does not have
/// (control characters among it, which no SVG may hold).
pub fn drawable(text: &str) -> String {
    let known = |letter: char| match FACE.glyph_index(letter) {
        Some(_) => letter,
        None => UNKNOWN,
    };
    on_one_line(text).chars().map(known).collect()
}

/// The width of text of a size; both in points.
pub fn width(text: &str, size: f64) -> f64 {
    let letters = drawable(text);
    letters.chars().map(|letter| advance(letter, size)).sum()
}

/// The text, cut in its middle to what fits: both ends of a name tell it from others. Empty where
/// not even one letter fits.
pub fn shortened(text: &str, size: f64, room: f64) -> String {
    let letters: Vec<char> = drawable(text).chars().collect();
    let fits = |text: &str| width(text, size) <= room;
    let whole: String = letters.iter().collect();
    if fits(&whole) {
        return whole;
    }
    let kept = |count: usize| -> String {
        let head = &letters[..count.div_ceil(2)];
        let tail = &letters[letters.len() - count / 2..];
        let cut = head.iter().copied().chain([ELLIPSIS]);
        cut.chain(tail.iter().copied()).collect()
    };
    let fitting = (1..letters.len()).map(kept).take_while(|text| fits(text));
    fitting.last().unwrap_or_default()
}

/// The baseline of text whose capitals are centred on a height.
pub fn centred(middle: f64, size: f64) -> f64 {
    middle + HALF_CAPITAL * size
}

/// The middle of the capitals on a baseline.
pub fn middle(baseline: f64, size: f64) -> f64 {
    baseline - HALF_CAPITAL * size
}

/// Outlines text that begins at the origin, in the font's units (y upwards), of which
/// [`units`] make the size; calls `next` with each letter's place before its outline.
pub fn outline<B: OutlineBuilder>(text: &str, builder: &mut B, next: impl Fn(&mut B, f32)) {
    let mut place = 0.0;
    for letter in text.chars() {
        let glyph = glyph(letter);
        next(builder, place);
        FACE.outline_glyph(glyph, builder);
        place += f32::from(FACE.glyph_hor_advance(glyph).unwrap_or(0));
    }
}

/// The number of a letter's glyph in [`file()`].
pub fn number(letter: char) -> u16 {
    glyph(letter).0
}

/// The font as it is embedded.
pub fn file() -> &'static [u8] {
    FILE
}

/// How far the font's letters reach from the origin, in thousandths of their size: left, down, right, up.
pub fn reach() -> [f64; 4] {
    let of = FACE.global_bounding_box();
    let parts = [of.x_min, of.y_min, of.x_max, of.y_max].map(f64::from);
    parts.map(|part| (part * 1000.0 / f64::from(FACE.units_per_em())).round())
}

/// The font's units in the size of its text.
pub fn units() -> f32 {
    f32::from(FACE.units_per_em())
}

fn glyph(letter: char) -> GlyphId {
    FACE.glyph_index(letter).unwrap_or(GlyphId(0))
}

/// How wide a letter of a size is.
pub fn advance(letter: char, size: f64) -> f64 {
    let units = FACE.glyph_hor_advance(glyph(letter)).unwrap_or(0);
    f64::from(units) / f64::from(FACE.units_per_em()) * size
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_font_has_what_figures_say() {
        let text = "AUROC 0.912 (0.899–0.924) × − ± ≤ … µm αβγ “é” 10⁻⁶ ₂ → ←\u{2009}\u{202f}";
        assert!(
            text.chars()
                .all(|letter| FACE.glyph_index(letter).is_some())
        );
    }

    #[test]
    fn widths_are_dejavus() {
        // Advances of DejaVu Sans 2.37 in its 2048 units: 0 1303, A 1401, i 569.
        assert!((width("0", 2048.0) - 1303.0).abs() < 1e-9);
        assert!((width("Ai", 2048.0) - 1970.0).abs() < 1e-9);
        assert_eq!(width("", 7.0), 0.0);
    }

    #[test]
    fn what_cannot_be_drawn_is_replaced() {
        assert_eq!(
            drawable(" a\0b\n\tc\u{202e} 漢 "),
            "a\u{fffd}b c\u{fffd} \u{fffd}"
        );
    }

    #[test]
    fn a_long_name_loses_its_middle() {
        let name = "chr16:88874000-88874200~chr16:89103000-89104000";
        let short = shortened(name, 8.0, 120.0);
        assert!(
            short.starts_with("chr16:88") && short.ends_with("4000"),
            "{short}"
        );
        assert_eq!(shortened(name, 8.0, 1000.0), name);
        assert_eq!(shortened(name, 8.0, 1.0), "");
    }

    proptest! {
        #[test]
        fn shortened_text_fits(text in ".{0,80}", room in 0f64..200.0) {
            prop_assert!(width(&shortened(&text, 7.0, room), 7.0) <= room);
        }
    }
}
