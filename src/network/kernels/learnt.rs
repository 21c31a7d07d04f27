//! Operations in burn's graph whose gradients are written by hand.

use std::fmt::Debug;
use std::marker::PhantomData;

use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend};

/// What an operation keeps for the gradients of its `N` inputs.
pub trait Saved<B: Backend, const N: usize>: Clone + Debug + Send + 'static {
    /// The gradients of the inputs, in their order, from that of the output.
    fn gradients(self, gradient: FloatTensor<B>) -> [FloatTensor<B>; N];
}

/// The way back through an operation that kept `S`.
#[derive(Debug)]
pub struct Learnt<S>(PhantomData<S>);

impl<B: Backend, S: Saved<B, N>, const N: usize> Backward<B, N> for Learnt<S> {
    type State = S;

    fn backward(self, ops: Ops<S, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradients = ops.state.gradients(grads.consume::<B>(&ops.node));
        for (parent, gradient) in ops.parents.into_iter().zip(gradients) {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

/// An operation on these inputs, with whether anything has to be saved.
pub fn prepare<B: Backend, C: CheckpointStrategy, S: Saved<B, N>, const N: usize>(
    inputs: [NodeGuard; N],
) -> OpsKind<Learnt<S>, B, S, C, N> {
    let backward = Learnt::<S>(PhantomData);
    Backward::<B, N>::prepare::<C>(backward, inputs)
        .compute_bound()
        .stateful()
}

/// The output of an operation on these inputs.
pub fn learnt<B: Backend, C: CheckpointStrategy, S: Saved<B, N>, const N: usize>(
    inputs: [NodeGuard; N],
    saved: S,
    output: FloatTensor<B>,
) -> FloatTensor<Autodiff<B, C>> {
    match prepare::<B, C, S, N>(inputs) {
        OpsKind::Tracked(prep) => prep.finish(saved, output),
        OpsKind::UnTracked(prep) => prep.finish(output),
    }
}
