//! The pairs that methods are measured on.

use std::ops::Range;

use super::method::Method;
use super::table::Tested;

/// What sets of pairs are called: those that every method scores, and all of the table.
pub const COMMON: &str = "common";
/// All pairs of the table.
pub const ALL: &str = "all";

/// Pairs of any distance.
pub const ANY: &str = "any";

/// Distances between an element and a start site in bases, and what they are called; without a range all
/// pairs, also those on two chromosomes. The bounds are those of Gschwind et al. 2023.
pub const BINS: [(&str, Option<Range<f64>>); 4] = [
    (ANY, None),
    ("0-10 kb", Some(0.0..1e4)),
    ("10-100 kb", Some(1e4..1e5)),
    ("100 kb and more", Some(1e5..f64::INFINITY)),
];

/// Pairs, and the methods that score all of them.
pub struct Set<'a> {
    /// [`COMMON`] or [`ALL`].
    pub name: &'static str,
    /// The places of the pairs in the table.
    pub places: Vec<usize>,
    /// The methods, in their order.
    pub methods: Vec<&'a Method>,
}

/// The pairs that every method scores, and all of the table with the methods that score these; where all do,
/// once.
pub fn sets<'a>(tested: &[Tested], methods: &'a [Method]) -> Vec<Set<'a>> {
    let all: Vec<usize> = (0..tested.len()).collect();
    let by_every = |place: &usize| methods.iter().all(|of| of.scores[*place].is_some());
    let common: Vec<usize> = all.iter().copied().filter(by_every).collect();
    let mut sets = Vec::new();
    if common.len() < all.len() {
        sets.push(Set {
            name: COMMON,
            places: common,
            methods: methods.iter().collect(),
        });
    }
    let whole = methods.iter().filter(|of| of.scored() == all.len());
    let whole: Vec<&Method> = whole.collect();
    if !whole.is_empty() {
        sets.push(Set {
            name: ALL,
            places: all,
            methods: whole,
        });
    }
    sets
}

/// Those of some pairs that lie so far from their genes; all of them without a range.
pub fn within(tested: &[Tested], places: &[usize], range: Option<&Range<f64>>) -> Vec<usize> {
    let is_inside = |place: &usize| match range {
        Some(range) => tested[*place]
            .distance
            .is_some_and(|of| range.contains(&of)),
        None => true,
    };
    places.iter().copied().filter(is_inside).collect()
}
