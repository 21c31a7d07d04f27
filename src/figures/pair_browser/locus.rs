//! Where a pair lies: its chromosome, the arc between its elements, and where its windows are.

use std::ops::Range;

use crate::element::{Element, Sides};
use crate::figures::chart::axis::{Axis, Scale};
use crate::figures::chart::ticks::distance;
use crate::figures::drawing::colour::{Colour, INK};
use crate::figures::drawing::page::{MARGIN, TEXT};
use crate::figures::drawing::{Anchor, Drawing, Paint, Rect, Step, Stroke, Text};
use crate::figures::pair::{PairFigure, WindowFigure};

/// The height of the arc.
const ARC: f64 = 22.0;
/// Half the height of the boxes that stand for elements, which are never narrower.
const BOX: f64 = 2.5;
/// From the margins to the chromosome's ends.
const INSET: f64 = 5.0;
/// From the chromosome's axis to the panels.
const FUNNEL: f64 = 10.0;

/// A stretch of a chromosome on the page.
#[derive(Clone)]
struct Stretch<'a> {
    chrom: &'a str,
    range: Range<u32>,
    page: (f64, f64),
}

impl Stretch<'_> {
    fn scale(&self) -> Scale {
        Scale::bases(&self.range, self.page)
    }
}

/// A panel's element, and its left and right end.
type Ends = (Element, (f64, f64));

/// Draws the place of a pair above its panels, which are given from left to right with the elements'
/// colours; returns where they begin.
pub fn draw(
    drawing: &mut Drawing,
    pair: &PairFigure,
    (panels, colours): ([Ends; 2], &Sides<Colour>),
    top: f64,
) -> f64 {
    let windows = panels.map(|(element, _)| pair.windows.get(element));
    let stretches = stretches(windows, drawing.width());
    let line = top + TEXT + 3.0 + ARC + BOX;
    // The axis is drawn twice: first for its depth, since the funnels lie behind it.
    let mut bottom = line;
    for stretch in &stretches {
        bottom = axis(stretch).bottom(&mut Drawing::new(0.0), &stretch.scale(), line);
    }
    let bottom = bottom + FUNNEL;
    for ((element, page), stretch) in panels.iter().zip(&stretches) {
        let [from, to] = stretch.scale().ends(&pair.windows.get(*element).window);
        let above = [(from, line), (to, line)];
        let below = [page.1, page.0].map(|end| (end, bottom - 2.0));
        let funnel = above.into_iter().chain(below);
        drawing.area(funnel, Paint::Fill(colours.get(*element).tint(0.13)));
    }
    let one = windows[0].chrom == windows[1].chrom;
    for stretch in &stretches[usize::from(one)..] {
        axis(stretch).bottom(drawing, &stretch.scale(), line);
    }
    let mut middles = [0.0; 2];
    for (number, ((element, _), stretch)) in panels.iter().zip(&stretches).enumerate() {
        let place = element_box(pair.windows.get(*element), &stretch.scale(), line);
        middles[number] = place.middle().0;
        drawing.rect(place, Paint::Fill(*colours.get(*element)));
    }
    arc(drawing, middles, line - BOX, &apart(windows), !one);
    bottom
}

/// What each window lies on: twice the same where both share a chromosome.
fn stretches<'a>(windows: [&WindowFigure<'a>; 2], width: f64) -> [Stretch<'a>; 2] {
    let hull = |a: &Range<u32>, b: &Range<u32>| a.start.min(b.start)..a.end.max(b.end);
    let own = windows.map(|window| hull(&window.window, &window.element));
    let (left, right) = (MARGIN + INSET, width - MARGIN - INSET);
    let stretch = |window: &WindowFigure<'a>, range: Range<u32>, part: u32, page| {
        let around = (range.end - range.start) / part + 1;
        let range = range.start.saturating_sub(around)..range.end.saturating_add(around);
        Stretch {
            chrom: window.chrom,
            range,
            page,
        }
    };
    if windows[0].chrom == windows[1].chrom {
        let both = stretch(windows[0], hull(&own[0], &own[1]), 20, (left, right));
        return [both.clone(), both];
    }
    let middle = width / 2.0;
    let [first, second] = own;
    [
        stretch(windows[0], first, 1, (left, middle - 10.0)),
        stretch(windows[1], second, 1, (middle + 10.0, right)),
    ]
}

fn axis(stretch: &Stretch) -> Axis {
    let room = stretch.page.1 - stretch.page.0;
    Axis::bases_beside(&stretch.range, stretch.chrom, room, INSET)
}

fn element_box(window: &WindowFigure, scale: &Scale, line: f64) -> Rect {
    let [from, to] = scale.ends(&window.element);
    let half = ((to - from) / 2.0).max(BOX / 2.0);
    Rect::around(((from + to) / 2.0, line), (half, BOX))
}

/// How far apart the elements are, in words.
fn apart(windows: [&WindowFigure; 2]) -> String {
    if windows[0].chrom != windows[1].chrom {
        return "different chromosomes".to_string();
    }
    let [a, b] = windows.map(|window| &window.element);
    match a.start.max(b.start).checked_sub(a.end.min(b.end)) {
        Some(bases) => format!("{} between the elements", distance(bases)),
        None => "overlapping elements".to_string(),
    }
}

fn arc(drawing: &mut Drawing, ends: [f64; 2], base: f64, words: &str, dashed: bool) {
    // A cubic curve reaches three quarters of the way to its control points.
    let high = base - ARC * 4.0 / 3.0;
    let curve = Step::Curve((ends[0], high), (ends[1], high), (ends[1], base));
    let stroke = Stroke {
        dashed,
        ..Stroke::new(INK, 0.9)
    };
    drawing.path([Step::Move((ends[0], base)), curve], Paint::Stroke(stroke));
    let text = Text::new(words, TEXT, (0.0, base - ARC - 3.0)).anchor(Anchor::Middle);
    let half = text.width() / 2.0 + MARGIN;
    let middle = (ends[0] + ends[1]) / 2.0;
    let middle = middle.min(drawing.width() - half).max(half);
    drawing.text(Text {
        at: (middle, text.at.1),
        ..text
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::pair::tests::small;

    #[test]
    fn the_distance_lies_between_the_facing_ends() {
        let mut pair = small();
        let words = |pair: &PairFigure| apart([&pair.windows.promoter, &pair.windows.enhancer]);
        // From 1200 to 5050.
        assert_eq!(words(&pair), "3.85 kb between the elements");
        pair.windows.promoter.element = 1200..1300;
        assert_eq!(words(&pair), "0 bp between the elements");
        pair.windows.promoter.element = 1199..1300;
        assert_eq!(words(&pair), "overlapping elements");
        pair.windows.promoter.chrom = "chr2";
        assert_eq!(words(&pair), "different chromosomes");
    }

    #[test]
    fn a_stretch_holds_its_windows_and_ends_at_the_last_position() {
        let mut pair = small();
        pair.windows.promoter.window = u32::MAX - 100..u32::MAX;
        pair.windows.promoter.element = u32::MAX - 50..u32::MAX;
        let [one, two] = stretches([&pair.windows.enhancer, &pair.windows.promoter], 240.0);
        assert_eq!((one.range.clone(), one.page), (two.range, two.page));
        assert_eq!(one.range, 0..u32::MAX);
        pair.windows.promoter.chrom = "chr2";
        let [one, two] = stretches([&pair.windows.enhancer, &pair.windows.promoter], 240.0);
        assert_eq!(
            (one.range, two.range),
            (699..1601, u32::MAX - 201..u32::MAX)
        );
        assert!(one.page.1 < two.page.0);
    }
}
