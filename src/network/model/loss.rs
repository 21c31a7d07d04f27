//! What training makes small.

use burn::tensor::Tensor;
use burn::tensor::activation::log_sigmoid;

use super::Output;
use crate::element::Sides;

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
    /// Mean binary cross-entropy in nats: `[1]`.
    pub bce: Tensor<1>,
}

impl Loss {
    /// The loss of a batch.
    pub fn new(output: &Output, targets: &Targets, lambda: f64) -> Self {
        let bce = binary_cross_entropy(output.logit.clone(), targets.label.clone());
        let mean_square = |found: &Tensor<2>, wanted: &Tensor<2>| {
            (found.clone() - wanted.clone()).square().mean()
        };
        let (found, wanted) = (&output.coordinates, &targets.coordinates);
        let coordinates = mean_square(&found.enhancer, &wanted.enhancer)
            + mean_square(&found.promoter, &wanted.promoter);
        Self {
            total: bce.clone().mul_scalar(lambda) + coordinates,
            bce,
        }
    }
}

/// `−mean(y · ln σ(x) + (1 − y) · ln σ(−x))`, which no logit overflows.
///
/// # Shapes
///
/// - logit, label: `[n, 1]`
/// - returns: `[1]`
fn binary_cross_entropy(logit: Tensor<2>, label: Tensor<2>) -> Tensor<1> {
    let positive = label.clone() * log_sigmoid(logit.clone());
    let negative = (label.neg() + 1.0) * log_sigmoid(logit.neg());
    (positive + negative).mean().neg()
}
