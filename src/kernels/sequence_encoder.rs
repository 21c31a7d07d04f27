//! From base codes to pooled filter activations.

use burn::tensor::activation::relu;
use burn::tensor::{Int, Tensor};

/// The shape of the encoder's pooling over a sequence of a given length.
///
/// A valid convolution of width `w` over `length` bases has `length − w + 1` positions; they are
/// pooled in bins of `pool` with SAME padding: as many bins as are needed, the missing positions
/// divided between both ends, the odd one at the right (design section 2, point 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pooling {
    /// Bases in the sequence.
    pub length: usize,
    /// Bases that a filter sees, `w`.
    pub width: usize,
    /// Convolution positions in a bin, `m`.
    pub pool: usize,
}

impl Pooling {
    /// Positions of the valid convolution, `c`.
    pub fn positions(&self) -> usize {
        self.length - self.width + 1
    }

    /// Bins, `l = ceil(c / m)`.
    pub fn bins(&self) -> usize {
        self.positions().div_ceil(self.pool)
    }

    /// Positions missing before the first one.
    pub fn left(&self) -> usize {
        (self.bins() * self.pool - self.positions()) / 2
    }
}

/// Convolves, pools and rectifies: `relu(max over a bin of Σ filter · one-hot)`.
///
/// The one-hot columns of every position are laid side by side, so that the convolution is one
/// matrix product; a letter that is not A, C, G or T is a column of zeros, and so is a position
/// that pads a bin. The product there is 0, which the rectifier would make of the maximum anyway:
/// `max` and `relu` may be exchanged, and the smaller tensor is rectified.
///
/// # Shapes
///
/// - codes: `[n, length]`, 0–3 for ACGT, 4 for all else
/// - filters: `[k, 4, w]`
/// - returns: `[n, l, k]`
pub fn encode(codes: Tensor<2, Int>, filters: Tensor<3>, pooling: Pooling) -> Tensor<3> {
    let [n, _] = codes.dims();
    let [k, letters, w] = filters.dims();
    let (c, l, m) = (pooling.positions(), pooling.bins(), pooling.pool);

    // [n, length, 4]; code 4 equals none of the four letters.
    let alphabet = Tensor::<1, Int>::arange(0..letters as i64, &codes.device());
    let one_hot = codes
        .unsqueeze_dim::<3>(2)
        .equal(alphabet.reshape([1, 1, letters]))
        .float();
    // [n, c, w·4]: for each position the w columns that a filter sees there.
    let taps = (0..w)
        .map(|tap| one_hot.clone().slice([0..n, tap..tap + c]))
        .collect();
    let columns = Tensor::cat(taps, 2);
    // [n, l·m, w·4]
    let left = pooling.left();
    let padded = pad_positions(columns, left, l * m - c - left);
    // [w·4, k]
    let table = filters.permute([2, 1, 0]).reshape([w * letters, k]);
    // [n·l·m, w·4] · [w·4, k] → [n, l, m, k] → [n, l, 1, k]
    let positions = padded.reshape([n * l * m, w * letters]).matmul(table);
    let maxima = positions.reshape([n, l, m, k]).max_dim(2);
    relu(maxima.reshape([n, l, k]))
}

/// Zeros before and after the positions: `[n, c, d]` → `[n, before + c + after, d]`.
fn pad_positions(x: Tensor<3>, before: usize, after: usize) -> Tensor<3> {
    let [n, _, d] = x.dims();
    let device = x.device();
    let zeros = |count: usize| Tensor::<3>::zeros([n, count, d], &device);
    Tensor::cat(vec![zeros(before), x, zeros(after)], 1)
}
