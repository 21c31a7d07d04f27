//! How often two items, factors or matrices, stand together, summed over clusters of
//! enhancer–promoter pairs.
//!
//! What a statistic of any labels takes is sums of squares and products over clusters of a few
//! whole numbers: of a cluster's positive pairs, and of all of its pairs, those with both items and
//! those with one of them. Only clusters with a positive pair add to them.

use super::clusters::{Clusters, Placed};
use crate::element::{Element, Sides};

/// No cell.
const NONE: u32 = u32::MAX;

/// Enhancer–promoter pairs and the items in them, made ready for many labellings.
#[derive(Debug, Clone)]
pub(super) struct Design {
    /// The tested cells: an item of the enhancer and one of the promoter.
    pub cells: Vec<Sides<u32>>,
    items: usize,
    /// The items of each set, ascending.
    sets: Vec<Vec<u32>>,
    pairs: Vec<Placed>,
    clusters: Vec<Cluster>,
    /// The place of each item × item among the cells, or [`NONE`].
    places: Vec<u32>,
}

/// A cluster of pairs.
#[derive(Debug, Clone)]
struct Cluster {
    /// The items of its pairs, ascending, and the pairs with each.
    items: Sides<Vec<u32>>,
    with: Sides<Vec<u32>>,
    /// Its pairs by what is bound in the promoter, which is mostly one set.
    blocks: Vec<Block>,
}

/// Pairs of a cluster with the same items in the promoter.
#[derive(Debug, Clone)]
struct Block {
    /// Places of these items among the cluster's.
    promoter: Vec<u32>,
    /// Places of the items in the enhancers among the cluster's, and the pairs with each.
    enhancer: Vec<(u32, u32)>,
}

/// Sums over clusters g of s_g, s_g² and s_g·m_g, where of m_g pairs with something s_g are
/// positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moments {
    pub positives: u64,
    pub squares: u64,
    pub products: u64,
}

/// Sums over clusters of pairs with two items, s_g of m_g, and with one of them, s'_g of m'_g.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shared {
    /// Of s_g·s'_g.
    pub positives: u64,
    /// Of s_g·m'_g + m_g·s'_g.
    pub products: u64,
}

/// The sums of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub both: Moments,
    /// With the enhancer's item, and with the promoter's.
    pub with: Sides<Shared>,
}

/// The sums of one labelling.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    pub cells: Vec<Cell>,
    /// Of each item alone.
    pub alone: Sides<Vec<Moments>>,
}

/// Where sums are made, again and again.
pub(super) struct Work {
    pub sums: Sums,
    /// The place of each item among the cluster's.
    places: Sides<Vec<u32>>,
    /// Pairs and positive pairs of the cluster with two items, enhancer's × promoter's.
    pairs: Vec<u32>,
    positives: Vec<u32>,
    /// Positive pairs of the cluster with each item.
    alone: Sides<Vec<u32>>,
}

impl Design {
    /// From the pairs and the items of each set; a cell is tested where at least `fewest` pairs,
    /// and one, have both items.
    pub fn new(clusters: &Clusters, items: usize, sets: Vec<Vec<u32>>, fewest: u32) -> Self {
        let mut design = Self {
            cells: Vec::new(),
            items,
            sets,
            pairs: clusters.pairs.clone(),
            clusters: Vec::new(),
            places: vec![0; items * items],
        };
        for pair in &design.pairs {
            let Sides { enhancer, promoter } = pair.bound.map(|set| &design.sets[set as usize]);
            for &a in enhancer {
                for &b in promoter {
                    design.places[a as usize * items + b as usize] += 1;
                }
            }
        }
        for (cell, place) in design.places.iter_mut().enumerate() {
            let tested = *place >= fewest.max(1);
            *place = if tested {
                design.cells.len() as u32
            } else {
                NONE
            };
            if tested {
                let cell = Sides::new(cell / items, cell % items);
                design.cells.push(cell.map(|item| item as u32));
            }
        }
        let of_one = design.pairs.chunk_by(|a, b| a.cluster == b.cluster);
        design.clusters = of_one
            .map(|pairs| Cluster::new(pairs, &design.sets))
            .collect();
        design
    }

