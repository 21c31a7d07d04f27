//! Who else is near: the table's elements around those of each pair, and what was measured at them.
//!
//! A loop's anchors are longer than an element: they are told apart by 5 to 25 kb (Rao et al. 2014,
//! doi:10.1016/j.cell.2014.11.021), and what holds them, such as CTCF, need not lie in the element that is asked
//! about.

use std::collections::BTreeMap;
use std::ops::Range;

use super::activity::assays;
use crate::element::{Element, Sides};
use crate::genome::{ChromId, Region};
use crate::pairs::Pair;

/// How far an element's middle may lie from that of one that it is near, in bases.
const NEAR: u32 = 10_000;

/// For each side how many distinct elements of either side are near a pair's, itself among them, and of each assay
/// the mean and the largest of what was measured at these, 0 where there are none; of the columns whose names end in
/// ` (enhancer)` and ` (promoter)`. With their names.
pub fn surroundings(pairs: &[Pair], measured: &[(String, Vec<f32>)]) -> Vec<(String, Vec<f32>)> {
    let elements = Sides::from_fn(|side| Elements::new(pairs, side));
    let mut columns = Vec::new();
    for centre in Element::BOTH {
        let centres = elements.get(centre);
        for side in Element::BOTH {
            let others = elements.get(side);
            let near: Vec<Range<usize>> =
                centres.places.iter().map(|of| others.near(*of)).collect();
            let what = format!("{}s near the {}", side.name(), centre.name());
            let count = |near: &Range<usize>| near.len() as f32;
            columns.push((what.clone(), centres.of_pairs(&near, count)));
            for assay in assays(measured) {
                let name = format!("{assay} ({})", side.name());
                let Some((_, values)) = measured.iter().find(|(of, _)| *of == name) else {
                    continue;
                };
                let signal = others.signal(values);
                let mean = |near: &Range<usize>| mean(&signal[near.clone()]);
                let largest = |near: &Range<usize>| largest(&signal[near.clone()]);
                columns.push((
                    format!("mean {assay} of {what}"),
                    centres.of_pairs(&near, mean),
                ));
                columns.push((
                    format!("largest {assay} of {what}"),
                    centres.of_pairs(&near, largest),
                ));
            }
        }
    }
    columns
}

/// The distinct elements of one side of a table's pairs, by chromosome and middle.
struct Elements {
    /// Where they are.
    places: Vec<(ChromId, u32)>,
    /// Of each pair the number of its element.
    of_pairs: Vec<usize>,
}

impl Elements {
    fn new(pairs: &[Pair], side: Element) -> Self {
        let key = |pair: &Pair| {
            let region = *pair.elements.get(side);
            ((region.chrom, middle(region)), region)
        };
        let mut numbers: BTreeMap<_, usize> = pairs.iter().map(|pair| (key(pair), 0)).collect();
        for (number, of) in numbers.values_mut().enumerate() {
            *of = number;
        }
        Self {
            places: numbers.keys().map(|(place, _)| *place).collect(),
            of_pairs: pairs.iter().map(|pair| numbers[&key(pair)]).collect(),
        }
    }

    /// The numbers of those that are near a place.
    fn near(&self, (chrom, middle): (ChromId, u32)) -> Range<usize> {
        let (first, last) = (middle.saturating_sub(NEAR), middle.saturating_add(NEAR));
        let begin = self.places.partition_point(|of| *of < (chrom, first));
        begin..self.places.partition_point(|of| *of <= (chrom, last))
    }

    /// What was measured at each: the largest of its pairs' values, should a ready table have several.
    fn signal(&self, values: &[f32]) -> Vec<f32> {
        let mut signal = vec![f32::NEG_INFINITY; self.places.len()];
        for (&number, &value) in self.of_pairs.iter().zip(values) {
            signal[number] = signal[number].max(value);
        }
        signal
    }

    /// A value of each pair, by what is near its element.
    fn of_pairs(&self, near: &[Range<usize>], of: impl Fn(&Range<usize>) -> f32) -> Vec<f32> {
        let values: Vec<f32> = near.iter().map(of).collect();
        self.of_pairs.iter().map(|&number| values[number]).collect()
    }
}

fn middle(region: Region) -> u32 {
    region.start + region.len() / 2
}

/// 0 of none.
fn largest(values: &[f32]) -> f32 {
    let largest = values.iter().copied().reduce(f32::max);
    largest.unwrap_or_default()
}

/// 0 of none.
fn mean(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().map(|value| f64::from(*value)).sum();
    (sum / values.len().max(1) as f64) as f32
}
