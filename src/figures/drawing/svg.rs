//! A drawing as an SVG file (SVG 1.1, <https://www.w3.org/TR/SVG11/>).

use std::fmt::{self, Write};

use super::canvas::{Anchor, Drawing, Paint, Point, Shape, Step, Stroke, Text};
use super::font;
use crate::text::escape::markup;

/// The file, whose title programs show or read aloud.
pub fn render(drawing: &Drawing, title: &str) -> String {
    let (width, height) = (drawing.width(), drawing.height());
    let title = markup(&font::on_one_line(title));
    let family = font::FAMILY;
    // Letters stand as wide as the layout measured them: without kerning.
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <g font-family=\"{family}\" stroke-linejoin=\"round\" style=\"font-kerning:none\">\n"
    );
    for shape in drawing.shapes() {
        let _ = match shape {
            Shape::Path(steps, paint) => write_path(&mut svg, steps, *paint),
            Shape::Text(text) => write_text(&mut svg, text),
        };
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn write_text(svg: &mut String, text: &Text) -> fmt::Result {
    let (x, y) = text.at;
    write!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"",
        text.size, text.colour
    )?;
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => svg.push_str(" text-anchor=\"middle\""),
        Anchor::End => svg.push_str(" text-anchor=\"end\""),
    }
    if text.turned {
        write!(svg, " transform=\"rotate(-90 {x} {y})\"")?;
    }
    writeln!(svg, ">{}</text>", markup(&text.letters))
}

fn write_path(svg: &mut String, steps: &[Step], paint: Paint) -> fmt::Result {
    svg.push_str("<path d=\"");
    let mut at: Point = (f64::NAN, f64::NAN);
    for step in steps {
        match *step {
            Step::Move((x, y)) => write!(svg, "M{x} {y}")?,
            Step::Line((x, y)) if y == at.1 => write!(svg, "H{x}")?,
            Step::Line((x, y)) if x == at.0 => write!(svg, "V{y}")?,
            Step::Line((x, y)) => write!(svg, "L{x} {y}")?,
            Step::Curve(a, b, (x, y)) => {
                write!(svg, "C{} {} {} {} {x} {y}", a.0, a.1, b.0, b.1)?;
            }
            Step::Close => svg.push('Z'),
        }
        if let Step::Move(to) | Step::Line(to) | Step::Curve(_, _, to) = *step {
            at = to;
        }
    }
    match paint {
        Paint::Fill(colour) | Paint::Outlined(colour, _) => write!(svg, "\" fill=\"{colour}\"")?,
        Paint::Cells(colour) => {
            write!(svg, "\" fill=\"{colour}\" shape-rendering=\"crispEdges\"")?;
        }
        Paint::Stroke(_) => svg.push_str("\" fill=\"none\""),
    }
    if let Paint::Stroke(stroke) | Paint::Outlined(_, stroke) = paint {
        let Stroke { colour, width, .. } = stroke;
        write!(svg, " stroke=\"{colour}\" stroke-width=\"{width}\"")?;
        if let Some([dash, gap]) = stroke.dash() {
            write!(svg, " stroke-dasharray=\"{dash} {gap}\"")?;
        }
    }
    svg.push_str("/>\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::canvas::Rect;
    use crate::figures::drawing::colour::{INK, WHITE};

    #[test]
    fn a_small_drawing_is_this_file() {
        let mut drawing = Drawing::new(40.0);
        drawing.cells([Rect::between((1.0, 2.004), (4.5, 6.0))], WHITE);
        drawing.line([(0.0, 0.0), (3.0, 4.0)], Stroke::dashed(INK, 0.5));
        drawing.text(
            Text::new("a < b", 7.0, (5.0, 9.0))
                .anchor(Anchor::End)
                .turned(),
        );
        let wanted = "\
<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40pt\" height=\"10pt\" viewBox=\"0 0 40 10\" role=\"img\">
<title>&lt;script&gt;&amp;&#39;\u{fffd}漢</title>
<rect width=\"40\" height=\"10\" fill=\"#ffffff\"/>
<g font-family=\"'DejaVu Sans', 'Bitstream Vera Sans', Verdana, Arial, Helvetica, sans-serif\" stroke-linejoin=\"round\" style=\"font-kerning:none\">
<path d=\"M1 2H4.5V6H1Z\" fill=\"#ffffff\" shape-rendering=\"crispEdges\"/>
<path d=\"M0 0L3 4\" fill=\"none\" stroke=\"#1a1a1a\" stroke-width=\"0.5\" stroke-dasharray=\"2.4 1.6\"/>
<text x=\"5\" y=\"9\" font-size=\"7\" fill=\"#1a1a1a\" text-anchor=\"end\" transform=\"rotate(-90 5 9)\">a &lt; b</text>
</g>
</svg>
";
        assert_eq!(render(&drawing.ending_at(9.2), "<script>&'\u{1}漢"), wanted);
    }
}
