//! One step down a gradient.

use burn::tensor::{Int, Tensor};
use rand_chacha::ChaCha8Rng;

use super::adam::Adam;
use crate::element::Sides;
use crate::error::Result;
use crate::network::model::{Epiann, Loss, Targets};

/// One step of Adam on a batch: the network after it, and the batch's total loss and cross-entropy
/// before it, `[2]`, without a graph. The network is moved, not borrowed, so that nobody else
/// holds its arrays when they are written over.
///
/// # Errors
///
/// None: the loss of pairs always exists.
pub fn step(
    network: Epiann,
    adam: &mut Adam,
    sequences: Sides<Tensor<2, Int>>,
    targets: &Targets,
    rng: &mut ChaCha8Rng,
) -> Result<(Epiann, Tensor<1>)> {
    descend(network, adam, |network| {
        let loss = pair_loss(network, sequences, targets, rng);
        Ok((loss.total, loss.both.without_autodiff()))
    })
}

/// The loss of a batch of pairs.
pub(super) fn pair_loss(
    network: &Epiann,
    sequences: Sides<Tensor<2, Int>>,
    targets: &Targets,
    rng: &mut ChaCha8Rng,
) -> Loss {
    let output = network.forward(sequences, Some(rng));
    Loss::new(&output, targets, network.config().lambda)
}

/// One step of Adam down the gradient of the first tensor that `loss` returns, `[1]`: the network after it, and
/// the second, which is to be read.
pub(super) fn descend(
    network: Epiann,
    adam: &mut Adam,
    loss: impl FnOnce(&Epiann) -> Result<(Tensor<1>, Tensor<1>)> + Send,
) -> Result<(Epiann, Tensor<1>)> {
    // On a thread of the pool, which the others wait for: from outside, each kernel would have to
    // wake one up.
    rayon::scope(|_| {
        let (total, read) = loss(&network)?;
        let mut gradients = total.backward();
        Ok((adam.step(network, &mut gradients), read))
    })
}
