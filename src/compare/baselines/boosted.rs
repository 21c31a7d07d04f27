//! Boosted trees as a method: TargetFinder and PEP-Motif.

use super::boosting::Boosting;
use super::features::FeatureTable;
use super::method::{Labelled, Method};
use crate::error::Result;

/// Boosted trees on a table of features: TargetFinder and PEP-Motif.
#[derive(Debug, Clone)]
pub struct Boosted {
    /// The features of every pair.
    pub table: FeatureTable,
    /// How the trees are grown.
    pub settings: Boosting,
}

impl Boosted {
    /// TargetFinder on its features.
    pub fn targetfinder(table: FeatureTable) -> Self {
        Self {
            table,
            settings: Boosting::TARGETFINDER,
        }
    }

    /// PEP-Motif on [its features](super::pep::motif_features).
    pub fn pep_motif(table: FeatureTable) -> Self {
        Self {
            table,
            settings: Boosting::PEP,
        }
    }
}

impl Method for Boosted {
    fn scores(&self, train: &[Labelled], test: &[usize], seed: u64) -> Result<Vec<f64>> {
        let forest = self.settings.fit(&self.table, train, seed)?;
        Ok(forest.probabilities(&self.table, test))
    }
}