    /// The place of a cell among the tested ones.
    pub fn place(&self, cell: Sides<u32>) -> Option<u32> {
        let place = self.places[cell.enhancer as usize * self.items + cell.promoter as usize];
        (place != NONE).then_some(place)
    }

    /// Makes the sums in which the pairs at these places, ascending, are positive.
    pub fn sum(&self, positives: &[usize], work: &mut Work) {
        work.sums.cells.fill(Cell::default());
        for alone in [&mut work.sums.alone.enhancer, &mut work.sums.alone.promoter] {
            alone.fill(Moments::default());
        }
        let cluster = |place: usize| self.pairs[place].cluster;
        for positives in positives.chunk_by(|&a, &b| cluster(a) == cluster(b)) {
            let cluster = &self.clusters[cluster(positives[0])];
            work.take(cluster);
            for &place in positives {
                let bound = self.pairs[place].bound;
                work.count(bound.map(|set| self.sets[set as usize].as_slice()));
            }
            self.add(cluster, work);
        }
    }

    /// Adds a cluster to the sums.
    fn add(&self, cluster: &Cluster, work: &mut Work) {
        let Work { sums, alone, .. } = work;
        for element in Element::BOTH {
            let counts = alone.get(element).iter().zip(cluster.with.get(element));
            let sums = sums.alone.get_mut(element);
            for (&item, (&positives, &pairs)) in cluster.items.get(element).iter().zip(counts) {
                sums[item as usize].add(positives, pairs);
            }
        }
        let columns = cluster.items.promoter.len();
        for (row, &a) in cluster.items.enhancer.iter().enumerate() {
            let with_a = [alone.enhancer[row], cluster.with.enhancer[row]];
            let places = &self.places[a as usize * self.items..];
            for (column, &b) in cluster.items.promoter.iter().enumerate() {
                let place = places[b as usize];
                let pairs = work.pairs[row * columns + column];
                if place == NONE || pairs == 0 {
                    continue;
                }
                let positives = work.positives[row * columns + column];
                let with_b = [alone.promoter[column], cluster.with.promoter[column]];
                let cell = &mut sums.cells[place as usize];
                cell.both.add(positives, pairs);
                cell.with.enhancer.add([positives, pairs], with_a);
                cell.with.promoter.add([positives, pairs], with_b);
            }
        }
    }

    /// Of each tested cell the different values of a pair's number among the positive pairs with
    /// both items.
    pub fn distinct(&self, number: impl Fn(&Placed) -> usize) -> Vec<u32> {
        let mut positives: Vec<&Placed> = self.pairs.iter().filter(|p| p.positive).collect();
        positives.sort_by_key(|pair| number(pair));
        let mut distinct = vec![0; self.cells.len()];
        let mut last = vec![usize::MAX; self.cells.len()];
        for pair in positives {
            let Sides { enhancer, promoter } = pair.bound.map(|set| &self.sets[set as usize]);
            for &a in enhancer {
                for &b in promoter {
                    let Some(place) = self.place(Sides::new(a, b)) else {
                        continue;
                    };
                    let last = &mut last[place as usize];
                    distinct[place as usize] += u32::from(*last != number(pair));
                    *last = number(pair);
                }
            }
        }
        distinct
    }
}

