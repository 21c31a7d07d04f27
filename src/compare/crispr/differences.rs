//! How much better methods are than others, on the same pairs.

use serde::Serialize;

use super::baselines::DISTANCE;
use super::measured::defined;
use super::method::{Method, Role};
use super::sets::{BINS, Set, sets, within};
use super::table::Tested;
use crate::error::Result;
use crate::evaluation::{Paired, Scored, Support, auroc, average_precision, classes, difference};
use crate::progress::Progress;
use crate::statistics::{Clusters, Estimate};

/// The measures of a method less those of another on the same pairs, each with its 95 % interval over elements
/// and genes, where there are enough of them; both methods are measured on every draw
/// ([`difference`](difference())). None where the pairs are of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// `common`: the pairs that every method scores; `all` of the table.
    pub set: &'static str,
    /// The distances, by their name.
    pub distance: &'static str,
    /// The method.
    pub method: String,
    /// The one whose measures are taken away.
    pub less: String,
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
    /// Of the areas under the receiver operating characteristics.
    pub auroc: Option<Estimate>,
    /// Of the average precisions.
    pub auprc: Option<Estimate>,
}

/// Compares every method with distance, and a run with every other one, on the sets and at the distances of
/// [`measure`](super::measured::measure).
///
/// # Errors
///
/// A score that is not a number.
pub fn differences(
    tested: &[Tested],
    methods: &[Method],
    seed: u64,
    progress: &dyn Progress,
) -> Result<Vec<Difference>> {
    let sets = sets(tested, methods);
    let mut work: Vec<(&Set, [&Method; 2])> = Vec::new();
    for set in &sets {
        work.extend(couples(&set.methods).into_iter().map(|two| (set, two)));
    }
    progress.start("comparing", work.len() as u64, 0);
    let mut found = Vec::new();
    for (set, two) in work {
        for (distance, range) in BINS {
            let places = within(tested, &set.places, range.as_ref());
            let of = (set.name, distance);
            found.push(Difference::new(of, two, (tested, &places), seed)?);
        }
        progress.advance(1, &two[0].name);
    }
    progress.finish();
    Ok(found)
}

/// The methods that are compared, the one whose measures are taken away behind the other.
fn couples<'a>(methods: &[&'a Method]) -> Vec<[&'a Method; 2]> {
    let mut couples = Vec::new();
    for &method in methods {
        for &less in methods {
            let is_wanted = less.name == DISTANCE || method.role == Role::Run;
            if is_wanted && less.name != method.name {
                couples.push([method, less]);
            }
        }
    }
    couples
}

