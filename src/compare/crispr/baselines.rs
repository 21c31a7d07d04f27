//! What a method has to beat: distance, activity by distance, the nearest gene.

use std::collections::BTreeMap;

use super::method::Method;
use super::table::{CrisprTable, Tested};
use crate::genome::{ChromId, Region};
use crate::pairs::Gene;

/// Bases below which two elements touch each other no more often (ABC's `hic_pseudocount_distance`).
const CONTACT: f64 = 5000.0;

/// One by the distance in bases.
pub fn distance(table: &CrisprTable) -> Method {
    let scores = table.tested.iter().map(|of| {
        let distance = of.distance?;
        Some(1.0 / distance.max(1.0))
    });
    let about = "1 / distance in bases".to_string();
    Method::new("distance", about, scores.collect())
}

/// ABC's numerator with a contact of one by the distance, which is taken as 5 kb where it is less: the
/// elements that a table tests are not all of a gene's, so that nothing is divided by their sum (Fulco et
/// al. 2019, doi:10.1038/s41588-019-0538-0). `activities` are those of the pairs' elements, in order, made
/// of `what`.
pub fn activity(table: &CrisprTable, activities: &[Option<f64>], what: &str) -> Method {
    let scores = table.tested.iter().zip(activities).map(|(of, activity)| {
        let distance = of.distance?.max(CONTACT);
        Some((*activity)? / distance)
    });
    let about = format!("activity, {what}, / distance in bases, at least 5,000");
    Method::new("activity-by-distance", about, scores.collect())
}

/// 1 where no start site of the table's genes is nearer to the element's middle than one of the pair's
/// own, else 0.
pub fn nearest_gene(table: &CrisprTable) -> Method {
    let mut starts: BTreeMap<ChromId, Vec<(u32, Option<Gene>)>> = BTreeMap::new();
    for Tested { pair, .. } in &table.tested {
        let Region { chrom, start, .. } = pair.elements.promoter;
        starts.entry(chrom).or_default().push((start, pair.gene));
    }
    for here in starts.values_mut() {
        here.sort_unstable();
        here.dedup();
    }
    let scores = table.tested.iter().map(|of| {
        let element = of.pair.elements.enhancer;
        let twice = i64::from(element.start) + i64::from(element.end);
        let away = |start: u32| (twice - 2 * i64::from(start)).abs();
        let here = starts.get(&element.chrom).into_iter().flatten();
        let nearest = here.clone().map(|&(start, _)| away(start)).min();
        let own = here.filter(|of_gene| of_gene.1 == of.pair.gene);
        let own = own.map(|&(start, _)| away(start)).min();
        Some(f64::from(u8::from(own.is_some() && own == nearest)))
    });
    let about = "1 for the nearest start site of the table's genes, else 0".to_string();
    Method::new("nearest-gene", about, scores.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::testing::{table, transepi};
    use proptest::prelude::*;

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
    fn of_two_genes_as_near_both_are_the_nearest() {
        let table = table(&transepi(&[
            (10_000, 10_200, "A", true),
            (10_000, 10_300, "B", false),
            (10_000, 10_301, "C", false),
            // Another start site of the first gene.
            (10_000, 30_000, "A", false),
        ]));
        let wanted = [Some(1.0), Some(1.0), Some(0.0), Some(1.0)];
        assert_eq!(nearest_gene(&table).scores, wanted);
    }

    proptest! {
        #[test]
        fn the_nearest_gene_is_that_of_all_pairs(
            rows in prop::collection::vec((0u32..3000, 0u32..3000, 0usize..6), 2..40)
        ) {
            const GENES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
            let rows: Vec<_> = rows
                .iter()
                .enumerate()
                .map(|(at, &(element, tss, gene))| (element, tss, GENES[gene], at == 0))
                .collect();
            let table = table(&transepi(&rows));
            let got = nearest_gene(&table).scores;
            for (&(element, _, gene, _), got) in rows.iter().zip(got) {
                let away = |tss: u32| (element + 250).abs_diff(tss);
                let least = rows.iter().map(|row| away(row.1)).min();
                let own = rows.iter().filter(|row| row.2 == gene).map(|row| away(row.1)).min();
                prop_assert_eq!(got, Some(f64::from(u8::from(own == least))));
            }
        }
    }
}
