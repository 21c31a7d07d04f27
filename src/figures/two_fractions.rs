//! Each matrix's captured fraction in one respect against that in another.

use super::captured_fractions::{DOT, NAMED, SIGNIFICANT, full, other};
use super::chart::axis::Axis;
use super::chart::legend::Mark;
use super::chart::marker::discs;
use super::chart::panels::{SidePanel, side_by_side};
use super::chart::plot::Plot;
use super::chart::ticks::{Ticks, count};
use super::check;
use super::drawing::colour::{self, GREY};
use super::drawing::labels;
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

/// The captured fraction of each matrix's sites among the positive pairs (x) against that among
/// the negative pairs (y), so many of each. The ten matrices furthest from the diagonal have their name,
/// those that are significant before the others, unless it would hide something. `significant`
/// says in a few words what the coloured ones are, such as `difference at q ≤ 0.05`.
///
/// # Errors
///
/// No matrix on either side; a number that is not finite or no part of 1.
pub fn captured_classes(
    title: &str,
    [positive, negative]: [usize; 2],
    significant: &str,
    sides: Sides<&[TwoFractions]>,
) -> Result<Figure> {
    let classes = [("positive", positive), ("negative", negative)];
    let titles =
        classes.map(|(class, pairs)| format!("captured fraction, {} {class} pairs", count(pairs)));
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
    let mut entries = vec![
        Mark::Line(DIAGONAL).means("equal"),
        Mark::Discs([other(); 2]).means("matrix"),
    ];
    if sides.into_iter().flatten().any(|matrix| matrix.significant) {
        let significant = match significant.trim() {
            "" => format!("q ≤ {SIGNIFICANT}"),
            words => words.to_string(),
        };
        entries.push(Mark::Discs(colour::both().map(full)).means(significant));
    }
    let named = format!("the {NAMED} furthest from the line are named where there is room");
    entries.push(Mark::None.means(named));
    let draw = |drawing: &mut Drawing, panel: &SidePanel, matrices: &&[TwoFractions]| {
        draw_panel(drawing, panel, &titles, matrices)
    };
    Ok(side_by_side(title, &sides, ticks, draw, &entries))
}

fn check(sides: &Sides<&[TwoFractions]>) -> Result<()> {
    let empty = sides.iter().all(|(_, matrices)| matrices.is_empty());
    check::refuse_if(empty, || "no matrix has two fractions to compare")?;
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
fn ticks(matrices: &&[TwoFractions]) -> Ticks {
    let numbers = matrices.iter().flat_map(|matrix| [matrix.x, matrix.y]);
    Ticks::over(numbers, 6)
}

/// Draws a side's panel, a square; returns where it ends.
fn draw_panel(
    drawing: &mut Drawing,
    panel: &SidePanel,
    titles: &[String; 2],
    matrices: &[TwoFractions],
) -> f64 {
    let ((left, top), right) = (panel.corner, panel.right - 6.0);
    let frame = Rect::between((left, top), (right, top + right - left));
    if matrices.is_empty() {
        let why = "no matrix has both fractions";
        return panel.empty(drawing, frame, "no matrix", why);
    }
    let ticks = panel.ticks;
    let [x, y] = titles.each_ref().map(|title| Axis::numbers(&ticks, title));
    let plot = Plot::new(frame, ticks.range(), ticks.range());
    let bottom = plot.axes(drawing, &x, &y);
    let (first, last) = ticks.range();
    plot.curve(drawing, &[(first, first), (last, last)], DIAGONAL);
    let named = draw_dots(drawing, &plot, panel.element, matrices);
    let significant = matrices.iter().filter(|matrix| matrix.significant).count();
    let mut remark = format!("{} matrices", count(matrices.len()));
    if significant > 0 {
        remark += &format!(", {} coloured", count(significant));
    }
    panel.heading(drawing, &format!("{remark}, {named} named"));
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
    let places = |significant: bool| -> Vec<Point> {
        let shown = matrices.iter().filter(|of| of.significant == significant);
        shown.map(at).collect()
    };
    discs(drawing, &places(false), DOT, other());
    for place in places(true) {
        discs(drawing, &[place], DOT, full(colour::of(element)));
    }
    let mut sorted: Vec<&TwoFractions> = matrices.iter().collect();
    let apart = |matrix: &TwoFractions| (matrix.x - matrix.y).abs();
    sorted.sort_by(|a, b| (b.significant.cmp(&a.significant)).then(apart(b).total_cmp(&apart(a))));
    let named = sorted.iter().take(NAMED);
    let names: Vec<(Point, &str)> = named.map(|matrix| (at(matrix), matrix.name)).collect();
    let dots: Vec<Point> = matrices.iter().map(at).collect();
    labels::draw(drawing, &names, &dots, DOT, plot.frame)
}
