//! One step of Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1), of all parameter arrays at once;
//! our own, as burn's would read and write the parameters and both means several times over, array by
//! array, and this goes over them once.

mod cpu;
mod gpu;

use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Backend, BackendTensor, Dispatch, DispatchAutodiffContext, DispatchTensor, DispatchTensorKind,
    ExtensionType, backend_extension,
};
use burn::tensor::Tensor;

/// The settings of one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Decay of the mean gradient.
    pub beta1: f32,
    /// Decay of the mean square.
    pub beta2: f32,
    /// The learning rate, corrected for both means having begun at 0, as the paper suggests at the
    /// end of its section 2.
    pub rate: f32,
    /// ε, corrected likewise.
    pub epsilon: f32,
}

/// A parameter array, its gradient and its means: all `[P]`.
#[derive(Debug, Clone)]
pub struct Array {
    /// `θ`
    pub parameter: Tensor<1>,
    /// `g`
    pub gradient: Tensor<1>,
    /// The mean gradient, `m`.
    pub first: Tensor<1>,
    /// The mean square, `v`.
    pub second: Tensor<1>,
}

/// What arrays become: `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
/// `θ ← θ − rate · m / (√v + ε)`. The gradients are handed back as they are.
pub fn step(arrays: Vec<Array>, step: Step) -> Vec<Array> {
    let arrays = arrays.into_iter().map(|array| Primitives {
        parameter: array.parameter.into_dispatch(),
        gradient: array.gradient.into_dispatch(),
        first: array.first.into_dispatch(),
        second: array.second.into_dispatch(),
    });
    let Arrays(arrays) = Dispatch::adam_step(Arrays(arrays.collect()), step);
    let arrays = arrays.into_iter().map(|array| Array {
        parameter: Tensor::from_dispatch(array.parameter),
        gradient: Tensor::from_dispatch(array.gradient),
        first: Tensor::from_dispatch(array.first),
        second: Tensor::from_dispatch(array.second),
    });
    arrays.collect()
}

/// [`step`](step()) as an extension of burn's backends.
#[backend_extension(Cube, Flex)]
pub trait AdamStep: Backend {
    /// See [`step`](step()).
    fn adam_step(#[extension_type] arrays: Arrays<Self>, step: Step) -> Arrays<Self>;
}

/// An [`Array`] on a backend.
#[derive(Debug, Clone, ExtensionType)]
pub struct Primitives<B: Backend> {
    /// `θ`
    pub parameter: FloatTensor<B>,
    /// `g`
    pub gradient: FloatTensor<B>,
    /// `m`
    pub first: FloatTensor<B>,
    /// `v`
    pub second: FloatTensor<B>,
}

/// Any number of them.
#[derive(Debug, Clone)]
pub struct Arrays<B: Backend>(pub Vec<Primitives<B>>);

/// Array by array: burn derives this for structures, but not for lists of them.
impl<B: Backend> ExtensionType<B> for Arrays<B> {
    type Target = Arrays<Dispatch>;

    fn map_to_dispatch<F>(self, map_kind: F, autodiff: DispatchAutodiffContext) -> Arrays<Dispatch>
    where
        F: Fn(BackendTensor<B>) -> DispatchTensorKind,
    {
        let map = |array: Primitives<B>| array.map_to_dispatch(&map_kind, autodiff);
        Arrays(self.0.into_iter().map(map).collect())
    }

    fn map_from_dispatch<F>(target: Arrays<Dispatch>, unwrap_kind: F) -> Self
    where
        F: Fn(DispatchTensor) -> BackendTensor<B>,
    {
        let map = |array| Primitives::map_from_dispatch(array, &unwrap_kind);
        Arrays(target.0.into_iter().map(map).collect())
    }

    fn routing_tensor(target: &Arrays<Dispatch>) -> Option<&DispatchTensor> {
        target.0.first().map(|array| &array.parameter)
    }

    fn routing_float_tensor(target: &Arrays<Dispatch>) -> Option<&DispatchTensor> {
        Self::routing_tensor(target)
    }
}
