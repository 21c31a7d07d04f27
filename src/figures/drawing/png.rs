//! A drawing as a PNG file.

use png::{BitDepth, ColorType, Encoder, PixelDimensions, Unit};
use tiny_skia::{
    Color, FillRule, LineJoin, Paint as Brush, Path, PathBuilder, Pixmap, Stroke as Pen,
    StrokeDash, Transform,
};
use ttf_parser::OutlineBuilder;

use super::canvas::{Drawing, Paint, Shape, Step, Stroke, Text};
use super::colour::Colour;
use super::font;
use crate::error::{Error, Result};

/// Pixels for each point in print: 600 dots per inch.
pub const PRINT: f32 = 600.0 / 72.0;

/// More than a page of a journal at 1200 dots per inch.
const MOST_PIXELS: f64 = 4e8;

pub fn render(drawing: &Drawing, pixels_per_unit: f32) -> Result<Vec<u8>> {
    let mut pixels = blank(drawing, pixels_per_unit)?;
    let scale = Transform::from_scale(pixels_per_unit, pixels_per_unit);
    for shape in drawing.shapes() {
        let (path, paint) = match shape {
            Shape::Path(steps, paint) => (path_of(steps), *paint),
            Shape::Text(text) => (letters(text), Paint::Fill(text.colour)),
        };
        if let Some(path) = path {
            draw(&mut pixels, &path, paint, scale);
        }
    }
    encode(&pixels, pixels_per_unit)
}

/// White pixels.
fn blank(drawing: &Drawing, pixels_per_unit: f32) -> Result<Pixmap> {
    let side = |length: f64| (length * f64::from(pixels_per_unit)).round();
    let (width, height) = (side(drawing.width()), side(drawing.height()));
    let drawable = width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS;
    let made = drawable.then(|| Pixmap::new(width as u32, height as u32));
    let mut pixels = made.flatten().ok_or_else(|| {
        Error::Configuration(format!(
            "no picture has {width} × {height} pixels ({pixels_per_unit} for each point)"
        ))
    })?;
    pixels.fill(Color::WHITE);
    Ok(pixels)
}

fn draw(pixels: &mut Pixmap, path: &Path, paint: Paint, scale: Transform) {
    let mut fill = |colour: Colour, smooth: bool| {
        pixels.fill_path(path, &brush(colour, smooth), FillRule::Winding, scale, None);
    };
    match paint {
        Paint::Fill(colour) | Paint::Outlined(colour, _) => fill(colour, true),
        Paint::Cells(colour) => fill(colour, false),
        Paint::Stroke(_) => {}
    }
    if let Paint::Stroke(stroke) | Paint::Outlined(_, stroke) = paint {
        let brush = brush(stroke.colour, true);
        pixels.stroke_path(path, &brush, &pen(stroke), scale, None);
    }
}

fn brush(colour: Colour, smooth: bool) -> Brush<'static> {
    let [red, green, blue] = colour.rgb();
    let mut brush = Brush::default();
    brush.set_color_rgba8(red, green, blue, 255);
    brush.anti_alias = smooth;
    brush
}

fn pen(stroke: Stroke) -> Pen {
    let dash = stroke.dash().map(|lengths| lengths.map(|part| part as f32));
    Pen {
        width: stroke.width as f32,
        line_join: LineJoin::Round,
        dash: dash.and_then(|lengths| StrokeDash::new(lengths.to_vec(), 0.0)),
        ..Pen::default()
    }
}

fn path_of(steps: &[Step]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for step in steps {
        match *step {
            Step::Move((x, y)) => path.move_to(x as f32, y as f32),
            Step::Line((x, y)) => path.line_to(x as f32, y as f32),
            Step::Curve(a, b, to) => {
                let [a, b, to] = [a, b, to].map(|(x, y)| (x as f32, y as f32));
                path.cubic_to(a.0, a.1, b.0, b.1, to.0, to.1);
            }
            Step::Close => path.close(),
        }
    }
    path.finish()
}

/// The outlines of a text, where it stands.
fn letters(text: &Text) -> Option<Path> {
    let mut outline = Outline {
        path: PathBuilder::new(),
        place: 0.0,
    };
    font::outline(&text.letters, &mut outline, |outline, place| {
        outline.place = place
    });
    let size = text.size as f32 / font::units();
    let before = -(text.anchor.part() * text.width()) as f32;
    // Innermost first: the font's y points upwards.
    let to_page = Transform::from_scale(size, -size)
        .post_translate(before, 0.0)
        .post_rotate(if text.turned { -90.0 } else { 0.0 })
        .post_translate(text.at.0 as f32, text.at.1 as f32);
    outline.path.finish()?.transform(to_page)
}

