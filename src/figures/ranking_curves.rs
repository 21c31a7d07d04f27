//! How well scores tell positives from negatives: ROC and precision–recall curves.

use super::chart::legend::{Entry, Mark};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::count;
use super::chart::unit_square::{about, finish, square};
use super::check;
use super::drawing::colour::{Colour, GREY, SERIES};
use super::drawing::{Drawing, Figure, Page, Point, Stroke};
use crate::error::Result;
use crate::evaluation::{Scored, Support, classes, curves};
use crate::statistics::{Estimate, Interval};

/// Scored pairs that make one curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedSet<'a> {
    /// Such as `test` or `validation`.
    pub name: &'a str,
    /// The pairs.
    pub scored: &'a [Scored],
    /// The area under the curve, with its interval where it has one.
    pub area: Estimate,
    /// The elements of the pairs.
    pub support: Support,
}

/// The receiver operating characteristic of up to four sets, in one column's width.
///
/// # Errors
///
/// No set or more than four; a set of only one class; a number that is not finite.
pub fn roc(page: Page, sets: &[RankedSet]) -> Result<Figure> {
    let curves = all(sets, |set| curves::roc(set.scored))?;
    let titles = ["false positive rate", "true positive rate"];
    let (mut drawing, plot, bottom) = square(page, titles);
    plot.curve(&mut drawing, &[(0.0, 0.0), (1.0, 1.0)], chance(GREY));
    let colours = page.colours(SERIES);
    plot_all(&mut drawing, &plot, &curves, colours);
    let mut entries = Vec::new();
    for (set, colour) in sets.iter().zip(colours) {
        entries.push(area(page, set, "AUROC", colour));
        entries.push(Mark::None.means(pairs(set)));
        entries.push(Mark::None.means(elements(set)));
    }
    entries.push(Mark::Line(chance(GREY)).means("by chance"));
    Ok(finish(drawing, page, bottom, &entries))
}

/// The precision–recall curve of up to four sets, in one column's width, as steps: the area under
/// them is the average precision. By chance the precision is the part of positives.
///
/// # Errors
///
/// No set or more than four; a set without a positive; a number that is not finite.
pub fn precision_recall(page: Page, sets: &[RankedSet]) -> Result<Figure> {
    let curves = all(sets, |set| {
        Ok(steps(&curves::precision_recall(set.scored)?))
    })?;
    let (mut drawing, plot, bottom) = square(page, ["recall", "precision"]);
    let colours = page.colours(SERIES);
    let mut entries = Vec::new();
    for (set, colour) in sets.iter().zip(colours) {
        let (positives, _) = classes(set.scored);
        let part = positives as f64 / set.scored.len() as f64;
        plot.curve(&mut drawing, &[(0.0, part), (1.0, part)], chance(colour));
        entries.push(area(page, set, "AUPRC", colour));
        let text = format!("by chance {part:.3}: {}", pairs(set));
        entries.push(Mark::Line(chance(colour)).means(text));
        entries.push(Mark::None.means(elements(set)));
    }
    plot_all(&mut drawing, &plot, &curves, colours);
    Ok(finish(drawing, page, bottom, &entries))
}

/// What scores that know nothing would make.
fn chance(colour: Colour) -> Stroke {
    Stroke::dashed(colour, 0.7)
}

/// The curves of all sets.
fn all(
    sets: &[RankedSet],
    curve: impl Fn(&RankedSet) -> Result<Vec<Point>>,
) -> Result<Vec<Vec<Point>>> {
    check::told_apart(sets.len(), SERIES.len(), "sets")?;
    for set in sets {
        let what = || format!("the area under the curve of {:?}", set.name);
        check::finite(&[set.area.value], what)?;
        if let Some(interval) = set.area.interval() {
            check::interval(interval, what)?;
        }
    }
    sets.iter().map(curve).collect()
}

/// The first curve lies on top.
fn plot_all(
    drawing: &mut Drawing,
    plot: &Plot,
    curves: &[Vec<Point>],
    colours: [Colour; SERIES.len()],
) {
    for (points, colour) in curves.iter().zip(colours).rev() {
        plot.curve(drawing, points, Stroke::new(colour, CURVE));
    }
}

fn area(page: Page, set: &RankedSet, measure: &str, colour: Colour) -> Entry {
    let value = set.area.value;
    let interval = match (set.area.interval(), set.support.doubt()) {
        (Some(Interval { low, high, .. }), _) => format!("95% interval {low:.3}–{high:.3}"),
        (None, Some(doubt)) => doubt,
        (None, None) => "no interval".to_string(),
    };
    about(
        page,
        set.name,
        &format!(": {measure} {value:.3} ({interval})"),
        colour,
    )
}

fn pairs(set: &RankedSet) -> String {
    let (positives, negatives) = classes(set.scored);
    let [positives, negatives] = [positives, negatives].map(count);
    format!("{positives} positive, {negatives} negative pairs")
}

/// What the interval rests on.
fn elements(set: &RankedSet) -> String {
    let positives = set.support.positives;
    let [enhancers, promoters] = [positives.enhancers, positives.promoters].map(count);
    format!("positives of {enhancers} enhancers, {promoters} promoters")
}

/// The curve of points (recall, precision) each of which holds from the recall before it on.
fn steps(points: &[Point]) -> Vec<Point> {
    let mut curve = Vec::with_capacity(2 * points.len());
    let mut before = 0.0;
    for &(recall, precision) in points {
        curve.push((before, precision));
        curve.push((recall, precision));
        before = recall;
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_precision_holds_from_the_recall_before() {
        let got = steps(&[(0.25, 1.0), (0.25, 0.5), (1.0, 0.6)]);
        let wanted = [
            (0.0, 1.0),
            (0.25, 1.0),
            (0.25, 0.5),
            (0.25, 0.5),
            (0.25, 0.6),
            (1.0, 0.6),
        ];
        assert_eq!(got, wanted);
    }
}
