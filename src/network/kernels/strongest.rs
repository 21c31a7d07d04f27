//! The strongest interactions of a pair.
//!
//! Gradient flows through the `K` values that are kept alone. The form for the CPU gathers the bins of
//! those values, `n · K` rows; that for WGPU multiplies by a matrix in which all others are 0.

mod cpu;
mod gpu;

pub(in crate::network) use cpu::largest_of;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{
    Autodiff, Backend, Dispatch, ExtensionType, TensorMetadata, backend_extension,
};
use burn::tensor::{Shape, Tensor};

use super::learnt::{SavedOfSeveral, learnt_of_several};
use crate::element::Sides;

/// What the interactions are made from.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// `r_E`: `[n, l_P, k]`.
    pub seen_enhancer: FloatTensor<B>,
    /// `r_P`: `[n, l_E, k]`.
    pub seen_promoter: FloatTensor<B>,
    /// `W`: `[k, k]`.
    pub weight: FloatTensor<B>,
    /// `b`: `[1]`.
    pub bias: FloatTensor<B>,
}

/// The strongest interactions, and what they were made from, to go on with.
#[derive(Debug, Clone)]
pub struct Strongest {
    /// In descending order: `[n, K]`.
    pub values: Tensor<2>,
    /// `r_E`, `[n, l_P, k]`, and `r_P`, `[n, l_E, k]`, as they were given. What flows back to them flows
    /// through this operation, which adds its own few rows to it: a sum of whole arrays less.
    pub seen: Sides<Tensor<3>>,
}

/// The `K` largest values of `P = r_E · W · r_Pᵀ + b`, in descending order; of equal ones the first
/// row by row comes first.
///
/// # Shapes
///
/// - seen_enhancer, `r_E`: `[n, l_P, k]`
/// - seen_promoter, `r_P`: `[n, l_E, k]`
/// - weight, `W`: `[k, k]`
/// - bias, `b`: `[1]`
pub fn strongest(
    seen_enhancer: Tensor<3>,
    seen_promoter: Tensor<3>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    count: usize,
) -> Strongest {
    let inputs = Inputs {
        seen_enhancer: seen_enhancer.into_dispatch(),
        seen_promoter: seen_promoter.into_dispatch(),
        weight: weight.into_dispatch(),
        bias: bias.into_dispatch(),
    };
    let (values, enhancer, promoter) = Dispatch::strongest(inputs, count);
    Strongest {
        values: Tensor::from_dispatch(values),
        seen: Sides::new(enhancer, promoter).map(Tensor::from_dispatch),
    }
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
    /// See [`strongest`](strongest()): the values, `r_E` and `r_P`.
    fn strongest(
        #[extension_type] inputs: Inputs<Self>,
        count: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// What went into the strongest interactions, and which they are.
#[derive(Debug, Clone)]
pub struct Kept<B: Backend> {
    /// What they were made from.
    pub inputs: Inputs<B>,
    /// `r_E · W`: `[n, l_P, k]`.
    pub weighted: FloatTensor<B>,
    /// The places of the values in `P`, row by row: `[n, K]`.
    pub places: IntTensor<B>,
}

/// What a backend computes for [`StrongestInteractions`].
pub trait StrongestInteractionsForm: Backend {
    /// `r_E · W`, `[n, l_P, k]`, and `r_E · W · r_Pᵀ`, `[n, l_P, l_E]`.
    fn products(inputs: &Inputs<Self>) -> [FloatTensor<Self>; 2];

    /// The `count` largest values of each row, in descending order with the bias added, and their
    /// places: both `[n, count]`.
    ///
    /// - interaction: `[n, l_P·l_E]`
    /// - bias: `[1]`
    fn largest(
        interaction: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        count: usize,
    ) -> (FloatTensor<Self>, IntTensor<Self>);

    /// The gradients of `r_E`, `r_P`, `W` and `b`, from that of the values, `[n, K]`; those of `r_E`
    /// and `r_P` on top of what flows back to them from elsewhere.
    fn strongest_gradients(
        kept: Kept<Self>,
        gradient: FloatTensor<Self>,
        elsewhere: Sides<FloatTensor<Self>>,
    ) -> [FloatTensor<Self>; 4];
}

/// The strongest interactions, and what their gradient needs.
fn forward<B: StrongestInteractionsForm>(
    inputs: Inputs<B>,
    count: usize,
) -> (FloatTensor<B>, Kept<B>) {
    let [n, bins_p, _] = inputs.seen_enhancer.shape().dims();
    let [_, bins_e, _] = inputs.seen_promoter.shape().dims();
    let [weighted, products] = B::products(&inputs);
    // [n, l_P, l_E] → [n, l_P·l_E]
    let products = B::float_reshape(products, Shape::new([n, bins_p * bins_e]));
    let (values, places) = B::largest(products, inputs.bias.clone(), count);
    let kept = Kept {
        inputs,
        weighted,
        places,
    };
    (values, kept)
}

impl<B: StrongestInteractionsForm> StrongestInteractions for B {
    fn strongest(
        inputs: Inputs<B>,
        count: usize,
    ) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
        let (values, Kept { inputs, .. }) = forward(inputs, count);
        (values, inputs.seen_enhancer, inputs.seen_promoter)
    }
}

impl<B: StrongestInteractionsForm, C: CheckpointStrategy> StrongestInteractions for Autodiff<B, C> {
    fn strongest(
        inputs: Inputs<Self>,
        count: usize,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (seen_enhancer, node_e) = inputs.seen_enhancer.into_parts();
        let (seen_promoter, node_p) = inputs.seen_promoter.into_parts();
        let (weight, node_w) = inputs.weight.into_parts();
        let (bias, node_b) = inputs.bias.into_parts();
        let inputs = Inputs {
            seen_enhancer,
            seen_promoter,
            weight,
            bias,
        };
        let (values, kept) = forward::<B>(inputs, count);
        let seen = &kept.inputs;
        let outputs = [
            values,
            seen.seen_enhancer.clone(),
            seen.seen_promoter.clone(),
        ];
        let nodes = [node_e, node_p, node_w, node_b];
        learnt_of_several::<B, C, _, 4, 3>(nodes, kept, outputs).into()
    }
}

impl<B: StrongestInteractionsForm> SavedOfSeveral<B, 4, 3> for Kept<B> {
    fn gradients(self, [values, seen_e, seen_p]: [FloatTensor<B>; 3]) -> [FloatTensor<B>; 4] {
        B::strongest_gradients(self, values, Sides::new(seen_e, seen_p))
    }
}
