//! The wide linear layer on WGPU: burn's own products.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Shape;
use burn_cubecl::CubeBackend;

use super::{Order, WideLinearForm};
use crate::kernels::cube::dims;

impl WideLinearForm for CubeBackend {
    fn outputs(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
    ) -> FloatTensor<Self> {
        Self::float_matmul(ordered(seen, order), weight)
    }

    fn wide_linear_gradients(
        seen: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        order: Order,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        let [n, l, k] = dims(&seen);
        // [n, outputs] · [outputs, l·k]
        let of_seen = Self::float_matmul(gradient.clone(), Self::float_transpose(weight));
        let of_seen = match order {
            Order::Bins => Self::float_reshape(of_seen, Shape::new([n, l, k])),
            // [n, k, l] → [n, l, k]
            Order::Filters => {
                Self::float_transpose(Self::float_reshape(of_seen, Shape::new([n, k, l])))
            }
        };
        // [l·k, n] · [n, outputs]
        let inputs = Self::float_transpose(ordered(seen, order));
        [of_seen, Self::float_matmul(inputs, gradient)]
    }
}

/// `[n, l, k]` → `[n, l·k]`, in the order.
fn ordered(seen: FloatTensor<CubeBackend>, order: Order) -> FloatTensor<CubeBackend> {
    let [n, l, k] = dims(&seen);
    let seen = match order {
        Order::Bins => seen,
        Order::Filters => CubeBackend::float_transpose(seen),
    };
    CubeBackend::float_reshape(seen, Shape::new([n, l * k]))
}
