//! Whether probabilities are what they say.

use super::chart::legend::{Entry, Mark};
use super::chart::plot::{CURVE, Plot};
use super::chart::ticks::count;
use super::chart::unit_square::{about, finish, square};
use super::check;
use super::drawing::colour::{Colour, GREY, SERIES};
use super::drawing::{Drawing, Figure, Page, Point, Stroke};
use crate::error::Result;
use crate::evaluation::ReliabilityBin;
use crate::statistics::Interval;

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

/// The observed part of positives against the mean predicted probability of up to four sets, in
/// one column's width.
///
/// # Errors
///
/// No set or more than four; a set without bins; bins without pairs, that overlap or do not
/// ascend; a number that is not finite or no part of 1.
pub fn reliability(page: Page, sets: &[ReliabilitySet]) -> Result<Figure> {
    check(sets)?;
    let titles = ["mean predicted probability", "observed part of positives"];
    let (mut drawing, plot, bottom) = square(page, titles);
    plot.curve(&mut drawing, &[(0.0, 0.0), (1.0, 1.0)], PERFECT);
    let colours = page.colours(SERIES);
    for (set, colour) in sets.iter().zip(colours).rev() {
        draw(&mut drawing, &plot, set, colour);
    }
    let entries = sets.iter().zip(colours);
    let mut entries: Vec<Entry> = entries
        .map(|(set, colour)| entry(page, set, colour))
        .collect();
    let bins = "each point as many pairs, as far as ties allow; 95% intervals";
    entries.push(Mark::None.means(bins));
    entries.push(Mark::Line(PERFECT).means("perfectly calibrated"));
    Ok(finish(drawing, page, bottom, &entries))
}

fn check(sets: &[ReliabilitySet]) -> Result<()> {
    check::told_apart(sets.len(), SERIES.len(), "sets")?;
    for set in sets {
        let of = |what: &str| format!("{what} of {:?}", set.name);
        check::fractions(&[set.brier], || of("the Brier score"))?;
        check::refuse_if(set.bins.is_empty(), || {
            format!("{:?} has no pairs", set.name)
        })?;
        let mut end = 0.0;
        for bin in set.bins {
            let Interval { value, low, high } = bin.observed;
            check::fractions(&[bin.low, bin.predicted, bin.high], || of("a probability"))?;
            check::fractions(&[value, low, high], || of("an observed part"))?;
            check::interval(bin.observed, || of("an observed part"))?;
            let broken = bin.pairs == 0 || bin.low < end || bin.high < bin.low;
            check::refuse_if(broken, || {
                format!("{} are empty or not in order: {bin:?}", of("the bins"))
            })?;
            end = bin.high;
        }
    }
    Ok(())
}

fn draw(drawing: &mut Drawing, plot: &Plot, set: &ReliabilitySet, colour: Colour) {
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

fn entry(page: Page, set: &ReliabilitySet, colour: Colour) -> Entry {
    let pairs: usize = set.bins.iter().map(|bin| bin.pairs).sum();
    let numbers = format!(": Brier score {:.4}, {} pairs", set.brier, count(pairs));
    about(page, set.name, &numbers, colour)
}
