//! The TF pairs as a heat map with two dendrograms.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::Serialize;

use super::super::clustering::{Merge, average_linkage};
use super::super::interactome::{Order, Orders};
use super::tested::{TfPair, TfPairs};
use crate::element::{Element, Sides};

/// Factors on each side of the heat map, so that each name can be read.
pub const HEAT_MAP_FACTORS: usize = 40;

/// The factors of one side, as they are drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Axis {
    /// Names, in drawn order.
    pub factors: Vec<String>,
    /// The tree over them, by ascending height. Number `i` is factor `i` of this axis, number
    /// `factors.len() + m` is merge `m`.
    pub merges: Vec<Merge>,
}

/// A TF pair in the heat map.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cell {
    /// Natural logarithm of the odds ratio.
    pub ln_odds_ratio: f64,
    /// Whether it is called a pair, whatever else that takes.
    pub called: bool,
    /// How the two interact.
    pub interaction: Option<Order>,
}

/// The factors of the most TF pairs with a small q-value of enrichment on each side, clustered by the natural
/// logarithms of their odds ratios: average linkage, Euclidean distance, TF pairs that were not
/// tested taken as 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeatMap {
    /// The enhancer's are the rows, the promoter's the columns.
    pub axes: Sides<Axis>,
    /// For each enhancer factor and each promoter factor, in drawn order; none where the TF pair
    /// was not tested.
    pub cells: Vec<Vec<Option<Cell>>>,
}

impl HeatMap {
    /// Takes up to `most` factors of each side: those with the most TF pairs whose q-value of
    /// enrichment is up to `q`, of equals the one whose best TF pair ranks first. None where a side
    /// has fewer than two factors. `called` says which TF pairs are called pairs.
    pub fn draw(
        pairs: &TfPairs,
        orders: Option<&Orders>,
        (most, q): (usize, f64),
        called: impl Fn(&TfPair) -> bool,
    ) -> Option<Self> {
        let chosen = Sides::from_fn(|element| chosen(pairs, most, q, element));
        if chosen.iter().any(|(_, factors)| factors.len() < 2) {
            return None;
        }
        let tested = pairs.tested.iter().map(|pair| (pair.factors, pair));
        let tested: HashMap<Sides<u32>, &TfPair> = tested.collect();
        let cell = |&enhancer: &u32, &promoter: &u32| {
            let pair = tested.get(&Sides::new(enhancer, promoter))?;
            Some(Cell {
                ln_odds_ratio: pair.odds_ratio.ln(),
                called: called(pair),
                interaction: orders.and_then(|orders| pair.interaction(orders)),
            })
        };
        let value = |cell: Option<Cell>| cell.map_or(0.0, |cell| cell.ln_odds_ratio);
        let Sides { enhancer, promoter } = &chosen;
        let row = |e: &u32| promoter.iter().map(|p| value(cell(e, p))).collect();
        let column = |p: &u32| enhancer.iter().map(|e| value(cell(e, p))).collect();
        let rows: Vec<Vec<f64>> = enhancer.iter().map(row).collect();
        let columns: Vec<Vec<f64>> = promoter.iter().map(column).collect();
        let trees = Sides::new(rows, columns).map(|rows| average_linkage(&rows));
        let drawn = chosen.zip(trees.as_ref()).map(|(factors, tree)| {
            let drawn = tree.rows.iter().map(|&row| factors[row]);
            drawn.collect::<Vec<u32>>()
        });
        let row = |e: &u32| drawn.promoter.iter().map(|p| cell(e, p)).collect();
        let name = |&factor: &u32| pairs.factors.name(factor).to_string();
        Some(Self {
            cells: drawn.enhancer.iter().map(row).collect(),
            axes: drawn.as_ref().zip(trees).map(|(drawn, tree)| Axis {
                factors: drawn.iter().map(name).collect(),
                merges: tree.merges,
            }),
        })
    }
}

/// The factors of one side to draw, by name: those of enriched TF pairs.
fn chosen(pairs: &TfPairs, most: usize, q: f64, element: Element) -> Vec<u32> {
    // The factors by the rank of their best TF pair, and the significant TF pairs of each.
    let mut factors: Vec<u32> = Vec::new();
    let mut significant: HashMap<u32, usize> = HashMap::new();
    for pair in &pairs.tested {
        let factor = *pair.factors.get(element);
        let count = significant.entry(factor).or_insert_with(|| {
            factors.push(factor);
            0
        });
        *count += usize::from(pair.enriched.q <= q);
    }
    factors.retain(|factor| significant[factor] > 0);
    factors.sort_by_key(|factor| Reverse(significant[factor]));
    factors.truncate(most);
    factors.sort_unstable();
    factors
}
