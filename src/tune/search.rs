//! What to search, and how.

use serde::{Deserialize, Serialize};

use super::halving::SearchMethod;
use super::space::Space;
use crate::error::{Error, Result};
use crate::pairs::folds::FoldRule;

/// The most trials and folds, above any use.
const MOST: usize = 1000;

/// What to search, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// How time is spent.
    pub method: SearchMethod,
    /// Settings to try.
    pub trials: usize,
    /// Folds of the training part.
    pub folds: usize,
    /// How it is divided into them.
    pub folds_by: FoldRule,
    /// Where settings are drawn from.
    pub space: Space,
}

impl Search {
    /// Checks the numbers.
    ///
    /// # Errors
    ///
    /// One trial or fewer, or one fold or fewer; more than a thousand.
    pub fn validate(&self) -> Result<()> {
        for (name, number) in [("trials", self.trials), ("folds", self.folds)] {
            if !(2..=MOST).contains(&number) {
                return Err(Error::Configuration(format!(
                    "a search needs from 2 to {MOST} {name}, not {number}"
                )));
            }
        }
        Ok(())
    }
}
