//! How many of the most enriched TF pairs are known to interact.

use std::collections::{BTreeSet, HashSet};

use rand::seq::SliceRandom;
use serde::Serialize;

use super::super::interactome::{Order, Orders};
use super::candidates::Combine;
use super::rules::TestRules;
use super::tested::{Ranked, TfPairs};
use crate::element::Sides;
use crate::seed::{Purpose, stream};

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
    /// The part of permutations of the factors' names, among those that the interactome names, in which
    /// the most enriched hold as many or more that interact directly; the names as they are count as one.
    /// TF pairs that share a factor are not independent, and a factor that the most enriched share may
    /// have many partners: names take their partners with them.
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
        let [p_first_order, p_second_order] = permuted(top, &named, orders, &pairs.rules);
        let called = pairs.tested.iter().filter(|pair| pair.is_pair(q));
        let called: HashSet<Sides<u32>> = called.map(|pair| pair.factors).collect();
        let significant = top.iter().filter(|pair| called.contains(&pair.factors));
        Some(Self {
            combine,
            most_enriched,
            significant: significant.count() as u64,
            tested,
            unnamed: (ranking.len() - named.len()) as u64,
            p_first_order,
            p_second_order,
        })
    }
}

/// The parts of permutations of the named factors, this one among them, in which as many of the most
/// enriched TF pairs interact directly, and through a third.
fn permuted(top: &[&Ranked], named: &[&Ranked], orders: &Orders, rules: &TestRules) -> [f64; 2] {
    let factors = named.iter().flat_map(|pair| pair.factors);
    let factors: BTreeSet<u32> = factors.collect();
    let factors: Vec<u32> = factors.into_iter().collect();
    let place = |factor: u32| factors.partition_point(|&other| other < factor);
    let top: Vec<Sides<usize>> = top.iter().map(|pair| pair.factors.map(place)).collect();
    let count = |names: &[u32]| {
        let orders = top.iter().map(|pair| {
            let Sides { enhancer, promoter } = pair.map(|place| names[place]);
            orders.get(enhancer, promoter)
        });
        let orders: Vec<Order> = orders.flatten().collect();
        [Order::First, Order::Second].map(|of| orders.iter().filter(|&&order| order == of).count())
    };
    let own = count(&factors);
    let mut reached = [1_u32; 2];
    let mut names = factors.clone();
    let mut rng = stream(rules.seed, Purpose::Names, 0);
    for _ in 0..rules.permutations {
        names.shuffle(&mut rng);
        for (reached, (drawn, own)) in reached.iter_mut().zip(count(&names).into_iter().zip(own)) {
            *reached += u32::from(drawn >= own);
        }
    }
    reached.map(|reached| f64::from(reached) / (f64::from(rules.permutations) + 1.0))
}
