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
