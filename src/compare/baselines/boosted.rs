//! Boosted trees as a method: TargetFinder and PEP-Motif.

use super::method::{Labelled, Method};
use crate::error::Result;
use crate::pairs::FeatureTable;
use crate::statistics::boosting::Boosting;

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
        let columns = self.table.columns();
        let examples = Labelled::examples(train);
        let forest = self.settings.fit(columns, &examples, seed)?;
        Ok(forest.probabilities(columns, test))
    }
}
