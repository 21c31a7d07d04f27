//! The wide linear layer on WGPU: burn's own products.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;

use super::{Order, WideLinearForm};
use crate::network::kernels::cube::{dims, reshaped};

impl WideLinearForm for CubeBackend {
    fn inputs(seen: FloatTensor<Self>, order: Order) -> FloatTensor<Self> {
        let [n, l, k] = dims(&seen);
        let seen = match order {
            Order::Bins => seen,
            Order::Filters => Self::float_transpose(seen),
        };
        reshaped(seen, [n, l * k])
    }

    fn by_bin(inputs: FloatTensor<Self>, [l, k]: [usize; 2], order: Order) -> FloatTensor<Self> {
        let [n, _] = dims(&inputs);
        match order {
            Order::Bins => reshaped(inputs, [n, l, k]),
            // [n, k, l] → [n, l, k]
            Order::Filters => Self::float_transpose(reshaped(inputs, [n, k, l])),
        }
    }

    fn outputs(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(inputs, weight)
    }

    fn wide_linear_gradients(
        inputs: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        // [n, outputs] · [outputs, l·k] and [l·k, n] · [n, outputs]
        let of_inputs = Self::float_matmul(gradient.clone(), Self::float_transpose(weight));
        let of_weight = Self::float_matmul(Self::float_transpose(inputs), gradient);
        [of_inputs, of_weight]
    }
}
