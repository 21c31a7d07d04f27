//! The TF pairs as a heat map with two dendrograms.

use std::collections::HashMap;

use serde::Serialize;

use super::super::clustering::{Merge, average_linkage};
use super::super::interactome::{Order, Orders};
use super::tested::{TfPair, TfPairs};

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
    /// [`TfPair::q`].
    pub q: f64,
    /// How the two interact.
    pub interaction: Option<Order>,
}

/// The factors of the most TF pairs with a small q-value on each side, clustered by the natural
/// logarithms of their odds ratios: average linkage, Euclidean distance, TF pairs that were not
/// tested taken as 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeatMap {
    /// Rows.
    pub enhancers: Axis,
    /// Columns.
    pub promoters: Axis,
    /// For each enhancer factor and each promoter factor, in drawn order; none where the TF pair
    /// was not tested.
    pub cells: Vec<Vec<Option<Cell>>>,
}

impl HeatMap {
    /// Takes up to `most` factors of each side: those with the most enriched TF pairs with a
    /// q-value up to `q`, of equals the one whose best TF pair ranks first. None where a side has
    /// fewer than two factors.
    pub fn draw(pairs: &TfPairs, orders: Option<&Orders>, most: usize, q: f64) -> Option<Self> {
        let enhancers = chosen(pairs, most, q, |pair| pair.enhancer);
        let promoters = chosen(pairs, most, q, |pair| pair.promoter);
        if enhancers.len() < 2 || promoters.len() < 2 {
            return None;
        }
        let tested: HashMap<(u32, u32), &TfPair> = pairs
            .tested
            .iter()
            .map(|pair| ((pair.enhancer, pair.promoter), pair))
            .collect();
        let cell = |enhancer: u32, promoter: u32| {
            let pair = tested.get(&(enhancer, promoter))?;
            Some(Cell {
                ln_odds_ratio: pair.odds_ratio.ln(),
                q: pair.q,
                interaction: orders
                    .and_then(|orders| orders.get(enhancer as usize, promoter as usize)),
            })
        };
        let value =
            |enhancer, promoter| cell(enhancer, promoter).map_or(0.0, |cell| cell.ln_odds_ratio);
        let row = |&enhancer: &u32| promoters.iter().map(|&p| value(enhancer, p)).collect();
        let rows: Vec<Vec<f64>> = enhancers.iter().map(row).collect();
        let column = |place: usize| rows.iter().map(|row| row[place]).collect();
        let columns: Vec<Vec<f64>> = (0..promoters.len()).map(column).collect();
        let (enhancers, enhancer_axis) = axis(pairs, &enhancers, &rows);
        let (promoters, promoter_axis) = axis(pairs, &promoters, &columns);
        let row = |&enhancer: &u32| promoters.iter().map(|&p| cell(enhancer, p)).collect();
        Some(Self {
            cells: enhancers.iter().map(row).collect(),
            enhancers: enhancer_axis,
            promoters: promoter_axis,
        })
    }
}

/// The factors of one side to draw, by name: those of enriched TF pairs.
fn chosen(pairs: &TfPairs, most: usize, q: f64, side: fn(&TfPair) -> u32) -> Vec<u32> {
    /// Significant TF pairs, and the rank of the best.
    #[derive(Clone, Copy)]
    struct Standing {
        significant: usize,
        best: usize,
    }
    let mut standings: HashMap<u32, Standing> = HashMap::new();
    for (pair, rank) in pairs.tested.iter().zip(0..) {
        let standing = standings.entry(side(pair)).or_insert(Standing {
            significant: 0,
            best: rank,
        });
        standing.significant += usize::from(pair.q <= q && pair.enriched());
    }
    let mut factors: Vec<(u32, Standing)> = standings.into_iter().collect();
    factors.retain(|(_, standing)| standing.significant > 0);
    factors.sort_by_key(|(factor, standing)| {
        (
            std::cmp::Reverse(standing.significant),
            standing.best,
            *factor,
        )
    });
    let mut factors: Vec<u32> = factors.into_iter().map(|(factor, _)| factor).collect();
    factors.truncate(most);
    factors.sort_unstable();
    factors
}

/// Some factors in drawn order, and their axis.
fn axis(pairs: &TfPairs, factors: &[u32], rows: &[Vec<f64>]) -> (Vec<u32>, Axis) {
    let tree = average_linkage(rows);
    let drawn: Vec<u32> = tree.rows.iter().map(|&row| factors[row]).collect();
    let names = drawn
        .iter()
        .map(|&factor| pairs.factors.name(factor).to_string());
    let axis = Axis {
        factors: names.collect(),
        merges: tree.merges,
    };
    (drawn, axis)
}