/// Letters side by side, in the font's units.
struct Outline {
    path: PathBuilder,
    place: f32,
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.place + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.place + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.place + x1, y1, self.place + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let [x1, x2, x] = [x1, x2, x].map(|x| self.place + x);
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

/// The file, without transparency, with its size on paper.
fn encode(pixels: &Pixmap, pixels_per_unit: f32) -> Result<Vec<u8>> {
    let opaque: Vec<u8> = pixels
        .data()
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    // 72 points to the inch, 0.0254 metres to the inch.
    let per_metre = (pixels_per_unit * 72.0 / 0.0254).round() as u32;
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_pixel_dims(Some(PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: Unit::Meter,
    }));
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&opaque))
        .map_err(|error| Error::Undefined(format!("a PNG of this figure: {error}")))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::canvas::{Anchor, Rect};
    use crate::figures::drawing::colour::{INK, SERIES, WHITE};

    /// Width, height and the red, green and blue of each pixel.
    fn decode(file: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
        let decoder = png::Decoder::new(std::io::Cursor::new(file));
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(info.color_type, ColorType::Rgb);
        let pixels = bytes.chunks_exact(3).map(|p| [p[0], p[1], p[2]]);
        (info.width, info.height, pixels.collect())
    }

    #[test]
    fn neighbouring_cells_fill_their_pixels_without_a_seam() {
        let mut drawing = Drawing::new(10.0);
        let colours = [SERIES[0], SERIES[1]];
        drawing.cells([Rect::between((0.0, 0.0), (3.3, 10.0))], colours[0]);
        drawing.cells([Rect::between((3.3, 0.0), (10.0, 10.0))], colours[1]);
        let (width, height, pixels) = decode(&render(&drawing.ending_at(10.0), 3.0).unwrap());
        assert_eq!((width, height), (30, 30));
        for (place, pixel) in pixels.iter().enumerate() {
            // The middle of pixel 9 lies at 9.5 / 3 < 3.3, that of pixel 10 behind it.
            let wanted = if place % 30 < 10 {
                colours[0]
            } else {
                colours[1]
            };
            assert_eq!(*pixel, wanted.rgb(), "pixel {place}");
        }
    }

    /// The columns and the rows that are not white.
    fn inked(text: Text) -> [(usize, usize); 2] {
        let mut drawing = Drawing::new(100.0);
        drawing.text(text);
        let (width, _, pixels) = decode(&render(&drawing.ending_at(100.0), 2.0).unwrap());
        let dark = |place: &usize| pixels[*place] != WHITE.rgb();
        let places = || (0..pixels.len()).filter(dark);
        let columns = places().map(|place| place % width as usize);
        let rows = places().map(|place| place / width as usize);
        [
            (columns.clone().min().unwrap(), columns.max().unwrap()),
            (rows.clone().min().unwrap(), rows.max().unwrap()),
        ]
    }

    #[test]
    fn text_stands_where_its_anchor_says() {
        let text = Text::new("HHHH", 10.0, (50.0, 50.0)).colour(INK);
        let wide = (text.width() * 2.0) as usize;
        let [start, rows] = inked(text.clone());
        assert!(start.0 >= 100 && start.1 <= 100 + wide, "{start:?}");
        assert!((84..87).contains(&rows.0) && rows.1 == 99, "{rows:?}");
        let [end, _] = inked(text.clone().anchor(Anchor::End));
        assert!(end.1 < 100 && end.0 >= 100 - wide - 1, "{end:?}");
        // Turned text runs upwards from its place.
        let [columns, turned] = inked(text.turned());
        assert!(turned.1 < 100 && turned.0 >= 100 - wide - 1, "{turned:?}");
        assert_eq!(columns.1, 99);
    }

    #[test]
    fn a_picture_of_no_or_too_many_pixels_is_refused() {
        let drawing = Drawing::new(100.0).ending_at(100.0);
        for pixels_per_unit in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9, 1e-9] {
            assert!(
                render(&drawing, pixels_per_unit).is_err(),
                "{pixels_per_unit}"
            );
        }
    }
}
