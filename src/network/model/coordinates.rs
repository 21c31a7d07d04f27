//! Where in its window the annotated element lies.

use burn::nn::Linear;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::layers::{bias, small};
use crate::network::kernels::dropout::Dropout;
use crate::network::kernels::perceptron::rectified_perceptron;
use crate::network::kernels::wide_linear::{Order, wide_linear};

/// Finds start and end: linear layers with ReLU between them.
///
/// # Shapes
///
/// - seen: `[n, l, k]`, flattened in the order
/// - returns: `[n, 2]`, standardised start and end
pub fn locate(layers: &[Linear; 3], seen: Tensor<3>, order: Order) -> Tensor<2> {
    let [first, second, last] = layers;
    // [n, l·k] → [n, hidden] → [n, hidden] → [n, 2]
    let features = wide_linear(seen, first.weight.val(), order);
    rectified_perceptron(features, bias(first), small(second, last), Dropout::NONE)
}

/// Mean and standard deviation of a start and of an end, in bases from the window's first base.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Of the start, of the end.
    pub mean: [f64; 2],
    /// Of the start, of the end; never 0.
    pub sd: [f64; 2],
}

impl Scale {
    /// Mean and population standard deviation; a coordinate that never varies gets 1.
    pub fn of(coordinates: impl Iterator<Item = [f64; 2]>) -> Self {
        let (mut count, mut sum, mut squares) = (0.0, [0.0; 2], [0.0; 2]);
        for coordinate in coordinates {
            count += 1.0;
            for side in 0..2 {
                sum[side] += coordinate[side];
                squares[side] += coordinate[side] * coordinate[side];
            }
        }
        let mean = sum.map(|sum| sum / f64::max(count, 1.0));
        let sd = [0, 1].map(|side| {
            let variance: f64 = squares[side] / f64::max(count, 1.0) - mean[side] * mean[side];
            if variance > 1e-6 {
                variance.sqrt()
            } else {
                1.0
            }
        });
        Self { mean, sd }
    }

    /// Start and end in bases as the network sees them.
    pub fn standardise(&self, coordinates: [f64; 2]) -> [f32; 2] {
        [0, 1].map(|side| ((coordinates[side] - self.mean[side]) / self.sd[side]) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standardised_coordinates_have_mean_0_and_deviation_1() {
        let all = [[100.0, 300.0], [200.0, 300.0], [600.0, 300.0]];
        let scale = Scale::of(all.into_iter());
        let got: Vec<[f32; 2]> = all.iter().map(|&c| scale.standardise(c)).collect();
        let mean = got.iter().map(|c| c[0]).sum::<f32>() / 3.0;
        let variance = got.iter().map(|c| c[0] * c[0]).sum::<f32>() / 3.0;
        assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6);
        assert!(got.iter().all(|c| c[1] == 0.0));
    }
}
