//! Each matrix's captured fraction in one respect against that in another.

use super::captured_fractions::{DOT, NAMED, SIGNIFICANT, full, other};
use super::chart::axis::Axis;
use super::chart::legend::{Mark, finish};
use super::chart::marker::discs;
use super::chart::panels::{depth, nothing, panel, panel_heading};
use super::chart::plot::Plot;
use super::chart::ticks::{Ticks, grouped};
use super::check;
use super::drawing::colour::{self, GREY};
use super::drawing::labels;
use super::drawing::page::{Width, heading};
use super::drawing::{Drawing, Figure, Point, Rect, Stroke};
use crate::element::{Element, Sides};
use crate::error::Result;

/// Two captured fractions of a matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoFractions<'a> {
    /// What stands beside its dot: the transcription factor, or the matrix.
    pub name: &'a str,
    /// Along the x axis.
    pub x: f64,
    /// Along the y axis.
    pub y: f64,
    /// Whether the two differ, or whatever else `significant` of the figure says.
    pub significant: bool,
}

/// Pairs of each class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classes {
    /// Pairs that interact.
    pub positive: usize,
    /// Pairs that do not.
    pub negative: usize,
}

/// The captured fraction of each matrix's sites among the positive pairs (x) against that among
/// the negative pairs (y). The ten matrices furthest from the diagonal have their name,
/// those that are significant before the others, unless it would hide something. `significant`
/// says in a few words what the coloured ones are, such as `difference at q ≤ 0.05`.
///
/// # Errors
///
/// No matrix on either side; a number that is not finite or no part of 1.
pub fn captured_classes(
    title: &str,
    pairs: Classes,
    significant: &str,
    sides: Sides<&[TwoFractions]>,
) -> Result<Figure> {
    let axis = |class: &str, pairs: usize| {
        format!(
            "captured fraction, {} {class} pairs",
            grouped(pairs as f64, 0)
        )
    };
    let titles = [
        axis("positive", pairs.positive),
        axis("negative", pairs.negative),
    ];
    draw(title, titles, significant, sides)
}

/// The captured fraction of all sites of each matrix (x) against that of its occupied sites (y),
/// otherwise as [`captured_classes`].
///
/// # Errors
///
/// As [`captured_classes`].
pub fn occupied_capture(
    title: &str,
    significant: &str,
    sides: Sides<&[TwoFractions]>,
) -> Result<Figure> {
    let titles = ["all sites", "occupied sites"].map(|of| format!("captured fraction of {of}"));
    draw(title, titles, significant, sides)
}

const DIAGONAL: Stroke = Stroke::dashed(GREY, 0.7);

fn draw(
    title: &str,
    titles: [String; 2],
    significant: &str,
    sides: Sides<&[TwoFractions]>,
) -> Result<Figure> {
    check(&sides)?;
    let mut drawing = Drawing::new(Width::Double.points());
    let top = heading(&mut drawing, title, "") + 3.0;
    let depth = depth(sides.map(ticks));
    let mut bottom = top;
    for (element, matrices) in sides.iter() {
        let end = draw_panel(&mut drawing, element, (top, depth), &titles, matrices);
        bottom = bottom.max(end);
    }
    let both = colour::both();
    let mut entries = vec![
        (Mark::Line(DIAGONAL), "equal".to_string()),
        (Mark::Discs([other(); 2]), "matrix".to_string()),
    ];
    if sides.into_iter().flatten().any(|matrix| matrix.significant) {
        let significant = match significant.trim() {
            "" => format!("q ≤ {SIGNIFICANT}"),
            words => words.to_string(),
        };
        entries.push((Mark::Discs(both.map(full)), significant));
    }
    let named = format!("the {NAMED} furthest from the line are named where there is room");
    entries.push((Mark::None, named));
    Ok(finish(drawing, title, bottom + 5.0, &entries))
}

fn check(sides: &Sides<&[TwoFractions]>) -> Result<()> {
    if sides.iter().all(|(_, matrices)| matrices.is_empty()) {
        return Err(check::undefined("no matrix has two fractions to compare"));
    }
    for (element, matrices) in sides.iter() {
        for TwoFractions { name, x, y, .. } in *matrices {
            check::fractions(&[*x, *y], || {
                format!("a captured fraction of {name:?} ({})", element.name())
            })?;
        }
    }
    Ok(())
}

/// The ticks of both axes.
fn ticks(matrices: &[TwoFractions]) -> Ticks {
    let numbers = matrices.iter().flat_map(|matrix| [matrix.x, matrix.y]);
    let (low, high) = numbers.fold((1.0, 0.0), |(low, high): (f64, f64), number| {
        (low.min(number), high.max(number))
    });
    Ticks::covering(low.min(high), high, 6)
}

/// Draws a side's panel, a square; returns where it ends.
fn draw_panel(
    drawing: &mut Drawing,
    element: Element,
    (top, depth): (f64, f64),
    [x, y]: &[String; 2],
    matrices: &[TwoFractions],
) -> f64 {
    let ticks = ticks(matrices);
    let (x, y) = (Axis::numbers(&ticks, x), Axis::numbers(&ticks, y));
    let (left, right) = panel(element);
    let frame_top = panel_heading(&mut Drawing::new(drawing.width()), element, top, "");
    let (left, right) = (left + depth, right - 6.0);
    let frame = Rect::between((left, frame_top), (right, frame_top + right - left));
    if matrices.is_empty() {
        panel_heading(drawing, element, top, "no matrix");
        nothing(drawing, frame, "no matrix has both fractions");
        return frame.bottom;
    }
    let plot = Plot::new(frame, ticks.range(), ticks.range());
    let bottom = plot.axes(drawing, &x, &y, &ticks);
    let (first, last) = ticks.range();
    plot.curve(drawing, &[(first, first), (last, last)], DIAGONAL);
    let named = draw_dots(drawing, &plot, element, matrices);
    let significant = matrices.iter().filter(|matrix| matrix.significant).count();
    let mut remark = format!("{} matrices", grouped(matrices.len() as f64, 0));
    if significant > 0 {
        remark += &format!(", {} coloured", grouped(significant as f64, 0));
    }
    panel_heading(drawing, element, top, &format!("{remark}, {named} named"));
    bottom
}

/// Dots, the significant ones on top, and names; returns how many names.
fn draw_dots(
    drawing: &mut Drawing,
    plot: &Plot,
    element: Element,
    matrices: &[TwoFractions],
) -> usize {
    let at = |matrix: &TwoFractions| plot.at((matrix.x, matrix.y));
    for (significant, paint) in [(false, other()), (true, full(colour::of(element)))] {
        let shown = matrices
            .iter()
            .filter(|matrix| matrix.significant == significant);
        let places: Vec<Point> = shown.map(at).collect();
        match significant {
            true => places
                .iter()
                .for_each(|place| discs(drawing, &[*place], DOT, paint)),
            false => discs(drawing, &places, DOT, paint),
        }
    }
    let mut sorted: Vec<&TwoFractions> = matrices.iter().collect();
    let apart = |matrix: &TwoFractions| (matrix.x - matrix.y).abs();
    sorted.sort_by(|a, b| (b.significant.cmp(&a.significant)).then(apart(b).total_cmp(&apart(a))));
    let names = sorted
        .iter()
        .take(NAMED)
        .map(|matrix| (at(matrix), matrix.name));
    let names: Vec<(Point, &str)> = names.collect();
    let dots: Vec<Point> = matrices.iter().map(at).collect();
    let placed = labels::place(&names, &dots, DOT, plot.frame);
    labels::draw(drawing, &placed);
    placed.len()
}
