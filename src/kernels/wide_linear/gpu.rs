//! The wide linear layer on WGPU: burn's own products.

use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn_cubecl::CubeBackend;

use super::WideLinearForm;

impl WideLinearForm for CubeBackend {
    fn outputs(inputs: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(inputs, weight)
    }

    fn wide_linear_gradients(
        inputs: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2] {
        [
            // [n, outputs] · [outputs, inputs]
            Self::float_matmul(gradient.clone(), Self::float_transpose(weight)),
            // [inputs, n] · [n, outputs]
            Self::float_matmul(Self::float_transpose(inputs), gradient),
        ]
    }
}
