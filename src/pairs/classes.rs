//! The positive and the negative pairs, in a random order.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::Pair;

/// The labels and what they are called.
pub const CLASSES: [(bool, &str); 2] = [(true, "positive"), (false, "negative")];

/// Whether none of the pairs at some places of a table has this label.
pub fn none_is(label: bool, pairs: &[Pair], places: &[usize]) -> bool {
    let mut places = places.iter();
    !places.any(|&place| pairs[place].label == Some(label))
}

/// Of the pairs at some places of a table those places that hold positives, and those that hold
/// negatives, each shuffled.
pub fn shuffled(
    pairs: &[Pair],
    places: impl Iterator<Item = usize> + Clone,
    rng: &mut ChaCha8Rng,
) -> [Vec<usize>; 2] {
    [true, false].map(|label| {
        let of_label = |&place: &usize| pairs[place].label == Some(label);
        let mut class: Vec<usize> = places.clone().filter(of_label).collect();
        class.shuffle(rng);
        class
    })
}
