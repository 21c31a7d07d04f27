//! The wide linear layer on WGPU.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_wgpu::CubeBackend;

use super::WideLinearForm;
use crate::network::kernels::matrix_product::MatrixProduct;

impl WideLinearForm for CubeBackend {
    fn exchanged(matrices: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_transpose(matrices)
    }

    fn outputs(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::product(inputs, weight)
    }

    fn wide_linear_gradients(
        inputs: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        // [n, outputs] · [outputs, l·k] and [l·k, n] · [n, outputs]
        let of_inputs = Self::product(gradient.clone(), Self::float_transpose(weight));
        let of_weight = Self::product(Self::float_transpose(inputs), gradient);
        [of_inputs, of_weight]
    }
}