impl Cluster {
    fn new(pairs: &[Placed], sets: &[Vec<u32>]) -> Self {
        let set = |pair: &Placed, element: Element| &sets[*pair.bound.get(element) as usize];
        let counted = |pairs: &[Placed], element: Element| {
            let mut items: Vec<u32> = pairs
                .iter()
                .flat_map(|p| set(p, element))
                .copied()
                .collect();
            items.sort_unstable();
            let counts = items.chunk_by(|a, b| a == b);
            counts
                .map(|same| (same[0], same.len() as u32))
                .collect::<Vec<_>>()
        };
        let all = Sides::from_fn(|element| counted(pairs, element));
        let items = all
            .as_ref()
            .map(|all| all.iter().map(|of| of.0).collect::<Vec<u32>>());
        let with = all.as_ref().map(|all| all.iter().map(|of| of.1).collect());
        let place = |element: Element, item: u32| {
            items.get(element).partition_point(|&other| other < item) as u32
        };
        let mut sorted = pairs.to_vec();
        sorted.sort_by_key(|pair| pair.bound.promoter);
        let blocks = sorted.chunk_by(|a, b| a.bound.promoter == b.bound.promoter);
        let block = |pairs: &[Placed]| {
            let enhancer = counted(pairs, Element::Enhancer).into_iter();
            let promoter = set(&pairs[0], Element::Promoter).iter();
            Block {
                promoter: promoter
                    .map(|&item| place(Element::Promoter, item))
                    .collect(),
                enhancer: enhancer
                    .map(|(item, pairs)| (place(Element::Enhancer, item), pairs))
                    .collect(),
            }
        };
        let blocks = blocks.map(block).collect();
        Self {
            items,
            with,
            blocks,
        }
    }
}

impl Moments {
    fn add(&mut self, positives: u32, pairs: u32) {
        let [positives, pairs] = [positives, pairs].map(u64::from);
        self.positives += positives;
        self.squares += positives * positives;
        self.products += positives * pairs;
    }
}

impl Shared {
    /// Positive pairs and pairs with two items, and with one of them.
    fn add(&mut self, both: [u32; 2], one: [u32; 2]) {
        let ([positives, pairs], [positives_one, pairs_one]) =
            (both.map(u64::from), one.map(u64::from));
        self.positives += positives * positives_one;
        self.products += positives * pairs_one + pairs * positives_one;
    }
}

impl Work {
    pub fn new(design: &Design) -> Self {
        Self {
            sums: Sums {
                cells: vec![Cell::default(); design.cells.len()],
                alone: Sides::from_fn(|_| vec![Moments::default(); design.items]),
            },
            places: Sides::from_fn(|_| vec![0; design.items]),
            pairs: Vec::new(),
            positives: Vec::new(),
            alone: Sides::default(),
        }
    }

    /// Begins with a cluster.
    fn take(&mut self, cluster: &Cluster) {
        for (element, items) in cluster.items.iter() {
            let places = self.places.get_mut(element);
            for (&item, place) in items.iter().zip(0..) {
                places[item as usize] = place;
            }
            renew(self.alone.get_mut(element), items.len());
        }
        let columns = cluster.items.promoter.len();
        let size = cluster.items.enhancer.len() * columns;
        renew(&mut self.pairs, size);
        renew(&mut self.positives, size);
        for block in &cluster.blocks {
            for &(row, pairs) in &block.enhancer {
                let row = &mut self.pairs[row as usize * columns..];
                for &column in &block.promoter {
                    row[column as usize] += pairs;
                }
            }
        }
    }

    /// Counts a positive pair of the cluster.
    fn count(&mut self, bound: Sides<&[u32]>) {
        let columns = self.alone.promoter.len();
        for &b in bound.promoter {
            self.alone.promoter[self.places.promoter[b as usize] as usize] += 1;
        }
        for &a in bound.enhancer {
            let row = self.places.enhancer[a as usize] as usize;
            self.alone.enhancer[row] += 1;
            let row = &mut self.positives[row * columns..];
            for &b in bound.promoter {
                row[self.places.promoter[b as usize] as usize] += 1;
            }
        }
    }
}

/// So many zeros.
fn renew(counts: &mut Vec<u32>, size: usize) {
    counts.clear();
    counts.resize(size, 0);
}
