//! How many of the most enriched TF pairs are known to interact.

use std::collections::HashSet;

use serde::Serialize;

use super::super::interactome::{Order, Orders};
use super::candidates::Combine;
use super::tested::{Ranked, TfPairs};
use crate::element::Sides;
use crate::statistics::fisher::{Group, Table};

/// The TF pairs that count as the most enriched: the paper's 50.
pub const MOST_ENRICHED: usize = 50;

/// How many of some TF pairs interact. Factor A in the enhancer with B in the promoter is one TF
/// pair, B in the enhancer with A in the promoter another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// The TF pairs.
    pub pairs: u64,
    /// Those that interact directly.
    pub first_order: u64,
    /// Those that interact only through a third protein.
    pub second_order: u64,
}

impl Share {
    fn of(pairs: &[&Ranked], orders: &Orders) -> Self {
        let of = |order: Order| {
            let factors = pairs.iter().map(|pair| pair.factors);
            let found = factors.map(|of| orders.get(of.enhancer, of.promoter));
            found.filter(|found| *found == Some(order)).count() as u64
        };
        Self {
            pairs: pairs.len() as u64,
            first_order: of(Order::First),
            second_order: of(Order::Second),
        }
    }

    /// The fraction that interacts directly.
    pub fn first_order_fraction(&self) -> f64 {
        self.first_order as f64 / self.pairs.max(1) as f64
    }

    /// The fraction that interacts only through a third protein.
    pub fn second_order_fraction(&self) -> f64 {
        self.second_order as f64 / self.pairs.max(1) as f64
    }
}

/// The most enriched TF pairs beside all tested ones.
///
/// Only TF pairs count of which the interactome names both factors. The others would stand for
/// pairs that do not interact, though nobody looked, and the fractions would tell how well the
/// names of motifs and of proteins agree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct KnownInteractions {
    /// What of two factors' matrices counts in the ranking.
    pub combine: Combine,
    /// Among the most enriched.
    pub most_enriched: Share,
    /// Of the most enriched, those that the tests call pairs.
    pub significant: u64,
    /// Among all tested, the most enriched with them.
    pub tested: Share,
    /// Tested TF pairs with a factor that the interactome does not name, which do not count.
    pub unnamed: u64,
    /// The probability that as many TF pairs drawn at random from the tested ones, without
    /// putting back, hold as many or more that interact directly (hypergeometric). TF pairs that
    /// share a factor are not independent, so it is a guide rather than a proof.
    pub p_first_order: f64,
    /// Likewise through a third protein.
    pub p_second_order: f64,
}

impl KnownInteractions {
    /// The `most` of the TF pairs with the largest statistic of [`TfPair::conditional`], as this rule
    /// of combination ranks them, beside all that it can test; none where fewer can count or not all
    /// of these have a positive one. Those with a q-value up to `q` are called pairs; `orders` are
    /// those of the factors' names.
    ///
    /// [`TfPair::conditional`]: super::TfPair::conditional
    pub fn count(
        pairs: &TfPairs,
        combine: Combine,
        orders: &Orders,
        (most, q): (usize, f64),
    ) -> Option<Self> {
        let ranking = pairs.ranking(combine);
        let named: Vec<&Ranked> = ranking
            .iter()
            .filter(|pair| orders.named(pair.factors.enhancer, pair.factors.promoter))
            .collect();
        let top = named.get(..most)?;
        if most == 0 || !top.iter().all(|pair| pair.statistic > 0.0) {
            return None;
        }
        let most_enriched = Share::of(top, orders);
        let tested = Share::of(&named, orders);
        let p = |interacting: fn(&Share) -> u64| {
            let positive = Group::of(interacting(&most_enriched), most_enriched.pairs);
            let others = tested.pairs - most_enriched.pairs;
            let negative = Group::of(interacting(&tested) - positive.with, others);
            Table { positive, negative }.test().enriched
        };
        let called = pairs.tested.iter().filter(|pair| pair.is_pair(q));
        let called: HashSet<Sides<u32>> = called.map(|pair| pair.factors).collect();
        let significant = top.iter().filter(|pair| called.contains(&pair.factors));
        Some(Self {
            combine,
            most_enriched,
            significant: significant.count() as u64,
            tested,
            unnamed: (ranking.len() - named.len()) as u64,
            p_first_order: p(|share| share.first_order),
            p_second_order: p(|share| share.second_order),
        })
    }
}
