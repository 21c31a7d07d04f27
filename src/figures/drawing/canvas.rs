//! What a figure is made of: paths and text, back to front.

use super::colour::{Colour, INK};
use super::font;

/// A place: x to the right and y downwards, in points from the upper left corner.
pub type Point = (f64, f64);

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// The rectangle between two corners, whichever they are.
    pub fn between(a: Point, b: Point) -> Self {
        Self {
            left: a.0.min(b.0),
            top: a.1.min(b.1),
            right: a.0.max(b.0),
            bottom: a.1.max(b.1),
        }
    }

    /// The rectangle around its middle, of half a width and half a height.
    pub fn around((x, y): Point, half: (f64, f64)) -> Self {
        Self::between((x - half.0, y - half.1), (x + half.0, y + half.1))
    }

    /// The same with all edges moved outwards, or inwards where `by` is negative.
    pub fn grown(&self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn middle(&self) -> Point {
        (
            (self.left + self.right) / 2.0,
            (self.top + self.bottom) / 2.0,
        )
    }
}

/// A line's look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    pub colour: Colour,
    /// In points.
    pub width: f64,
    pub dashed: bool,
}

impl Stroke {
    pub const fn new(colour: Colour, width: f64) -> Self {
        Self {
            colour,
            width,
            dashed: false,
        }
    }

    pub const fn dashed(colour: Colour, width: f64) -> Self {
        Self {
            colour,
            width,
            dashed: true,
        }
    }

    /// Lengths of a dash and of the gap behind it.
    pub fn dash(&self) -> Option<[f64; 2]> {
        self.dashed.then_some([2.4, 1.6])
    }
}

/// How a path is painted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Paint {
    Fill(Colour),
    /// Filled to whole pixels: neighbouring cells of a heat map have no seams.
    Cells(Colour),
    Stroke(Stroke),
    /// Filled, with a thin edge.
    Outlined(Colour, Stroke),
}

impl Paint {
    /// The same with lines so many times as wide.
    fn times(self, by: f64) -> Self {
        let wide = |stroke: Stroke| Stroke {
            width: hundredths(stroke.width * by),
            ..stroke
        };
        match self {
            Self::Fill(_) | Self::Cells(_) => self,
            Self::Stroke(stroke) => Self::Stroke(wide(stroke)),
            Self::Outlined(colour, stroke) => Self::Outlined(colour, wide(stroke)),
        }
    }
}

/// A step of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    Move(Point),
    Line(Point),
    /// A cubic Bézier curve: two control points and its end.
    Curve(Point, Point, Point),
    Close,
}

impl Step {
    /// All its numbers in hundredths, which are written whole: SVG and PNG have the same.
    fn rounded(self) -> Self {
        let round = |(x, y): Point| (hundredths(x), hundredths(y));
        match self {
            Self::Move(to) => Self::Move(round(to)),
            Self::Line(to) => Self::Line(round(to)),
            Self::Curve(a, b, to) => Self::Curve(round(a), round(b), round(to)),
            Self::Close => Self::Close,
        }
    }

    /// The same, so many times as far from the corner of the page.
    fn times(self, by: f64) -> Self {
        let far = |(x, y): Point| (x * by, y * by);
        match self {
            Self::Move(to) => Self::Move(far(to)),
            Self::Line(to) => Self::Line(far(to)),
            Self::Curve(a, b, to) => Self::Curve(far(a), far(b), far(to)),
            Self::Close => Self::Close,
        }
    }
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// The part of a text's width that lies before its place.
    pub fn part(self) -> f64 {
        match self {
            Self::Start => 0.0,
            Self::Middle => 0.5,
            Self::End => 1.0,
        }
    }
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Without anything that the font does not have.
    pub letters: String,
    /// On the baseline.
    pub at: Point,
    pub size: f64,
    pub colour: Colour,
    pub anchor: Anchor,
    /// Reads upwards.
    pub turned: bool,
}

impl Text {
    /// Text that begins at a place, in [`INK`].
    pub fn new(text: &str, size: f64, at: Point) -> Self {
        Self {
            letters: font::drawable(text),
            at: (hundredths(at.0), hundredths(at.1)),
            size,
            colour: INK,
            anchor: Anchor::Start,
            turned: false,
        }
    }

