//! The tests of TF pairs.

use serde::Serialize;

use super::super::interactome::{Order, Orders};
use super::apart::{Apart, set_apart};
use super::candidates::{Best, Candidates, Combine};
use super::clusters::{Clustering, Clusters};
use super::counts::Counts;
use super::factors::Factors;
use super::permutations::{Permuted, Probability, permute};
use super::rules::TestRules;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::statistics::odds_ratio::{Group, odds_ratio};

/// A TF pair that was tested. Factors and matrices are numbers into [`Factors`].
///
/// What is counted are enhancer–promoter pairs with both factors or, under [`Combine::Max`], with
/// both matrices of the most enriched combination.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TfPair {
    /// The factors.
    pub factors: Sides<u32>,
    /// Positive pairs with both.
    pub positives: u32,
    /// Negative pairs with both.
    pub negatives: u32,
    /// The part of the positive pairs that would have both if the two factors met by chance: the
    /// product of their own parts.
    pub independent: f64,
    /// Odds of both in positive pairs over those in negative pairs, corrected as
    /// [`odds_ratio()`] says.
    pub odds_ratio: f64,
    /// Whether positive pairs have it more often than negative ones, for whatever reason: that one
    /// factor alone is more frequent in them is enough.
    pub enriched: Tested,
    /// Whether each factor matters where the other is given, which makes it more than its parts.
    pub conditional: Tested,
    /// What of that is left without the sites that overlap those of a stronger TF pair; none where
    /// [`Self::conditional`] is above [`TestRules::called`] or no site does.
    pub apart: Option<Apart>,
    /// Different elements among the positive pairs with both.
    pub elements: Sides<u32>,
    /// Different connected components of shared elements among them.
    pub components: u32,
    /// The most enriched combination of the two factors' matrices; none where all are too rare.
    pub matrices: Option<MatrixPair>,
}

/// A statistic and its probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tested {
    /// A difference over its deviation, estimated from clusters of pairs.
    pub statistic: f64,
    /// The part of labellings, permuted by cluster, that reach the statistic, itself among them.
    pub p: f64,
    /// The false discovery rate among all tested TF pairs, from the same permutations.
    pub q: f64,
}

impl TfPair {
    /// Whether it is called a pair at this false discovery rate, up to [`TestRules::called`].
    pub fn is_pair(&self, q: f64) -> bool {
        self.conditional.q <= q && self.apart.is_none_or(|apart| apart.q <= q)
    }

    /// The factors of the stronger TF pair whose sites explain this one, which is no pair then.
    pub fn explained_by(&self, rules: &TestRules) -> Option<Sides<u32>> {
        let explained = self.apart.filter(|apart| apart.q > rules.called);
        explained.map(|apart| apart.by)
    }

    /// How the two factors' proteins interact; none where they do not or nobody looked.
    pub fn interaction(&self, orders: &Orders) -> Option<Order> {
        orders.get(self.factors.enhancer, self.factors.promoter)
    }
}

/// A matrix of one factor and one of the other: that of their combinations with the largest
/// statistic of enrichment; of equal ones the first by name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MatrixPair {
    /// The matrices.
    pub matrices: Sides<u32>,
    /// As for [`TfPair`].
    pub odds_ratio: f64,
}

/// A TF pair's place among all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranked {
    pub factors: Sides<u32>,
    /// That of [`TfPair::conditional`].
    pub statistic: f64,
}

/// The tested TF pairs, those that are most of all pairs first: by `conditional.statistic`, then
/// by `enriched.statistic`, then by the factors' names.
#[derive(Debug, Clone, Serialize)]
pub struct TfPairs {
    /// The factors and matrices.
    pub factors: Factors,
    /// All positive pairs.
    pub positives: u32,
    /// All negative pairs.
    pub negatives: u32,
    /// How they were tested.
    pub rules: TestRules,
    /// What is independent.
    pub clusters: Clustering,
    /// TF pairs with any observation that were too rare to be tested.
    pub too_rare: usize,
    /// The tested ones.
    pub tested: Vec<TfPair>,
    /// Those that each rule of combination can test, in the same order.
    #[serde(skip)]
    rankings: [(Combine, Vec<Ranked>); 2],
}

