//! The bins that stay, of the side of which some others change.

use burn::backend::ops::FloatTensorOps;
use burn_wgpu::{CubeBackend, CubeTensor};
use cubecl::prelude::*;

use super::answers::Answers;
use super::listed::Listed;
use crate::network::kernels::cube::{dims, elementwise, floats, reshaped};
use crate::network::kernels::matrix_product::MatrixProduct;

/// Sums over the bins that stay, for each of the `r` pieces and of the partner's `m` bins. With
/// `E = exp(s1 − largest)`, and 0 for the bins that change:
pub struct Rest {
    /// The largest score `s1`; where no bin stays, less than all scores: `[r, m]`.
    pub largest: CubeTensor,
    /// `Σ_i E[i, j]`: `[r, m]`.
    pub sums: CubeTensor,
    /// `Eᵀ Q`: `[r, m, l]`.
    pub weighted: CubeTensor,
    /// `Xᵀ E`: `[r, m, m]`.
    pub products: CubeTensor,
}

impl Rest {
    /// - unchanged: of all `l` bins; weighted, `Q`: `[l, l]`
    pub fn new(unchanged: &Answers, weighted: &CubeTensor, listed: &Listed) -> Self {
        let [l, m] = dims(&unchanged.products);
        let r = listed.pieces;
        let [largest, sums] = [(); 2].map(|()| floats(weighted, [r, m]));
        let exponentials = floats(weighted, [r, l, m]);
        let (cubes, units) = elementwise(weighted, r * m);
        // SAFETY: units without work of their own end at once, the others stay inside the arrays.
        unsafe {
            exponentiate::launch_unchecked(
                &weighted.client,
                cubes,
                units,
                unchanged.scores.clone().into_buffer_arg(),
                listed.bins.clone().into_buffer_arg(),
                largest.clone().into_buffer_arg(),
                sums.clone().into_buffer_arg(),
                exponentials.clone().into_buffer_arg(),
                r * m,
                l,
                m,
            );
        }
        let of_all = |tensor: &CubeTensor| {
            let [rows, columns] = dims(tensor);
            reshaped(tensor.clone(), [1, rows, columns])
        };
        let transposed = CubeBackend::float_transpose;
        Self {
            largest,
            sums,
            // [r, m, l] · [1, l, l]
            weighted: CubeBackend::product(transposed(exponentials.clone()), of_all(weighted)),
            // [1, m, l] · [r, l, m]
            products: CubeBackend::product(transposed(of_all(&unchanged.products)), exponentials),
        }
    }
}

/// One unit for each of `count` pairs of a piece and a bin of the partner: the largest score, the
/// exponentials less it, and their sum, all without the bins that change.
///
/// - scores: `[l, m]`; exponentials: `[r, l, m]`; largest, sums: `[r, m]`
#[cube(launch_unchecked)]
fn exponentiate(
    scores: &[f32],
    bins: &[i32],
    largest: &mut [f32],
    sums: &mut [f32],
    exponentials: &mut [f32],
    count: usize,
    l: usize,
    m: usize,
) {
    if ABSOLUTE_POS >= count {
        terminate!();
    }
    let piece = ABSOLUTE_POS / m;
    let column = ABSOLUTE_POS % m;
    let first = bins[piece * 2] as usize;
    let end = bins[piece * 2 + 1] as usize;
    let mut most = f32::min_value();
    for bin in 0..l {
        let score = scores[bin * m + column];
        if (bin < first || bin >= end) && score > most {
            most = score;
        }
    }
    let mut sum = 0.0f32;
    for bin in 0..l {
        let mut power = 0.0f32;
        if bin < first || bin >= end {
            power = (scores[bin * m + column] - most).exp();
        }
        exponentials[(piece * l + bin) * m + column] = power;
        sum += power;
    }
    largest[ABSOLUTE_POS] = most;
    sums[ABSOLUTE_POS] = sum;
}
