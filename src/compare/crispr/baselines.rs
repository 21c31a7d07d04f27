//! What a method has to beat: distance, and activity by distance.

use super::method::Method;
use super::table::CrisprTable;

/// What the first of them is called.
pub const DISTANCE: &str = "distance";

/// Bases below which two elements touch each other no more often (ABC's `hic_pseudocount_distance`).
const CONTACT: f64 = 5000.0;

/// One by the distance in bases, which is endless between two chromosomes.
pub fn distance(table: &CrisprTable) -> Method {
    let scores = table.tested.iter();
    let scores = scores.map(|of| Some(1.0 / of.distance.unwrap_or(f64::INFINITY).max(1.0)));
    let about = "1 / distance in bases".to_string();
    Method::new(DISTANCE, about, scores.collect())
}

/// ABC's numerator with a contact of one by the distance, which is taken as 5 kb where it is less: the
/// elements that a table tests are not all of a gene's, so that nothing is divided by their sum (Fulco et
/// al. 2019, doi:10.1038/s41588-019-0538-0). `activities` are those of the pairs' elements, in order, made
/// of `what`.
pub fn activity(table: &CrisprTable, activities: &[Option<f64>], what: &str) -> Method {
    let scores = table.tested.iter().zip(activities).map(|(of, activity)| {
        let distance = of.distance.unwrap_or(f64::INFINITY);
        Some((*activity)? / distance.max(CONTACT))
    });
    let about = format!("activity, {what}, / distance in bases, at least 5,000");
    Method::new("activity-by-distance", about, scores.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{table, transepi};

    #[test]
    fn distance_counts_as_in_abc() {
        let table = table(&transepi(&[
            (10_000, 10_250, "A", true),
            (10_000, 12_250, "B", false),
            (10_000, 20_250, "C", false),
        ]));
        let near = 1.0;
        assert_eq!(
            distance(&table).scores,
            [Some(near), Some(1.0 / 2000.0), Some(1e-4)]
        );
        let activities = [Some(10.0), Some(10.0), None];
        let scores = activity(&table, &activities, "x").scores;
        assert_eq!(scores, [Some(10.0 / 5000.0), Some(10.0 / 5000.0), None]);
    }

    #[test]
    fn what_lies_on_another_chromosome_is_furthest() {
        let rows = [(10_000, 10_250, "A", true), (10_000, 90_250, "B", false)];
        let text = transepi(&rows).replace("\tchr1\t90250\t", "\tchr2\t90250\t");
        let table = table(&text);
        assert_eq!(distance(&table).scores, [Some(1.0), Some(0.0)]);
        let scores = activity(&table, &[Some(10.0); 2], "x").scores;
        assert_eq!(scores, [Some(10.0 / 5000.0), Some(0.0)]);
    }
}
