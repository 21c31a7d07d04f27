//! What the places of a table's elements say of its pairs, without any file.

use std::collections::{BTreeMap, BTreeSet};

use super::neighbours::Neighbours;
use crate::element::Element;
use crate::genome::{ChromId, Region};
use crate::pairs::Pair;

/// What stands for a number that elements on two chromosomes do not have.
const NONE: f64 = -1.0;

/// The scalars of the places, with their names.
pub fn places(pairs: &[Pair], neighbours: &Neighbours) -> Vec<(String, Vec<f32>)> {
    let distances = &neighbours.distances;
    let distance = distances.iter().map(|distance| match distance {
        Some(bases) => f64::from(*bases).ln_1p(),
        None => NONE,
    });
    let apart = distances.iter().map(|distance| match distance {
        Some(_) => 0.0,
        None => 1.0,
    });
    let mut columns: Vec<(String, Vec<f64>)> = vec![
        ("ln(1 + distance)".to_string(), distance.collect()),
        ("two chromosomes".to_string(), apart.collect()),
    ];
    for side in Element::BOTH {
        let name = format!("{}s between", side.name());
        columns.push((name, between(pairs, side)));
    }
    for side in Element::BOTH {
        let name = side.name();
        let pairs = neighbours.of_groups(side, |group| vec![group.len() as f64; group.len()]);
        columns.push((format!("pairs of the {name}"), pairs));
        let nearer = neighbours.of_groups(side, |group| nearer(group, distances));
        columns.push((format!("nearer pairs of the {name}"), nearer));
    }
    let single = |(name, values): (String, Vec<f64>)| {
        let values = values.into_iter().map(|value| value as f32);
        (name, values.collect())
    };
    columns.into_iter().map(single).collect()
}

/// How many distinct elements of a side have their middle between the two of each pair.
fn between(pairs: &[Pair], side: Element) -> Vec<f64> {
    let regions: BTreeSet<Region> = pairs.iter().map(|pair| *pair.elements.get(side)).collect();
    let mut middles: BTreeMap<ChromId, Vec<u32>> = BTreeMap::new();
    for region in regions {
        let middle = region.start + region.len() / 2;
        middles.entry(region.chrom).or_default().push(middle);
    }
    middles.values_mut().for_each(|of| of.sort_unstable());
    let count = |pair: &Pair| {
        let (a, b) = (pair.elements.enhancer, pair.elements.promoter);
        let (start, end) = (a.end.min(b.end), a.start.max(b.start));
        let Some(middles) = middles.get(&a.chrom) else {
            return 0.0;
        };
        if a.chrom != b.chrom || start >= end {
            return 0.0;
        }
        let before = |limit: u32| middles.partition_point(|middle| *middle < limit);
        (before(end) - before(start)) as f64
    };
    pairs.iter().map(count).collect()
}

/// How many pairs of a group have less between their elements; equal ones are not nearer than each other,
/// so that the order of the table plays no part.
fn nearer(group: &[usize], distances: &[Option<u32>]) -> Vec<f64> {
    let mut sorted: Vec<u32> = group.iter().filter_map(|&place| distances[place]).collect();
    sorted.sort_unstable();
    let count = |&place: &usize| match distances[place] {
        Some(distance) => sorted.partition_point(|other| *other < distance) as f64,
        None => NONE,
    };
    group.iter().map(count).collect()
}
