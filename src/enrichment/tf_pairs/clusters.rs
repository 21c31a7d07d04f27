//! Which enhancer–promoter pairs are not independent of each other.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::counts::Counted;
use crate::element::Sides;
use crate::genome::Region;
use crate::statistics::components;

/// The fewest components with a positive pair that are clusters.
const FEWEST_COMPONENTS: usize = 20;
/// A component that is a cluster holds at most one in so many pairs.
const LARGEST_PART: usize = 10;

/// What makes two enhancer–promoter pairs one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ClusterRule {
    /// A chain of pairs each of which shares an element with the next. So it is where 20
    /// components have a positive pair and none holds more than a tenth of the pairs.
    Component,
    /// The same promoter.
    Promoter,
}

impl ClusterRule {
    /// What a cluster is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Component => "connected component of shared elements",
            Self::Promoter => "promoter",
        }
    }
}

/// The clusters of some enhancer–promoter pairs, and what they consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clustering {
    /// What makes two pairs one cluster.
    pub by: ClusterRule,
    /// Clusters.
    pub clusters: usize,
    /// Those with a positive pair.
    pub positive_clusters: usize,
    /// Connected components of shared elements.
    pub components: usize,
    /// Distinct elements.
    pub elements: Sides<usize>,
}

/// Enhancer–promoter pairs in the order of their clusters; within one by promoter, then by
/// enhancer.
#[derive(Debug, Clone)]
pub(super) struct Clusters {
    pub pairs: Vec<Placed>,
    /// Where each cluster begins, and where the last one ends.
    starts: Vec<usize>,
    pub made: Clustering,
}

/// A pair. Elements, components and clusters are numbers from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub positive: bool,
    /// The numbers of what is bound.
    pub bound: Sides<u32>,
    pub elements: Sides<usize>,
    pub component: usize,
    pub cluster: usize,
}

impl Clusters {
    pub fn new(counted: &[Counted]) -> Self {
        let mut counted: Vec<&Counted> = counted.iter().collect();
        counted.sort_by_key(|pair| (pair.elements.promoter, pair.elements.enhancer));
        let numbers =
            Sides::from_fn(|element| numbered(counted.iter().map(|p| *p.elements.get(element))));
        let elements = numbers.as_ref().map(|(_, count)| *count);
        let Sides { enhancer, promoter } = numbers.map(|(numbers, _)| numbers);
        let links = enhancer.iter().zip(&promoter);
        // Promoters are numbered after the enhancers.
        let links = links.map(|(&e, &p)| [e, elements.enhancer + p]);
        let component = components(elements.enhancer + elements.promoter, links);
        let placed = enhancer.iter().zip(&promoter).zip(&counted);
        let mut pairs: Vec<Placed> = placed
            .map(|((&enhancer, &promoter), counted)| Placed {
                positive: counted.positive,
                bound: counted.bound,
                elements: Sides::new(enhancer, promoter),
                component: component[enhancer],
                cluster: promoter,
            })
            .collect();
        let (by, components) = rule(&pairs);
        if by == ClusterRule::Component {
            pairs.sort_by_key(|pair| pair.component);
            for pair in &mut pairs {
                pair.cluster = pair.component;
            }
        }
        let starts = number(&mut pairs);
        let clusters = starts.windows(2).map(|ends| &pairs[ends[0]..ends[1]]);
        let positive = clusters.filter(|cluster| cluster.iter().any(|pair| pair.positive));
        let made = Clustering {
            by,
            clusters: starts.len() - 1,
            positive_clusters: positive.count(),
            components,
            elements,
        };
        Self {
            pairs,
            starts,
            made,
        }
    }

    /// The places of the positive pairs.
    pub fn positives(&self) -> Vec<usize> {
        let pairs = self.pairs.iter().enumerate();
        let positive = pairs.filter(|(_, pair)| pair.positive);
        positive.map(|(place, _)| place).collect()
    }

    /// The places of the positive pairs, ascending, once the labels are permuted: those of each
    /// cluster stay in their order, the clusters come in a random one, and all are laid over the
    /// pairs as they stand.
    pub fn permuted(&self, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.starts.len() - 1).collect();
        order.shuffle(rng);
        let clusters = order.into_iter();
        let pairs = clusters.flat_map(|of| &self.pairs[self.starts[of]..self.starts[of + 1]]);
        let positive = pairs.enumerate().filter(|(_, pair)| pair.positive);
        positive.map(|(place, _)| place).collect()
    }
}

