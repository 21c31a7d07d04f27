//! How TF pairs are tested.

use serde::Serialize;

use super::candidates::Combine;
use crate::error::{Error, Result};

/// The smallest number of enhancer–promoter pairs, positive and negative together, with both
/// factors, for a TF pair to be tested. It does not look at labels, so the tests stay valid.
pub const MIN_OBSERVATIONS: u32 = 10;

/// The q-value up to which two factors are called a pair unless something else is asked for.
pub const CALLED: f64 = 0.05;

/// Permutations that are made unless something else is asked for.
pub const PERMUTATIONS: u32 = 10_000;
/// The fewest: no p- or q-value is below one over them and one.
const FEWEST: u32 = 100;
/// The most: each takes up to 8 kB.
const MOST: u32 = 100_000;

/// How TF pairs are tested.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TestRules {
    /// What of two factors' matrices counts.
    pub combine: Combine,
    /// Least observations of a TF pair, or of a combination of matrices, that is tested.
    pub min_observations: u32,
    /// Labellings, permuted by cluster, to compare with.
    pub permutations: u32,
    /// The q-value up to which two factors are called a pair: such ones are looked at again without
    /// the sites that they share with stronger ones.
    pub called: f64,
    /// The seed of the permutations.
    pub seed: u64,
}

impl Default for TestRules {
    fn default() -> Self {
        Self {
            combine: Combine::default(),
            min_observations: MIN_OBSERVATIONS,
            permutations: PERMUTATIONS,
            called: CALLED,
            seed: 1,
        }
    }
}

impl TestRules {
    /// Whether they make sense.
    ///
    /// # Errors
    ///
    /// Too few permutations, or too many.
    pub fn check(&self) -> Result<()> {
        if (FEWEST..=MOST).contains(&self.permutations) {
            return Ok(());
        }
        let problem = format!("pairs of factors take from {FEWEST} to {MOST} permutations");
        Err(Error::Configuration(problem))
    }

    /// The smallest p- or q-value that the permutations can give.
    pub fn smallest(&self) -> f64 {
        1.0 / (f64::from(self.permutations) + 1.0)
    }
}
