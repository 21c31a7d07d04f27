//! Parts with so few positives that what they say is chance.

use std::collections::BTreeSet;

use tracing::warn;

use super::Pair;

/// Fewer positives, or promoters of positives, are told.
const FEW: usize = 10;

/// Says so of the pairs at some places if few positives, or few promoters, are among them; `what`
/// they are.
pub fn warn_of_few(what: &str, pairs: &[Pair], places: &[usize]) {
    if let Some(few) = few(pairs, places) {
        warn!("{what} holds {few}: numbers from so few say little");
    }
}

/// Distinct promoters of the positives at some places, and these.
pub fn positives(pairs: &[Pair], places: &[usize]) -> (usize, usize) {
    let all = places.iter().map(|&place| &pairs[place]);
    let positive: Vec<&Pair> = all.filter(|pair| pair.label == Some(true)).collect();
    let promoters: BTreeSet<_> = positive.iter().map(|pair| pair.elements.promoter).collect();
    (promoters.len(), positive.len())
}

fn few(pairs: &[Pair], places: &[usize]) -> Option<String> {
    let (promoters, positives) = positives(pairs, places);
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    (promoters < FEW).then(|| {
        format!(
            "{positives} positive pair{} of {promoters} promoter{}",
            plural(positives),
            plural(promoters)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Sides;
    use crate::genome::{ChromId, Region};

    #[test]
    fn few_promoters_are_told_however_many_pairs_they_have() {
        let region = |start| Region {
            chrom: ChromId(0),
            start,
            end: start + 1,
        };
        let pairs: Vec<Pair> = (0..40)
            .map(|i| Pair {
                elements: Sides::new(region(i), region(1000 + i % 10)),
                label: Some(i < 30),
                line: i,
                gene: None,
            })
            .collect();
        let places = |all: std::ops::Range<usize>| all.collect::<Vec<usize>>();
        assert_eq!(few(&pairs, &places(0..40)), None);
        let nine: Vec<usize> = (0..40).filter(|place| place % 10 > 0).collect();
        let told = "27 positive pairs of 9 promoters".to_string();
        assert_eq!(few(&pairs, &nine), Some(told));
        let one = "1 positive pair of 1 promoter".to_string();
        assert_eq!(few(&pairs, &places(29..40)), Some(one));
    }
}