/// The number of each element, by its place on the genome, and how many there are.
fn numbered(elements: impl Iterator<Item = Region> + Clone) -> (Vec<usize>, usize) {
    let mut numbers: BTreeMap<Region, usize> =
        elements.clone().map(|element| (element, 0)).collect();
    for (number, next) in numbers.values_mut().zip(0..) {
        *number = next;
    }
    let all = elements.map(|element| numbers[&element]).collect();
    (all, numbers.len())
}

/// What makes two pairs one cluster, and the number of components.
fn rule(pairs: &[Placed]) -> (ClusterRule, usize) {
    // Pairs of each component, and positive ones.
    let mut counts: BTreeMap<usize, [usize; 2]> = BTreeMap::new();
    for pair in pairs {
        let count = counts.entry(pair.component).or_default();
        count[0] += 1;
        count[1] += usize::from(pair.positive);
    }
    let positive = counts.values().filter(|count| count[1] > 0).count();
    let largest = counts.values().map(|count| count[0]).max().unwrap_or(0);
    let usable = positive >= FEWEST_COMPONENTS && largest * LARGEST_PART <= pairs.len();
    let rule = match usable {
        true => ClusterRule::Component,
        false => ClusterRule::Promoter,
    };
    (rule, counts.len())
}

/// Numbers the clusters from 0 in the order in which they come; returns where each begins, and
/// where the last one ends.
fn number(pairs: &mut [Placed]) -> Vec<usize> {
    let mut starts = vec![0];
    for (number, of_one) in pairs
        .chunk_by_mut(|a, b| a.cluster == b.cluster)
        .enumerate()
    {
        for pair in of_one.iter_mut() {
            pair.cluster = number;
        }
        starts.push(starts[number] + of_one.len());
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::genome::ChromId;
    use crate::seed::{Purpose, stream};

    fn element(start: u32) -> Region {
        Region {
            chrom: ChromId(0),
            start,
            end: start + 10,
        }
    }

    fn counted(positive: bool, enhancer: u32, promoter: u32) -> Counted {
        Counted {
            positive,
            elements: Sides::new(element(enhancer), element(promoter)),
            bound: Sides::new(0, 0),
        }
    }

    #[test]
    fn many_small_components_are_clusters_and_one_large_one_is_not() {
        // Thirty couples of pairs, each with an enhancer in common.
        let apart = |i: u32| [0, 1].map(|of| counted(of == 0, 1000 * i, 1000 * i + 100 * of));
        let pairs: Vec<Counted> = (0..30).flat_map(apart).collect();
        let clusters = Clusters::new(&pairs).made;
        assert_eq!(clusters.by, ClusterRule::Component);
        assert_eq!((clusters.clusters, clusters.positive_clusters), (30, 30));
        assert_eq!(clusters.elements, Sides::new(30, 60));

        // A chain through them all.
        let chain = (0..29).map(|i| counted(false, 1000 * i, 1000 * (i + 1)));
        let pairs: Vec<Counted> = pairs.iter().copied().chain(chain).collect();
        let clusters = Clusters::new(&pairs);
        assert_eq!(clusters.made.by, ClusterRule::Promoter);
        assert_eq!((clusters.made.clusters, clusters.made.components), (60, 1));
        let same = |two: &[Placed]| two[0].cluster == two[1].cluster;
        let two = |two: &[Placed]| two[0].elements.promoter == two[1].elements.promoter;
        assert!(clusters.pairs.windows(2).all(|w| same(w) == two(w)));
    }

    #[test]
    fn permuted_labels_keep_their_number_and_their_runs() {
        // Two promoters of twenty have all the positives, five each.
        let pair = |i: u32| counted(i / 5 == 3 || i / 5 == 11, i, 10_000 * (i / 5));
        let pairs: Vec<Counted> = (0..100).map(pair).collect();
        let clusters = Clusters::new(&pairs);
        let mut rng = stream(1, Purpose::TfPairs, 0);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..50 {
            let positives = clusters.permuted(&mut rng);
            assert_eq!(positives.len(), 10);
            for run in positives.chunks(5) {
                assert_eq!(run[0] % 5, 0);
                assert_eq!(run[4], run[0] + 4);
            }
            seen.insert(positives);
        }
        assert!(seen.len() > 20, "{}", seen.len());
    }
}
