//! Axes: where a number lies on the page, and what stands beside it.

use std::ops::Range;

use super::ticks::{Ticks, grouped};
use crate::figures::drawing::colour::{GREY, INK};
use crate::figures::drawing::font;
use crate::figures::drawing::page::{SMALL, TEXT};
use crate::figures::drawing::{Anchor, Drawing, Stroke, Text};

/// The line of an axis and its ticks.
pub const AXIS: Stroke = Stroke::new(INK, 0.6);
/// The length of a tick.
const TICK: f64 = 2.5;
/// Between a tick and its label, and a label and the title.
const GAP: f64 = 2.0;
/// Between the labels of neighbouring ticks.
const APART: f64 = 5.0;
/// From a base's first end to its middle: position 1 lies between the places 0 and 1.
const MIDDLE: f64 = 0.5;

/// A straight way from numbers to places on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    data: (f64, f64),
    page: (f64, f64),
}

impl Scale {
    /// Takes the first number to the first place and the second, which is another, to the second.
    pub fn new(data: (f64, f64), page: (f64, f64)) -> Self {
        Self { data, page }
    }

    /// The positions of a stretch of a chromosome.
    pub fn bases(range: &Range<u32>, page: (f64, f64)) -> Self {
        Self::new((range.start.into(), range.end.into()), page)
    }

    /// Where a number lies.
    pub fn at(&self, number: f64) -> f64 {
        let part = (number - self.data.0) / (self.data.1 - self.data.0);
        self.page.0 + part * (self.page.1 - self.page.0)
    }

    /// Where a number lies; at the nearer end if it lies beyond it.
    pub fn inside(&self, number: f64) -> f64 {
        let (from, to) = self.page;
        self.at(number).clamp(from.min(to), from.max(to))
    }

    /// Where some bases begin and end.
    pub fn ends(&self, bases: &Range<u32>) -> [f64; 2] {
        [bases.start, bases.end].map(|end| self.at(end.into()))
    }

    /// The places of the first and the last number.
    pub fn page(&self) -> (f64, f64) {
        self.page
    }
}

/// Ticks with their labels, and a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    ticks: Vec<(f64, String)>,
    title: String,
}

impl Axis {
    fn new(ticks: Vec<(f64, String)>, title: &str) -> Self {
        let title = title.to_string();
        Self { ticks, title }
    }

    /// An axis of plain numbers.
    pub fn numbers(ticks: &Ticks, title: &str) -> Self {
        Self::new(ticks.labelled(), title)
    }

    /// An axis of names, the first at 0 and each 1 further; the caller sees to their room.
    pub fn names(names: &[&str], title: &str) -> Self {
        let places = (0u32..).map(f64::from);
        let names = names.iter().map(|name| name.to_string());
        Self::new(places.zip(names).collect(), title)
    }

    /// An axis of counts of which it has the logarithms to base 10, with as many labels as have
    /// room side by side.
    pub fn counts(range: (f64, f64), title: &str, room: f64) -> Self {
        let scale = Scale::new(range, (0.0, room));
        // Ever fewer: 1, 2 and 5 times the powers of ten, 1 and 3 times, the powers alone, every
        // second of them, and so on.
        let digits: [&[u32]; 2] = [&[1, 2, 5], &[1, 3]];
        let digits = digits.into_iter().map(|digits| (digits, 1));
        let tries = digits.chain((1..=6).map(|every| (&[1][..], every)));
        let mut axes = tries.map(|(digits, every)| Self::powers(range, title, digits, every));
        let axis = axes
            .find(|axis| axis.labels_fit(&scale))
            .unwrap_or_else(|| Self::powers(range, title, &[1], 12));
        if axis.ticks.len() > 1 {
            return axis;
        }
        // Less than a power of ten: what is whole and round as it is.
        let ends = [range.0, range.1].map(|end| 10f64.powf(end));
        let ticks = Ticks::whole(ends[0], ends[1], 4).labelled().into_iter();
        let logarithms = ticks.map(|(number, label)| (number.log10(), label));
        let ticks = logarithms.filter(|(at, _)| at.is_finite()).collect();
        Self { ticks, ..axis }
    }

