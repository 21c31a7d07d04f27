//! The wide linear layer on WGPU: what is seen is multiplied as it lies in memory, and the weights'
//! rows are found where the order has them.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;

use super::{Layer, Order, WideLinearForm};
use crate::network::kernels::cube::{dims, reshaped};
use crate::network::kernels::matrix_product::{Product, Turn};

impl WideLinearForm for CubeBackend {
    fn arranged(seen: FloatTensor<Self>, _: Order) -> FloatTensor<Self> {
        let [n, l, k] = dims(&seen);
        reshaped(seen, [n, l * k])
    }

    fn outputs(layer: &Layer<Self>) -> FloatTensor<Self> {
        // [n, l·k] · [l·k, outputs]
        Product::new(layer.inputs.clone(), layer.weight.clone())
            .turned(turn(layer, Turn::Right))
            .compute()
    }

    fn wide_linear_gradients(
        layer: Layer<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        let ([n, _], [l, k]) = (dims(&gradient), layer.bins);
        let [turned_right, turned_rows] = [Turn::Right, Turn::Rows].map(|of| turn(&layer, of));
        // [n, outputs] · [outputs, l·k] → [n, l, k]
        let of_inputs = Product::new(gradient.clone(), Self::float_transpose(layer.weight))
            .turned(turned_right)
            .compute();
        let of_seen = reshaped(of_inputs, [n, l, k]);
        // [l·k, n] · [n, outputs]
        let of_weight = Product::new(Self::float_transpose(layer.inputs), gradient)
            .turned(turned_rows)
            .compute();
        [of_seen, of_weight]
    }
}

/// Where the weights' rows are, beside the inputs.
fn turn(layer: &Layer<CubeBackend>, turn: fn([usize; 2]) -> Turn) -> Option<Turn> {
    match layer.order {
        Order::Bins => None,
        Order::Filters => Some(turn(layer.bins)),
    }
}
