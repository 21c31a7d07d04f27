//! The TF pairs that can be tested, and what is computed of each.

use serde::{Deserialize, Serialize};

use super::super::window::Site;
use super::clusters::Clusters;
use super::counts::Counts;
use super::factors::{Factors, distinct};
use super::statistic::Statistic;
use super::sums::{Design, Sums, Work};
use crate::element::Sides;
use crate::text::choice::{Choice, Named};

/// What of two factors' matrices counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Combine {
    /// A factor is where any of its matrices is.
    #[default]
    Union,
    /// The most enriched combination of a matrix of one with a matrix of the other, as in the
    /// paper; permuted labels choose theirs too.
    Max,
}

impl Choice for Combine {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Union,
            "union",
            "A factor is where any of its matrices has a site",
        ),
        (
            Self::Max,
            "max",
            "The most enriched combination of their matrices, as in the paper",
        ),
    ];
}

/// TF pairs with the cells that stand for them.
pub(super) struct Candidates {
    pub design: Design,
    pub pairs: Vec<Candidate>,
    /// TF pairs with any observation that are too rare.
    pub too_rare: usize,
    /// The sums of the labels as they are, and if all pairs were positive.
    pub sums: Sums,
    pub all: Sums,
    /// The part of the enhancer–promoter pairs that are positive.
    share: f64,
}

/// A TF pair, and the places of its cells: at least one.
pub(super) struct Candidate {
    pub factors: Sides<u32>,
    cells: Vec<u32>,
}

/// The largest statistics of a TF pair's cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Best {
    pub enriched: f64,
    pub given: Sides<f64>,
    /// Of the smaller one of each cell's two.
    pub pair: f64,
    /// The place of the most enriched cell; of equals the first.
    pub cell: u32,
}

impl Candidates {
    /// Cells need `fewest` pairs, positive and negative together.
    pub fn new(counts: &Counts, clusters: &Clusters, combine: Combine, fewest: u32) -> Self {
        let factors = counts.factors;
        let (items, sets) = match combine {
            Combine::Union => {
                let sets = counts.sets(|_, set| factors.of(matrices(set)));
                (factors.names().len(), sets)
            }
            Combine::Max => {
                let sets = counts.sets(|_, set| distinct(matrices(set).collect()));
                (factors.matrices.len(), sets)
            }
        };
        let design = |fewest: u32| Design::new(clusters, items, sets.clone(), fewest);
        let seen = factor_pairs(&design(1), factors, combine).len();
        let design = design(fewest);
        let pairs = factor_pairs(&design, factors, combine);
        let too_rare = seen - pairs.len();
        Self::of(design, pairs, too_rare, clusters)
    }

    fn of(design: Design, pairs: Vec<Candidate>, too_rare: usize, clusters: &Clusters) -> Self {
        let mut work = Work::new(&design);
        let mut sums = |positives: &[usize]| {
            design.sum(positives, &mut work);
            work.sums.clone()
        };
        let positives = clusters.positives();
        let every: Vec<usize> = (0..clusters.pairs.len()).collect();
        let (own, all) = (sums(&positives), sums(&every));
        Self {
            too_rare,
            share: positives.len() as f64 / every.len() as f64,
            sums: own,
            all,
            design,
            pairs,
        }
    }

    /// Positive and negative pairs with both items of a cell.
    pub fn both(&self, cell: u32) -> [u32; 2] {
        let positives = |sums: &Sums| sums.cells[cell as usize].both.positives as u32;
        let positive = positives(&self.sums);
        [positive, positives(&self.all) - positive]
    }

    /// The part of `all` positive pairs that would have both items of a cell by chance.
    pub fn independent(&self, cell: u32, all: u32) -> f64 {
        let items = self.design.cells[cell as usize];
        let parts = items.zip(self.sums.alone.as_ref()).map(|(item, alone)| {
            let with = alone[item as usize].positives;
            with as f64 / f64::from(all)
        });
        parts.enhancer * parts.promoter
    }

    /// What the sums of a labelling with as many positive pairs say of each TF pair.
    pub fn best<'a>(&'a self, sums: &'a Sums) -> impl Iterator<Item = Best> + 'a {
        self.pairs.iter().map(move |pair| {
            let cells = pair.cells.iter().map(|&cell| {
                let (place, items) = (cell as usize, self.design.cells[cell as usize]);
                let statistic = Statistic::of(place, items, sums, &self.all, self.share);
                Best {
                    enriched: statistic.enriched,
                    given: statistic.given,
                    pair: statistic.pair(),
                    cell,
                }
            });
            cells.fold(Best::NONE, Best::or)
        })
    }
}

impl Best {
    const NONE: Self = Self {
        enriched: f64::NEG_INFINITY,
        given: Sides::new(f64::NEG_INFINITY, f64::NEG_INFINITY),
        pair: f64::NEG_INFINITY,
        cell: 0,
    };

    fn or(self, other: Self) -> Self {
        let given = self.given.zip(other.given);
        Self {
            enriched: self.enriched.max(other.enriched),
            given: given.map(|(a, b)| a.max(b)),
            pair: self.pair.max(other.pair),
            cell: if other.enriched > self.enriched {
                other.cell
            } else {
                self.cell
            },
        }
    }
}

fn matrices(set: &[Site]) -> impl Iterator<Item = u32> {
    set.iter().map(|site| site.matrix)
}

/// The conditional statistic of one TF pair where sets hold these of its factors' items, by the best
/// combination of them; none where fewer than `fewest` pairs have any. Items are numbers from 0, on
/// either side.
pub(super) fn conditional(
    clusters: &Clusters,
    factors: Sides<u32>,
    (sets, items): (Vec<Vec<u32>>, usize),
    fewest: u32,
) -> Option<f64> {
    let design = Design::new(clusters, items, sets, fewest);
    let cells: Vec<u32> = (0..design.cells.len() as u32).collect();
    if cells.is_empty() {
        return None;
    }
    let pair = Candidate { factors, cells };
    let candidates = Candidates::of(design, vec![pair], 0, clusters);
    let best = candidates.best(&candidates.sums).next();
    best.map(|best| best.pair)
}

/// All TF pairs that have a tested cell, by name.
fn factor_pairs(design: &Design, factors: &Factors, combine: Combine) -> Vec<Candidate> {
    let items = |factor: u32| match combine {
        Combine::Union => vec![factor],
        Combine::Max => factors.matrices_of(factor).to_vec(),
    };
    let items: Vec<Vec<u32>> = (0..factors.names().len() as u32).map(items).collect();
    let candidate = |pair: Sides<u32>| {
        let Sides { enhancer, promoter } = pair.map(|factor| &items[factor as usize]);
        let cells = enhancer.iter().flat_map(|&a| {
            let cells = promoter.iter().map(move |&b| Sides::new(a, b));
            cells.filter_map(move |cell| design.place(cell))
        });
        let cells: Vec<u32> = cells.collect();
        (!cells.is_empty()).then_some(Candidate {
            factors: pair,
            cells,
        })
    };
    factors.pairs().filter_map(candidate).collect()
}