    fn powers((low, high): (f64, f64), title: &str, digits: &[u32], every: usize) -> Self {
        let powers = (low.floor().max(0.0) as i32..=high.floor() as i32).step_by(every);
        let numbers = powers.flat_map(|power| {
            let number = move |digit: &u32| f64::from(*digit) * 10f64.powi(power);
            digits.iter().map(number)
        });
        let ticks = numbers.map(|number| (number.log10(), grouped(number, 0)));
        let inside = ticks.filter(|(at, _)| (low..=high).contains(at));
        Self::new(inside.collect(), title)
    }

    /// An axis of at most `most` positions, from 1 as people count, each in the middle of its base; the title
    /// names what it is and the unit.
    pub fn bases(range: &Range<u32>, title: &str, most: usize) -> Self {
        let [first, end] = [range.start, range.end].map(|end| f64::from(end) + MIDDLE);
        let ticks = Ticks::whole(first, end, most);
        // One decimal at most: steps of 100 bases are tenths of a kb.
        let (unit, name) = match ticks.exponent() {
            ..2 => (0, "bp"),
            2..5 => (3, "kb"),
            _ => (6, "Mb"),
        };
        let ticks = ticks.labelled_in(unit).into_iter();
        let ticks = ticks.map(|(position, label)| (position - MIDDLE, label));
        Self::new(ticks.collect(), &format!("{title} ({name})"))
    }

    /// An axis of as many positions as have room for their labels side by side, none of which
    /// reaches more than `beyond` over an end; where there is hardly any, of more ticks than
    /// labels.
    pub fn bases_beside(range: &Range<u32>, title: &str, room: f64, beyond: f64) -> Self {
        let scale = Scale::bases(range, (0.0, room));
        let tries = (1..=3).flat_map(|every| (2..=7).rev().map(move |most| (every, most)));
        tries
            .map(|(every, most)| Self::bases(range, title, most).labelling(every, &scale, beyond))
            .find(|axis| axis.labels().nth(1).is_some() && axis.labels_fit(&scale))
            .unwrap_or_else(|| Self::bases(range, title, 1).labelling(1, &scale, beyond))
    }

    /// The axis with labels at every so many ticks only, from the first that has room on.
    fn labelling(self, every: usize, scale: &Scale, beyond: f64) -> Self {
        let (from, to) = scale.page();
        let inside = |(number, label): &(f64, String)| {
            let (place, half) = (scale.at(*number), font::width(label, SMALL) / 2.0);
            place - half >= from - beyond && place + half <= to + beyond
        };
        let start = self.ticks.iter().position(inside).unwrap_or(0);
        let mut ticks = self.ticks;
        for (place, tick) in ticks.iter_mut().enumerate() {
            if place % every != start % every || !inside(tick) {
                tick.1.clear();
            }
        }
        Self { ticks, ..self }
    }

    fn labels(&self) -> impl Iterator<Item = &(f64, String)> {
        self.ticks.iter().filter(|(_, label)| !label.is_empty())
    }

    fn labels_fit(&self, scale: &Scale) -> bool {
        let half = |label: &str| font::width(label, SMALL) / 2.0;
        let mut neighbours = self.labels().zip(self.labels().skip(1));
        neighbours.all(|((a, first), (b, second))| {
            scale.at(*b) - scale.at(*a) >= half(first) + half(second) + APART
        })
    }

    /// How far [`Axis::left`] reaches to the left.
    pub fn depth(&self) -> f64 {
        let title = if self.title.is_empty() {
            0.0
        } else {
            TEXT + GAP
        };
        TICK + GAP + self.widest() + title
    }

    fn widest(&self) -> f64 {
        let ticks = self.ticks.iter();
        let widths = ticks.map(|(_, label)| font::width(label, SMALL));
        widths.fold(0.0, f64::max)
    }

    /// Draws the axis down the left of a plot, at `x`.
    pub fn left(&self, drawing: &mut Drawing, scale: &Scale, x: f64) {
        let (from, to) = scale.page();
        drawing.line([(x, from), (x, to)], AXIS);
        for (number, label) in &self.ticks {
            let y = scale.at(*number);
            drawing.line([(x - TICK, y), (x, y)], AXIS);
            let at = (x - TICK - GAP, font::centred(y, SMALL));
            drawing.text(Text::new(label, SMALL, at).anchor(Anchor::End));
        }
        // The title's baseline: it hangs to the left of it.
        let baseline = x - TICK - GAP - self.widest() - GAP - 1.0;
        let at = (baseline, (from + to) / 2.0);
        let title = Text::fitting(&self.title, TEXT, (from - to).abs(), at);
        drawing.text(title.anchor(Anchor::Middle).turned());
    }

