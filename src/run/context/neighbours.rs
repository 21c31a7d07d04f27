//! Which pairs of a table share an element, and how far the elements of each lie apart.

use std::collections::{BTreeMap, HashMap};

use crate::element::{Element, Sides};
use crate::genome::Region;
use crate::pairs::Pair;

/// The pairs of a table by what they share.
pub struct Neighbours {
    /// Bases between the two elements of each pair; none on two chromosomes.
    pub distances: Vec<Option<u32>>,
    /// The place of the first pair with the same two elements, of each pair: a table of experiments may name a
    /// pair twice, which makes it no two pairs.
    first: Vec<usize>,
    /// The places of the pairs of each enhancer, and of each promoter, in the table's order, each pair once.
    groups: Sides<Vec<Vec<usize>>>,
}

impl Neighbours {
    /// Of the pairs of a table.
    pub fn new(pairs: &[Pair]) -> Self {
        let mut places: HashMap<Sides<Region>, usize> = HashMap::new();
        let numbered = pairs.iter().enumerate();
        let first: Vec<usize> = numbered
            .map(|(place, pair)| *places.entry(pair.elements).or_insert(place))
            .collect();
        let groups = Sides::from_fn(|element| {
            let mut groups: BTreeMap<Region, Vec<usize>> = BTreeMap::new();
            let once = pairs.iter().enumerate();
            for (place, pair) in once.filter(|(place, _)| first[*place] == *place) {
                let region = *pair.elements.get(element);
                groups.entry(region).or_default().push(place);
            }
            groups.into_values().collect()
        });
        Self {
            distances: pairs.iter().map(Pair::distance).collect(),
            first,
            groups,
        }
    }

    /// What a function says of each pair among those that share an element of a side with it, of which it
    /// is given the places: a value for each of them, in their order. A pair that comes again is not given, and
    /// has the value of the first.
    pub fn of_groups(&self, side: Element, mut of: impl FnMut(&[usize]) -> Vec<f64>) -> Vec<f64> {
        let mut values = vec![0.0; self.distances.len()];
        for group in self.groups.get(side) {
            for (&place, value) in group.iter().zip(of(group)) {
                values[place] = value;
            }
        }
        self.first.iter().map(|&first| values[first]).collect()
    }
}
