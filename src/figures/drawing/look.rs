//! How a figure is to look, as far as that is the user's to say.

use serde::Deserialize;

use super::canvas::Drawing;
use super::colour::Colour;
use super::page::{self, TEXT, Width};
use crate::error::{Error, Result};

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;
/// The narrowest and the widest page on which every figure has its place, in points beside text of the
/// usual size.
const ROOM: [f64; 2] = [150.0, 1500.0];
/// The smallest and the largest text, in points.
const SIZES: [f64; 2] = [3.0, 40.0];

/// How a figure is to look; what is not given is as usual.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Look {
    /// What stands above it.
    pub title: Option<String>,
    /// Its width in mm; its height follows from what it shows.
    pub width: Option<f64>,
    /// The size of the axes' titles in points; other text, lines and marks grow with it.
    pub font_size: Option<f64>,
    /// Where a y axis begins and ends that has no natural ends.
    pub y_range: Option<[f64; 2]>,
    /// The colours of curves in their order, or of the enhancer and the promoter.
    pub colours: Vec<Colour>,
}

static USUAL: Look = Look {
    title: None,
    width: None,
    font_size: None,
    y_range: None,
    colours: Vec::new(),
};

/// The page that a figure is drawn on: what it is called, and how it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page<'a> {
    title: &'a str,
    look: &'a Look,
}

impl<'a> From<&'a str> for Page<'a> {
    /// A page of the usual look.
    fn from(title: &'a str) -> Self {
        let look = &USUAL;
        Self { title, look }
    }
}

impl<'a> Page<'a> {
    /// A page of this look, which has this title if it has none of its own.
    ///
    /// # Errors
    ///
    /// A size of text that is none, a width in which such text has no room, a range without an extent.
    pub fn new(title: &'a str, look: &'a Look) -> Result<Self> {
        let title = look.title.as_deref().unwrap_or(title);
        let page = Self { title, look };
        let within = |number: f64, [least, most]: [f64; 2]| (least..=most).contains(&number);
        let size = look.font_size.unwrap_or(TEXT);
        let refused = |message: String| Err(Error::Configuration(message));
        if !within(size, SIZES) {
            let [least, most] = SIZES;
            return refused(format!(
                "text of {size} points: {least} to {most} can be read"
            ));
        }
        let room = ROOM.map(|room| room * page.magnified());
        if let Some(width) = look.width
            && !within(width * POINTS, room)
        {
            let [least, most] = room.map(|room| (room / POINTS).ceil());
            return refused(format!(
                "a width of {width} mm: with text of {size} points it is from {least} to {most} mm"
            ));
        }
        if let Some([low, high]) = look.y_range
            && !(low < high && (high - low).is_finite())
        {
            return refused(format!("a y axis from {low} to {high}"));
        }
        Ok(page)
    }

    /// What the figure is called.
    pub(in crate::figures) fn title(&self) -> &'a str {
        self.title
    }

    /// How much larger everything is than usual.
    fn magnified(&self) -> f64 {
        self.look.font_size.map_or(1.0, |size| size / TEXT)
    }

    /// How wide the page is where text has its usual size, in points: the usual width, unless such text has no
    /// room in it.
    pub(in crate::figures) fn width(&self, usual: Width) -> f64 {
        let given = self.look.width.map(|width| width * POINTS);
        let [least, most] = ROOM;
        let usual = || (usual.points() / self.magnified()).clamp(least, most);
        given.map_or_else(usual, |given| given / self.magnified())
    }

    /// A drawing with the title and, below it, what else there is to say, if anything; and where they end.
    pub(in crate::figures) fn headed(&self, usual: Width, remark: &str) -> (Drawing, f64) {
        let drawing = Drawing::new(self.width(usual)).magnified(self.magnified());
        page::head(drawing, self.title, remark)
    }

    /// The ends of a y axis that has no natural ones, if they are given.
    pub(in crate::figures) fn y_range(&self) -> Option<(f64, f64)> {
        self.look.y_range.map(|[low, high]| (low, high))
    }

    /// The colours of curves, those that are given in place of the first.
    pub(in crate::figures) fn colours<const N: usize>(
        &self,
        mut usual: [Colour; N],
    ) -> [Colour; N] {
        for (colour, given) in usual.iter_mut().zip(&self.look.colours) {
            *colour = *given;
        }
        usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::colour::{INK, SERIES};

    #[test]
    fn the_page_is_as_wide_as_was_asked_for_whatever_the_size_of_the_text() {
        let look = |width, font_size| Look {
            width: Some(width),
            font_size,
            ..Look::default()
        };
        for of in [
            look(85.0, None),
            look(120.0, Some(10.5)),
            look(60.0, Some(5.0)),
        ] {
            let page = Page::new("figure", &of).unwrap();
            let (drawing, _) = page.headed(Width::Double, "");
            let drawing = drawing.ending_at(100.0).enlarged();
            assert!((drawing.width() / POINTS - of.width.unwrap()).abs() < 0.01);
        }
        assert_eq!(Page::from("figure").width(Width::Double), 492.0);
    }

    #[test]
    fn what_has_no_room_is_refused() {
        let refused = |of: Look| Page::new("figure", &of).unwrap_err().to_string();
        let width = |width| Look {
            width: Some(width),
            ..Look::default()
        };
        for bad in [0.0, -5.0, 52.0, 1e6, f64::NAN] {
            assert!(refused(width(bad)).contains("a width of"), "{bad}");
        }
        assert!(Page::new("figure", &width(53.0)).is_ok());
        let large = Look {
            font_size: Some(14.0),
            ..width(53.0)
        };
        assert!(refused(large).contains("text of 14 points"));
        let range = |low, high| Look {
            y_range: Some([low, high]),
            ..Look::default()
        };
        for (low, high) in [(1.0, 1.0), (2.0, 1.0), (0.0, f64::INFINITY)] {
            assert!(refused(range(low, high)).contains("a y axis from"));
        }
        let none = Look {
            font_size: Some(0.0),
            ..Look::default()
        };
        assert!(refused(none).contains("text of 0 points"));
    }

    #[test]
    fn what_is_given_comes_before_what_is_usual() {
        let look = Look {
            title: Some("mine".to_string()),
            colours: vec![INK],
            y_range: Some([-1.0, 4.0]),
            ..Look::default()
        };
        let page = Page::new("usual", &look).unwrap();
        assert_eq!((page.title(), page.y_range()), ("mine", Some((-1.0, 4.0))));
        assert_eq!(page.colours(SERIES)[..2], [INK, SERIES[1]]);
    }
}
