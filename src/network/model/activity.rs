//! The third task: how active each bin of a window is, from the activations that both other tasks share.
//!
//! Sequence that carries activity carries it in any pair (the paper's section 4.2.3 names further tasks as the
//! way to better filters). Each bin is judged with those around it: a projection, then blocks that each add
//! what neighbours at a growing distance say (dilated convolutions over bins with a residual, as in Yu & Koltun
//! 2016, arXiv:1511.07122, and in BPNet, Avsec et al. 2021, doi:10.1038/s41588-021-00782-6).

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

use super::layers::bias;

/// How far the neighbours lie that each block looks at, in bins: with bins of 30 bases a bin is judged by
/// some 900.
pub(super) const DILATIONS: [usize; 4] = [1, 2, 4, 8];

/// The form of the layers behind the activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityForm {
    /// Width of the layers, `h`.
    pub hidden: usize,
    /// Activities that are predicted, `a`.
    pub outputs: usize,
}

/// From the activations of bins to their activities.
#[derive(Module, Debug)]
pub struct ActivityLayers {
    /// `[k, h]`
    pub projection: Linear,
    /// What the bin before, the bin itself and the bin behind give, side by side, for each of
    /// [`DILATIONS`]: `[h, 3·h]`.
    pub blocks: Vec<Linear>,
    /// `[h, a]`
    pub output: Linear,
}

impl ActivityLayers {
    /// # Shapes
    ///
    /// - activations: `[n, l, k]`
    /// - returns: `[n, l, a]`
    pub fn forward(&self, activations: Tensor<3>) -> Tensor<3> {
        // [n, l, k] → [n, l, h]
        let mut hidden = relu(each(activations, &self.projection));
        for (block, dilation) in self.blocks.iter().zip(DILATIONS) {
            // [n, l, h] → [n, l, 3·h] → three times [n, l, h]
            let [before, here, behind] = thirds(each(hidden.clone(), block));
            let seen = moved_right(before, dilation) + here + moved_left(behind, dilation);
            hidden = hidden + relu(seen);
        }
        // [n, l, h] → [n, l, a]
        each(hidden, &self.output)
    }
}

/// Every bin times a layer: `[n, l, c]` → `[n, l, d]`.
fn each(x: Tensor<3>, layer: &Linear) -> Tensor<3> {
    let [n, l, c] = x.dims();
    let weight = layer.weight.val();
    let [_, d] = weight.dims();
    // [n, l, c] → [n·l, c] → [n·l, d] → [n, l, d]
    let product = x.reshape([n * l, c]).matmul(weight);
    (product + bias(layer).unsqueeze::<2>()).reshape([n, l, d])
}

/// `[n, l, 3·h]` → three times `[n, l, h]`
fn thirds(x: Tensor<3>) -> [Tensor<3>; 3] {
    let [n, l, all] = x.dims();
    let h = all / 3;
    [0, 1, 2].map(|third| x.clone().slice([0..n, 0..l, third * h..(third + 1) * h]))
}

/// Every bin where it has so many bins before it: `[n, l, h]`; the first ones are 0.
fn moved_right(x: Tensor<3>, by: usize) -> Tensor<3> {
    let [n, l, h] = x.dims();
    if by >= l {
        return x.zeros_like();
    }
    let zeros = Tensor::zeros([n, by, h], &x.device());
    Tensor::cat(vec![zeros, x.slice([0..n, 0..l - by, 0..h])], 1)
}

/// Every bin where it has so many bins behind it: `[n, l, h]`; the last ones are 0.
fn moved_left(x: Tensor<3>, by: usize) -> Tensor<3> {
    let [n, l, h] = x.dims();
    if by >= l {
        return x.zeros_like();
    }
    let zeros = Tensor::zeros([n, by, h], &x.device());
    Tensor::cat(vec![x.slice([0..n, by..l, 0..h]), zeros], 1)
}

#[cfg(test)]
mod tests {
    use burn::module::{Param, ParamId};
    use burn::tensor::{Device, TensorData};
    use rand::RngExt;

    use super::*;
    use crate::network::model::host;
    use crate::seed::{Purpose, stream};

