//! How many trials get how many epochs.
//!
//! Successive halving: Jamieson & Talwalkar 2016 (<https://arxiv.org/abs/1502.07943>), with the
//! factor that Li et al. 2018 recommend (<https://arxiv.org/abs/1603.06560>).

use serde::{Deserialize, Serialize};

use crate::text::choice::{Choice, Named};

/// Of so many trials one goes on, with so many times the epochs.
const FACTOR: usize = 3;

/// How a search spends its time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SearchMethod {
    /// Every trial gets all epochs.
    Random,
    /// Every trial gets few epochs, the best third three times as many, and so on.
    #[default]
    Halving,
}

impl Choice for SearchMethod {
    const ALL: &'static [Named<Self>] = &[
        (
            Self::Halving,
            "halving",
            "All trials get few epochs, the best third three times as many, and so on",
        ),
        (Self::Random, "random", "All trials get all epochs"),
    ];
}

/// A round of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// The most epochs of each training.
    pub epochs: usize,
    /// The trials that take part: the best of the round before.
    pub trials: usize,
}

impl SearchMethod {
    /// The rounds of a search; trials of the last one get all epochs.
    pub fn rungs(self, trials: usize, epochs: usize) -> Vec<Rung> {
        let last = match self {
            Self::Random => 0,
            Self::Halving => trials.min(epochs).max(1).ilog(FACTOR),
        };
        let rung = |number: u32| Rung {
            epochs: epochs.div_ceil(FACTOR.pow(last - number)),
            trials: trials / FACTOR.pow(number),
        };
        (0..=last).map(rung).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rungs(method: SearchMethod, trials: usize, epochs: usize) -> Vec<(usize, usize)> {
        let rungs = method.rungs(trials, epochs).into_iter();
        rungs.map(|rung| (rung.epochs, rung.trials)).collect()
    }

    #[test]
    fn a_third_goes_on_with_three_times_the_epochs() {
        assert_eq!(
            rungs(SearchMethod::Halving, 20, 90),
            [(10, 20), (30, 6), (90, 2)]
        );
        // No round of less than an epoch.
        assert_eq!(rungs(SearchMethod::Halving, 100, 4), [(2, 100), (4, 33)]);
        assert_eq!(rungs(SearchMethod::Halving, 2, 90), [(90, 2)]);
        assert_eq!(rungs(SearchMethod::Random, 20, 90), [(90, 20)]);
    }

    proptest! {
        #[test]
        fn rounds_grow_longer_and_smaller_to_the_end(trials in 2usize..1000, epochs in 1usize..500) {
            let rungs = SearchMethod::Halving.rungs(trials, epochs);
            prop_assert_eq!(rungs[0].trials, trials);
            prop_assert_eq!(rungs[rungs.len() - 1].epochs, epochs);
            for pair in rungs.windows(2) {
                prop_assert!(pair[0].epochs < pair[1].epochs || epochs == 1);
                prop_assert!(pair[1].trials < pair[0].trials);
            }
            prop_assert!(rungs.iter().all(|rung| rung.epochs > 0 && rung.trials > 0));
        }
    }
}
