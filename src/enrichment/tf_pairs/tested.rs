//! The tests of TF pairs.

use rayon::prelude::*;
use serde::Serialize;

use super::super::interactome::{Order, Orders};
use super::counts::Counts;
use super::factors::Factors;
use crate::element::Sides;
use crate::error::{Error, Result};
use crate::statistics::benjamini_hochberg;
use crate::statistics::fisher::{Fisher, Group, Table};

/// The smallest number of enhancer–promoter pairs, positive and negative together, with both
/// factors, for a TF pair to be tested. It does not look at labels, so the tests stay valid.
pub const MIN_OBSERVATIONS: u32 = 10;

/// A TF pair that was tested. Factors and matrices are numbers into [`Factors`].
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
    /// [`Table::odds_ratio`] says.
    pub odds_ratio: f64,
    /// Fisher's exact test.
    pub p: Fisher,
    /// Benjamini and Hochberg's q-value of `p.enriched` among all tested TF pairs.
    pub q: f64,
    /// Different elements among the positive pairs with both.
    pub elements: Sides<u32>,
    /// The matrices of the two factors with the smallest p-value.
    pub matrices: MatrixPair,
}

impl TfPair {
    /// Whether positive pairs have it more often than negative ones, significantly or not.
    pub fn enriched(&self) -> bool {
        self.odds_ratio > 1.0
    }

    /// How the two factors' proteins interact; none where they do not or nobody looked.
    pub fn interaction(&self, orders: &Orders) -> Option<Order> {
        orders.get(self.factors.enhancer, self.factors.promoter)
    }
}

/// A matrix of one factor and one of the other: that of their combinations with the smallest
/// p-value, which is not corrected for this choice; of equal ones the first by name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct MatrixPair {
    /// The matrices.
    pub matrices: Sides<u32>,
    /// As for [`TfPair`].
    pub odds_ratio: f64,
    /// `Fisher::enriched`.
    pub p_enriched: f64,
}

/// The tested TF pairs, from the most enriched to the most depleted: by `p.enriched`, then by
/// odds ratio, then by the factors' names.
#[derive(Debug, Clone, Serialize)]
pub struct TfPairs {
    /// The factors and matrices.
    pub factors: Factors,
    /// All positive pairs.
    pub positives: u32,
    /// All negative pairs.
    pub negatives: u32,
    /// Least observations of a TF pair that was tested.
    pub min_observations: u32,
    /// TF pairs with any observation that were too rare to be tested.
    pub too_rare: usize,
    /// The tested ones.
    pub tested: Vec<TfPair>,
}

impl TfPairs {
    /// Tests every TF pair that at least `min_observations` enhancer–promoter pairs have.
    ///
    /// # Errors
    ///
    /// No positive or no negative pair has been counted.
    pub fn test(counts: &Counts, min_observations: u32) -> Result<Self> {
        let (positives, negatives) = counts.pairs();
        if positives == 0 || negatives == 0 {
            return Err(Error::Undefined(format!(
                "TF pairs are compared between positive and negative pairs, of which there are \
                 {positives} and {negatives}"
            )));
        }
        let factors = counts.factors;
        let observed: Vec<Sides<u32>> = factors
            .pairs()
            .filter(|&pair| counts.both(pair) != [0, 0])
            .collect();
        let support = counts.support();
        let mut tested: Vec<TfPair> = observed
            .par_iter()
            .filter(|&&pair| counts.both(pair).iter().sum::<u32>() >= min_observations.max(1))
            .filter_map(|&pair| test(counts, pair, support.as_ref().map(|grid| grid.get(pair))))
            .collect();
        tested.sort_by(|a, b| {
            let p = a.p.enriched.total_cmp(&b.p.enriched);
            let odds = b.odds_ratio.total_cmp(&a.odds_ratio);
            p.then(odds).then(a.factors.cmp(&b.factors))
        });
        let p: Vec<f64> = tested.iter().map(|pair| pair.p.enriched).collect();
        for (pair, q) in tested.iter_mut().zip(benjamini_hochberg(&p)) {
            pair.q = q;
        }
        Ok(Self {
            factors: factors.clone(),
            positives,
            negatives,
            min_observations,
            too_rare: observed.len() - tested.len(),
            tested,
        })
    }

    /// Tested TF pairs with a q-value up to this.
    pub fn significant(&self, q: f64) -> usize {
        self.tested.iter().filter(|pair| pair.q <= q).count()
    }

    /// The rows of a table, in the same order, with what `orders` knows of the factors.
    pub fn rows<'a>(&'a self, orders: Option<&'a Orders>) -> impl Iterator<Item = TfPairRow<'a>> {
        self.tested.iter().map(move |pair| self.row(pair, orders))
    }