    /// Layers of random weights: `[inputs, outputs]` each.
    fn linear(sizes: [[usize; 2]; 6], device: &Device) -> Vec<Linear> {
        let mut rng = stream(5, Purpose::Weights, 0);
        let mut values = |count: usize| -> Vec<f32> {
            (0..count).map(|_| rng.random_range(-0.5f32..0.6)).collect()
        };
        let layer = |[inputs, outputs]: [usize; 2]| {
            let weight = TensorData::new(values(inputs * outputs), [inputs, outputs]);
            let bias = TensorData::new(values(outputs), [outputs]);
            let (weight, bias) = (
                Tensor::<2>::from_data(weight, device),
                Tensor::<1>::from_data(bias, device),
            );
            Linear {
                weight: Param::initialized(ParamId::new(), weight),
                bias: Some(Param::initialized(ParamId::new(), bias)),
            }
        };
        sizes.into_iter().map(layer).collect()
    }

    /// What a layer makes of a bin.
    fn dense(bin: &[f64], layer: &Linear) -> Vec<f64> {
        let weight = host(layer.weight.val()).unwrap();
        let bias = host(bias(layer)).unwrap();
        let unit = |unit: usize| {
            let weights = weight.iter().skip(unit).step_by(bias.len());
            let products = weights.zip(bin).map(|(&weight, of)| f64::from(weight) * of);
            f64::from(bias[unit]) + products.sum::<f64>()
        };
        (0..bias.len()).map(unit).collect()
    }

    fn rectified(bin: Vec<f64>) -> Vec<f64> {
        bin.into_iter().map(|of| of.max(0.0)).collect()
    }

    /// One bin after the other, each with those around it.
    fn slow(layers: &ActivityLayers, bins: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let projected = bins.iter().map(|bin| dense(bin, &layers.projection));
        let mut hidden: Vec<Vec<f64>> = projected.map(rectified).collect();
        for (block, distance) in layers.blocks.iter().zip([1, 2, 4, 8]) {
            let width = hidden[0].len();
            let given: Vec<Vec<f64>> = hidden.iter().map(|bin| dense(bin, block)).collect();
            for (at, bin) in hidden.iter_mut().enumerate() {
                for (unit, value) in bin.iter_mut().enumerate() {
                    let mut seen = given[at][width + unit];
                    if at >= distance {
                        seen += given[at - distance][unit];
                    }
                    if at + distance < given.len() {
                        seen += given[at + distance][2 * width + unit];
                    }
                    *value += seen.max(0.0);
                }
            }
        }
        hidden
            .iter()
            .map(|bin| dense(bin, &layers.output))
            .collect()
    }

    #[test]
    fn a_bin_is_judged_with_those_before_and_behind_it() {
        let device = Device::flex();
        let [filters, hidden, outputs] = [4, 3, 2];
        let block = [hidden, 3 * hidden];
        let sizes = [
            [filters, hidden],
            block,
            block,
            block,
            block,
            [hidden, outputs],
        ];
        let mut all = linear(sizes, &device);
        let output = all.pop().unwrap();
        let projection = all.remove(0);
        let layers = ActivityLayers {
            projection,
            blocks: all,
            output,
        };
        let mut rng = stream(6, Purpose::Weights, 0);
        // Fewer bins than the farthest neighbours are away, and more.
        for length in [1, 2, 7, 8, 9, 23] {
            let windows: [Vec<Vec<f64>>; 2] = [(); 2].map(|()| {
                let bin = |_| -> Vec<f64> {
                    let values = (0..filters).map(|_| f64::from(rng.random_range(-1f32..1.0)));
                    values.collect()
                };
                (0..length).map(bin).collect()
            });
            let values: Vec<f32> = windows
                .iter()
                .flatten()
                .flatten()
                .map(|&of| of as f32)
                .collect();
            let values = TensorData::new(values, [2, length, filters]);
            let found = layers.forward(Tensor::from_data(values, &device));
            assert_eq!(found.dims(), [2, length, outputs]);
            let found = host(found).unwrap();
            let wanted = windows.iter().flat_map(|window| slow(&layers, window));
            for (place, (found, wanted)) in found.iter().zip(wanted.flatten()).enumerate() {
                let miss = (f64::from(*found) - wanted).abs();
                assert!(
                    miss < 1e-4 * wanted.abs().max(1.0),
                    "{length} {place}: {miss}"
                );
            }
        }
    }
}
