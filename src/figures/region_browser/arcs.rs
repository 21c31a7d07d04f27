//! The pairs of a region: arcs between their elements, which stand on a line.

use std::ops::Range;

use crate::element::colours::Rgb;
use crate::element::{Element, Sides};
use crate::figures::chart::axis::{AXIS, Scale};
use crate::figures::chart::legend::{Entry, Mark};
use crate::figures::chart::ticks::count;
use crate::figures::drawing::colour::Colour;
use crate::figures::drawing::{Drawing, Paint, Point, Rect, Step, Stroke};
use crate::figures::region::{RegionFigure, RegionPair};

/// The height of the highest arc, and of the lowest.
const HIGH: f64 = 44.0;
const LOW: f64 = 6.0;
/// The width of an arc.
const WIDE: f64 = 0.8;
/// Half the height of the boxes that stand for elements, and half the width of the narrowest.
const BOX: f64 = 2.5;
const NARROWEST: f64 = 0.75;
/// From the line to what lies below it.
const BELOW: f64 = 6.0;
/// Arcs that a region shows: those of the most probable pairs.
const MOST: usize = 200;

/// Draws the arcs of a region's pairs and their elements in the elements' colours; returns where they end: where
/// they begin if there is none.
pub fn draw(
    drawing: &mut Drawing,
    region: &RegionFigure,
    (along, colours): (&Scale, &Sides<Colour>),
    top: f64,
) -> f64 {
    if region.pairs.is_empty() {
        return top;
    }
    let line = top + HIGH + BOX;
    // The most probable ones lie above the others.
    for pair in shown(region).iter().rev() {
        if let Some(path) = path(pair, &region.region, along, line - BOX) {
            drawing.path(path, Paint::Stroke(stroke(pair)));
        }
    }
    let (left, right) = along.page();
    drawing.line([(left, line), (right, line)], AXIS);
    for element in Element::BOTH {
        let mut places: Vec<&Range<u32>> = Vec::new();
        for pair in &region.pairs {
            let place = pair.elements.get(element);
            places.extend(place.as_ref().filter(|_| region.has(place)));
        }
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup();
        for place in places {
            let part = element_box(place, &region.region, along, line);
            drawing.rect(part, Paint::Fill(*colours.get(element)));
        }
    }
    line + BOX + BELOW
}

/// The pairs that have arcs, as far as their middles allow one.
fn shown(region: &RegionFigure) -> &[RegionPair] {
    &region.pairs[..region.pairs.len().min(MOST)]
}

/// What the arcs of regions mean, as far as they have some.
pub fn key(regions: &[RegionFigure]) -> Vec<Entry> {
    let (mut drawn, mut without): (Vec<&RegionPair>, bool) = (Vec::new(), false);
    for region in regions {
        // Whether there is an arc is the same on every page.
        let along = Scale::bases(&region.region, (0.0, 1.0));
        for pair in shown(region) {
            match path(pair, &region.region, &along, 0.0) {
                Some(_) => drawn.push(pair),
                None => without = true,
            }
        }
    }
    let pairs = || drawn.iter().copied();
    let mut entries = Vec::new();
    for (label, words) in [
        (Some(true), "pair labelled as interacting"),
        (Some(false), "pair labelled as not interacting"),
        (None, "pair without a label"),
    ] {
        // In the stronger colour, if any has it.
        let of_label = || pairs().filter(move |pair| pair.label == label);
        let first = of_label().find(|pair| pair.predicted);
        if let Some(pair) = first.or_else(|| of_label().next()) {
            entries.push(Mark::Line(plain(pair)).means(words));
        }
    }
    let mut say = |is_so: bool, words: String| {
        entries.extend(is_so.then(|| Mark::None.means(words)));
    };
    let pale = pairs().any(|pair| !pair.predicted);
    say(pale, "paler: not predicted to interact".to_string());
    let far = |pair: &RegionPair| pair.elements.as_ref().into_iter().any(Option::is_none);
    let dashed = pairs().any(far);
    say(dashed, "dashed: to another chromosome".to_string());
    let many = regions.iter().any(|region| region.pairs.len() > MOST);
    say(many, format!("the {} most probable have arcs", count(MOST)));
    let words = "pairs whose middles lie outside have no arc";
    say(without, words.to_string());
    entries
}

