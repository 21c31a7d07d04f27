//! One step of Adam (Kingma & Ba 2015, arXiv:1412.6980, algorithm 1); our own, as burn's would read and
//! write the parameters and both means several times over, and this goes over them once.

mod cpu;
mod gpu;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, backend_extension};
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

/// What one parameter array and its means become: `m ← β₁ m + (1 − β₁) g`,
/// `v ← β₂ v + (1 − β₂) g²`, `θ ← θ − rate · m / (√v + ε)`.
///
/// # Shapes
///
/// All, and each of what is returned, `[P]`: parameter, mean gradient, mean square.
pub fn step(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    first: Tensor<1>,
    second: Tensor<1>,
    step: Step,
) -> [Tensor<1>; 3] {
    let (parameter, first, second) = Dispatch::adam_step(
        parameter.into_dispatch(),
        gradient.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        step,
    );
    [parameter, first, second].map(Tensor::from_dispatch)
}

/// [`step`](step()) as an extension of burn's backends.
#[backend_extension(Cube, Flex)]
pub trait AdamStep: Backend {
    /// See [`step`](step()).
    fn adam_step(
        parameter: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}
