//! The wide linear layer on WGPU: burn's own products.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;

use super::WideLinearForm;

impl WideLinearForm for CubeBackend {
    fn exchanged(matrices: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_transpose(matrices)
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
