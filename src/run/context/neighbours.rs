//! Which pairs of a table share an element, and how far the elements of each lie apart.

use std::collections::BTreeMap;

use crate::element::{Element, Sides};
use crate::genome::Region;
use crate::pairs::Pair;

/// The pairs of a table by what they share.
pub struct Neighbours {
    /// Bases between the two elements of each pair; none on two chromosomes.
    pub distances: Vec<Option<u32>>,
    /// The places of the pairs of each enhancer, and of each promoter, in the table's order.
    groups: Sides<Vec<Vec<usize>>>,
}

impl Neighbours {
    /// Of the pairs of a table.
    pub fn new(pairs: &[Pair]) -> Self {
        let groups = Sides::from_fn(|element| {
            let mut groups: BTreeMap<Region, Vec<usize>> = BTreeMap::new();
            for (place, pair) in pairs.iter().enumerate() {
                let region = *pair.elements.get(element);
                groups.entry(region).or_default().push(place);
            }
            groups.into_values().collect()
        });
        Self {
            distances: pairs.iter().map(Pair::distance).collect(),
            groups,
        }
    }

    /// What a function says of each pair among those that share an element of a side with it, of which it
    /// is given the places: a value for each of them, in their order.
    pub fn of_groups(&self, side: Element, mut of: impl FnMut(&[usize]) -> Vec<f64>) -> Vec<f64> {
        let mut values = vec![0.0; self.distances.len()];
        for group in self.groups.get(side) {
            for (&place, value) in group.iter().zip(of(group)) {
                values[place] = value;
            }
        }
        values
    }
}
