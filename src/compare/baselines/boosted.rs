//! Boosted trees as a method: TargetFinder and PEP-Motif.

use super::boosting::Boosting;
use super::features::FeatureTable;
use super::method::{Labelled, Method};
use crate::error::Result;

/// Boosted trees on a table of features: TargetFinder, and PEP-Motif on
/// [its features](super::pep::motif_features).
#[derive(Debug, Clone)]
pub struct Boosted {
    /// The features of every pair.
    pub table: FeatureTable,
    /// How the trees are grown.
    pub settings: Boosting,
}

impl Method for Boosted {
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>> {
        let forest = self.settings.fit(&self.table, train, seed)?;
        Ok(forest.probabilities(&self.table, test))
    }
}
