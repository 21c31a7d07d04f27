//! Early stopping.

use crate::network::model::Weights;

/// The epoch with the best validation AUPRC so far.
#[derive(Debug, Clone)]
pub struct Best {
    /// From 1.
    pub epoch: usize,
    /// Average precision on the validation part.
    pub auprc: f64,
    /// The weights after it.
    pub weights: Weights,
}
