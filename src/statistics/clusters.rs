//! What pairs share, and so how many of them say something of their own.

use std::collections::HashMap;
use std::hash::Hash;

use super::components::components;

/// Pairs of anything, by the two things that each consists of: whatever stands in several pairs makes
/// them a cluster, of the first things and of the second.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// The number of each pair's first and of its second thing, from 0 in the order in which they come.
    pub(super) ways: [Vec<usize>; 2],
}

/// How many different things pairs consist of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Distinct {
    /// First things.
    pub first: usize,
    /// Second things.
    pub second: usize,
    /// Groups of pairs that no chain of shared things joins: connected components.
    pub components: usize,
}

impl Clusters {
    /// Of pairs of things; two that are equal are one thing.
    pub fn new<A: Eq + Hash, B: Eq + Hash>(pairs: impl IntoIterator<Item = (A, B)>) -> Self {
        let (first, second): (Vec<A>, Vec<B>) = pairs.into_iter().unzip();
        Self {
            ways: [numbered(first), numbered(second)],
        }
    }

    /// Of some of the pairs, in the order of their places.
    pub fn of(&self, places: &[usize]) -> Self {
        let of = |way: &Vec<usize>| numbered(places.iter().map(|&place| way[place]));
        Self {
            ways: self.ways.each_ref().map(of),
        }
    }

    /// How many different things the pairs consist of.
    pub fn distinct(&self) -> Distinct {
        let [first, second] = self.ways.each_ref().map(|way| count(way));
        let names = self.names();
        // A component is called after one of its nodes.
        let components = names.iter().zip(0..).filter(|&(&name, node)| name == node);
        let components = components.count();
        Distinct {
            first,
            second,
            components,
        }
    }

    /// The component of each pair: pairs that a chain of shared things joins have one number.
    pub fn components(&self) -> Vec<usize> {
        let names = self.names();
        self.ways[0].iter().map(|&first| names[first]).collect()
    }

    /// The component of each thing, the first things before the second.
    fn names(&self) -> Vec<usize> {
        let [first, second] = self.ways.each_ref().map(|way| count(way));
        let pairs = self.ways[0].iter().zip(&self.ways[1]);
        components(first + second, pairs.map(|(&a, &b)| [a, first + b]))
    }

    /// How many independent pairs say as much, if pairs that share a thing all say the same: the
    /// smaller of n² / Σ nᵢ² over the first and over the second things, nᵢ being the pairs of each
    /// (Kish 1965, *Survey Sampling*). 0 without pairs.
    pub fn effective(&self) -> f64 {
        let [first, second] = self.ways.each_ref().map(|way| {
            let mut sizes = vec![0usize; count(way)];
            way.iter().for_each(|&thing| sizes[thing] += 1);
            let squares: usize = sizes.iter().map(|size| size * size).sum();
            (way.len() * way.len()) as f64 / squares.max(1) as f64
        });
        first.min(second)
    }
}

/// Numbers from 0, the same for what is equal, in the order in which things come.
fn numbered<T: Eq + Hash>(things: impl IntoIterator<Item = T>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    let number = |thing| {
        let next = numbers.len();
        *numbers.entry(thing).or_insert(next)
    };
    things.into_iter().map(number).collect()
}

/// How many things are numbered.
pub(super) fn count(way: &[usize]) -> usize {
    way.iter().max().map_or(0, |most| most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_and_components_are_counted() {
        // Two promoters that share an enhancer, and a pair of its own.
        let pairs = [("a", 1), ("b", 1), ("b", 2), ("c", 3)];
        let all = Clusters::new(pairs);
        let wanted = Distinct {
            first: 3,
            second: 3,
            components: 2,
        };
        assert_eq!(all.distinct(), wanted);
        let of = all.components();
        assert!(of[0] == of[1] && of[1] == of[2] && of[2] != of[3], "{of:?}");
        // Without the pair between them they are apart.
        let some = all.of(&[3, 0, 2]);
        assert_eq!(some, Clusters::new([("c", 3), ("a", 1), ("b", 2)]));
        assert_eq!(some.distinct().components, 3);
        assert_eq!(Clusters::default().distinct(), Distinct::default());
        // A long chain is one.
        let chain = (0..1000usize).map(|place| (place / 2, place.div_ceil(2)));
        assert_eq!(Clusters::new(chain).distinct().components, 1);
    }

    #[test]
    fn pairs_that_share_count_less() {
        let apart = Clusters::new((0..7).map(|place| (place, place)));
        assert_eq!(apart.effective(), 7.0);
        let one = Clusters::new((0..7).map(|place| (place, 0)));
        assert_eq!(one.effective(), 1.0);
        // 13 of 14 on one promoter: 196 / 170.
        let most = Clusters::new((0..14).map(|place| (place, place == 0)));
        assert_eq!(most.effective(), 196.0 / 170.0);
        assert_eq!(Clusters::default().effective(), 0.0);
    }
}
