//! The strongest interactions of a pair.
//!
//! Gradient flows through the `K` values that are kept alone. The form for the CPU gathers the bins of
//! those values, `n · K` rows; that for WGPU multiplies by a matrix in which all others are 0.

mod cpu;
mod gpu;

pub(super) use cpu::largest_of;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

/// The `K` largest values of `P = r_E · W · r_Pᵀ + b`, in descending order; of equal ones the first
/// row by row comes first.
///
/// # Shapes
///
/// - seen_enhancer, `r_E`: `[n, l_P, k]`
/// - seen_promoter, `r_P`: `[n, l_E, k]`
/// - weight, `W`: `[k, k]`
/// - bias, `b`: `[1]`
/// - returns: `[n, K]`
pub fn strongest(
    seen_enhancer: Tensor<3>,
    seen_promoter: Tensor<3>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    count: usize,
) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::strongest(
        seen_enhancer.into_dispatch(),
        seen_promoter.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        count,
    ))
}

/// The whole of `P`, in the shapes of [`strongest`]: `[n, l_P, l_E]`.
pub fn interaction(
    seen_enhancer: Tensor<3>,
    seen_promoter: Tensor<3>,
    weight: Tensor<2>,
    bias: Tensor<1>,
) -> Tensor<3> {
    let [n, bins_p, k] = seen_enhancer.dims();
    // [n·l_P, k] · [k, k] → [n, l_P, k]
    let weighted = seen_enhancer
        .reshape([n * bins_p, k])
        .matmul(weight)
        .reshape([n, bins_p, k]);
    // [n, l_P, k] · [n, k, l_E]
    let products = weighted.matmul(seen_promoter.swap_dims(1, 2));
    products + bias.reshape([1, 1, 1])
}

/// [`strongest`] as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait StrongestInteractions: Backend {
    /// See [`strongest`](strongest()).
    fn strongest(
        seen_enhancer: FloatTensor<Self>,
        seen_promoter: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        count: usize,
    ) -> FloatTensor<Self>;
}

/// What went into the strongest interactions, and which they are.
#[derive(Debug, Clone)]
pub struct Kept<B: Backend> {
    /// `r_E`: `[n, l_P, k]`.
    pub seen_enhancer: FloatTensor<B>,
    /// `r_P`: `[n, l_E, k]`.
    pub seen_promoter: FloatTensor<B>,
    /// `W`: `[k, k]`.
    pub weight: FloatTensor<B>,
    /// `r_E · W`: `[n, l_P, k]`.
    pub weighted: FloatTensor<B>,
    /// The places of the values in `P`, row by row: `[n, K]`.
    pub places: IntTensor<B>,
}

/// What a backend computes for [`StrongestInteractions`].
pub trait StrongestInteractionsForm: Backend {
    /// The `count` largest values of each row, in descending order, and their places: both
    /// `[n, count]`.
    ///
    /// - interaction: `[n, l_P·l_E]`
    fn largest(
        interaction: FloatTensor<Self>,
        count: usize,
    ) -> (FloatTensor<Self>, IntTensor<Self>);

    /// The gradients of `r_E`, `r_P`, `W` and `b`, from that of the values, `[n, K]`.
    fn strongest_gradients(kept: Kept<Self>, gradient: FloatTensor<Self>)
    -> [FloatTensor<Self>; 4];
}

/// The strongest interactions, and what their gradient needs.
fn forward<B: StrongestInteractionsForm>(
    seen_enhancer: FloatTensor<B>,
    seen_promoter: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    count: usize,
) -> (FloatTensor<B>, Kept<B>) {
    use burn::backend::TensorMetadata;
    use burn::tensor::Shape;

    let [n, bins_p, k] = seen_enhancer.shape().dims();
    let [_, bins_e, _] = seen_promoter.shape().dims();
    // [n·l_P, k] · [k, k] → [n, l_P, k]
    let rows = B::float_reshape(seen_enhancer.clone(), Shape::new([n * bins_p, k]));
    let weighted = B::float_matmul(rows, weight.clone());
    let weighted = B::float_reshape(weighted, Shape::new([n, bins_p, k]));
    // [n, l_P, k] · [n, k, l_E] → [n, l_P·l_E]
    let columns = B::float_swap_dims(seen_promoter.clone(), 1, 2);
    let products = B::float_matmul(weighted.clone(), columns);
    let products = B::float_reshape(products, Shape::new([n, bins_p * bins_e]));
    let (values, places) = B::largest(products, count);
    let values = B::float_add(values, B::float_reshape(bias, Shape::new([1, 1])));
    let kept = Kept {
        seen_enhancer,
        seen_promoter,
        weight,
        weighted,
        places,
    };
    (values, kept)
}

impl<B: StrongestInteractionsForm> StrongestInteractions for B {
    fn strongest(
        seen_enhancer: FloatTensor<B>,
        seen_promoter: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        count: usize,
    ) -> FloatTensor<B> {
        forward::<B>(seen_enhancer, seen_promoter, weight, bias, count).0
    }
}

impl<B: StrongestInteractionsForm, C: CheckpointStrategy> StrongestInteractions for Autodiff<B, C> {
    fn strongest(
        seen_enhancer: FloatTensor<Self>,
        seen_promoter: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        count: usize,
    ) -> FloatTensor<Self> {
        let (seen_enhancer, node_e) = seen_enhancer.into_parts();
        let (seen_promoter, node_p) = seen_promoter.into_parts();
        let (weight, node_w) = weight.into_parts();
        let (bias, node_b) = bias.into_parts();
        let (values, kept) = forward::<B>(seen_enhancer, seen_promoter, weight, bias, count);
        match StrongestBackward
            .prepare::<C>([node_e, node_p, node_w, node_b])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(kept, values),
            OpsKind::UnTracked(prep) => prep.finish(values),
        }
    }
}

#[derive(Debug)]
struct StrongestBackward;

impl<B: StrongestInteractionsForm> Backward<B, 4> for StrongestBackward {
    type State = Kept<B>;

    fn backward(self, ops: Ops<Self::State, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let gradients = B::strongest_gradients(ops.state, gradient);
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}
