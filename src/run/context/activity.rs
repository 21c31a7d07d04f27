//! What experts make of signals and distance: sums between the elements, activity by distance, and what
//! part of an element's that is.
//!
//! Activity by distance over the sum of a promoter's candidates is the form of the activity-by-contact
//! model (Fulco et al. 2019, doi:10.1038/s41588-019-0538-0), with 1 / distance for the contact.

use std::collections::HashMap;

use super::neighbours::Neighbours;
use crate::element::Element;

/// The least distance that contacts are taken to fall with, in bases: below it they hardly do (Fulco et
/// al. 2019).
const LEAST_DISTANCE: u32 = 5000;

/// The columns that are made of those whose names end in ` (enhancer)`, ` (promoter)` and ` (window)`,
/// with their names.
pub fn activity_by_distance(
    measured: &[(String, Vec<f32>)],
    neighbours: &Neighbours,
) -> Vec<(String, Vec<f32>)> {
    let by_name: HashMap<&str, &[f32]> = measured
        .iter()
        .map(|(name, values)| (name.as_str(), values.as_slice()))
        .collect();
    let mut columns = Vec::new();
    for assay in assays(measured) {
        let column = |region: &str| by_name.get(format!("{assay} ({region})").as_str()).copied();
        if let Some(window) = column("window") {
            columns.push((format!("{assay} between"), sums(window, neighbours)));
        }
        for (side, other) in [
            (Element::Enhancer, Element::Promoter),
            (Element::Promoter, Element::Enhancer),
        ] {
            let name = side.name();
            let Some(signal) = column(name) else { continue };
            let contacts = by_distance(signal, neighbours);
            let shares = neighbours.of_groups(other, |group| shares(group, &contacts));
            if side == Element::Enhancer {
                let name = format!("{assay} by distance ({name})");
                columns.push((name, single(contacts)));
            }
            columns.push((
                format!("share of {assay} by distance ({name})"),
                single(shares),
            ));
        }
    }
    columns
}

/// The names before ` (enhancer)` and the like, each once, in their order.
pub fn assays(measured: &[(String, Vec<f32>)]) -> Vec<&str> {
    let mut found = Vec::new();
    for (name, _) in measured {
        let endings = [" (enhancer)", " (promoter)", " (window)"].into_iter();
        let mut assays = endings.filter_map(|ending| name.strip_suffix(ending));
        if let Some(assay) = assays.next()
            && !found.contains(&assay)
        {
            found.push(assay);
        }
    }
    found
}

/// The mean between the elements times the bases between them; 0 on two chromosomes.
fn sums(window: &[f32], neighbours: &Neighbours) -> Vec<f32> {
    let sum = |(mean, distance): (&f32, &Option<u32>)| {
        let bases = f64::from(distance.unwrap_or(0));
        (f64::from(*mean) * bases) as f32
    };
    window.iter().zip(&neighbours.distances).map(sum).collect()
}

/// A signal over the distance; 0 on two chromosomes.
fn by_distance(signal: &[f32], neighbours: &Neighbours) -> Vec<f64> {
    let of = |(signal, distance): (&f32, &Option<u32>)| match distance {
        Some(bases) => f64::from(*signal) / f64::from((*bases).max(LEAST_DISTANCE)),
        None => 0.0,
    };
    signal.iter().zip(&neighbours.distances).map(of).collect()
}

/// What part of a group's sum each of its pairs has; 0 where there is no sum.
fn shares(group: &[usize], contacts: &[f64]) -> Vec<f64> {
    // In an order of their own, so that the table's plays no part.
    let mut sorted: Vec<f64> = group.iter().map(|&place| contacts[place]).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let sum: f64 = sorted.iter().sum();
    let share = |&place: &usize| match sum > 0.0 {
        true => contacts[place] / sum,
        false => 0.0,
    };
    group.iter().map(share).collect()
}

fn single(values: Vec<f64>) -> Vec<f32> {
    values.into_iter().map(|value| value as f32).collect()
}
