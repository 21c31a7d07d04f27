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
    /// What is known of each pair beside its sequence, as log-odds that are added to the network's: `[n, 1]`.
    pub offset: Option<Tensor<2>>,
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
        let logit = output.logit.clone();
        let logit = match &targets.offset {
            Some(offset) => logit + offset.clone(),
            None => logit,
        };
        let (total, both) = loss(
            logit,
            targets.label.clone(),
            output.coordinates.clone(),
            targets.coordinates.clone(),
            lambda as f32,
        );
        Self { total, both }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::network::model::{Attended, host};

    fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
        let data = TensorData::new(values.to_vec(), shape);
        Tensor::from_data(data, &Device::flex())
    }

    /// Total and cross-entropy of two pairs with these log-odds and offsets.
    fn losses(logits: [f32; 2], offsets: Option<[f32; 2]>) -> Vec<f32> {
        let sides = |values: &[f32]| Sides::from_fn(|_| tensor(values, [2, 2]));
        let nothing = || Sides::from_fn(|_| tensor(&[0.0; 2], [2, 1, 1]));
        let output = Output {
            logit: tensor(&logits, [2, 1]),
            attended: Attended {
                attention: nothing(),
                seen: nothing(),
            },
            coordinates: sides(&[0.5, -1.0, 2.0, 0.0]),
        };
        let targets = Targets {
            label: tensor(&[1.0, 0.0], [2, 1]),
            coordinates: sides(&[0.0, 1.0, 1.0, 1.0]),
            offset: offsets.map(|offsets| tensor(&offsets, [2, 1])),
        };
        host(Loss::new(&output, &targets, 10.0).both).unwrap()
    }

    #[test]
    fn what_is_known_is_added_to_the_log_odds() {
        let with = losses([0.25, -1.5], Some([2.0, 0.5]));
        assert_eq!(with, losses([2.25, -1.0], None));
        assert_ne!(with, losses([0.25, -1.5], None));
    }
}
