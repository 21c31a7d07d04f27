//! How good methods are, on the same pairs.

use serde::Serialize;

use super::method::{Method, RECALL};
use super::sets::{BINS, sets, within};
use super::table::Tested;
use crate::error::{Error, Result};
use crate::evaluation::curves::at_recall;
use crate::evaluation::{Scored, Support, auroc, average_precision, classes};
use crate::progress::Progress;
use crate::statistics::{Clusters, Estimate, bootstrap};

/// The measures of a method on a set of pairs, each with its 95 % interval over elements and genes
/// ([`bootstrap`]), where there are enough of them; none where the set has no pair of a class that they need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// `common`: the pairs that every method scores; `all` of the table.
    pub set: &'static str,
    /// The distances, by their name.
    pub distance: &'static str,
    /// The method.
    pub method: String,
    /// Pairs whose gene reacted.
    pub positives: usize,
    /// Pairs whose gene did not.
    pub negatives: usize,
    /// Elements of the positives.
    pub positive_elements: usize,
    /// Genes of the positives.
    pub positive_genes: usize,
    /// Elements of all these pairs.
    pub elements: usize,
    /// Genes of all these pairs.
    pub genes: usize,
    /// Area under the receiver operating characteristic.
    pub auroc: Option<Estimate>,
    /// Average precision; by chance it is the part of positives.
    pub auprc: Option<Estimate>,
    /// Precision at the highest threshold that reaches [`RECALL`].
    pub precision_at_recall: Option<Estimate>,
    /// That threshold.
    pub threshold: Option<f64>,
}

/// Measures every method on the pairs that all of them score, and those that score the whole table on that;
/// where all do, once.
///
/// # Errors
///
/// A score that is not a number.
pub fn measure(
    tested: &[Tested],
    methods: &[Method],
    seed: u64,
    progress: &dyn Progress,
) -> Result<Vec<Measured>> {
    let sets = sets(tested, methods);
    let work = sets.iter().map(|set| set.methods.len() as u64);
    progress.start("measuring", work.sum(), 0);
    let mut measured = Vec::new();
    for set in &sets {
        for &method in &set.methods {
            for (distance, range) in BINS {
                let places = within(tested, &set.places, range.as_ref());
                let of = (set.name, distance);
                measured.push(Measured::new(of, method, (tested, places), seed)?);
            }
            progress.advance(1, &method.name);
        }
    }
    progress.finish();
    Ok(measured)
}

impl Measured {
    /// Of some pairs by their places, all of which the method scores.
    fn new(
        (set, distance): (&'static str, &'static str),
        method: &Method,
        (tested, places): (&[Tested], Vec<usize>),
        seed: u64,
    ) -> Result<Self> {
        let scored = places.into_iter().filter_map(|place| {
            let score = method.scores[place]?;
            let positive = tested[place].is_positive();
            Some((place, Scored { score, positive }))
        });
        let mut scored: Vec<(usize, Scored)> = scored.collect();
        // Sorted once, so that no resample has to be.
        scored.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
        let pairs: Vec<Scored> = scored.iter().map(|of| of.1).collect();
        let clusters = Clusters::new(scored.iter().map(|of| tested[of.0].shared()));
        let support = Support::new(&pairs, &clusters);
        let estimate = |measure: &(dyn Fn(&[Scored]) -> Result<f64> + Sync)| {
            defined(bootstrap(
                &pairs,
                &clusters,
                support.independent(),
                seed,
                measure,
            ))
        };
        let precision = |pairs: &[Scored]| at_recall(pairs, RECALL).map(|point| point.precision);
        let (positives, negatives) = classes(&pairs);
        Ok(Self {
            set,
            distance,
            method: method.name.clone(),
            positives,
            negatives,
            positive_elements: support.positives.enhancers,
            positive_genes: support.positives.promoters,
            elements: support.all.enhancers,
            genes: support.all.promoters,
            auroc: estimate(&auroc)?,
            auprc: estimate(&average_precision)?,
            precision_at_recall: estimate(&precision)?,
            threshold: defined(at_recall(&pairs, RECALL))?.map(|point| point.threshold),
        })
    }

