//! Whether probabilities are what they say.

use super::Figure;
use super::axis::Axis;
use super::check;
use super::colour::{Colour, GREY, SERIES};
use super::drawing::{Drawing, Point, Rect, Stroke};
use super::font;
use super::legend::{INDENT, Mark, column};
use super::page::{MARGIN, TEXT, Width, heading};
use super::plot::{CURVE, Plot};
use super::ticks::{Ticks, grouped};
use crate::error::Result;
use crate::evaluation::Interval;

/// Pairs whose predicted probabilities lie close together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// The lowest and the highest probability that belong to it.
    pub range: (f64, f64),
    /// The mean of the predicted probabilities.
    pub predicted: f64,
    /// The part of the pairs that interact, with its 95 % interval.
    pub observed: Interval,
    /// Pairs in it, 1 or more: a bin without any is left out.
    pub pairs: u64,
}

/// The bins of one method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilitySet<'a> {
    /// The method, or the part of the data.
    pub name: &'a str,
    /// By probability, ascending, without overlap.
    pub bins: &'a [ReliabilityBin],
    /// The mean squared difference of probability and label.
    pub brier: f64,
}

const PERFECT: Stroke = Stroke::dashed(GREY, 0.7);
/// The height of the counts.
const COUNTS: f64 = 46.0;

/// The observed part of positives against the mean predicted probability of up to four sets, in
/// one column's width, and below the number of pairs in each bin on a logarithmic axis.
///
/// # Errors
///
/// No set or more than four; a set without bins; bins without pairs, that overlap or do not
/// ascend; a number that is not finite or no part of 1.
pub fn reliability(title: &str, sets: &[ReliabilitySet]) -> Result<Figure> {
    check(sets)?;
    let mut drawing = Drawing::new(Width::Single.points());
    let top = heading(&mut drawing, title, "") + 5.0;
    let parts = Ticks::covering(0.0, 1.0, 6);
    let (numbers, counts) = (counts_range(sets), "pairs");
    let y = Axis::numbers(&parts, "observed part of positives");
    let below = Axis::counts_upwards(numbers, counts, COUNTS);
    let left = MARGIN + y.depth().max(below.depth());
    let right = drawing.width() - MARGIN - 6.0;

    let frame = Rect::between((left, top), (right, top + right - left));
    let plot = Plot::new(frame, (0.0, 1.0), (0.0, 1.0));
    let bottom = plot.axes(&mut drawing, &Axis::numbers(&parts, ""), &y, &parts);
    plot.curve(&mut drawing, &[(0.0, 0.0), (1.0, 1.0)], PERFECT);
    for (set, colour) in sets.iter().zip(SERIES).rev() {
        draw_set(&mut drawing, &plot, set, colour);
    }

    let frame = Rect::between((left, bottom + 6.0), (right, bottom + 6.0 + COUNTS));
    let plot = Plot::new(frame, (0.0, 1.0), numbers);
    let x = Axis::numbers(&parts, "mean predicted probability");
    for (set, colour) in sets.iter().zip(SERIES).rev() {
        draw_counts(&mut drawing, &plot, set, colour);
    }
    let bottom = plot.axes(
        &mut drawing,
        &x,
        &below,
        &Ticks::whole(numbers.0, numbers.1, 4),
    );

    let room = drawing.width() - 2.0 * MARGIN;
    let mut entries: Vec<_> = sets
        .iter()
        .zip(SERIES)
        .map(|(set, colour)| entry(set, colour))
        .collect();
    entries.push((
        Mark::None,
        "with 95% intervals; below, the pairs of each bin".to_string(),
    ));
    entries.push((Mark::Line(PERFECT), "perfectly calibrated".to_string()));
    let bottom = column(&mut drawing, (MARGIN, bottom + 5.0), room, &entries);
    Ok(Figure {
        title: title.to_string(),
        drawing: drawing.ending_at(bottom + MARGIN - 2.0),
    })
}

fn check(sets: &[ReliabilitySet]) -> Result<()> {
    if sets.is_empty() || sets.len() > SERIES.len() {
        let message = format!(
            "{} sets: 1 to {} can be told apart",
            sets.len(),
            SERIES.len()
        );
        return Err(check::undefined(message));
    }
    for set in sets {
        let of = |what: &str| format!("{what} of {:?}", set.name);
        check::fractions(&[set.brier], || of("the Brier score"))?;
        if set.bins.is_empty() {
            return Err(check::undefined(format!("{:?} has no pairs", set.name)));
        }
        let mut end = 0.0;
        for bin in set.bins {
            let Interval { value, low, high } = bin.observed;
            check::fractions(&[bin.predicted, bin.range.0, bin.range.1], || {
                of("a probability")
            })?;
            check::fractions(&[value, low, high], || of("an observed part"))?;
            check::interval(bin.observed, || of("an observed part"))?;
            if bin.pairs == 0 || bin.range.0 < end || bin.range.1 < bin.range.0 {
                let message = format!(
                    "the bins of {:?} are empty or not in order: {bin:?}",
                    set.name
                );
                return Err(check::undefined(message));
            }
            end = bin.range.1;
        }
    }
    Ok(())
}

/// From below 1 to above the highest number of pairs, as logarithms.
fn counts_range(sets: &[ReliabilitySet]) -> (f64, f64) {
    let counts = sets.iter().flat_map(|set| set.bins).map(|bin| bin.pairs);
    let most = counts.max().unwrap_or(1) as f64;
    (-0.3, (most.log10() + 0.15).max(1.0))
}

fn draw_set(drawing: &mut Drawing, plot: &Plot, set: &ReliabilitySet, colour: Colour) {
    let point = |bin: &ReliabilityBin| (bin.predicted, bin.observed.value);
    let points: Vec<Point> = set.bins.iter().map(point).collect();
    for bin in set.bins {
        let ends = (bin.observed.low, bin.observed.high);
        plot.whisker(drawing, bin.predicted, ends, Stroke::new(colour, 0.6));
    }
    plot.curve(drawing, &points, Stroke::new(colour, CURVE));
    for point in points {
        plot.dot(drawing, point, colour);
    }
}

/// The outline of the bars, each as wide as its bin.
fn draw_counts(drawing: &mut Drawing, plot: &Plot, set: &ReliabilitySet, colour: Colour) {
    let base = plot.at((0.0, -0.3)).1;
    let beside = |a: &ReliabilityBin, b: &ReliabilityBin| a.range.1 == b.range.0;
    for bars in set.bins.chunk_by(beside) {
        let tops = bars.iter().flat_map(|bin| {
            let height = (bin.pairs as f64).log10();
            [bin.range.0, bin.range.1].map(|x| plot.at((x, height)))
        });
        let mut outline: Vec<Point> = tops.collect();
        let ends = (outline[0].0, outline[outline.len() - 1].0);
        outline.insert(0, (ends.0, base));
        outline.push((ends.1, base));
        drawing.line(outline, Stroke::new(colour, 0.9));
    }
}

/// A long name gives way to the numbers.
fn entry(set: &ReliabilitySet, colour: Colour) -> (Mark, String) {
    let pairs: u64 = set.bins.iter().map(|bin| bin.pairs).sum();
    let numbers = format!(
        ": Brier score {:.4}, {} pairs",
        set.brier,
        grouped(pairs as f64, 0)
    );
    let room = Width::Single.points() - 2.0 * MARGIN - INDENT;
    let name = font::shortened(set.name, TEXT, room - font::width(&numbers, TEXT));
    (Mark::Line(Stroke::new(colour, CURVE)), name + &numbers)
}
