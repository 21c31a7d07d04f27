//! TF pairs as the lines of a table.

use serde::Serialize;

use super::super::interactome::{Order, Orders};
use super::tested::{TfPair, TfPairs};

/// A line of the table of TF pairs. The fields are its columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// Of [`TfPair::enriched`].
    pub statistic_enriched: f64,
    /// Of [`TfPair::enriched`].
    pub p_enriched: f64,
    /// Of [`TfPair::enriched`].
    pub q_enriched: f64,
    /// Of [`TfPair::conditional`].
    pub statistic_conditional: f64,
    /// Of [`TfPair::conditional`].
    pub p_conditional: f64,
    /// Of [`TfPair::conditional`].
    pub q_conditional: f64,
    /// Of [`TfPair::apart`]; empty where there is none, or nothing is left.
    pub statistic_apart: Option<f64>,
    /// Of [`TfPair::apart`].
    pub q_apart: Option<f64>,
    /// [`TfPair::explained_by`]: the factors joined by `~`, the enhancer's first.
    pub explained_by: Option<String>,
    /// Of [`TfPair::elements`].
    pub enhancers: u32,
    /// Of [`TfPair::elements`].
    pub promoters: u32,
    /// [`TfPair::components`].
    pub components: u32,
    /// The enhancer factor's matrix of the most enriched combination; empty where all are too rare.
    pub enhancer_matrix: Option<&'a str>,
    /// The promoter factor's matrix of it.
    pub promoter_matrix: Option<&'a str>,
    /// The combination's odds ratio.
    pub matrices_odds_ratio: Option<f64>,
    /// How the two factors' proteins interact; empty where they do not or nobody asked.
    pub interaction: Option<Order>,
}

impl TfPairs {
    /// The rows of a table, in the same order, with what `orders` knows of the factors.
    pub fn rows<'a>(&'a self, orders: Option<&'a Orders>) -> impl Iterator<Item = TfPairRow<'a>> {
        self.tested.iter().map(move |pair| self.row(pair, orders))
    }

    fn row<'a>(&'a self, pair: &TfPair, orders: Option<&Orders>) -> TfPairRow<'a> {
        let part = |count: u32, all: u32| f64::from(count) / f64::from(all);
        let factors = pair.factors.map(|factor| self.factors.name(factor));
        let explained_by = pair.explained_by(&self.rules);
        let explained_by = explained_by.map(|by| by.map(|factor| self.factors.name(factor)));
        let best = pair.matrices;
        let matrices = best.map(|best| best.matrices.map(|matrix| self.factors.matrix(matrix)));
        TfPairRow {
            enhancer_tf: factors.enhancer,
            promoter_tf: factors.promoter,
            positive_pairs: pair.positives,
            negative_pairs: pair.negatives,
            positive_frequency: part(pair.positives, self.positives),
            negative_frequency: part(pair.negatives, self.negatives),
            positive_frequency_if_independent: pair.independent,
            odds_ratio: pair.odds_ratio,
            statistic_enriched: pair.enriched.statistic,
            p_enriched: pair.enriched.p,
            q_enriched: pair.enriched.q,
            statistic_conditional: pair.conditional.statistic,
            p_conditional: pair.conditional.p,
            q_conditional: pair.conditional.q,
            statistic_apart: pair.apart.and_then(|apart| apart.statistic),
            q_apart: pair.apart.map(|apart| apart.q),
            explained_by: explained_by.map(|by| format!("{}~{}", by.enhancer, by.promoter)),
            enhancers: pair.elements.enhancer,
            promoters: pair.elements.promoter,
            components: pair.components,
            enhancer_matrix: matrices.map(|matrices| matrices.enhancer),
            promoter_matrix: matrices.map(|matrices| matrices.promoter),
            matrices_odds_ratio: best.map(|best| best.odds_ratio),
            interaction: orders.and_then(|orders| pair.interaction(orders)),
        }
    }
}
