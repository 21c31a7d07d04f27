//! Operations in burn's graph whose gradients are written by hand.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, TensorMetadata};
use burn::tensor::{FloatDType, Shape};

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
        let inputs = ops.parents.map(|parent| parent.map(|parent| parent.id));
        register::<B, N>(grads, inputs, gradients);
    }
}

/// Adds to the gradients of those inputs that want any.
fn register<B: Backend, const N: usize>(
    grads: &mut Gradients,
    inputs: [Option<NodeId>; N],
    gradients: [FloatTensor<B>; N],
) {
    for (input, gradient) in inputs.into_iter().zip(gradients) {
        if let Some(input) = input {
            grads.register::<B>(input, gradient);
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

/// What an operation with `M` outputs keeps for the gradients of its `N` inputs.
pub trait SavedOfSeveral<B: Backend, const N: usize, const M: usize>:
    Clone + Debug + Send + 'static
{
    /// The gradients of the inputs, in their order, from those of the outputs.
    fn gradients(self, gradients: [FloatTensor<B>; M]) -> [FloatTensor<B>; N];
}

/// The outputs of an operation on these inputs.
///
/// A node of burn's has one output. Here one stands for the operation, whose output nobody reads, and
/// each output has a node of its own on top of it that hands its gradient over. Burn goes back from the
/// highest nodes down, so that all gradients have arrived when the operation's turn comes.
pub fn learnt_of_several<
    B: Backend,
    C: CheckpointStrategy,
    S: SavedOfSeveral<B, N, M>,
    const N: usize,
    const M: usize,
>(
    inputs: [NodeGuard; N],
    saved: S,
    outputs: [FloatTensor<B>; M],
) -> [FloatTensor<Autodiff<B, C>>; M] {
    let outputs = outputs.map(|output| (Arrived::<B>::new(&output), output));
    let arrived = outputs.each_ref().map(|(arrived, _)| arrived.clone());
    let output = outputs[0].1.clone();
    let backward = LearntOfSeveral::<S, M>(PhantomData);
    let prepared = Backward::<B, N>::prepare::<C>(backward, inputs);
    let operation = match prepared.compute_bound().stateful() {
        OpsKind::Tracked(prep) => prep.finish((saved, arrived), output),
        OpsKind::UnTracked(prep) => prep.finish(output),
    };
    outputs.map(|(arrived, output)| {
        let prepared = Backward::<B, 1>::prepare::<C>(HandedOver, [operation.node()]);
        match prepared.compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(arrived, output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    })
}

/// Where the gradient of an output waits for those of the others.
#[derive(Debug, Clone)]
struct Arrived<B: Backend> {
    gradient: Arc<Mutex<Option<FloatTensor<B>>>>,
    shape: Shape,
    device: B::Device,
}

impl<B: Backend> Arrived<B> {
    fn new(output: &FloatTensor<B>) -> Self {
        Self {
            gradient: Arc::default(),
            shape: output.shape(),
            device: output.device(),
        }
    }

    fn put(&self, gradient: FloatTensor<B>) {
        let mut held = self.gradient.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(gradient);
    }

    /// Zeros where nothing depends on the output.
    fn take(self) -> FloatTensor<B> {
        let mut held = self.gradient.lock().unwrap_or_else(PoisonError::into_inner);
        held.take()
            .unwrap_or_else(|| B::float_zeros(self.shape, &self.device, FloatDType::F32))
    }
}

/// The way back through an output of an operation with several.
#[derive(Debug)]
struct HandedOver;

impl<B: Backend> Backward<B, 1> for HandedOver {
    type State = Arrived<B>;

    fn backward(self, ops: Ops<Arrived<B>, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        ops.state.put(grads.consume::<B>(&ops.node));
    }
}

/// The way back through an operation with several outputs that kept `S`.
#[derive(Debug)]
struct LearntOfSeveral<S, const M: usize>(PhantomData<S>);

impl<B: Backend, S: SavedOfSeveral<B, N, M>, const N: usize, const M: usize> Backward<B, N>
    for LearntOfSeveral<S, M>
{
    type State = (S, [Arrived<B>; M]);

    fn backward(self, ops: Ops<Self::State, N>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (saved, arrived) = ops.state;
        let gradients = saved.gradients(arrived.map(Arrived::take));
        let inputs = ops.parents.map(|parent| parent.map(|parent| parent.id));
        register::<B, N>(grads, inputs, gradients);
    }
}