    fn row<'a>(&'a self, pair: &TfPair, orders: Option<&Orders>) -> TfPairRow<'a> {
        let part = |count: u32, all: u32| f64::from(count) / f64::from(all);
        let factors = pair.factors.map(|factor| self.factors.name(factor));
        let best = &pair.matrices;
        let matrices = best.matrices.map(|matrix| self.factors.matrix(matrix));
        TfPairRow {
            enhancer_tf: factors.enhancer,
            promoter_tf: factors.promoter,
            positive_pairs: pair.positives,
            negative_pairs: pair.negatives,
            positive_frequency: part(pair.positives, self.positives),
            negative_frequency: part(pair.negatives, self.negatives),
            positive_frequency_if_independent: pair.independent,
            odds_ratio: pair.odds_ratio,
            p_enriched: pair.p.enriched,
            q_enriched: pair.q,
            p_two_sided: pair.p.two_sided,
            positive_enhancers: pair.elements.enhancer,
            positive_promoters: pair.elements.promoter,
            enhancer_matrix: matrices.enhancer,
            promoter_matrix: matrices.promoter,
            matrices_odds_ratio: best.odds_ratio,
            matrices_p_enriched: best.p_enriched,
            interaction: orders.and_then(|orders| pair.interaction(orders)),
        }
    }
}

/// A line of the table of TF pairs. The fields are its columns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TfPairRow<'a> {
    /// Factor in the enhancer's top regions.
    pub enhancer_tf: &'a str,
    /// Factor in the promoter's top regions.
    pub promoter_tf: &'a str,
    /// Positive pairs with both.
    pub positive_pairs: u32,
    /// Negative pairs with both.
    pub negative_pairs: u32,
    /// Part of the positive pairs with both.
    pub positive_frequency: f64,
    /// Part of the negative pairs with both.
    pub negative_frequency: f64,
    /// [`TfPair::independent`].
    pub positive_frequency_if_independent: f64,
    /// [`TfPair::odds_ratio`].
    pub odds_ratio: f64,
    /// [`Fisher::enriched`].
    pub p_enriched: f64,
    /// [`TfPair::q`].
    pub q_enriched: f64,
    /// [`Fisher::two_sided`].
    pub p_two_sided: f64,
    /// Of [`TfPair::elements`].
    pub positive_enhancers: u32,
    /// Of [`TfPair::elements`].
    pub positive_promoters: u32,
    /// The enhancer factor's matrix of the best combination.
    pub enhancer_matrix: &'a str,
    /// The promoter factor's matrix of it.
    pub promoter_matrix: &'a str,
    /// The combination's odds ratio.
    pub matrices_odds_ratio: f64,
    /// The combination's p-value, not corrected for the choice.
    pub matrices_p_enriched: f64,
    /// How the two factors' proteins interact; empty where they do not or nobody asked.
    pub interaction: Option<Order>,
}

/// Tests a TF pair and all combinations of its factors' matrices, of which there is one at least.
fn test(counts: &Counts, factors: Sides<u32>, elements: Sides<u32>) -> Option<TfPair> {
    let [positives, negatives] = counts.both(factors);
    let table = table([positives, negatives], counts.pairs());
    Some(TfPair {
        factors,
        positives,
        negatives,
        independent: counts.independent(factors),
        odds_ratio: table.odds_ratio(),
        p: table.test(),
        q: 1.0,
        elements,
        matrices: best_matrices(counts, factors)?,
    })
}

fn best_matrices(counts: &Counts, factors: Sides<u32>) -> Option<MatrixPair> {
    let matrices = factors.map(|factor| counts.factors.matrices_of(factor));
    let combinations = matrices.enhancer.iter().flat_map(|&enhancer| {
        let promoters = matrices.promoter.iter();
        promoters.map(move |&promoter| Sides::new(enhancer, promoter))
    });
    let tested = combinations.map(|matrices| {
        let table = table(counts.both_matrices(matrices), counts.pairs());
        MatrixPair {
            matrices,
            odds_ratio: table.odds_ratio(),
            p_enriched: table.test().enriched,
        }
    });
    // A factor's matrices come by name, and of equals the first stays.
    tested.min_by(|a, b| a.p_enriched.total_cmp(&b.p_enriched))
}

/// Both factors against not both, in positive and in negative pairs.
pub(super) fn table([positive, negative]: [u32; 2], (positives, negatives): (u32, u32)) -> Table {
    Table {
        positive: Group::of(positive.into(), positives.into()),
        negative: Group::of(negative.into(), negatives.into()),
    }
}