/// The look of a pair's arc.
fn stroke(pair: &RegionPair) -> Stroke {
    let dashed = pair.elements.as_ref().into_iter().any(Option::is_none);
    Stroke {
        dashed,
        ..plain(pair)
    }
}

/// The look of an arc on one chromosome.
fn plain(pair: &RegionPair) -> Stroke {
    let Rgb([red, green, blue]) = Rgb::of_pair(pair.label, pair.predicted);
    Stroke::new(Colour::new(red, green, blue), WIDE)
}

/// The middles of a pair's elements.
fn middles(pair: &RegionPair) -> Sides<Option<f64>> {
    let middle = |bases: &Range<u32>| (f64::from(bases.start) + f64::from(bases.end)) / 2.0;
    pair.elements.as_ref().map(|of| of.as_ref().map(middle))
}

/// What is drawn of a pair above a line, if its middles lie so that there is something.
fn path(pair: &RegionPair, region: &Range<u32>, along: &Scale, line: f64) -> Option<Vec<Step>> {
    match middles(pair) {
        Sides {
            enhancer: Some(enhancer),
            promoter: Some(promoter),
        } => arc([enhancer, promoter], region, along, line),
        Sides { enhancer, promoter } => {
            let one = enhancer.or(promoter);
            one.and_then(|middle| upright(middle, region, along, line))
        }
    }
}

/// Where an end of an arc is drawn. One that is farther outside than the region is long is drawn nearer, so that the
/// arc rises: one more length away for each factor of ten, so that arcs to different places differ.
fn drawn_at(middle: f64, region: &Range<u32>) -> f64 {
    let (start, end) = (f64::from(region.start), f64::from(region.end));
    let (length, edge) = (end - start, middle.clamp(start, end));
    let lengths = (middle - edge) / length;
    if lengths.abs() <= 1.0 {
        return middle;
    }
    edge + lengths.signum() * length * (1.0 + lengths.abs().log10())
}

/// The part of an arc that lies in the region: a parabola from one end to the other, the higher the farther
/// they are apart.
fn arc(ends: [f64; 2], region: &Range<u32>, along: &Scale, line: f64) -> Option<Vec<Step>> {
    let (start, end) = (f64::from(region.start), f64::from(region.end));
    let length = end - start;
    let [one, other] = ends.map(|middle| drawn_at(middle, region));
    let (from, to) = (one.min(other), one.max(other));
    let apart = to - from;
    if apart <= 0.0 {
        return None;
    }
    let high = (HIGH * (apart / length).min(1.0).sqrt()).max(LOW);
    // Where on the way, from 0 to 1, the region begins and ends.
    let [first, last] = [start, end].map(|edge| ((edge - from) / apart).clamp(0.0, 1.0));
    if first >= last {
        return None;
    }
    let point = |part: f64| -> Point {
        let height = 4.0 * high * part * (1.0 - part);
        (along.at(from + part * apart), line - height)
    };
    // Any stretch of a parabola is a quadratic Bézier curve, whose control point is where the tangents at both
    // ends meet: halfway along.
    let (a, b) = (point(first), point(last));
    let slope = -4.0 * high * (1.0 - 2.0 * first);
    let meet = ((a.0 + b.0) / 2.0, a.1 + slope * (last - first) / 2.0);
    // The same as a cubic one.
    let control = |end: Point| -> Point {
        let part = |end: f64, meet: f64| end + (meet - end) * 2.0 / 3.0;
        (part(end.0, meet.0), part(end.1, meet.1))
    };
    Some(vec![Step::Move(a), Step::Curve(control(a), control(b), b)])
}

