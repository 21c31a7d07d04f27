//! What lies below the attention of a window, row by row.

use std::ops::Range;

use super::features::Packed;
use super::genes::PackedGenes;
use crate::figures::chart::axis::{AXIS, Axis, Scale};
use crate::figures::chart::ticks::{Ticks, extent};
use crate::figures::drawing::colour::{Colour, GREY, INK, SERIES};
use crate::figures::drawing::page::SMALL;
use crate::figures::drawing::{Drawing, Paint, Text};
use crate::figures::track::{Track, TrackContent};

/// The height of a signal.
const SIGNAL: f64 = 20.0;
/// From a signal to what lies below it.
const BELOW: f64 = 2.0;
/// The line on which a track's name stands.
const NAME: f64 = SMALL + 5.0;

/// A track of a window that has found its place between two ends of the page.
pub struct Row<'a> {
    name: &'a str,
    colour: Option<Colour>,
    shown: Shown<'a>,
}

enum Shown<'a> {
    Features(Packed<'a>),
    Genes(PackedGenes),
    Signal(&'a [(Range<u32>, f32)], Ticks),
}

/// For each track of some windows, which all have the same, the ticks of its values, if it shows some: the
/// same in all windows, so that equal values are equally high.
pub fn ticks(windows: &[&[Track]]) -> Vec<Option<Ticks>> {
    let tracks = windows.first().map_or(0, |tracks| tracks.len());
    let ticks = |place: usize| {
        let first = windows.first()?.get(place)?;
        first.signal()?;
        if let Some((low, high)) = first.range {
            return Some(Ticks::covering(low.into(), high.into(), 3));
        }
        let values = windows
            .iter()
            .filter_map(|tracks| tracks.get(place)?.signal());
        let values = values.flatten().map(|(_, value)| f64::from(*value));
        let (low, high) = extent(values.chain([0.0]));
        let high = if low < high { high } else { 1.0 };
        Some(Ticks::covering(low, high, 3))
    };
    (0..tracks).map(ticks).collect()
}

/// The axis of what a window has values of.
pub fn axis(ticks: &Ticks) -> Axis {
    Axis::numbers(ticks, "")
}

/// The rows of a window's tracks, with the ticks of [`ticks`].
pub fn rows<'a>(
    tracks: &'a [Track],
    window: &Range<u32>,
    page: (f64, f64),
    ticks: &[Option<Ticks>],
) -> Vec<Row<'a>> {
    let row = |(track, ticks): (&'a Track, &Option<Ticks>)| {
        let shown = match (&track.content, ticks) {
            (TrackContent::Signal(values), Some(ticks)) => Shown::Signal(values, *ticks),
            (TrackContent::Features(features), _) => {
                Shown::Features(Packed::new(features, window, page))
            }
            (TrackContent::Genes(genes), _) => Shown::Genes(PackedGenes::new(genes, window, page)),
            (TrackContent::Signal(_), None) => return None,
        };
        let colour = track
            .colour
            .map(|[red, green, blue]| Colour::new(red, green, blue));
        Some(Row {
            name: &track.name,
            colour,
            shown,
        })
    };
    tracks.iter().zip(ticks).filter_map(row).collect()
}

impl Row<'_> {
    /// The height that [`Row::draw`] needs.
    pub fn height(&self) -> f64 {
        let shown = match &self.shown {
            Shown::Features(features) => features.height(),
            Shown::Genes(genes) => genes.height(),
            Shown::Signal(..) => SIGNAL + BELOW,
        };
        self.heading() + shown
    }

    fn heading(&self) -> f64 {
        if self.name.is_empty() { 0.0 } else { NAME }
    }

    /// Draws the row below `top`.
    pub fn draw(&self, drawing: &mut Drawing, along: &Scale, top: f64) {
        let (left, right) = along.page();
        let at = (left, top + NAME - 2.0);
        drawing.text(Text::fitting(self.name, SMALL, right - left, at));
        let top = top + self.heading();
        match &self.shown {
            Shown::Features(features) => {
                features.draw(drawing, self.colour.unwrap_or(SERIES[0]), top);
            }
            Shown::Genes(genes) => genes.draw(drawing, self.colour.unwrap_or(INK), top),
            Shown::Signal(values, ticks) => {
                let down = Scale::new(ticks.range(), (top + SIGNAL, top));
                let colour = self.colour.unwrap_or(GREY);
                draw_signal(drawing, values, (along, &down), (ticks.range(), colour));
                axis(ticks).left(drawing, &down, left);
            }
        }
    }
}

