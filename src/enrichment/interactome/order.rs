//! How closely two proteins are known to interact.

use rayon::prelude::*;
use serde::Serialize;
use tracing::{info, warn};

use super::graph::Interactome;

/// How two proteins interact.
///
/// A protein interacts with itself at first order if a row says so, and never at second order:
/// it shares every partner with itself, so that would say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Directly.
    First,
    /// Not directly, but both with one third protein.
    Second,
}

/// The orders of all pairs of some genes.
#[derive(Debug, Clone)]
pub struct Orders {
    named: Vec<bool>,
    orders: Vec<Option<Order>>,
}

impl Orders {
    /// How the genes at two places of the list interact; none where they do not or where one is not
    /// named.
    pub fn get(&self, a: u32, b: u32) -> Option<Order> {
        self.orders[a as usize * self.named.len() + b as usize]
    }

    /// Whether the interactome names both genes. Where it does not, [`Orders::get`] is none, but
    /// not because anybody looked.
    pub fn named(&self, a: u32, b: u32) -> bool {
        self.named[a as usize] && self.named[b as usize]
    }

    /// How many of the genes the interactome names.
    pub fn genes_named(&self) -> usize {
        self.named.iter().filter(|&&named| named).count()
    }
}

impl Interactome {
    /// How the proteins of all pairs of a list of genes interact, in one walk from each gene. Says
    /// how many are named and warns where none is, as with a list of accessions instead of symbols.
    pub fn orders(&self, names: &[impl AsRef<str> + Sync]) -> Orders {
        let genes: Vec<Option<usize>> = names.iter().map(|name| self.gene(name.as_ref())).collect();
        let named = genes.iter().flatten().count();
        let (path, all) = (self.path.display(), names.len());
        if named == 0 {
            warn!(
                "{path}: names none of the {all} transcription factors; are its names gene symbols?"
            );
        } else {
            info!("{path}: names {named} of the {all} transcription factors");
        }
        Orders {
            named: genes.iter().map(Option::is_some).collect(),
            orders: genes
                .par_iter()
                .flat_map_iter(|&from| {
                    let reached = from.map(|from| self.reached(from));
                    let orders = genes.iter().map(move |to| reached.as_ref()?[(*to)?]);
                    orders.collect::<Vec<_>>()
                })
                .collect(),
        }
    }

    /// The order of every gene as seen from one.
    fn reached(&self, from: usize) -> Vec<Option<Order>> {
        let mut reached = vec![None; self.partners.len()];
        let partners = &self.partners[from];
        for &partner in partners {
            for &second in &self.partners[partner as usize] {
                reached[second as usize] = Some(Order::Second);
            }
        }
        for &partner in partners {
            reached[partner as usize] = Some(Order::First);
        }
        reached[from] = self.binds_itself[from].then_some(Order::First);
        reached
    }
}
