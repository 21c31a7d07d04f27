//! What training makes small: cross-entropy of the classification, squared errors of the
//! coordinates. Of a few values each; as plain operations they would be some forty.

mod cpu;
mod gpu;

use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, AutodiffBackend, Backend, Dispatch, ExtensionType, backend_extension,
};
use burn::tensor::Tensor;

use super::learnt::{Saved, learnt};
use crate::element::Sides;

/// What a batch came out as, and what it should have.
#[derive(Debug, Clone, ExtensionType)]
pub struct Inputs<B: Backend> {
    /// `x`: `[n, 1]`.
    pub logit: FloatTensor<B>,
    /// `y`, 1 or 0: `[n, 1]`.
    pub label: FloatTensor<B>,
    /// Start and end in the enhancer's window: `[n, 2]`.
    pub enhancer: FloatTensor<B>,
    /// What they should be: `[n, 2]`.
    pub enhancer_target: FloatTensor<B>,
    /// Start and end in the promoter's window: `[n, 2]`.
    pub promoter: FloatTensor<B>,
    /// What they should be: `[n, 2]`.
    pub promoter_target: FloatTensor<B>,
}

/// The whole loss, `λ · bce` and the mean squared errors of both sides' coordinates, and beside it once
/// more with `bce = −mean(y · ln σ(x) + (1 − y) · ln σ(−x))` in nats, which no logit overflows.
///
/// Gradient flows through the first; the second is there to be read.
///
/// # Shapes
///
/// - logit, `x`, and label, `y`: `[n, 1]`
/// - coordinates, and their targets: `[n, 2]`
/// - returns: `[1]`, and loss and `bce`: `[2]`
pub fn loss(
    logit: Tensor<2>,
    label: Tensor<2>,
    coordinates: Sides<Tensor<2>>,
    targets: Sides<Tensor<2>>,
    lambda: f32,
) -> (Tensor<1>, Tensor<1>) {
    let inputs = Inputs {
        logit: logit.into_dispatch(),
        label: label.into_dispatch(),
        enhancer: coordinates.enhancer.into_dispatch(),
        enhancer_target: targets.enhancer.into_dispatch(),
        promoter: coordinates.promoter.into_dispatch(),
        promoter_target: targets.promoter.into_dispatch(),
    };
    let (total, both) = Dispatch::loss(inputs, lambda);
    (Tensor::from_dispatch(total), Tensor::from_dispatch(both))
}

/// [`loss`](loss()) as an extension of burn's backends.
#[backend_extension(Cube, Flex, Autodiff)]
pub trait PairLoss: Backend {
    /// See [`loss`](loss()).
    fn loss(
        #[extension_type] inputs: Inputs<Self>,
        lambda: f32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// What a backend computes for [`PairLoss`].
pub trait PairLossForm: Backend {
    /// The whole loss, `[1]`, and it and the cross-entropy, `[2]`.
    fn losses(inputs: &Inputs<Self>, lambda: f32) -> [FloatTensor<Self>; 2];

    /// The gradients of the logit and of the enhancer's and the promoter's coordinates from that of
    /// the whole loss, `[1]`.
    fn loss_gradients(
        inputs: Inputs<Self>,
        lambda: f32,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 3];
}

impl<B: PairLossForm> PairLoss for B {
    fn loss(inputs: Inputs<B>, lambda: f32) -> (FloatTensor<B>, FloatTensor<B>) {
        let [total, both] = B::losses(&inputs, lambda);
        (total, both)
    }
}

impl<B: PairLossForm, C: CheckpointStrategy> PairLoss for Autodiff<B, C> {
    fn loss(inputs: Inputs<Self>, lambda: f32) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (logit, node_x) = inputs.logit.into_parts();
        let (enhancer, node_e) = inputs.enhancer.into_parts();
        let (promoter, node_p) = inputs.promoter.into_parts();
        // Nothing is learnt of what should come out.
        let known = |target: FloatTensor<Self>| target.into_parts().0;
        let inputs = Inputs {
            logit,
            label: known(inputs.label),
            enhancer,
            enhancer_target: known(inputs.enhancer_target),
            promoter,
            promoter_target: known(inputs.promoter_target),
        };
        let [total, both] = B::losses(&inputs, lambda);
        let nodes = [node_x, node_e, node_p];
        let total = learnt::<B, C, _, 3>(nodes, (inputs, lambda), total);
        (total, <Self as AutodiffBackend>::from_inner(both))
    }
}

impl<B: PairLossForm> Saved<B, 3> for (Inputs<B>, f32) {
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; 3] {
        let (inputs, lambda) = self;
        B::loss_gradients(inputs, lambda, gradient)
    }
}
