//! A drawing as a PDF file of one page (PDF 1.7, ISO 32000-1).
//!
//! Text stays text, of the embedded font, so that programs can search and change it. No date and no number
//! drawn at random: the same drawing has the same bytes.

mod objects;

use std::collections::BTreeMap;
use std::fmt::Write;

use self::objects::Objects;
use super::canvas::{Drawing, Paint, Shape, Step, Stroke, Text};
use super::colour::Colour;
use super::font;
use crate::error::Result;

/// The objects of the file, by their numbers.
const CATALOG: usize = 1;
const PAGES: usize = 2;
const PAGE: usize = 3;
const CONTENT: usize = 4;
const FONT: usize = 5;
const GLYPHS: usize = 6;
const DESCRIPTION: usize = 7;
const FONT_FILE: usize = 8;
const LETTERS: usize = 9;
const INFO: usize = 10;

/// The name of a part of a font has six letters before it (9.6.4).
const FONT_NAME: &str = "EPITRK+DejaVuSans";
/// Letters of a map's block at most (9.10.3).
const BLOCK: usize = 100;
/// Cells are painted a little beyond their edges: between areas that touch, programs leave a pale seam.
const SEAM: f64 = 0.12;

/// The file, whose title programs show.
pub fn render(drawing: &Drawing, title: &str) -> Result<Vec<u8>> {
    let (width, height) = (drawing.width(), drawing.height());
    let used = used(drawing);
    let mut objects = Objects::empty();
    objects.add(CATALOG, &format!("<< /Type /Catalog /Pages {PAGES} 0 R >>"));
    let pages = format!("<< /Type /Pages /Kids [{PAGE} 0 R] /Count 1 >>");
    objects.add(PAGES, &pages);
    objects.add(
        PAGE,
        &format!(
            "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {width} {height}] \
             /Resources << /Font << /F {FONT} 0 R >> >> /Contents {CONTENT} 0 R >>"
        ),
    );
    objects.stream(CONTENT, "", content(drawing).as_bytes())?;
    objects.add(
        FONT,
        &format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /{FONT_NAME} /Encoding /Identity-H \
             /DescendantFonts [{GLYPHS} 0 R] /ToUnicode {LETTERS} 0 R >>"
        ),
    );
    objects.add(GLYPHS, &glyphs(&used));
    objects.add(DESCRIPTION, &description());
    let file = font::file();
    let length = format!(" /Length1 {}", file.len());
    objects.stream(FONT_FILE, &length, file)?;
    objects.stream(LETTERS, "", letters(&used).as_bytes())?;
    let title = text_string(&font::on_one_line(title));
    objects.add(INFO, &format!("<< /Title {title} /Producer (epitrack) >>"));
    Ok(objects.finish(CATALOG, INFO))
}

/// The glyphs of a drawing's text, and the letters that they stand for.
fn used(drawing: &Drawing) -> BTreeMap<u16, char> {
    let texts = drawing.shapes().iter().filter_map(|shape| match shape {
        Shape::Text(text) => Some(text),
        Shape::Path(..) => None,
    });
    let letters = texts.flat_map(|text| text.letters.chars());
    letters
        .map(|letter| (font::number(letter), letter))
        .collect()
}

/// The glyphs as a font, with their widths in thousandths of the size (9.7.4).
fn glyphs(used: &BTreeMap<u16, char>) -> String {
    let width =
        |(glyph, letter): (&u16, &char)| format!("{glyph} [{:.3}]", font::advance(*letter, 1000.0));
    let widths: Vec<String> = used.iter().map(width).collect();
    format!(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{FONT_NAME} \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
         /FontDescriptor {DESCRIPTION} 0 R /CIDToGIDMap /Identity /W [{}] >>",
        widths.join(" ")
    )
}

/// What the font is like (9.8): 4 is a font of letters of its own choice.
fn description() -> String {
    let [left, down, right, up] = font::reach();
    format!(
        "<< /Type /FontDescriptor /FontName /{FONT_NAME} /Flags 4 /ItalicAngle 0 \
         /FontBBox [{left} {down} {right} {up}] /Ascent 928 /Descent -236 /CapHeight 729 \
         /StemV 80 /FontFile2 {FONT_FILE} 0 R >>"
    )
}

/// Which letters the glyphs stand for (9.10.3).
fn letters(used: &BTreeMap<u16, char>) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let used: Vec<(&u16, &char)> = used.iter().collect();
    for block in used.chunks(BLOCK) {
        let _ = writeln!(map, "{} beginbfchar", block.len());
        for (glyph, letter) in block {
            let _ = writeln!(map, "<{glyph:04X}> <{}>", utf16(&letter.to_string()));
        }
        map.push_str("endbfchar\n");
    }
    map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
}

/// Text in hexadecimal UTF-16, its first byte first.
fn utf16(text: &str) -> String {
    text.encode_utf16()
        .map(|unit| format!("{unit:04X}"))
        .collect()
}

/// A string of text (7.9.2.2).
fn text_string(text: &str) -> String {
    format!("<FEFF{}>", utf16(text))
}

/// What stands on the page, whose y the drawing counts downwards.
fn content(drawing: &Drawing) -> String {
    // Round joins.
    let mut content = format!("1 0 0 -1 0 {} cm\n1 j\n", drawing.height());
    for shape in drawing.shapes() {
        match shape {
            Shape::Path(steps, paint) => write_path(&mut content, steps, *paint),
            Shape::Text(text) => write_text(&mut content, text),
        }
    }
    content
}

