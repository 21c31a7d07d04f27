//! What permuted labels say of the same TF pairs.

use rayon::prelude::*;

use super::candidates::{Best, Candidates};
use super::clusters::Clusters;
use super::sums::Work;
use crate::element::Sides;
use crate::progress::Progress;
use crate::seed::{Purpose, stream};
use crate::statistics::false_discovery::{Rates, Tail};

/// Labellings that one thread takes at a time, at least.
const AT_A_TIME: usize = 16;

/// p- and q-values of a statistic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Probability {
    pub p: f64,
    pub q: f64,
}

/// What permuted labels say.
pub(super) struct Permuted {
    /// Of each TF pair, of its enrichment.
    pub enriched: Vec<Probability>,
    /// Of each TF pair, of its being a pair.
    pub pair: Vec<Probability>,
    /// The q-value of any conditional statistic.
    pub rates: Rates,
}

/// How often permuted labels reach what the labels themselves have.
struct Tally {
    /// For each TF pair, its enrichment.
    enriched: Vec<u32>,
    /// For each TF pair, the smaller of its two conditional statistics, by each of the two.
    given: Sides<Vec<u32>>,
    /// For each permutation, of all TF pairs, in any order: enrichments, and the two conditional
    /// statistics, of which the one counts at each level that more TF pairs reach.
    tails: [Vec<Tail>; 2],
}

/// Of each TF pair the probabilities of its enrichment and of its being a pair.
///
/// That an item matters given the other and the other given it, is only said where both are
/// improbable by chance, whether or not the other is true: p is the larger one of the two.
pub(super) fn permute(
    candidates: &Candidates,
    clusters: &Clusters,
    observed: &[Best],
    (seed, permutations): (u64, u32),
    progress: &dyn Progress,
) -> Permuted {
    let count = observed.len();
    progress.start("permutations", u64::from(permutations), 0);
    let begin = || (Work::new(&candidates.design), Tally::new(count));
    let tallies = (0..permutations).into_par_iter().with_min_len(AT_A_TIME);
    let tallies = tallies.fold(begin, |(mut work, mut tally), permutation| {
        let mut rng = stream(seed, Purpose::TfPairs, u64::from(permutation));
        let positives = clusters.permuted(&mut rng);
        candidates.design.sum(&positives, &mut work);
        let drawn: Vec<Best> = candidates.best(&work.sums).collect();
        tally.count(&drawn, observed);
        progress.advance(1, "");
        (work, tally)
    });
    let tallies = tallies.map(|(_, tally)| tally);
    let tally = tallies.reduce(|| Tally::new(count), Tally::merge);
    progress.finish();
    tally.probabilities(observed)
}

impl Tally {
    fn new(count: usize) -> Self {
        Self {
            enriched: vec![0; count],
            given: Sides::from_fn(|_| vec![0; count]),
            tails: Default::default(),
        }
    }

    fn count(&mut self, drawn: &[Best], observed: &[Best]) {
        for (place, (drawn, observed)) in drawn.iter().zip(observed).enumerate() {
            self.enriched[place] += u32::from(drawn.enriched >= observed.enriched);
            for (element, given) in drawn.given.iter() {
                self.given.get_mut(element)[place] += u32::from(*given >= observed.pair);
            }
        }
        let given = Sides::from_fn(|of| Tail::of(drawn.iter().map(|best| *best.given.get(of))));
        let [enriched, pair] = &mut self.tails;
        enriched.push(Tail::of(drawn.iter().map(|best| best.enriched)));
        pair.push(given.enhancer.larger(given.promoter));
    }

    fn merge(mut self, other: Self) -> Self {
        add(&mut self.enriched, &other.enriched);
        add(&mut self.given.enhancer, &other.given.enhancer);
        add(&mut self.given.promoter, &other.given.promoter);
        for (tails, other) in self.tails.iter_mut().zip(other.tails) {
            tails.extend(other);
        }
        self
    }

    fn probabilities(&self, observed: &[Best]) -> Permuted {
        let given = self.given.enhancer.iter().zip(&self.given.promoter);
        let given: Vec<u32> = given.map(|(a, b)| *a.max(b)).collect();
        let [enriched, pair] = &self.tails;
        let statistics = |of: fn(&Best) -> f64| observed.iter().map(of).collect::<Vec<f64>>();
        let statistics = [
            statistics(|best| best.enriched),
            statistics(|best| best.pair),
        ];
        let rates = [
            Rates::new(&statistics[0], enriched),
            Rates::new(&statistics[1], pair),
        ];
        let all = enriched.len() as f64 + 1.0;
        let probabilities = |of: usize, reached: &[u32]| {
            let reached = reached.iter().zip(&statistics[of]);
            let probability = |(&reached, &statistic): (&u32, &f64)| Probability {
                p: (f64::from(reached) + 1.0) / all,
                q: rates[of].q(statistic),
            };
            reached.map(probability).collect::<Vec<_>>()
        };
        let (enriched, pair) = (probabilities(0, &self.enriched), probabilities(1, &given));
        let [_, rates] = rates;
        Permuted {
            enriched,
            pair,
            rates,
        }
    }
}

fn add(counts: &mut [u32], others: &[u32]) {
    for (count, other) in counts.iter_mut().zip(others) {
        *count += other;
    }
}
