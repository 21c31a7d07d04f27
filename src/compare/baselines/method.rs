//! What every method is asked, and what it is told.

use crate::error::Result;
use crate::pairs::Pair;
use crate::statistics::boosting::{self, Example};

/// A pair of a table and its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled {
    /// The pair's place in its table.
    pub pair: usize,
    /// Whether its elements interact.
    pub positive: bool,
}

impl Labelled {
    /// The pairs at these places of a table, with their labels; those that have none teach nothing
    /// and are left out.
    pub fn of(pairs: &[Pair], places: &[usize]) -> Vec<Self> {
        let labelled = |&pair: &usize| {
            let positive = pairs[pair].label?;
            Some(Self { pair, positive })
        };
        places.iter().filter_map(labelled).collect()
    }

    /// The same as examples for boosted trees, of a table whose rows are the pairs.
    pub(super) fn examples(train: &[Self]) -> Vec<Example> {
        let example = |&Self { pair, positive }: &Self| Example {
            row: pair,
            positive,
        };
        train.iter().map(example).collect()
    }
}

/// A way to tell interacting pairs from others.
///
/// It knows the pairs of one table, but none of their labels.
pub trait Method: Sync {
    /// Learns from the pairs `train` and gives each of the pairs `test` the probability that it is
    /// positive, in their order; scores from elsewhere are what their file says. The same arguments
    /// bring the same scores, whatever the number of threads, and a pair's score does not depend on
    /// what else is tested.
    ///
    /// # Errors
    ///
    /// Training pairs of one class only, settings that make no sense.
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>>;
}

/// The numbers of positives and negatives, neither of which is 0.
pub fn classes(train: &[Labelled]) -> Result<(f64, f64)> {
    boosting::classes(train.iter().map(|example| example.positive))
}
