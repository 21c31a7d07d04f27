//! What training makes small.

use burn::tensor::Tensor;

use super::Output;
use crate::element::Sides;
use crate::network::kernels::loss::loss;

/// What a batch should have come out as.
#[derive(Debug, Clone)]
pub struct Targets {
    /// 1 for pairs that interact, else 0: `[n, 1]`.
    pub label: Tensor<2>,
    /// Standardised start and end of each element in its window: `[n, 2]`.
    pub coordinates: Sides<Tensor<2>>,
}

/// The loss and its classification part.
#[derive(Debug, Clone)]
pub struct Loss {
    /// `λ · bce + coordinate errors`: `[1]`.
    pub total: Tensor<1>,
    /// The same and the mean binary cross-entropy in nats, to be read: no gradient flows through
    /// them: `[2]`.
    pub both: Tensor<1>,
}

impl Loss {
    /// The loss of a batch.
    pub fn new(output: &Output, targets: &Targets, lambda: f64) -> Self {
        let (total, both) = loss(
            output.logit.clone(),
            targets.label.clone(),
            output.coordinates.clone(),
            targets.coordinates.clone(),
            lambda as f32,
        );
        Self { total, both }
    }
}