/// Values as filled steps from 0 on, cut to a range, or from its end that is next to 0; one area for all
/// bases that lie side by side.
pub fn draw_signal(
    drawing: &mut Drawing,
    values: &[(Range<u32>, f32)],
    (along, down): (&Scale, &Scale),
    ((low, high), colour): ((f64, f64), Colour),
) {
    let ground = down.at(0f64.clamp(low, high));
    for run in values.chunk_by(|one, next| one.0.end == next.0.start) {
        let (first, last) = (&run[0].0, &run[run.len() - 1].0);
        let mut points = vec![(along.at(first.start.into()), ground)];
        for (bases, value) in run {
            let height = down.at(f64::from(*value).clamp(low, high));
            points.extend(along.ends(bases).map(|end| (end, height)));
        }
        points.push((along.at(last.end.into()), ground));
        drawing.area(points, Paint::Fill(colour));
    }
    let (left, right) = along.page();
    drawing.line([(left, ground), (right, ground)], AXIS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::drawing::Step;
    use crate::figures::drawing::canvas::Shape;
    use crate::figures::pair::PairFigure;
    use crate::figures::pair::tests::{signal, small};

    fn of_both(pair: &PairFigure) -> Vec<Option<Ticks>> {
        let windows = pair.windows.as_ref().map(|window| &window.tracks[..]);
        ticks(&[windows.enhancer, windows.promoter])
    }

    #[test]
    fn a_signal_is_one_area_for_each_stretch_with_values() {
        let values = [(0..10, 1.0), (10..20, 4.0), (30..40, -2.0)];
        let mut drawing = Drawing::new(100.0);
        let along = Scale::new((0.0, 50.0), (0.0, 100.0));
        let down = Scale::new((-2.0, 4.0), (60.0, 0.0));
        draw_signal(&mut drawing, &values, (&along, &down), ((-2.0, 4.0), GREY));
        let corner = |step: &Step| match step {
            Step::Move(to) | Step::Line(to) => Some(*to),
            Step::Curve(..) | Step::Close => None,
        };
        let corners = |shape: &Shape| -> Vec<(f64, f64)> {
            match shape {
                Shape::Path(steps, Paint::Fill(_)) => steps.iter().filter_map(corner).collect(),
                _ => Vec::new(),
            }
        };
        let areas: Vec<Vec<(f64, f64)>> = drawing.shapes().iter().map(corners).collect();
        let first = [
            (0.0, 40.0),
            (0.0, 30.0),
            (20.0, 30.0),
            (20.0, 0.0),
            (40.0, 0.0),
            (40.0, 40.0),
        ];
        assert_eq!(areas[0], first);
        assert_eq!(
            areas[1],
            [(60.0, 40.0), (60.0, 60.0), (80.0, 60.0), (80.0, 40.0)]
        );
        // The line at 0 is no area.
        assert!(areas.len() == 3 && areas[2].is_empty());
    }

    #[test]
    fn a_range_is_kept_and_cuts_what_lies_beyond() {
        let mut pair = small();
        let ranged = |values: &[(Range<u32>, f32)]| {
            signal("DNase", values).map(|track| Track {
                range: Some((1.0, 3.0)),
                ..track
            })
        };
        pair.windows.enhancer.tracks = ranged(&[(0..10, -3.0), (10..20, 8.0)]).to_vec();
        pair.windows.promoter.tracks = ranged(&[]).to_vec();
        let range = of_both(&pair)[0].unwrap().range();
        assert_eq!(range, (1.0, 3.0));
        let mut drawing = Drawing::new(100.0);
        let along = Scale::new((0.0, 20.0), (0.0, 100.0));
        let down = Scale::new(range, (60.0, 0.0));
        let values = pair.windows.enhancer.tracks[0].signal().unwrap();
        draw_signal(&mut drawing, values, (&along, &down), (range, SERIES[1]));
        let Shape::Path(steps, Paint::Fill(colour)) = &drawing.shapes()[0] else {
            panic!("no area");
        };
        assert_eq!(*colour, SERIES[1]);
        let heights = steps.iter().filter_map(|step| match step {
            Step::Move(to) | Step::Line(to) => Some(to.1),
            Step::Curve(..) | Step::Close => None,
        });
        let heights: Vec<f64> = heights.collect();
        assert_eq!(heights, [60.0, 60.0, 60.0, 0.0, 0.0, 60.0]);
    }

    #[test]
    fn both_windows_have_the_ticks_of_all_values() {
        let track = |values: &[(Range<u32>, f32)]| signal("DNase", values);
        let (one, other) = (track(&[(0..10, -3.0)]), track(&[(0..10, 8.0)]));
        let mut pair = small();
        (pair.windows.enhancer.tracks, pair.windows.promoter.tracks) =
            (one.to_vec(), other.to_vec());
        let (low, high) = of_both(&pair)[0].unwrap().range();
        assert!(low <= -3.0 && high >= 8.0);
        let empty = track(&[]);
        (pair.windows.enhancer.tracks, pair.windows.promoter.tracks) =
            (empty.to_vec(), empty.to_vec());
        assert_eq!(of_both(&pair)[0].unwrap().range(), (0.0, 1.0));
    }
}