    /// Draws faint lines between two ends of the page at the ticks of [`Axis::left`].
    pub fn grid(&self, drawing: &mut Drawing, scale: &Scale, ends: (f64, f64)) {
        for (number, _) in &self.ticks {
            let height = scale.at(*number);
            let faint = Stroke::new(GREY.tint(0.25), 0.4);
            drawing.line([(ends.0, height), (ends.1, height)], faint);
        }
    }

    /// Draws the axis below a plot, at `y`; returns where it ends.
    pub fn bottom(&self, drawing: &mut Drawing, scale: &Scale, y: f64) -> f64 {
        let (from, to) = scale.page();
        drawing.line([(from, y), (to, y)], AXIS);
        let baseline = y + TICK + GAP + 0.73 * SMALL;
        for (number, label) in &self.ticks {
            let x = scale.at(*number);
            drawing.line([(x, y), (x, y + TICK)], AXIS);
            drawing.text(Text::new(label, SMALL, (x, baseline)).anchor(Anchor::Middle));
        }
        if self.title.is_empty() {
            return baseline + GAP;
        }
        let at = ((from + to) / 2.0, baseline + GAP + TEXT);
        let title = Text::fitting(&self.title, TEXT, to - from + APART, at);
        drawing.text(title.anchor(Anchor::Middle));
        at.1 + GAP
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_scale_takes_ends_to_ends() {
        let scale = Scale::new((10.0, 20.0), (100.0, 50.0));
        assert_eq!(
            [10.0, 15.0, 20.0].map(|number| scale.at(number)),
            [100.0, 75.0, 50.0]
        );
    }

    #[test]
    fn the_unit_follows_the_step() {
        let title = |range: Range<u32>| Axis::bases_beside(&range, "chr1", 200.0, 5.0).title;
        assert_eq!(title(100..190), "chr1 (bp)");
        assert_eq!(title(88_000_100..88_003_100), "chr1 (kb)");
        assert_eq!(title(1_000_000..9_000_000), "chr1 (Mb)");
    }

    #[test]
    fn counts_have_as_many_ticks_as_fit() {
        let joined = |axis: Axis| -> String {
            let labels: Vec<String> = axis.labels().map(|(_, label)| label.clone()).collect();
            labels.join(" ")
        };
        let labels = |range, room| joined(Axis::counts(range, "sites", room));
        assert_eq!(labels((0.9, 2.4), 150.0), "10 20 50 100 200");
        assert_eq!(
            labels((0.9, 4.1), 150.0),
            "10 30 100 300 1,000 3,000 10,000"
        );
        assert_eq!(labels((0.0, 6.0), 120.0), "1 100 10,000 1,000,000");
        assert_eq!(labels((-0.3, 0.9), 120.0), "1 2 5");
        assert_eq!(labels((1.1, 1.25), 120.0), "14 16");
    }

    #[test]
    fn positions_count_from_one() {
        let axis = Axis::bases(&(0..5), "chr1", 7);
        let places = (0u32..5).map(|base| (f64::from(base) + 0.5, (base + 1).to_string()));
        assert_eq!(axis.ticks, places.collect::<Vec<_>>());
        // The 1,300th base, and none before it, is the last one of the stretch.
        let axis = Axis::bases(&(1299..1300), "chr1", 7);
        assert_eq!(axis.ticks, [(1299.5, "1,300".to_string())]);
    }

    proptest! {
        #[test]
        fn labels_never_touch_nor_reach_too_far(start in 0u32..3_000_000_000, length in 1u32..1_000_000_000) {
            let range = start..start + length;
            let scale = Scale::bases(&range, (0.0, 90.0));
            let axis = Axis::bases_beside(&range, "chr1", 90.0, 5.0);
            prop_assert!(axis.labels_fit(&scale));
            for (number, label) in &axis.ticks {
                let reach = font::width(label, SMALL) / 2.0 - 5.0;
                let room = reach - 1e-9..90.0 - reach + 1e-9;
                prop_assert!(label.is_empty() || room.contains(&scale.at(*number)));
                prop_assert!((f64::from(start)..=f64::from(start + length)).contains(number));
            }
        }
    }
}
