//! The windows that filters are looked for in, and the pairs that they are silenced for.

use std::collections::BTreeSet;

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::element::Sides;
use crate::genome::Region;
use crate::pairs::{PairTable, Part, Split};
use crate::seed::{Purpose, stream};

/// The most distinct windows of an element that sub-sequences come from.
pub const WINDOWS: usize = 1000;

/// The windows, and the pairs by their places in the table; both in order.
pub struct Sample {
    /// Distinct windows of the pairs of all parts.
    pub windows: Sides<Vec<Region>>,
    /// Pairs of the test part.
    pub pairs: Vec<usize>,
}

impl Sample {
    /// At most [`WINDOWS`] windows of each element, and at most `most` pairs, half of each class and
    /// more of one where the other has fewer.
    pub fn draw(table: &PairTable, split: &Split, most: usize, seed: u64) -> Self {
        let rng = |index| stream(seed, Purpose::Filters, index);
        let windows = Sides::new(0, 1).zip(Sides::from_fn(|element| {
            let windows = table.windows.iter();
            let distinct: BTreeSet<Region> = windows.map(|sides| *sides.get(element)).collect();
            distinct.into_iter().collect::<Vec<Region>>()
        }));
        let windows = windows.map(|(index, all)| drawn(all, WINDOWS, &mut rng(index)));
        let [positive, negative] = [true, false].map(|class| -> Vec<usize> {
            let test = split.members(Part::Test).into_iter();
            let of = |place: &usize| table.pairs[*place].label == Some(class);
            test.filter(of).collect()
        });
        let positives = (most / 2).max(most.saturating_sub(negative.len()));
        let positive = drawn(positive, positives, &mut rng(2));
        let negative = drawn(negative, most - positive.len(), &mut rng(3));
        let mut pairs = [positive, negative].concat();
        pairs.sort_unstable();
        Self { windows, pairs }
    }
}

/// So many of some things, or all, in their order.
fn drawn<T: Ord>(mut all: Vec<T>, most: usize, rng: &mut ChaCha8Rng) -> Vec<T> {
    if all.len() > most {
        all.shuffle(rng);
        all.truncate(most);
        all.sort_unstable();
    }
    all
}