    /// The number of pairs.
    pub fn pairs(&self) -> usize {
        self.positives + self.negatives
    }

    /// The part of pairs whose gene reacted, of a set that is not empty.
    pub fn prevalence(&self) -> f64 {
        self.positives as f64 / self.pairs().max(1) as f64
    }
}

/// Nothing where a number cannot be computed from these pairs.
pub fn defined<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Err(Error::Undefined(_)) => Ok(None),
        found => found.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::baselines::distance;
    use crate::compare::crispr::sets::{ALL, COMMON};
    use crate::compare::crispr::testing::{table, transepi};
    use crate::progress::Silent;

    /// Twelve genes, each with an element 2 kb, one 50 kb and one 200 kb away; of those in the middle
    /// every second one acts, of the near ones all.
    fn tested() -> crate::compare::crispr::CrisprTable {
        const GENES: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];
        let rows = (0..36u32).map(|place| {
            let (gene, far) = (place / 3, place % 3);
            let tss = 1_000_000 * (gene + 1);
            let away = [2_000, 50_000, 200_000][far as usize];
            let label = far == 0 || far == 1 && gene % 2 == 0;
            (tss - away - 250, tss, GENES[gene as usize], label)
        });
        table(&transepi(&rows.collect::<Vec<_>>()))
    }

    #[test]
    fn measures_are_those_of_every_set_and_distance() {
        let table = tested();
        let mut other = Method::new("other", String::new(), vec![Some(0.5); 36]);
        // All of the last gene's, and a positive in the middle.
        for place in [33, 34, 35, 1] {
            other.scores[place] = None;
        }
        let methods = [distance(&table), other];
        let got = measure(&table.tested, &methods, 1, &Silent).unwrap();
        let told: Vec<_> = got
            .iter()
            .map(|of| {
                (
                    of.set,
                    of.distance,
                    of.method.as_str(),
                    of.positives,
                    of.negatives,
                )
            })
            .collect();
        let bins = |set, method, counts: [(usize, usize); 4]| {
            let bins = BINS.into_iter().zip(counts);
            bins.map(move |((name, _), (positives, negatives))| {
                (set, name, method, positives, negatives)
            })
        };
        let common = [(16, 16), (11, 0), (5, 5), (0, 11)];
        let wanted: Vec<_> = bins(COMMON, "distance", common)
            .chain(bins(COMMON, "other", common))
            .chain(bins(ALL, "distance", [(18, 18), (12, 0), (6, 6), (0, 12)]))
            .collect();
        assert_eq!(told, wanted);

        // By hand, of the distances of all pairs: twelve at 2 kb, all positive, then half of twelve.
        let all = &got[8];
        let value = |of: Option<Estimate>| of.unwrap().value;
        let auroc = (12.0 * 18.0 + 6.0 * (6.0 / 2.0 + 12.0)) / (18.0 * 18.0);
        assert!((value(all.auroc) - auroc).abs() < 1e-12);
        let auprc = (12.0 + 6.0 * 18.0 / 24.0) / 18.0;
        assert!((value(all.auprc) - auprc).abs() < 1e-12);
        // 12 of 18 are not 70 %.
        assert_eq!(value(all.precision_at_recall), 18.0 / 24.0);
        assert_eq!(all.threshold, Some(1.0 / 50_000.0));
        assert_eq!((all.genes, all.positive_genes, all.elements), (12, 12, 36));
        assert!(all.auroc.unwrap().interval().is_some());
        assert_eq!(all.prevalence(), 0.5);
        // Without negatives, and without positives.
        assert_eq!(
            (got[9].auroc, got[9].auprc.map(|of| of.value)),
            (None, Some(1.0))
        );
        assert_eq!(
            (got[11].auroc, got[11].auprc, got[11].threshold),
            (None, None, None)
        );
    }

    #[test]
    fn what_every_method_scores_is_measured_once() {
        let table = tested();
        let got = measure(&table.tested, &[distance(&table)], 1, &Silent).unwrap();
        assert_eq!(got.len(), BINS.len());
        assert!(got.iter().all(|of| of.set == ALL));
    }
}