/// A line upwards from an element whose partner is on another chromosome, if its middle lies in the region.
fn upright(middle: f64, region: &Range<u32>, along: &Scale, line: f64) -> Option<Vec<Step>> {
    let inside = (f64::from(region.start)..=f64::from(region.end)).contains(&middle);
    let x = along.at(middle);
    inside.then(|| vec![Step::Move((x, line)), Step::Line((x, line - HIGH / 2.0))])
}

fn element_box(element: &Range<u32>, region: &Range<u32>, along: &Scale, line: f64) -> Rect {
    let inside = element.start.max(region.start)..element.end.min(region.end);
    let [from, to] = along.ends(&inside);
    let half = ((to - from) / 2.0).max(NARROWEST);
    Rect::around(((from + to) / 2.0, line), (half, BOX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn along() -> Scale {
        Scale::bases(&(1000..2000), (100.0, 300.0))
    }

    #[test]
    fn an_arc_stands_on_both_elements() {
        let path = arc([1800.0, 1200.0], &(1000..2000), &along(), 50.0).unwrap();
        let [Step::Move(from), Step::Curve(one, other, to)] = path[..] else {
            panic!("{path:?}");
        };
        assert_eq!((from, to), ((140.0, 50.0), (260.0, 50.0)));
        // A cubic curve's middle: an eighth of its ends and three eighths of its control points.
        let middle = (from.1 + to.1 + 3.0 * (one.1 + other.1)) / 8.0;
        assert!(
            (50.0 - middle - HIGH * 0.6f64.sqrt()).abs() < 1e-9,
            "{middle}"
        );
    }

    #[test]
    fn what_reaches_out_is_cut_at_the_edge_above_the_line() {
        let path = arc([1500.0, 9e6], &(1000..2000), &along(), 50.0).unwrap();
        let [Step::Move(from), Step::Curve(.., to)] = path[..] else {
            panic!("{path:?}");
        };
        assert_eq!(from, (200.0, 50.0));
        assert!((to.0 - 300.0).abs() < 1e-9 && to.1 < 50.0 - LOW, "{to:?}");
        // An element whose middle lies outside, and a partner on the same side.
        assert_eq!(arc([2010.0, 9e6], &(1000..2000), &along(), 50.0), None);
        assert_eq!(arc([1500.0, 1500.0], &(1000..2000), &along(), 50.0), None);
    }

    #[test]
    fn arcs_that_reach_out_differ_however_far_they_do() {
        let at_edge = |far: f64| -> f64 {
            let path = arc([1500.0, far], &(1000..2000), &along(), 50.0).unwrap();
            let [Step::Move(from), Step::Curve(.., to)] = path[..] else {
                panic!("{path:?}");
            };
            if far < 1500.0 { from.1 } else { to.1 }
        };
        for ends in [[3e3, 5e3, 2e4, 9e4, 9e6], [0.0, -2e3, -2e4, -9e4, -9e6]] {
            let heights = ends.map(at_edge);
            // The farther away, the flatter.
            let differ = heights.windows(2).all(|two| two[1] > two[0] + 1.0);
            assert!(differ, "{heights:?}");
        }
        assert_eq!(drawn_at(3000.0, &(1000..2000)), 3000.0);
        assert_eq!(drawn_at(12_000.0, &(1000..2000)), 4000.0);
    }

    proptest! {
        #[test]
        fn arcs_stay_in_the_panel(ends in [0f64..5000.0, 0f64..5000.0]) {
            let path = arc(ends, &(1000..2000), &along(), 50.0);
            for step in path.into_iter().flatten() {
                let (Step::Move((x, y)) | Step::Curve(.., (x, y))) = step else {
                    panic!("{step:?}");
                };
                prop_assert!((100.0 - 1e-9..=300.0 + 1e-9).contains(&x));
                prop_assert!((50.0 - HIGH - 1e-9..=50.0 + 1e-9).contains(&y));
            }
        }
    }
}