impl Difference {
    /// On some pairs by their places, all of which both methods score.
    fn new(
        (set, distance): (&'static str, &'static str),
        [method, less]: [&Method; 2],
        (tested, places): (&[Tested], &[usize]),
        seed: u64,
    ) -> Result<Self> {
        let paired = places.iter().filter_map(|&place| {
            let scores = [method.scores[place]?, less.scores[place]?];
            let positive = tested[place].is_positive();
            Some((tested[place].shared(), Paired { scores, positive }))
        });
        let (shared, pairs): (Vec<_>, Vec<Paired>) = paired.unzip();
        let clusters = Clusters::new(shared);
        let scored = pairs.iter().map(|of| Scored {
            score: of.scores[0],
            positive: of.positive,
        });
        let scored: Vec<Scored> = scored.collect();
        let support = Support::new(&scored, &clusters);
        let (positives, negatives) = classes(&scored);
        let estimate = |measure: &(dyn Fn(&[Scored]) -> Result<f64> + Sync)| {
            // Of one class alone the average precision is 1, whatever the scores.
            if positives == 0 || negatives == 0 {
                return Ok(None);
            }
            let independent = support.independent();
            defined(difference(&pairs, &clusters, independent, seed, measure))
        };
        Ok(Self {
            set,
            distance,
            method: method.name.clone(),
            less: less.name.clone(),
            positives,
            negatives,
            positive_elements: support.positives.enhancers,
            positive_genes: support.positives.promoters,
            elements: support.all.enhancers,
            genes: support.all.promoters,
            auroc: estimate(&auroc)?,
            auprc: estimate(&average_precision)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::crispr::baselines;
    use crate::compare::crispr::measured::measure;
    use crate::compare::crispr::sets::{ALL, ANY};
    use crate::compare::crispr::testing::{table, transepi};
    use crate::progress::Silent;

    /// Twelve genes, each with an element 2 kb away that acts and two 50 kb away, of which every third gene's
    /// first one acts.
    fn tested() -> crate::compare::crispr::CrisprTable {
        const GENES: [&str; 12] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];
        let rows = (0..36u32).map(|place| {
            let (gene, of) = (place / 3, place % 3);
            let tss = 1_000_000 * (gene + 1);
            let away = [2_000, 50_000, 51_000][of as usize];
            let label = of == 0 || of == 1 && gene % 3 == 0;
            (tss - away - 250, tss, GENES[gene as usize], label)
        });
        table(&transepi(&rows.collect::<Vec<_>>()))
    }

    fn method(name: &str, role: Role, score: impl Fn(usize) -> f64) -> Method {
        let scores = (0..36).map(|place| Some(score(place))).collect();
        let mut method = Method::new(name, String::new(), scores);
        method.role = role;
        method
    }

    #[test]
    fn every_method_is_compared_with_distance_and_a_run_with_all() {
        let table = tested();
        let methods = [
            method("run", Role::Run, |place| -(place as f64)),
            method("file", Role::Scores, |place| (place % 7) as f64),
            baselines::distance(&table),
            method("nothing", Role::Baseline, |_| 0.5),
        ];
        let got = differences(&table.tested, &methods, 1, &Silent).unwrap();
        let told = got.iter().filter(|of| of.distance == ANY);
        let told: Vec<_> = told
            .map(|of| (of.set, of.method.as_str(), of.less.as_str()))
            .collect();
        let wanted = [
            ("run", "file"),
            ("run", DISTANCE),
            ("run", "nothing"),
            ("file", DISTANCE),
            ("nothing", DISTANCE),
        ];
        assert_eq!(told, wanted.map(|(method, less)| (ALL, method, less)));
        assert_eq!(got.len(), BINS.len() * wanted.len());

        // As the measures differ.
        let measures = measure(&table.tested, &methods, 1, &Silent).unwrap();
        for of in &got {
            let measured = |name: &str| {
                let is_it = |row: &&crate::compare::crispr::Measured| {
                    row.distance == of.distance && row.method == name
                };
                measures.iter().find(is_it).unwrap()
            };
            let [one, other] = [&of.method, &of.less].map(|name| measured(name));
            let value = |of: Option<Estimate>| of.map(|of| of.value);
            let both = value(one.auroc).zip(value(other.auroc));
            assert_eq!(value(of.auroc), both.map(|(one, other)| one - other));
            assert_eq!((of.positives, of.negatives), (one.positives, one.negatives));
            assert_eq!((of.elements, of.genes), (one.elements, one.genes));
        }
        let at = |distance: &str| {
            let mut found = got.iter().filter(|of| of.method == "nothing");
            found.find(|of| of.distance == distance).unwrap()
        };
        // By hand: of 16 positives the twelve near ones are above all 20, the other four above what is as far
        // in half of the ties of 8 and above the 12 that lie further away.
        let distance = (12.0 * 20.0 + 4.0 * (8.0 / 2.0 + 12.0)) / (16.0 * 20.0);
        let interval = at(ANY).auroc.unwrap().interval().unwrap();
        assert!((interval.value - (0.5 - distance)).abs() < 1e-12);
        assert!(interval.high < 0.0 && interval.low < interval.high);
        // All near ones act.
        let near = at("0-10 kb");
        assert_eq!((near.positives, near.negatives), (12, 0));
        assert_eq!((near.auroc, near.auprc), (None, None));
        // Four positives are too few.
        let far = at("10-100 kb");
        assert!(far.auprc.unwrap().interval().is_none());
    }
}