impl TfPairs {
    /// Tests every TF pair that enough enhancer–promoter pairs have.
    ///
    /// # Errors
    ///
    /// No positive or no negative pair has been counted; rules that make no sense.
    pub fn test(counts: &Counts, rules: TestRules, progress: &dyn Progress) -> Result<Self> {
        rules.check()?;
        let (positives, negatives) = counts.pairs();
        if positives == 0 || negatives == 0 {
            return Err(Error::Undefined(format!(
                "TF pairs are compared between positive and negative pairs, of which there are \
                 {positives} and {negatives}"
            )));
        }
        let clusters = Clusters::new(&counts.pairs);
        let candidates = |combine| {
            let candidates = Candidates::new(counts, &clusters, combine, rules.min_observations);
            let best: Vec<Best> = candidates.best(&candidates.sums).collect();
            (candidates, best)
        };
        let both = [Combine::Union, Combine::Max].map(|combine| (combine, candidates(combine)));
        let rankings = both.each_ref().map(|(combine, (candidates, best))| {
            let ranked = ranked(candidates, best);
            (*combine, ranked)
        });
        let [(_, union), (_, max)] = &both;
        let (candidates, best) = match rules.combine {
            Combine::Union => union,
            Combine::Max => max,
        };
        let draws = (rules.seed, rules.permutations);
        let permuted = permute(candidates, &clusters, best, draws, progress);
        let all = (positives, negatives);
        let mut tested = described(candidates, best, &permuted, all);
        add_matrices(&mut tested, max, all);
        tested.sort_by(|a, b| {
            let by = |of: fn(&TfPair) -> Tested| of(b).statistic.total_cmp(&of(a).statistic);
            let order = by(|pair| pair.conditional).then(by(|pair| pair.enriched));
            order.then(a.factors.cmp(&b.factors))
        });
        // q falls where the statistic rises, so these come first.
        let called = tested.iter().map(|pair| (pair.conditional.q, pair.factors));
        let called = called.take_while(|(q, _)| *q <= rules.called);
        let called: Vec<Sides<u32>> = called.map(|(_, factors)| factors).collect();
        let apart = set_apart(&called, counts, &clusters, (&rules, &permuted.rates));
        for (pair, apart) in tested.iter_mut().zip(apart) {
            pair.apart = apart;
        }
        Ok(Self {
            factors: counts.factors.clone(),
            positives,
            negatives,
            rules,
            clusters: clusters.made,
            too_rare: candidates.too_rare,
            tested,
            rankings,
        })
    }

    /// Tested TF pairs that would be called pairs, did their sites not overlap those of stronger ones.
    pub fn explained(&self) -> usize {
        let explained = |pair: &&TfPair| pair.explained_by(&self.rules).is_some();
        self.tested.iter().filter(explained).count()
    }

    /// Tested TF pairs that are called pairs at this false discovery rate.
    pub fn significant(&self, q: f64) -> usize {
        self.tested.iter().filter(|pair| pair.is_pair(q)).count()
    }

    /// Tested TF pairs that are enriched at this false discovery rate, for whatever reason.
    pub fn enriched(&self, q: f64) -> usize {
        let tested = self.tested.iter();
        tested.filter(|pair| pair.enriched.q <= q).count()
    }

    /// The TF pairs as this rule of combination ranks them, whichever was used for the tests.
    pub(super) fn ranking(&self, combine: Combine) -> &[Ranked] {
        let [union, max] = &self.rankings;
        match combine {
            Combine::Union => &union.1,
            Combine::Max => &max.1,
        }
    }
}

fn ranked(candidates: &Candidates, best: &[Best]) -> Vec<Ranked> {
    let mut all: Vec<(Ranked, f64)> = candidates
        .pairs
        .iter()
        .zip(best)
        .map(|(pair, best)| {
            let ranked = Ranked {
                factors: pair.factors,
                statistic: best.pair,
            };
            (ranked, best.enriched)
        })
        .collect();
    // They come by name, and the sort keeps the order of equals.
    all.sort_by(|(a, a_enriched), (b, b_enriched)| {
        let order = b.statistic.total_cmp(&a.statistic);
        order.then(b_enriched.total_cmp(a_enriched))
    });
    all.into_iter().map(|(ranked, _)| ranked).collect()
}

/// What is known of each candidate, but for its matrices.
fn described(
    candidates: &Candidates,
    best: &[Best],
    permuted: &Permuted,
    all: (u32, u32),
) -> Vec<TfPair> {
    let design = &candidates.design;
    let elements = Sides::from_fn(|element| design.distinct(|pair| *pair.elements.get(element)));
    let components = design.distinct(|pair| pair.component);
    let tested = |statistic: f64, Probability { p, q }: Probability| Tested { statistic, p, q };
    let pairs = candidates.pairs.iter().zip(best).enumerate();
    pairs
        .map(|(place, (pair, best))| {
            let cell = best.cell as usize;
            let [positives, negatives] = candidates.both(best.cell);
            TfPair {
                factors: pair.factors,
                positives,
                negatives,
                independent: candidates.independent(best.cell, all.0),
                odds_ratio: odds([positives, negatives], all),
                enriched: tested(best.enriched, permuted.enriched[place]),
                conditional: tested(best.pair, permuted.pair[place]),
                apart: None,
                elements: elements.as_ref().map(|elements| elements[cell]),
                components: components[cell],
                matrices: None,
            }
        })
        .collect()
}

/// Adds the most enriched combination of matrices to each TF pair; both lists are by name.
fn add_matrices(tested: &mut [TfPair], (max, best): &(Candidates, Vec<Best>), all: (u32, u32)) {
    let mut combinations = max.pairs.iter().zip(best).peekable();
    for pair in tested {
        while let Some((other, best)) = combinations.peek()
            && other.factors <= pair.factors
        {
            if other.factors == pair.factors {
                pair.matrices = Some(MatrixPair {
                    matrices: max.design.cells[best.cell as usize],
                    odds_ratio: odds(max.both(best.cell), all),
                });
            }
            combinations.next();
        }
    }
}

/// Both factors against not both, in positive and in negative pairs.
fn odds([positive, negative]: [u32; 2], (positives, negatives): (u32, u32)) -> f64 {
    odds_ratio(
        Group::of(positive, positives),
        Group::of(negative, negatives),
    )
}
