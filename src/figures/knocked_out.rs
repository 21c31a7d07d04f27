//! What factors' sites contribute to the network's answer.

use super::captured_fractions::SIGNIFICANT;
use super::chart::axis::{AXIS, Axis, Scale};
use super::chart::legend::{Mark, finish};
use super::chart::marker::discs;
use super::chart::ticks::{Ticks, count};
use super::check;
use super::drawing::colour::{self, GREY, WHITE};
use super::drawing::font;
use super::drawing::page::{MARGIN, SMALL, TEXT, Width, headed};
use super::drawing::{Anchor, Drawing, Figure, Paint, Rect, Stroke, Text};
use crate::element::{Element, Sides};
use crate::error::Result;
use crate::statistics::Interval;

/// What taking a factor's sites out of one side changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnockedOut<'a> {
    /// The transcription factor.
    pub name: &'a str,
    /// The mean change of the logit, beyond that of moved places.
    pub difference: f64,
    /// Its 95 % interval, where there is one.
    pub interval: Option<Interval>,
    /// Whether the factor's sites are said to matter.
    pub called: bool,
}

/// Rows that have room.
const MOST: usize = 60;
/// The height of a row.
const ROW: f64 = 9.0;
/// Room for a name.
const NAME: f64 = 58.0;
/// Between the panels, and between names and frame.
const APART: f64 = 12.0;
const GAP: f64 = 4.0;
/// Radius of a dot.
const DOT: f64 = 1.9;
const ZERO: Stroke = Stroke::dashed(GREY, 0.7);
const TITLE: &str = "Δ logit beyond that of moved places";

/// What taking each factor's sites out of enhancers and of promoters changes of the logit, a row for each
/// factor in the order given, with 95 % intervals: above 0 where the sites support an interaction. Filled
/// dots have q ≤ 0.05. In two columns' width; `remark` says what was asked.
///
/// # Errors
///
/// No factor on either side, or more than 60; a number that is not finite.
pub fn knocked_out(title: &str, remark: &str, sides: Sides<&[KnockedOut]>) -> Result<Figure> {
    check(&sides)?;
    let (mut drawing, bottom) = headed(Width::Double, title, remark);
    let top = bottom + 3.0;
    let mut bottom = top;
    for (element, factors) in sides.iter() {
        bottom = bottom.max(draw_side(&mut drawing, element, factors, top));
    }
    let filled = colour::both().map(Paint::Fill);
    let open = colour::both().map(open);
    let entries = [
        Mark::Discs(filled).means(format!("q ≤ {SIGNIFICANT}, and large enough to matter")),
        Mark::Discs(open).means("others"),
        Mark::None.means("lines: 95% intervals; above 0 the sites support an interaction"),
    ];
    Ok(finish(drawing, title, bottom + 5.0, &entries))
}

fn check(sides: &Sides<&[KnockedOut]>) -> Result<()> {
    let empty = sides.iter().all(|(_, factors)| factors.is_empty());
    check::refuse_if(empty, || "no factor's sites were taken out")?;
    for (element, factors) in sides.iter() {
        let (all, side) = (factors.len(), element.name());
        check::refuse_if(all > MOST, || {
            format!("{all} factors of the {side}: {MOST} have room")
        })?;
        for factor in *factors {
            let what = || format!("the change by {:?} ({side})", factor.name);
            check::finite(&[factor.difference], what)?;
            if let Some(interval) = factor.interval {
                check::interval(interval, what)?;
            }
        }
    }
    Ok(())
}

/// Draws a side's panel; returns where it ends.
fn draw_side(drawing: &mut Drawing, element: Element, factors: &[KnockedOut], top: f64) -> f64 {
    let wide = (Width::Double.points() - 2.0 * MARGIN - APART) / 2.0;
    let (left, heading) = match element {
        Element::Enhancer => (MARGIN, "Enhancer"),
        Element::Promoter => (MARGIN + wide + APART, "Promoter"),
    };
    let noun = match factors.len() {
        1 => "factor",
        _ => "factors",
    };
    let said = format!("{heading}: {} {noun}", count(factors.len()));
    drawing.text(Text::new(&said, TEXT, (left, top + TEXT)));
    let from = (left + NAME + GAP, top + TEXT + 5.0);
    let rows = factors.len().max(1) as f64;
    let frame = Rect::between(from, (left + wide - 8.0, from.1 + rows * ROW));
    if factors.is_empty() {
        let none = Text::new("no site was taken out", TEXT, frame.middle());
        drawing.text(none.anchor(Anchor::Middle).colour(GREY));
        return frame.bottom;
    }
    let ends = |factor: &KnockedOut| {
        let interval = factor.interval.map(|of| [of.low, of.high]);
        interval.unwrap_or([factor.difference; 2])
    };
    let ticks = Ticks::over(factors.iter().flat_map(ends).chain([0.0]), 6);
    let scale = Scale::new(ticks.range(), (frame.left, frame.right));
    let zero = scale.at(0.0);
    drawing.line([(zero, frame.top), (zero, frame.bottom)], ZERO);
    drawing.line([frame.top, frame.bottom].map(|y| (frame.left, y)), AXIS);
    let colour = colour::of(element);
    for (place, factor) in factors.iter().enumerate() {
        let y = frame.top + (place as f64 + 0.5) * ROW;
        let at = (frame.left - GAP, font::centred(y, SMALL));
        drawing.text(Text::fitting(factor.name, SMALL, NAME, at).anchor(Anchor::End));
        let line = ends(factor).map(|end| (scale.at(end), y));
        drawing.line(line, Stroke::new(colour, 0.8));
        let paint = match factor.called {
            true => Paint::Fill(colour),
            false => open(colour),
        };
        discs(drawing, &[(scale.at(factor.difference), y)], DOT, paint);
    }
    Axis::numbers(&ticks, TITLE).bottom(drawing, &scale, frame.bottom)
}

fn open(colour: colour::Colour) -> Paint {
    Paint::Outlined(WHITE, Stroke::new(colour, 0.8))
}