fn write_path(content: &mut String, steps: &[Step], paint: Paint) {
    let operator = match paint {
        Paint::Fill(colour) => {
            fill(content, colour);
            "f"
        }
        Paint::Cells(colour) => {
            fill(content, colour);
            pen(content, Stroke::new(colour, SEAM));
            "B"
        }
        Paint::Stroke(stroke) => {
            pen(content, stroke);
            "S"
        }
        Paint::Outlined(colour, stroke) => {
            fill(content, colour);
            pen(content, stroke);
            "B"
        }
    };
    for step in steps {
        let _ = match *step {
            Step::Move((x, y)) => writeln!(content, "{x} {y} m"),
            Step::Line((x, y)) => writeln!(content, "{x} {y} l"),
            Step::Curve(a, b, (x, y)) => {
                writeln!(content, "{} {} {} {} {x} {y} c", a.0, a.1, b.0, b.1)
            }
            Step::Close => writeln!(content, "h"),
        };
    }
    let _ = writeln!(content, "{operator}");
}

/// Parts of 1 of red, green and blue.
fn parts(colour: Colour) -> String {
    let [red, green, blue] = colour.rgb().map(|part| f64::from(part) / 255.0);
    format!("{red:.4} {green:.4} {blue:.4}")
}

fn fill(content: &mut String, colour: Colour) {
    let _ = writeln!(content, "{} rg", parts(colour));
}

fn pen(content: &mut String, stroke: Stroke) {
    let dash = match stroke.dash() {
        Some([dash, gap]) => format!("{dash} {gap}"),
        None => String::new(),
    };
    let (colour, width) = (parts(stroke.colour), stroke.width);
    let _ = writeln!(content, "{colour} RG {width} w [{dash}] 0 d");
}

fn write_text(content: &mut String, text: &Text) {
    fill(content, text.colour);
    let (x, y) = text.at;
    let before = text.anchor.part() * text.width();
    // The letters' own y points upwards.
    let place = match text.turned {
        false => format!("1 0 0 -1 {:.3} {y}", x - before),
        true => format!("0 -1 -1 0 {x} {:.3}", y + before),
    };
    let glyphs = text.letters.chars().map(font::number);
    let glyphs: String = glyphs.map(|glyph| format!("{glyph:04X}")).collect();
    let size = text.size;
    let _ = writeln!(content, "BT /F {size} Tf {place} Tm <{glyphs}> Tj ET");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::canvas::{Anchor, Rect};
    use crate::figures::drawing::colour::{INK, WHITE};

    fn small() -> Drawing {
        let mut drawing = Drawing::new(40.0);
        drawing.cells([Rect::between((1.0, 2.0), (4.5, 6.0))], WHITE);
        drawing.line([(0.0, 0.0), (3.0, 4.0)], Stroke::dashed(INK, 0.5));
        drawing.text(Text::new("Ai", 10.0, (20.0, 9.0)).anchor(Anchor::End));
        drawing.text(Text::new("i", 7.0, (5.0, 9.0)).turned());
        drawing.ending_at(10.0)
    }

    #[test]
    fn a_small_drawing_has_this_content() {
        let glyph = |letter| format!("{:04X}", font::number(letter));
        let (upper, lower) = (glyph('A'), glyph('i'));
        let wanted = format!(
            "1 0 0 -1 0 10 cm\n1 j\n\
             1.0000 1.0000 1.0000 rg\n1.0000 1.0000 1.0000 RG 0.12 w [] 0 d\n\
             1 2 m\n4.5 2 l\n4.5 6 l\n1 6 l\nh\nB\n\
             0.1020 0.1020 0.1020 RG 0.5 w [2.4 1.6] 0 d\n0 0 m\n3 4 l\nS\n\
             0.1020 0.1020 0.1020 rg\n\
             BT /F 10 Tf 1 0 0 -1 10.381 9 Tm <{upper}{lower}> Tj ET\n\
             0.1020 0.1020 0.1020 rg\n\
             BT /F 7 Tf 0 -1 -1 0 5 9.000 Tm <{lower}> Tj ET\n"
        );
        // DejaVu Sans: A is 1401 units of 2048 wide, i 569.
        assert_eq!(content(&small()), wanted);
        let used = used(&small());
        assert!(glyphs(&used).contains("[684.082]") && glyphs(&used).contains("[277.832]"));
        assert!(letters(&used).contains(&format!("<{upper}> <0041>\n")));
        assert!(letters(&used).contains("2 beginbfchar"));
    }

    #[test]
    fn many_letters_are_told_in_blocks() {
        let letters_of = (32u8..127).chain(161..=172).map(char::from);
        let used: BTreeMap<u16, char> = letters_of
            .map(|letter| (font::number(letter), letter))
            .collect();
        let map = letters(&used);
        assert!(used.len() > BLOCK);
        assert!(map.contains("100 beginbfchar"));
        assert!(map.contains(&format!("\n{} beginbfchar", used.len() - BLOCK)));
    }

    #[test]
    fn titles_are_utf_16() {
        assert_eq!(text_string("Aβ"), "<FEFF004103B2>");
        // Whatever letters the font has.
        let file = render(&small(), "漢\u{1}").unwrap();
        assert!(String::from_utf8_lossy(&file).contains("/Title <FEFF6F22FFFD>"));
    }
}