    /// [`Text::new`], cut in its middle to what fits.
    pub fn fitting(text: &str, size: f64, room: f64, at: Point) -> Self {
        Self::new(&font::shortened(text, size, room), size, at)
    }

    pub fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub fn turned(self) -> Self {
        Self {
            turned: true,
            ..self
        }
    }

    pub fn width(&self) -> f64 {
        font::width(&self.letters, self.size)
    }
}

/// A path or a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Path(Vec<Step>, Paint),
    Text(Text),
}

impl Shape {
    /// The same, so many times as large.
    fn times(self, by: f64) -> Self {
        match self {
            Self::Path(steps, paint) => {
                let steps = steps.into_iter().map(|step| step.times(by).rounded());
                Self::Path(steps.collect(), paint.times(by))
            }
            Self::Text(text) => Self::Text(Text {
                at: (hundredths(text.at.0 * by), hundredths(text.at.1 * by)),
                size: hundredths(text.size * by),
                ..text
            }),
        }
    }
}

/// A picture of a known width that grows downwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    width: f64,
    height: f64,
    shapes: Vec<Shape>,
    /// How much larger all of it becomes when it is finished.
    magnified: f64,
}

impl Drawing {
    pub fn new(width: f64) -> Self {
        Self {
            width,
            height: 0.0,
            shapes: Vec::new(),
            magnified: 1.0,
        }
    }

    /// The same, which [`Drawing::enlarged`] will make so many times as large.
    pub fn magnified(self, by: f64) -> Self {
        Self {
            magnified: by,
            ..self
        }
    }

    /// All of it as large as it was to become.
    pub fn enlarged(self) -> Self {
        let by = self.magnified;
        if by == 1.0 {
            return self;
        }
        Self {
            width: hundredths(self.width * by),
            height: (self.height * by).ceil(),
            shapes: self.shapes.into_iter().map(|of| of.times(by)).collect(),
            magnified: 1.0,
        }
    }

    pub fn width(&self) -> f64 {
        self.width
    }

    pub fn height(&self) -> f64 {
        self.height
    }

    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// The same with its lower edge.
    pub fn ending_at(self, height: f64) -> Self {
        Self {
            height: height.ceil(),
            ..self
        }
    }

    pub fn path(&mut self, steps: impl IntoIterator<Item = Step>, paint: Paint) {
        let steps: Vec<Step> = steps.into_iter().map(Step::rounded).collect();
        if steps.len() > 1 {
            self.shapes.push(Shape::Path(steps, paint));
        }
    }

    pub fn rect(&mut self, rect: Rect, paint: Paint) {
        self.path(rectangle(rect), paint);
    }

    pub fn cells(&mut self, cells: impl IntoIterator<Item = Rect>, colour: Colour) {
        let steps = cells.into_iter().flat_map(rectangle);
        self.path(steps, Paint::Cells(colour));
    }

    pub fn line(&mut self, points: impl IntoIterator<Item = Point>, stroke: Stroke) {
        self.path(open(points), Paint::Stroke(stroke));
    }

    /// A closed path.
    pub fn area(&mut self, points: impl IntoIterator<Item = Point>, paint: Paint) {
        self.path(open(points).chain([Step::Close]), paint);
    }

    pub fn text(&mut self, text: Text) {
        if !text.letters.is_empty() {
            self.shapes.push(Shape::Text(text));
        }
    }
}

fn open(points: impl IntoIterator<Item = Point>) -> impl Iterator<Item = Step> {
    points
        .into_iter()
        .enumerate()
        .map(|(place, to)| match place {
            0 => Step::Move(to),
            _ => Step::Line(to),
        })
}

fn rectangle(rect: Rect) -> [Step; 5] {
    [
        Step::Move((rect.left, rect.top)),
        Step::Line((rect.right, rect.top)),
        Step::Line((rect.right, rect.bottom)),
        Step::Line((rect.left, rect.bottom)),
        Step::Close,
    ]
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
