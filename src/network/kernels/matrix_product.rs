//! Matrix products whose results are small beside what they are made from, or one of many.

mod cpu;
mod gpu;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

pub(super) use gpu::{Product, Turn};

/// The matrix products of a batch, each side as it lies in memory, whether row by row or column by
/// column.
///
/// # Shapes
///
/// - left: `[b, rows, inner]`, right: `[b, inner, columns]`; a batch of one serves all of the other
///   side's
/// - returns: `[b, rows, columns]`
pub fn product<const D: usize>(left: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::product(
        left.into_dispatch(),
        right.into_dispatch(),
    ))
}

/// The [`product`] added to `sum`, which has its shape.
pub fn product_onto<const D: usize>(
    sum: Tensor<D>,
    left: Tensor<D>,
    right: Tensor<D>,
) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::product_onto(
        sum.into_dispatch(),
        left.into_dispatch(),
        right.into_dispatch(),
    ))
}

/// [`product`] as an extension of burn's backends. Nothing is learnt through it.
#[backend_extension(Cube, Flex)]
pub trait MatrixProduct: Backend {
    /// See [`product`](product()); of two matrices or of two batches.
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`product_onto`](product_onto()).
    fn product_onto(
        sum: FloatTensor<Self>,
        left: FloatTensor<Self>,
        right: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}
